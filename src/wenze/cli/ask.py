"""`wenze ask`: an interview at the terminal. Asks what helps most, says why and what would prove it, and keeps every
answer in a case file before it asks again.

An answer is evidence, a finding with author, day and reasons, or a record; never a state. Knows how to ask and what to
say; what to ask comes from `wenze.law`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from wenze.cli.options import (
    Lang,
    LawDir,
    On,
    day_of,
    language_of,
    library_at,
    one_case,
    problems_told,
    refuse,
    screen,
    substance_day,
    usage,
    writing,
)
from wenze.cli.report import Report
from wenze.law import (
    Above,
    Case,
    Determination,
    FactKey,
    Inquiry,
    Law,
    Library,
    Nature,
    Question,
    State,
    Words,
    accepted_forms,
    case_to_json,
    check_case,
    cite_all,
    determine,
    enter_claim,
    enter_duty,
    enter_evidence,
    enter_finding,
    enter_order,
    enter_organ,
    enter_part,
    enter_piece,
    enter_rank,
    enter_record,
    inquire,
    on_screen,
    vocabulary_of,
)


def register(app: typer.Typer) -> None:
    """Puts the command into the program."""
    app.command("ask")(ask_command)


def ask_command(
    case: Annotated[Path, typer.Argument(help="案件文件(.md 或 .json) · a case file")],
    id: Annotated[
        str | None,
        typer.Option("--case", help="文件中有多个案件时的编号 · which case of the file", show_default=False),
    ] = None,
    about: Annotated[
        list[str] | None,
        typer.Option("--about", help="只问这些情形 · only these circumstances: 6.7", show_default=False),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="答案存入的 .json 文件 · where the answers are kept", show_default=False)
    ] = None,
    on: On = None,
    lang: Lang = None,
    law: LawDir = None,
) -> None:
    """逐题询问一个案件,随时可停 · Ask about a case, question by question; leave and resume at any time."""
    kept = to or (case if case.suffix == ".json" else Path(case.name).with_suffix(".json"))
    if kept.suffix != ".json":
        usage(f"--to {kept}: .json")
    with problems_told():
        library = library_at(law)
        found = _where_left(library, case, id, kept)
        instrument = library.law(found.instrument, substance_day(found))
        refuse(check_case(found, instrument))
        unknown = [rule for rule in about or [] if rule not in instrument.rules]
        if unknown:
            usage(f"--about {unknown[0]}: {'、'.join(rule.id for rule in instrument.by_role('circumstance'))}")
        with writing(kept.parent):  # before anybody answers
            TemporaryFile(dir=kept.parent).close()
        try:
            Interview(instrument, found, kept, day_of(on), language_of(lang), screen(), frozenset(about or [])).run()
        except OSError as error:  # an answer that cannot be kept must not seem to be
            print(f"{kept}: {error.strerror}", file=sys.stderr)
            raise typer.Exit(1) from error


def _where_left(library: Library, path: Path, id_: str | None, kept: Path) -> Case:
    """The case as it was left; from the beginning where no answers of it are kept."""
    if not kept.is_file():
        return one_case(library, path, False, id_)
    found = one_case(library, kept, False, None)
    if id_ not in (None, found.id):
        usage(
            f"{kept}: 存有案件 {found.id} 的答案,请用 --to 另指文件 · holds answers of {found.id}; name another file with --to"
        )
    return found


class Left(Exception):
    """The person has left the interview."""


def _interrupt_once(_signal: int, _frame: FrameType | None) -> None:
    """Leaves the interview; who presses Ctrl-C again while that is said must not cut it off."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


