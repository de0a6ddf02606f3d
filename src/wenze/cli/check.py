"""`wenze check`: problems of the instruments, findings on the law, words covered per item, what no scenario depends on.

Lays out what `wenze.law` found; decides nothing.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from wenze.law import (
    FLAGS,
    Case,
    Exercise,
    Finding,
    Law,
    Library,
    Place,
    Problem,
    Problems,
    Procedure,
    Provenance,
    Statement,
    Table,
    check_case,
    cite,
    coverage,
    exercise,
    findings,
    on_screen,
    read_cases,
    read_procedure,
    too_large,
)


def check_instruments(library: Library, paths: list[Path], lang: str, console: Console, *, exercised: bool) -> int:
    """Check the versions in `paths`, or all of the library; returns how many findings there are. Raises Problems."""
    versions = (
        [version for path in paths for version in _versions(path)]
        if paths
        else [library.version(name) for name in library.instruments()]
    )
    return sum(_Check(library.read(version), version, lang, console).write(exercised=exercised) for version in versions)


def _procedure(version: Path, law: Law) -> tuple[Procedure, Table] | None:
    """The procedure that lies beside an instrument, with what is in force today last. Raises Problems."""
    library = Library(version.parent.parent)
    if not library.procedure(law.id).is_file():
        return None
    procedure = read_procedure(library, law.id)
    return procedure, procedure.on(date.max)


def _versions(path: Path) -> list[Path]:
    """The version files in a path: itself, or those of an instrument's folder."""
    if path.is_file():
        return [path]
    found = sorted(path.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].md"))
    if not found:
        hint = "give a file 2014-05-01.md or the folder that holds it"
        raise Problems([Problem(Place(str(path), 1), "L004", "no version of an instrument here", hint)])
    return found


class _Check:
    """One instrument in one version, checked and written in one language."""

    def __init__(self, law: Law, path: Path, lang: str, console: Console) -> None:
        self.law = law
        self.path = path
        self.lang = lang
        self.console = console

    def write(self, *, exercised: bool) -> int:
        cases = self._cases()
        large = too_large(self.law)
        if large:
            raise Problems(large)
        self._line(f"{self.law.title.in_(self.lang)} · {self.law.in_force}", "bold")
        law = self.law
        counts = (len(law.rules), len(law.facts), len(law.readings), len(law.exceptions), len(cases))
        self._line(
            self.say(
                "规则 {}、事实 {}、解读 {}、例外 {}、案例 {}",
                "{} rules, {} facts, {} readings, {} exceptions, {} cases",
            ).format(*counts)
        )
        self._statements()
        if law.rules:
            self._coverage()
        self._composed()
        found = findings(law)
        self._findings(found)
        tested = exercise(law, cases, date.max) if exercised and cases else None
        if tested:
            self._exercise(tested)
        return len(found) + (_count(tested) if tested else 0)

    def say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    def _line(self, line: str, style: str = "") -> None:
        body = escape(on_screen(line) if self.lang == "zh" else line)
        self.console.print(f"[{style}]{body}[/]" if style else body, highlight=False, soft_wrap=True)

    def _cases(self) -> tuple[Case, ...]:
        """The scenarios beside the instrument, each checked against it."""
        folder = self.path.parent / "cases"
        cases = read_cases(folder) if folder.is_dir() else ()
        problems = [problem for case in cases for problem in check_case(case, self.law)]
        if problems:
            raise Problems(problems)
        return cases

    def _statements(self) -> None:
        """How many statements of procedure the instrument itself makes, by how far they were checked."""
        checked = Counter(
            each.provenance for each in self.law.stated if isinstance(each, Statement) and each.provenance
        )
        if checked:
            flags = [f"{FLAGS[Provenance(flag)].in_(self.lang)} {number}" for flag, number in checked.items()]
            listed = self.say("、", ", ").join(flags)
            self._line(self.say(f"程序和方式的陈述:{listed}", f"statements of procedure and methods: {listed}"))

    def _composed(self) -> None:
        """The procedure beside the instrument, whole in every combination of versions, and the texts it lacks."""
        found = _procedure(self.path, self.law)
        if found is None:
            return
        procedure, table = found
        numbers = (len(procedure.layers), len(table.steps), len(table.clocks), len(table.measures.ranked))
        self._line("")
        self._line(self.say("办理程序", "Procedure"), "bold")
        zh, en = "{} 层,步骤 {}、时限 {}、方式 {}", "{} layers, {} steps, {} clocks, {} measures"
        self._line(self.say(zh, en).format(*numbers))
        for gap in table.gaps:
            title = f"{gap.basis.title.in_(self.lang)} · {gap.title.in_(self.lang)}"
            self._line(f"F054 {gap.basis.place}: {self.say('没有掌握', 'not held')} {title}")

    def _coverage(self) -> None:
        self._line("")
        self._line(self.say("条文用语的覆盖", "Words of the text covered"), "bold")
        table = Grid(box=None)
        for heading in (
            self.say("条文", "anchor"),
            self.say("引用 %", "quoted %"),
            self.say("说明 %", "explained %"),
            self.say("未覆盖的词语", "words not covered"),
        ):
            table.add_column(heading)
        for one in coverage(self.law):
            words = on_screen(" · ".join(one.left)) or "—"
            quoted = str(100 * one.quoted // one.words) if one.words else "—"
            table.add_row(cite(one.anchor, self.lang), quoted, str(one.share(one.explained)), escape(words))
        self.console.print(table, highlight=False)

    def _findings(self, found: tuple[Finding, ...]) -> None:
        self._line("")
        self._line(
            self.say(
                f"发现 {len(found)} 项(不是错误,供起草和审查的人判断)",
                f"{len(found)} findings (no errors: for drafters and reviewers to judge)",
            ),
            "bold",
        )
        for one in found:
            self._line(f"{one.id} {one.place}: {one.message.in_(self.lang)}")
            if one.example:
                self._line(f"     {self.say('例', 'example')}: {one.example.in_(self.lang)}", "dim")

    def _exercise(self, tested: Exercise) -> None:
        self._line("")
        self._line(
            self.say(
                f"案例对规范的检验:试去掉或者改变 {tested.tried} 处",
                f"scenarios against the law: {tested.tried} parts dropped or changed",
            ),
            "bold",
        )
        for idle in (*tested.gates, *tested.leaves):
            self._line(
                f"F90 {idle.place}: {self.say('去掉后没有案例改变', 'no scenario would miss')} `{idle.words}` ({idle.block})"
            )
        for reading in tested.readings:
            self._line(f"F91 {reading}: {self.say('改变后没有案例改变', 'no scenario depends on this reading')}")
        for reading, option in tested.options:
            self._line(
                f"F92 {reading}={option}: {self.say('没有案例区分这一选项', 'no scenario tells this option from the one in force')}",
                "dim",
            )
        for case, expectation in tested.unmet:
            self._line(f"F93 {expectation.place}: {self.say('预期不符', 'the expectation is not met')} ({case})")
        if not _count(tested):
            self._line(self.say("每一处都至少有一个案例依赖。", "Every one of them matters to a scenario."))


def _count(tested: Exercise) -> int:
    return len(tested.leaves) + len(tested.gates) + len(tested.readings) + len(tested.unmet)
