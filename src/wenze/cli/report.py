"""A determination as text for the person who decides: the answer first, then why, who bears what, what is missing, then the tree.

Lays out with Rich: colours on a terminal, plain when piped. Every sentence comes from `wenze.law.explain`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from wenze.cli.why import STYLES, folded_tree, whole_tree, write_tree
from wenze.law import (
    Conclusion,
    Determination,
    Direction,
    State,
    Words,
    cite_all,
    in_reading_order,
    on_screen,
    reasons,
    reserved,
)

_OPEN = (State.MADE_OUT, State.OPEN, State.CONTRADICTORY)
_MOST_SETS = 6  # of the sets that would settle a conclusion; the JSON form has all


class Report:
    """Writes one determination to a console in one language."""

    def __init__(self, determination: Determination, lang: str, console: Console) -> None:
        self.determination = determination
        self.words = Words(determination, lang)
        self.say = self.words.say
        self.console = console
        self._elsewhere: dict[tuple[tuple[str, str], ...], Determination] = {}  # under other options

    def write(self) -> None:
        self._head()
        self._contradictions()
        self._answer()
        self._why()
        self._matrix()
        self._chain()
        self._missing()
        self._reliance()
        self._notes()
        self._readings()
        self._trees()
        self._foot()

    # Pieces of a page

    def _line(self, line: str = "", style: str = "", indent: int = 0) -> None:
        body = escape(self._screen(line))
        self.console.print(
            " " * indent + (f"[{style}]{body}[/]" if style else body),
            highlight=False,
            soft_wrap=not self.console.is_terminal,
        )

    def _screen(self, line: str) -> str:
        return on_screen(line) if self.words.lang == "zh" else line

    def _heading(self, zh: str, en: str) -> None:
        self._line()
        self._line(f"■ {self.say(zh, en)}", "bold")

    def _signed(self, conclusion: Conclusion, indent: int = 2) -> None:
        self._line(
            f"{self.words.sign(conclusion.state)} {self.words.answer(conclusion)}", self._style(conclusion), indent
        )

    def _style(self, conclusion: Conclusion) -> str:
        return STYLES[State.OPEN if reserved(self.determination, conclusion) else conclusion.state]

    def _head(self) -> None:
        case, law = self.determination.case, self.determination.law
        title, day = case.title.in_(self.words.lang), self.words.day
        self._line(self.say(f"认定:{title}", f"Determination: {title}"), "bold")
        version = self.say(f"自{day(law.in_force)}起施行", f"in force from {day(law.in_force)}")
        self._line(
            f"{law.title.in_(self.words.lang)}{self.say('(', ' (')}{version}{self.say(')', ')')} · {self.say('认定日期', 'on')} {day(self.determination.on)}",
            "dim",
        )
        self._line(
            self.say(
                "本件是依据所列事实、证据和解读得出的推理结果,不是决定;是否问责、如何问责由有权机关集体决定。",
                "This is what follows from the facts, evidence and readings shown. It is not a decision: people decide.",
            ),
            "dim",
        )

    def _contradictions(self) -> None:
        if self.determination.contradictions:
            self._heading("事实相互矛盾", "The facts contradict")
            for conflict in self.determination.contradictions:
                self._line(f"! {self.words.conflict(conflict)}", "bold red", 2)

    def _answer(self) -> None:
        self._heading("结论", "Answer")
        pairs = dict.fromkeys((one.respondent, one.act) for one in self.determination.circumstances)
        for respondent, act in pairs:
            found = [one for one in self.determination.circumstances if (one.respondent, one.act) == (respondent, act)]
            self._line(self.words.pair(respondent, act), "bold", 1)
            for conclusion in self._looked_at(found):
                self._signed(conclusion, 3)
            self._others(found)
            self._bears(respondent, act)
        self._competence()

    def _looked_at(self, found: Iterable[Conclusion]) -> list[Conclusion]:
        """Those made out, contradictory, or open with something entered that bears on them."""
        return [one for one in in_reading_order(found) if one.state in _OPEN and self.determination.touched(one)]

    def _others(self, found: Sequence[Conclusion]) -> None:
        """The rest in one line a state; open ones nobody has entered anything about are named as such."""
        untouched = self.say("尚未录入涉及的事实,不能认定", "nothing entered that bears on it, not determinable")
        for state, what in ((State.NOT_MADE_OUT, ""), (State.NOT_APPLICABLE, ""), (State.OPEN, untouched)):
            listed = [
                one.rule.anchor
                for one in found
                if one.state is state and not (state is State.OPEN and self.determination.touched(one))
            ]
            if listed:
                said = cite_all(listed, self.words.lang)
                self._line(
                    f"{self.words.sign(state)} {what or self.words.state(state)}{self.say(':', ': ')}{said}", "dim", 3
                )

    def _bears(self, respondent: str, act: str) -> None:
        """What kinds of responsibility follow or may, and by which exception somebody is relieved."""
        found = [one for one in self.determination.responsibilities if (one.respondent, one.act) == (respondent, act)]
        for one in found:
            kind, where = self.words.kind(one), self.words.cite(one.rule.anchor)
            if one.state is State.MADE_OUT and not reserved(self.determination, one):
                line = self.say(
                    f"→ 承担{kind}({where};{self.words.robustness(one)})",
                    f"→ bears {kind} ({where}; {self.words.robustness(one)})",
                )
                self._line(line, "bold", 3)
            elif one.state is State.MADE_OUT or (one.state is State.OPEN and act in self._acts_with_finding()):
                said = self.words.verdict(one)
                if one.state is State.MADE_OUT:
                    said += self.say(";", "; ") + self.words.robustness(one)
                line = self.say(f"{kind}({where}):{said}", f"{kind} ({where}): {said}")
                self._line(f"→ {self.words.sign(one.state)} {line}", STYLES[State.OPEN], 3)
        for exception in self._relieved(respondent, act):
            self._line(self.say(f"○ 适用例外“{exception}”", f"○ the exception “{exception}” applies"), "", 3)

    def _acts_with_finding(self) -> set[str]:
        return {one.act for one in self.determination.circumstances if one.state is State.MADE_OUT}

    def _relieved(self, respondent: str, act: str) -> list[str]:
        """The exceptions that relieve somebody here, each once."""
        listed = (*self.determination.circumstances, *self.determination.responsibilities)
        here = [one for one in listed if (one.respondent, one.act) == (respondent, act)]
        found = {
            exception.id: exception for one in here for exception, state in one.exceptions if state is State.MADE_OUT
        }
        return [exception.title.in_(self.words.lang) for exception in found.values()]

    def _competence(self) -> None:
        made = {
            (one.respondent, act)
            for one in self.determination.circumstances
            if one.state is State.MADE_OUT
            for act in (one.act, "")
        }
        listed = (*self.determination.competences, *self.determination.channels)
        found = [
            one
            for one in listed
            if one.state is State.MADE_OUT or (one.state is State.OPEN and (one.respondent, one.act) in made)
        ]
        if not found:
            return
        self._line()
        self._line(self.say("谁可以处理、经哪些渠道", "Who may act, and by which channels"), "bold", 1)
        for one in found:
            line = f"{self.words.pair(one.respondent, one.act)}{self.say(':', ': ')}{self.words.kind(one)}{self.say('(', ' (')}{self.words.modality(one)}{self.say(')', ')')}"
            self._line(
                f"{self.words.sign(one.state)} {line} — {self.words.cite(one.rule.anchor)}{self.say(',', ', ')}{self.words.verdict(one)}",
                self._style(one),
                3,
            )

    # Why

    def _why(self) -> None:
        self._heading("理由:起决定作用的条件", "Why: the conditions that decide")
        for conclusion in self._looked_at(self.determination.circumstances):
            self._reasons(conclusion, self.words.pair(conclusion.respondent, conclusion.act), folded=True)
        for conclusion in self.determination.responsibilities:
            if conclusion.state is State.MADE_OUT:
                who, kind = self.words.pair(conclusion.respondent, conclusion.act), self.words.kind(conclusion)
                bears = self.say(f"{who}承担{kind}", f"{who} bears {kind}")
                heading = f"{who}{self.say(':', ': ')}{kind}" if reserved(self.determination, conclusion) else bears
                self._reasons(conclusion, heading, folded=True)

    def _reasons(self, conclusion: Conclusion, heading: str, folded: bool) -> None:
        """The tree of one conclusion under a heading that names its respondent and act."""
        self._line(heading, "bold", 1)
        tree = (folded_tree if folded else whole_tree)(reasons(self.determination.evaluation, conclusion))
        write_tree(tree, self.words.below(conclusion), self.console)

    # Responsibility

    def _matrix(self) -> None:
        """Rows: participants of each act; columns: the kinds some rule may give them; cells: state and article."""
        found = [one for one in self.determination.responsibilities if one.state in _OPEN]
        self._heading("责任划分", "Responsibility")
        if not found:
            self._line(self.say("没有人的责任成立或者有待认定。", "No responsibility is made out or open."), indent=2)
            return
        kinds = list(dict.fromkeys(one.kind for one in self.determination.responsibilities if one in found))
        table = Table(show_lines=True)
        table.add_column(self.say("参与者 · 行为", "participant · act"), overflow="fold")
        for kind in kinds:
            table.add_column(self.words.term("种类", kind), overflow="fold")
        for respondent, act in self.determination.case.participations:
            row = [one for one in found if (one.respondent, one.act) == (respondent, act)]
            if not row:
                continue
            table.add_row(
                escape(self.words.pair(respondent, act)),
                *(self._cell(one for one in row if one.kind == kind) for kind in kinds),
            )
        self.console.print(table, highlight=False)
        self._line(
            self.say(
                "✓ 成立  ? 尚不能认定  ! 矛盾  空格及未列出的人:不成立",
                "✓ made out  ? not yet determinable  ! contradiction  blank, and whoever is not listed: not made out",
            ),
            "dim",
            1,
        )

    def _cell(self, found: Iterable[Conclusion]) -> str:
        return "\n".join(f"[{self._style(one)}]{escape(self._in_cell(one))}[/]" for one in found)

    def _in_cell(self, one: Conclusion) -> str:
        """Sign and article; the state in words only where the sign does not say all of it."""
        held = one.state is State.MADE_OUT and reserved(self.determination, one)
        words = f"{self.say(':', ': ')}{self.words.verdict(one)}" if held else ""
        return f"{self.words.sign(one.state)} {self.words.cite(one.rule.anchor)}{words}"

    def _chain(self) -> None:
        """Every link with what was found in it; a link without finding is shown as such."""
        self._heading("各个环节", "The chain, link by link")
        for act in self.determination.case.acts.values():
            found = [one for one in self.determination.circumstances if one.act == act.id]
            link = f"[{self.words.term('环节', act.link)}] " if act.link else ""
            when = str(act.start) if act.start else self.say("日期不明", "date unknown")
            result = self._link_result(found)
            self._line(f"{when} {link}{self.words.entity(act.id)} — {result}", indent=2)

    def _link_result(self, found: Sequence[Conclusion]) -> str:
        states = [one.state for one in found]
        if State.MADE_OUT in states:
            held = all(reserved(self.determination, one) for one in found if one.state is State.MADE_OUT)
            said = self.words.worded(State.MADE_OUT, held)
            return self.say(f"有情形{said}", f"a circumstance is {said}")
        if State.CONTRADICTORY in states:
            return self.say("事实相互矛盾", "the facts contradict")
        if State.OPEN in states:
            return self.say("有情形尚不能认定", "a circumstance is not yet determinable")
        return (
            self.say("此环节没有发现问责情形", "no finding in this link")
            if states
            else self.say("未评价", "not evaluated")
        )

    # What is missing

    def _missing(self) -> None:
        found_in = self._acts_with_finding()
        open_ones = [one for one in self._looked_at(self.determination.circumstances) if one.state is State.OPEN]
        open_ones += [
            one for one in self.determination.responsibilities if one.state is State.OPEN and one.act in found_in
        ]
        if not open_ones:
            return
        self._heading("还缺什么", "What is missing")
        for conclusion in open_ones:
            needed = self.determination.missing(conclusion)
            who = self.words.pair(conclusion.respondent, conclusion.act)
            what = f"{self.words.cite(conclusion.rule.anchor)} {self.words.rule_title(conclusion)}"
            self._line(f"? {who}{self.say(':', ': ')}{what}", "yellow", 1)
            if needed.beyond:
                self._line(self.words.beyond(), "dim", 4)
                continue
            words, self.words = self.words, self.words.below(conclusion)
            made_out = self.words.worded(State.MADE_OUT, reserved(self.determination, conclusion))
            self._sets(needed.for_it, f"有以下回答即{made_out}", f"answers on which it would be {made_out}")
            self._sets(needed.against_it, "有以下回答即不成立", "answers that would defeat it")
            if needed.ask:
                first = needed.ask[0]
                self._line(
                    self.say(
                        f"先问:{self.words.question(first)} 证明:{self.words.proof(first)}",
                        f"ask first: {self.words.question(first)} Proof: {self.words.proof(first)}",
                    ),
                    indent=4,
                )
            if needed.idle:
                listed = self._first([self.words.fact(key) for key in needed.idle])
                self._line(self.say(f"不必再问:{listed}", f"no longer needed: {listed}"), "dim", 4)
            self.words = words

    def _first(self, names: Sequence[str]) -> str:
        """The first few of many names, and how many there are."""
        listed = self.say("、", ", ").join(names[:_MOST_SETS])
        return (
            listed
            if len(names) <= _MOST_SETS
            else listed + self.say(f"等{len(names)}项", f" and {len(names) - _MOST_SETS} more")
        )

    def _sets(self, direction: Direction, zh: str, en: str) -> None:
        if not direction.sets:
            none = self.say("没有五项以内的组合", "no set of five or fewer")
            self._line(
                f"{self.say(zh, en)}{self.say(':', ': ')}{none if direction.longer else self.say('没有', 'none')}",
                indent=4,
            )
            return
        self._line(f"{self.say(zh, en)}{self.say(':', ':')}", indent=4)
        for answers in direction.sets[:_MOST_SETS]:
            self._line(f"· {self.say(' + ', ' + ').join(self.words.reply(answer) for answer in answers)}", indent=6)
        hidden = len(direction.sets) - _MOST_SETS
        if hidden > 0 or direction.longer:
            self._line(self.say("· 还有其他组合(见 JSON)", "· there are more (see the JSON form)"), "dim", 6)

    # Guards, notes, readings

    def _reliance(self) -> None:
        shown = [one for one in self.determination.reliance if self.determination.touched(one.conclusion)]
        if not shown:
            return
        self._heading(
            "可否依据(软件自设的保障,不改变文本上的结论)",
            "May it be relied on? (the software's own safeguards; they do not change the state by the text)",
        )
        answers = {
            "yes": ("可以依据", "may be relied on"),
            "no": ("不可依据", "may not be relied on"),
            "open": ("尚不可依据", "may not be relied on yet"),
        }
        for one in shown:
            who = f"{self.words.pair(one.conclusion.respondent, one.conclusion.act)} {self.words.cite(one.conclusion.rule.anchor)}"
            self._line(
                f"{who}{self.say(':', ': ')}{self.say(*answers[one.answer])} — {one.guard.title.in_(self.words.lang)}",
                indent=2,
            )
            if one.answer != "yes":
                self._line(one.guard.text.in_(self.words.lang), "dim", 4)

    def _notes(self) -> None:
        bearing = [one for one in self.determination.notes if self.determination.bears(one)]
        shown = [one for one in bearing if not one.open]
        maybe = [one for one in bearing if one.open]
        if shown or maybe:
            self._heading("提示", "Notes")
        for one in shown:
            self._line(
                f"· {self.words.pair(one.respondent, one.act)}{self.say(':', ': ')}{one.note.text.in_(self.words.lang)}",
                indent=2,
            )
        if maybe:
            titles = dict.fromkeys(one.note.title.in_(self.words.lang) for one in maybe)
            self._line(
                self.say(f"可能适用,尚待认定:{'、'.join(titles)}", f"may apply, not yet settled: {', '.join(titles)}"),
                "dim",
                2,
            )
        for pair in self.determination.alternatives:
            first, second = (self.words.cite(conclusion.rule.anchor) for conclusion in pair)
            zh = f"! {first}与{second}必有一项成立,但不能同时成立;在查清之前不得据以作出决定。"
            self._line(
                self.say(
                    zh,
                    f"! Exactly one of {first} and {second} holds; nothing can rest on either until it is known which.",
                ),
                "bold",
                2,
            )

    def _readings(self) -> None:
        depends = dict.fromkeys(
            reading
            for one in self.determination.all()
            if one.state in _OPEN or one.outcome.depends
            for reading in one.outcome.depends
        )
        if not depends:
            return
        self._heading("结论所取决的解读", "Readings that the results depend on")
        for one in self.determination.in_force:
            if one.reading in depends:
                self._line(f"· {self.words.in_force(one)}", indent=2)
                self._changes(one.reading)

    def _changes(self, reading: str) -> None:
        """What other options would make of the results: in words where something is, or would be, made out; else how many."""
        uncounted = 0
        for conclusion in self.determination.all():
            if reading not in conclusion.outcome.depends:
                continue
            states = self.determination.options(conclusion)[reading]
            other = {option: state for option, state in states.items() if state is not conclusion.state}
            if State.MADE_OUT in (conclusion.state, *other.values()):
                self._change(conclusion, reading, other)
            else:
                uncounted += bool(other)
        if uncounted:
            self._line(
                self.say(
                    f"另有 {uncounted} 项结论的状态随此解读变化(见 JSON)",
                    f"{uncounted} other results change with it (see the JSON form)",
                ),
                "dim",
                4,
            )

    def _change(self, conclusion: Conclusion, reading: str, other: Mapping[str, State]) -> None:
        what = f"{self.words.pair(conclusion.respondent, conclusion.act)} {self.words.cite(conclusion.rule.anchor)} {self.words.kind(conclusion)}"
        if other:
            under = self.say(";", "; ").join(
                f"{option}{self.say(':', ': ')}{self._under({reading: option}, conclusion, state)}"
                for option, state in other.items()
            )
            wider = reading in self.determination.rests_on_wider(conclusion)
            note = (
                self.say("(默认解读宽于最轻的解读)", " (the default is wider than the mildest reading)")
                if wider
                else ""
            )
            self._line(f"{what}{self.say('若取 ', ', under ')}{under}{note}", "dim", 4)
        for options, state in self.determination.combinations(conclusion):
            changed = self.say("、", ", ").join(f"{id_}={option}" for id_, option in options.items())
            self._line(
                f"{what}{self.say('若同时取 ', ', under ')}{changed}{self.say(':', ': ')}{self._under(options, conclusion, state)}",
                "dim",
                4,
            )
        if reading in self.determination.heavier(conclusion):
            zh = "! 此解读在行为之后确定,且使结果更重,须由人决定是否适用。"
            self._line(
                self.say(
                    zh,
                    "! This reading was settled after the conduct and makes the result heavier: a person must decide whether it applies.",
                ),
                "bold",
                4,
            )

    def _under(self, changed: Mapping[str, str], conclusion: Conclusion, state: State) -> str:
        """A conclusion's state under other options, with the reservation it would then carry."""
        if state is not State.MADE_OUT:
            return self.words.state(state)
        key = tuple(sorted(changed.items()))
        if key not in self._elsewhere:
            self._elsewhere[key] = self.determination.under(changed)
        return self.words.worded(state, reserved(self._elsewhere[key], conclusion))

    def _trees(self) -> None:
        self._heading("完整的理由", "The whole tree of reasons")
        for conclusion in self._looked_at(self.determination.circumstances):
            self._reasons(conclusion, self.words.pair(conclusion.respondent, conclusion.act), folded=False)

    def _foot(self) -> None:
        law = self.determination.law
        self._line()
        self._line(
            self.say(
                f"规范文件散列 {law.digest[:16]} · 规则散列 {law.rules_digest[:16]}",
                f"instrument {law.digest[:16]} · rules {law.rules_digest[:16]}",
            ),
            "dim",
        )