class Interview:
    """One case asked about until nothing helps any more, or the person leaves."""

    def __init__(
        self, law: Law, case: Case, kept: Path, on: date, lang: str, console: Console, rules: frozenset[str]
    ) -> None:
        self.law = law
        self.case = case
        self.kept = kept
        self.on = on
        self.lang = lang
        self.console = console
        self.rules = rules
        self.skipped: frozenset[Question] = frozenset()
        self.before: list[tuple[Case, frozenset[Question]]] = []
        self.conflicts: tuple[tuple[FactKey, ...], ...] = ()

    def run(self) -> None:
        """Ask until done or left; then, unless left, show the determination."""
        self._line(
            self.say(
                f"每答一题即存入 {self.kept};随时可用 Ctrl-C 或者 Ctrl-D 离开,再次运行即接着问。未认定的答“s”,不会当作“否”,下次再问。",
                f"Every answer is kept at once in {self.kept}. Leave with Ctrl-C or Ctrl-D at any time; run again to go on. "
                "What is not established is answered s; it never counts as no, and is asked again next time.",
            ),
            "dim",
        )
        signal.signal(signal.SIGINT, _interrupt_once)
        try:
            while self._next():
                pass
        except (Left, KeyboardInterrupt, EOFError):
            self._line("")
            self._line(f"{self.say('已离开。', 'Left. ')}{self._where()}", "bold")
            return
        Report(self._determination(), self.lang, self.console).write()
        self._line(self._where(), "dim")

    def _where(self) -> str:
        if not self.kept.is_file():
            return self.say("没有作答,没有存下什么。", "Nothing was answered, and nothing is kept.")
        return self.say(f"答案在 {self.kept}", f"The answers are in {self.kept}")

    def say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else on_screen(zh)

    def _line(self, line: str, style: str = "", indent: int = 0) -> None:
        body = escape(on_screen(line) if self.lang == "zh" else line)
        self.console.print(" " * indent + (f"[{style}]{body}[/]" if style else body), highlight=False, soft_wrap=True)

    def _determination(self) -> Determination:
        return determine(self.law, self.case, self.on)

    # One question

    def _next(self) -> bool:
        made = self._determination()
        words = Words(made, self.lang)
        self._warn(made, words)
        found = inquire(made, self.skipped, self.rules)
        if found is None:
            return False
        self._show(found, words)
        answer = self._command(self._is_record(found.question))
        if answer == "u":
            self._undo()
        elif answer == "s":
            self.before.append((self.case, self.skipped))
            self.skipped |= {found.question}
        else:
            self._answer(found.question, made, holds=answer == "y")
        return True

    def _warn(self, made: Determination, words: Words) -> None:
        for conflict in made.contradictions:
            if conflict not in self.conflicts:
                self._line(
                    self.say("事实相互矛盾,可以用 u 撤回:", "The facts contradict; u takes the answer back: ")
                    + words.conflict(conflict),
                    "bold red",
                )
        self.conflicts = made.contradictions

    def _show(self, found: Inquiry, words: Words) -> None:
        self._line("")
        self._line(words.question(found.question), "bold")
        for line in _reasons(found, words, self.say):
            self._line(line, "dim", 2)
        self._line(f"{self.say('证明', 'proof')}{self.say(':', ': ')}{words.proof(found.question)}", "dim", 2)

    def _is_record(self, question: Question) -> bool:
        """Whether the case's own records lack something, so that there is nothing to say yes or no to."""
        return not isinstance(question, FactKey) or self.law.facts[question.name].nature is Nature.DATA

    def _command(self, record: bool) -> str:
        known = {"y": "y", "是": "y", "yes": "y", "n": "n", "否": "n", "no": "n", "s": "s", "u": "u", "q": "q"}
        asked = self.say(
            "y 是 · n 否 · s 未认定/跳过 · u 撤回 · q 离开", "y yes · n no · s not established, skip · u undo · q leave"
        )
        if record:
            known = {typed: answer for typed, answer in known.items() if answer != "n"}
            asked = self.say("y 补录 · s 跳过 · u 撤回 · q 离开", "y record it · s skip · u undo · q leave")
        while True:
            typed = known.get(self._input(asked).lower())
            if typed == "q":
                raise Left
            if typed:
                return typed

    def _undo(self) -> None:
        if not self.before:
            self._line(self.say("没有可以撤回的", "Nothing to take back"), "yellow", 2)
            return
        case, self.skipped = self.before.pop()
        if case is not self.case:
            self.case = case
            keep(case, self.kept)
        self._line(self.say("已撤回", "Taken back"), "yellow", 2)

    # Answers

    def _answer(self, question: Question, made: Determination, *, holds: bool) -> None:
        case = self._above(question) if isinstance(question, Above) else self._fact(question, made, holds=holds)
        if case is None:
            return
        problems = check_case(case, self.law)
        if problems:
            for problem in problems:
                self._line(f"{problem.id}: {problem.message}", "bold red", 2)
            return
        self.before.append((self.case, self.skipped))
        self.case = case
        keep(case, self.kept)
        if isinstance(question, FactKey):
            after = self._determination()
            self._line(Words(after, self.lang).established(after.evaluation.fact(question)), "green", 2)

    def _fact(self, key: FactKey, made: Determination, *, holds: bool) -> Case | None:
        fact = self.law.facts[key.name]
        if fact.nature is Nature.DATA:
            return self._record(key)
        contested = made.evaluation.fact(key).contested
        if fact.nature is Nature.JUDGEMENT or contested:
            by = self._needed(self.say("作出人(职务或者机关,不写姓名)", "found by (a post or an organ, no name)"))
            day = self._day(self.say("日期", "on"))
            reasons = self._needed(self.say("理由", "reasons"))
            return enter_finding(self.case, key, holds=holds, by=by, day=day, reasons=reasons)
        case, piece = self._piece(accepted_forms(self.law, fact, holds=holds))
        return enter_evidence(case, key, piece, holds=holds)

    def _piece(self, taken: tuple[str, ...]) -> tuple[Case, str]:
        """A piece of evidence of an accepted form: one the case has, or a new one."""
        there = [one for one in self.case.evidence.values() if one.form in taken]
        if there:
            names = [f"{one.id} {one.title} ({self._term('证据形式', one.form or '')})" for one in there]
            chosen = self._choose(self.say("证据", "evidence"), [*names, self.say("另录一件", "another piece")])
            if chosen < len(there):
                return self.case, there[chosen].id
        form = taken[self._choose(self.say("形式", "form"), [self._term("证据形式", form) for form in taken])]
        title = self._needed(self.say("名称", "title"))
        return enter_piece(self.case, form, title, self._input(self.say("来源(可以不填)", "source (may be left out)")))

    def _record(self, key: FactKey) -> Case | None:
        source = self.law.facts[key.name].source
        if source is None:
            raise AssertionError(f"{key.name}: a data fact without source passed the compiler")
        owner, _, name = source.attribute.partition(".")
        if owner == "participation":
            return self._of_participation(key.entities[0], key.entities[1], name)
        if name in {"start", "end", "date"}:
            day = self._day(self.say("日期", "day"), continuing=name == "end")
            return enter_record(self.case, source, key.entities, day.isoformat())
        if name == "management":
            return self._management(key)
        vocabulary = vocabulary_of(source)
        terms = self.law.terms(vocabulary)
        chosen = terms[
            self._choose(self.say("应登记为", "recorded as"), [self._term(vocabulary, one) for one in terms])
        ]
        return enter_record(self.case, source, key.entities, chosen)

    def _management(self, key: FactKey) -> Case | None:
        source = self.law.facts[key.name].source
        if source is None or not self.case.units:
            return None
        units = list(self.case.units.values())
        case = self.case
        if case.organ is None:
            organ = self._choose(
                self.say("办理本案的机关", "the organ that handles this case"), [one.title for one in units]
            )
            case = enter_organ(case, units[organ].id)
        chosen = self._choose(self.say("由哪个单位管理", "managed by which unit"), [one.title for one in units])
        return enter_record(case, source, key.entities, units[chosen].id)

    def _of_participation(self, respondent: str, act: str, name: str) -> Case:
        if name == "duties":
            title = self._needed(self.say("职责", "duty"))
            return enter_duty(self.case, respondent, act, title, self._needed(self.say("出处", "where it stands")))
        if name == "claims":
            terms = self.law.terms("主张")
            chosen = terms[self._choose(self.say("主张", "claim"), [self._term("主张", one) for one in terms])]
            return enter_claim(self.case, respondent, act, chosen)
        part = ""
        if not self.case.participations[respondent, act].parts:
            terms = self.law.terms("部分")
            part = terms[self._choose(self.say("部分", "part"), [self._term("部分", one) for one in terms])]
        forms = [form for form in self.law.terms("证据形式") if form not in self.law.terms("不作证明")]
        case, piece = self._piece(tuple(forms))
        return enter_part(case, respondent, act, piece, part=part)

    def _above(self, question: Above) -> Case:
        """Ranks or places of signature that are not recorded yet."""
        case = self.case
        words = Words(self._determination(), self.lang)
        for id_ in (question.first, question.second):
            if question.by == "order" and case.participations[id_, question.act].order is None:
                case = enter_order(case, id_, question.act, self._number(words.entity(id_)))
            elif question.by == "rank" and id_ in case.posts and case.posts[id_].rank is None:
                ranks = self.law.terms("职级")
                chosen = ranks[self._choose(words.entity(id_), [self._term("职级", one) for one in ranks])]
                case = enter_rank(case, id_, chosen)
        return case

    # Typing

    def _term(self, vocabulary: str, word: str) -> str:
        return self.law.term(vocabulary, word, self.lang)

    def _input(self, asked: str) -> str:
        return self.console.input(f"  [cyan]{escape(asked)}[/] > ").strip()

    def _needed(self, asked: str) -> str:
        while not (typed := self._input(asked)):
            pass
        return typed

    def _choose(self, asked: str, options: Sequence[str]) -> int:
        for number, option in enumerate(options, 1):
            self._line(f"{number} {option}", "", 4)
        while True:
            typed = self._input(asked)
            if typed.isdecimal() and 1 <= int(typed) <= len(options):
                return int(typed) - 1

    def _number(self, asked: str) -> int:
        while True:
            typed = self._input(asked)
            if typed.isdecimal() and len(typed) < 7:
                return int(typed)

    def _day(self, asked: str, *, continuing: bool = False) -> date:
        hint = self.say(",持续的填“持续”", ", or continuing") if continuing else ""
        while True:
            typed = self._input(f"{asked} (2015-03-01{hint})")
            if continuing and typed in {"持续", "continuing"}:
                return date.max
            try:
                return date.fromisoformat(typed)
            except ValueError:
                continue


