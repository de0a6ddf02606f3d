"""What the blocks of a law name: facts, definitions, rules, terms, articles and quoted words must be there.

Knows which name means what; follows no reference further than to its end (that is `references`).
"""

from __future__ import annotations

from collections.abc import Iterable

from wenze.law import text
from wenze.law.facts import VOCABULARY_OF
from wenze.law.instrument import Law
from wenze.law.problems import Problem, instead
from wenze.law.rules import (
    Article,
    Conclusion,
    Exemption,
    Fact,
    Guard,
    Mark,
    Node,
    Note,
    Op,
    Place,
    Quote,
    Reading,
    Rule,
    Scope,
)
from wenze.law.tree import leaves, said

_IN_CONSTRAINTS = {Op.ALL, Op.ANY, Op.NOT, Op.AT_LEAST, Op.FACT}
_OVER_LISTS = {Op.SOME: "某 (some)", Op.EVERY: "每 (every)", Op.HIGHEST: "最高 (highest)", Op.LAST: "最后 (last)"}


def resolve(law: Law, problems: list[Problem]) -> None:
    """Add a problem for every name, term, article and quote of the law that is not there."""
    _Resolver(law, problems).check()


class _Resolver:
    def __init__(self, law: Law, problems: list[Problem]) -> None:
        self.law = law
        self.problems = problems

    def check(self) -> None:
        law = self.law
        if not law.articles.keys() - {"0"} and not law.stated:
            hint = "quote the official text below headings that end in an anchor such as {#1}"
            self.complain(law.header_place, "L080", "the instrument has no article", hint)
            return  # everything that quotes would be a problem too
        self._shared_names()
        for fact in law.facts.values():
            self._fact(fact)
        for definition in law.definitions.values():
            self._block(definition.place, definition.anchor, definition.condition)
        for rule in law.rules.values():
            self._rule(rule)
        for reading in law.readings.values():
            self._reading(reading)
        for exception in law.exceptions.values():
            self._exception(exception)
        self._others()
        for article in law.articles.values():
            self._article(article)

    def _others(self) -> None:
        for part in (part for constraint in self.law.constraints for part in constraint.parts):
            self._constraint_part(part)
        for note in self.law.notes.values():
            self._block(note.place, note.anchor, note.condition)
            self._about(note)
        for guard in self.law.guards.values():
            self._block(guard.place, "", guard.condition)
            self._about(guard)
        for duty in self.law.duty_sources.values():
            self._anchor(duty.place, duty.anchor)
        for stated in self.law.stated:
            for anchor in stated.anchors:
                self._anchor(stated.place, anchor)

    def complain(self, place: Place, id: str, message: str, hint: str) -> None:
        self.problems.append(Problem(place, id, message, hint))

    def _known(self, place: Place, what: str, name: str, known: Iterable[str]) -> bool:
        """Whether `name` is one of `known`; complains if not."""
        names = list(known)
        if name in names:
            return True
        otherwise = f"declare it, or name another {what}" if names else f"declare it; there is no {what} yet"
        self.complain(place, "L062", f"no {what} is called `{name}`", instead(name, names, otherwise))
        return False

    def _shared_names(self) -> None:
        """Rules, exceptions, groups, notes and guards are named in one breath, so they share one set of names."""
        seen: dict[str, str] = {group: "is a group" for group in self.law.groups}
        for table in (self.law.rules, self.law.exceptions, self.law.notes, self.law.guards):
            for id_, value in table.items():
                if id_ in seen:
                    hint = f"rules, groups, exceptions, notes and guards share their names, and `{id_}` {seen[id_]}"
                    self.complain(value.place, "L061", f"`{id_}` is declared twice", hint)
                seen.setdefault(id_, f"stands at {value.place}")

    def _term(self, place: Place, vocabulary: str, word: str) -> None:
        terms = self.law.terms(vocabulary)
        if word not in terms:
            message = f"`{word}` is not in the vocabulary `{vocabulary}`"
            self.complain(place, "L063", message, instead(word, terms, f"add it to the block vocabulary {vocabulary}"))

    def _anchor(self, place: Place, anchor: str) -> bool:
        """Whether the anchor exists; complains with where the article ends. A block outside all articles has none."""
        if not anchor or anchor in self.law.articles:
            return bool(anchor)
        article = text.article_of(anchor)
        items = [int(known.partition(".")[2]) for known in self.law.articles if known.startswith(f"{article}.")]
        last = max((int(known) for known in self.law.articles if known.isdecimal()), default=0)
        ends = (
            f"Art. {article} ends at ({text.chinese_number(max(items))})" if items else f"Art. {article} has no items"
        )
        where = ends if article in self.law.articles else f"the last article is {last}"
        message = f"no article `{text.cite(anchor, 'zh')}`; {where}"
        self.complain(
            place,
            "L064",
            message,
            "name an anchor that stands in the instrument; 出处 (anchor) names it where the id does not",
        )
        return False

    def _fact(self, fact: Fact) -> None:
        for form in dict.fromkeys((*fact.proof, *fact.disproof)):
            self._term(fact.place, "证据形式", form)
        if fact.source and fact.source.attribute in VOCABULARY_OF:
            for value in fact.source.values:
                self._term(fact.place, VOCABULARY_OF[fact.source.attribute], value)

    def _block(self, place: Place, anchor: str, condition: Node) -> None:
        """What every block with an anchor and a condition has."""
        self._anchor(place, anchor)
        for node in leaves(condition):
            self._node(node, anchor)

    def _rule(self, rule: Rule) -> None:
        self._block(rule.place, rule.anchor, rule.condition)
        if not rule.anchor:
            hint = "begin its id with the anchor, stand it below the article, or add 出处 (anchor)"
            self.complain(rule.place, "L064", f"`{rule.id}` names no article", hint)
        known = [self._known(rule.place, "group", group, self.law.groups) for group in rule.groups]
        roles = {group for group in rule.groups if self.law.groups.get(group)}
        if len(roles) != 1 and all(known):
            belongs = f"the groups `{'`, `'.join(sorted(roles))}`" if roles else "no group with a role"
            message = f"the rule `{rule.id}` belongs to {belongs}"
            hint = "put it into exactly one group of circumstances, responsibilities, competences or channels"
            self.complain(rule.place, "L065", message, hint)
        self._conclusion(rule.conclusion, rule.anchor)
        for gate in rule.gates:
            self._quotes(gate.quotes, rule.anchor)
            self._known(gate.place, "definition", gate.name, self.law.definitions)
        for words in rule.unencoded:
            if rule.anchor in self.law.articles and not text.places_of(words.words, self.law.paragraph(rule.anchor)):
                self._missing_quote(words.place, words.words, rule.anchor)
        if self.law.groups.get(next(iter(roles), "")) == "circumstance":
            self._marks(rule)

    def _conclusion(self, conclusion: Conclusion, anchor: str) -> None:
        self._term(conclusion.place, "种类", conclusion.kind)
        self._term(conclusion.place, "情态", conclusion.modality)
        self._quotes(conclusion.quotes, anchor)
        for modality, definition, quotes in conclusion.otherwise:
            self._term(conclusion.place, "情态", modality)
            self._quotes(quotes, anchor)
            self._known(conclusion.place, "definition", definition, self.law.definitions)

    def _marks(self, rule: Rule) -> None:
        marks = {node.mark for node in leaves(rule.condition)}
        if Mark.CONDUCT not in marks:
            message = f"the circumstance `{rule.id}` does not say which part is conduct"
            self.complain(rule.place, "L066", message, "write 行为 (conduct) before the operator of that part")
        if Mark.CONSEQUENCE in marks and rule.no_consequence:
            message = f"the circumstance `{rule.id}` marks a consequence and says 后果 无 in its header"
            self.complain(rule.place, "L066", message, "keep the one that the text bears out")
        elif Mark.CONSEQUENCE not in marks and not rule.no_consequence:
            message = f"the circumstance `{rule.id}` does not say which part is consequence"
            hint = (
                "write 后果 (consequence) before the operator of that part, or 后果 无 in the header if there is none"
            )
            self.complain(rule.place, "L066", message, hint)

    def _node(self, node: Node, anchor: str) -> None:
        self._quotes(node.quotes, anchor)
        if node.op is Op.FACT:
            self._known(node.place, "fact", node.name, self.law.facts)
        elif node.op is Op.SEE:
            self._known(node.place, "definition", node.name, self.law.definitions)
        elif node.op is Op.HOLDS:
            self._known(node.place, "rule or group", node.name, self.law.rules_of)
        elif node.op is Op.CHOOSE:
            self._choice(node)
        elif node.op in _OVER_LISTS:
            self._list(node)

    def _choice(self, node: Node) -> None:
        if not self._known(node.place, "reading", node.name, self.law.readings):
            return
        options = self.law.readings[node.name].option_ids
        if sorted(node.options) != sorted(options):
            message = f"the reading `{node.name}` is read with the options `{'、'.join(node.options)}`"
            self.complain(node.place, "L067", message, f"take each of its options once: {'、'.join(options)}")

    def _list(self, node: Node) -> None:
        if not node.complete:
            message = f"{_OVER_LISTS[node.op]} does not name the fact that the list is complete"
            self.complain(node.place, "L068", message, "add 名单 (list) and that fact behind it")
        elif not self._known(node.place, "fact", node.complete, self.law.facts):
            pass  # said
        elif self.law.facts[node.complete].scope not in {Scope.ACT, Scope.CASE}:
            message = f"`{node.complete}` belongs neither to an act nor to the case"
            self.complain(node.place, "L068", message, "a list is complete for an act (行为) or for the case (案件)")
        ranks = self.law.vocabularies.get("职级")
        if node.op is Op.HIGHEST and not (ranks and ranks.ordered):
            message = "最高 (highest) compares ranks, and the vocabulary `职级` has no order"
            self.complain(node.place, "L081", message, "declare it as ```vocabulary 职级 有序, the highest rank first")

    def _quotes(self, quotes: tuple[Quote, ...], anchor: str) -> None:
        for quote in quotes:
            where = quote.anchor or anchor
            if not where:
                self.complain(
                    quote.place,
                    "L069",
                    f"`{quote.words}` is quoted from nowhere",
                    "name the article behind it: 「…」@6",
                )
            elif (quote.anchor and not self._anchor(quote.place, where)) or where not in self.law.articles:
                continue  # said once, for the block or for the quote
            elif any(char in quote.words for char in ";；。"):
                hint = "quote at most one clause; several quotes may stand on the line"
                self.complain(quote.place, "L070", f"`{quote.words}` is more than one clause", hint)
            elif not text.places_of(quote.words, self.law.paragraph(where)):
                self._missing_quote(quote.place, quote.words, where)

    def _missing_quote(self, place: Place, words: str, anchor: str) -> None:
        others = (known for known in self.law.articles if words and text.places_of(words, self.law.paragraph(known)))
        other = next(others, None)
        hint = (
            f"they stand in {text.cite(other, 'zh')}: write @{other}"
            if other
            else "copy the words from the official text"
        )
        self.complain(place, "L071", f"the words `{words}` are not in {text.cite(anchor, 'zh')}", hint)

    def _reading(self, reading: Reading) -> None:
        self._anchor(reading.place, reading.anchor)
        options = reading.option_ids
        if len(options) < 2 or len(set(options)) < len(options):
            message = f"the reading `{reading.id}` has the options `{'、'.join(options)}`"
            self.complain(reading.place, "L072", message, "a reading has two or more options of different names")
        settled = reading.settled.option if reading.settled else options[0]
        for what, option in (
            ("默认 (default)", reading.default),
            ("最轻 (mildest)", reading.mildest),
            ("已决 (settled)", settled),
        ):
            if option not in options:
                message = f"`{option}` after {what} is no option of the reading `{reading.id}`"
                self.complain(
                    reading.place, "L072", message, instead(option, options, f"use one of {'、'.join(options)}")
                )

    def _constraint_part(self, part: Node) -> None:
        for node in leaves(part):
            self._node(node, "")
            if node.op not in _IN_CONSTRAINTS:
                hint = "a constraint combines facts only, with 全部, 任一, 至少, 非"
                self.complain(node.place, "L073", f"{said(node)} stands in a constraint", hint)

    def _exception(self, exception: Exemption) -> None:
        self._block(exception.place, exception.anchor, exception.condition)
        if exception.replaced_by:
            self._term(exception.place, "种类", exception.replaced_by)
        for name in exception.overrides:
            self._known(exception.place, "rule, group or exception", name, (*self.law.rules_of, *self.law.exceptions))
            if exception.replaced_by and name in self.law.exceptions:
                message = f"`{exception.id}` puts a kind in the place of the exception `{name}`"
                self.complain(exception.place, "L074", message, "an exception to an exception only relieves: 效果 免除")

    def _about(self, remark: Note | Guard) -> None:
        for name in remark.about:
            self._known(remark.place, "rule or group", name, self.law.rules_of)

    def _article(self, article: Article) -> None:
        tables = (self.law.rules, self.law.definitions, self.law.exceptions, self.law.notes)
        encoded = any(value.anchor == article.anchor for table in tables for value in table.values())
        encoded = encoded or any(article.anchor in stated.anchors for stated in self.law.stated)
        has_items = any(known.startswith(f"{article.anchor}.") for known in self.law.articles)
        if not (encoded or has_items or article.anchor == "0" or article.reason_not_encoded):
            message = f"`{text.cite(article.anchor, 'zh')}` has no rule"
            hint = "write one, or a line 不编码:中文 / English that says why none is written"
            self.complain(article.place, "L075", message, hint)
