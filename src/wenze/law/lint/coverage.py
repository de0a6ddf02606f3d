"""How much of the official text the rules encode: per article or item the words quoted, explained and left over.

Counts characters of words; punctuation and the number of an item are none. Knows quotes, not what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wenze.law import text
from wenze.law.instrument import Law
from wenze.law.lint.walk import Block, rests_on, trees
from wenze.law.rules import Quote
from wenze.law.tree import leaves


@dataclass(frozen=True, slots=True)
class Coverage:
    """The characters of one anchor's words: quoted by a node, explained (不引) only, neither; and the words that are
    neither."""

    anchor: str
    quoted: int
    explained: int
    uncovered: int
    left: tuple[str, ...]

    @property
    def words(self) -> int:
        """All characters of words."""
        return self.quoted + self.explained + self.uncovered

    def share(self, part: int) -> int:
        """`part` of all characters in whole per cent, rounded up: what is small is not shown as nothing."""
        return -(-100 * part // self.words) if self.words else 0


def coverage(law: Law) -> tuple[Coverage, ...]:
    """The coverage of every anchor that has a rule or an exception, and of the articles whose items have, in the order
    of the text."""
    encoded = {rule.anchor for rule in law.rules.values()} | {exception.anchor for exception in law.exceptions.values()}
    quotes = tuple(_quotes(law))
    chapeaus = {text.article_of(anchor) for anchor in encoded if "." in anchor}
    wanted = [anchor for anchor in law.articles if anchor in encoded or anchor in chapeaus]
    return tuple(_cover(law, anchor, {words for where, words in quotes if where == anchor}) for anchor in wanted)


def _cover(law: Law, anchor: str, quoted: set[str]) -> Coverage:
    official = law.paragraph(anchor)
    explained = {
        unencoded.words for rule in law.rules.values() if rule.anchor == anchor for unencoded in rule.unencoded
    }
    by_node, by_reason = _marked(official, quoted), _marked(official, explained)
    words = set(_word_places(official))
    left = sorted(words - by_node - by_reason)
    return Coverage(
        anchor, len(words & by_node), len((words & by_reason) - by_node), len(left), tuple(_runs(official, left))
    )


def _word_places(official: str) -> Iterator[int]:
    """Where the characters of words stand, the number of each paragraph left out."""
    start = 0
    for paragraph in official.split("\n"):
        body = text.item_body(paragraph)
        yield from (start + at for at in range(body, len(paragraph)) if text.is_word(paragraph[at]))
        start += len(paragraph) + 1


def _marked(official: str, quotes: Iterable[str]) -> set[int]:
    return {at for words in quotes for start, end in text.places_of(words, official) for at in range(start, end)}


def _runs(official: str, places: list[int]) -> Iterator[str]:
    """Neighbouring places as words."""
    run = ""
    for at in places:
        run += official[at]
        if at + 1 not in places:
            yield run
            run = ""


def _quotes(law: Law) -> Iterator[tuple[str, str]]:
    """Every quote with the anchor it is taken from. Definitions count where a rule, exception or note uses them."""
    for rule in law.rules.values():
        own = [*rule.conclusion.quotes, *(quote for gate in rule.gates for quote in gate.quotes)]
        own += [quote for _, _, quotes in rule.conclusion.otherwise for quote in quotes]
        yield from _anchored(own, rule.anchor)
    used = _used(law)
    anchors = {Block("define", name): definition.anchor for name, definition in law.definitions.items()}
    anchors |= {Block("rule", id_): rule.anchor for id_, rule in law.rules.items()}
    anchors |= {Block("exception", id_): exception.anchor for id_, exception in law.exceptions.items()}
    anchors |= {Block("note", id_): note.anchor for id_, note in law.notes.items()}
    for block, root in trees(law).items():
        if block in used:
            anchor = anchors[block]
            for node in leaves(root):
                yield from _anchored(node.quotes, anchor)


def _anchored(quotes: Iterable[Quote], anchor: str) -> Iterator[tuple[str, str]]:
    return ((quote.anchor or anchor, quote.words) for quote in quotes)


def _used(law: Law) -> frozenset[Block]:
    """What rules, exceptions and notes say, directly or through definitions; guards are the software's, not the
    text's."""
    leads_to = rests_on(law)
    reached = [blocks for block, blocks in leads_to.items() if block.kind in {"rule", "exception", "note"}]
    reached += [
        leads_to[Block("define", name)] for rule in law.rules.values() for _, name, _ in rule.conclusion.otherwise
    ]
    return frozenset().union(*reached)