def _reasons(found: Inquiry, words: Words, say: Callable[[str, str], str]) -> list[str]:
    """Why a question is asked: what one answer settles, and what it helps with."""
    lines = []
    for holds, reply in ((True, say("是", "yes")), (False, say("否", "no"))):
        by_state: dict[State, dict[str, None]] = {}
        for conclusion, answer, state in found.settles:
            if answer is holds:
                by_state.setdefault(state, {})[conclusion.rule.anchor] = None
        for state, anchors in by_state.items():
            named, listed = words.state(state), cite_all(anchors, words.lang)
            lines.append(say(f"答“{reply}”即可认定{named}:{listed}", f"“{reply}” settles as {named}: {listed}"))
    helped = dict.fromkeys(one.rule.anchor for one in found.helps)
    if helped:
        listed = cite_all(helped, words.lang)
        lines.append(say(f"同其他答案一起有助于认定:{listed}", f"with other answers helps to settle: {listed}"))
    lines.append(say(f"本轮尚有{found.left}项未定", f"{found.left} still open in this round"))
    return lines


def keep(case: Case, path: Path) -> None:
    """The case as a JSON file: wholly the old one or wholly the new one, whenever the machine stops."""
    written = json.dumps(case_to_json(case), ensure_ascii=False, indent=1) + "\n"
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8") as stream:
        stream.write(written)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(partial, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
