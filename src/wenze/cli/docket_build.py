"""`wenze docket build | template | synth`: what makes a docket, from case files, from tables, or for trials.

What cannot be read is told and set aside with its case, the rest is kept. Nothing is held in memory but a file and a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wenze.cli.docket_options import Folder, Instrument, Storage, storage_named
from wenze.cli.docket_reasons import Reasons, reasons
from wenze.cli.docket_told import bar, bars, told
from wenze.cli.options import LawDir, On, cases_of, day_of, library_at, only_instrument, substance_day
from wenze.law import Case, Law, Library, Problems, check_case, read_cases, read_cases_by_file

if TYPE_CHECKING:
    from wenze.docket import Builder, Tables
    from wenze.docket.cells import Bad
    from wenze.docket.rows import CaseRows


_CASE_FILES = {".md", ".json"}


def register(app: typer.Typer) -> None:
    """Puts the commands among those of the docket."""
    app.command("build")(build_command)
    app.command("template")(template_command)
    app.command("synth")(synth_command)


def build_command(
    folder: Folder,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="案件文件、目录,或填好的模板(.xlsx、CSV 目录);不写则为规范自带的案例 · case files, folders or filled-in templates",
            show_default=False,
        ),
    ] = None,
    instrument: Instrument = None,
    storage: Storage = "arrow",
    bad: Annotated[
        Path | None,
        typer.Option(
            "--bad", help="读不出来的全部写入 CSV · all that cannot be read, into a CSV file", show_default=False
        ),
    ] = None,
    on: On = None,
    law: LawDir = None,
) -> None:
    """把案件文件或表格汇成案卷 · Build a docket from case files or tables."""
    with told():
        from wenze.docket import Writer, building

        library = library_at(law)
        found = library.law(instrument or only_instrument(library), day_of(on) if on else None)
        with (
            reasons(bad, folder) as told_of,
            Writer(folder, found, storage_named(storage)) as writer,
            bars(("rows", None), ("build", None)) as (read, done),
        ):
            with building(writer) as builder:
                intake = _Intake(found, library, builder, told_of, (read, done))
                for path in paths or [library.cases(found.id)]:
                    intake.take(path)
            print(
                f"{folder}: {builder.cases} 个案件 · cases"
                + (f";另有 {intake.aside} 个未收 · {intake.aside} set aside" if intake.aside else "")
            )
            if not builder.cases:
                raise typer.Exit(1)


def template_command(
    path: Annotated[
        Path, typer.Argument(help=".xlsx 文件,或者放 CSV 的新目录 · a .xlsx file, or a new folder for CSV")
    ],
    instrument: Instrument = None,
    law: LawDir = None,
) -> None:
    """空白表格 · An empty table to fill in, for `build`."""
    with told():
        from wenze.docket.template import write_template

        library = library_at(law)
        write_template(path, library.law(instrument or only_instrument(library)))
    print(path)


def synth_command(
    folder: Folder,
    acts: Annotated[int, typer.Option("--acts", min=1, help="多少个行为 · how many acts")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="种子 · seed")] = 1,
    instrument: Instrument = None,
    storage: Storage = "arrow",
    law: LawDir = None,
) -> None:
    """依案例合成试验用的案卷 · Make a docket for trials, shaped by the scenarios."""
    with told():
        from wenze.docket import Writer
        from wenze.docket.synth import synthesise

        library = library_at(law)
        found = library.law(instrument or only_instrument(library))
        with Writer(folder, found, storage_named(storage)) as writer, bar(acts, "synth") as done:
            scenarios = read_cases(library.cases(found.id))
            rows = (_rows_of(case, found, library, writer.tables) for case in scenarios if case.participations)
            synthesise(writer, (one for one in rows if not isinstance(one, list)), acts, seed, done)
    print(f"{folder}: {acts:,} 个行为 · acts, seed {seed}")


class _Intake:
    """Takes the cases of paths into a docket, one after another. `aside`: how many were not taken, with the reasons told."""

    def __init__(
        self,
        law: Law,
        library: Library,
        builder: Builder,
        told_of: Reasons,
        steps: tuple[Callable[[int], None], Callable[[int], None]],
    ) -> None:
        self._law, self._library, self._builder = law, library, builder
        self._reasons, (self._read, self._done) = told_of, steps
        self._source = ""  # the file or folder that is being read, in reasons
        self.aside = 0

    def take(self, path: Path) -> None:
        """The cases of a file or folder, be it of case files, of tables or of both."""
        from wenze.docket.sheets import is_table, spreadsheets

        if is_table(path):
            self._take_tables(path)
            return
        tables = spreadsheets(path) if path.is_dir() else []
        if not tables or any(one.suffix.lower() in _CASE_FILES for one in path.iterdir()):
            self._source = str(path)
            for case in _cases_at(path, self._problems):
                self._take_case(case)
        for one in tables:
            self._take_tables(one)

    def _take_tables(self, path: Path) -> None:
        from wenze.docket.gathered import gathered

        self._source = path.name

        def tell(bad: Bad) -> None:
            self._reasons.tell_cell(path.name, (bad.title, bad.row, bad.column), bad.reason)

        with gathered(path, self._law, self._builder.writer.folder, tell, self._read) as tables:
            for rows in tables.cases():
                self._add(rows)
            self.aside += tables.aside()

    def _take_case(self, case: Case) -> None:
        rows = _rows_of(case, self._law, self._library, self._builder.writer.tables)
        if isinstance(rows, list):
            self._set_aside(rows)
        else:
            self._add(rows)

    def _add(self, rows: CaseRows) -> None:
        from wenze.docket import NotForDocket

        try:
            self._builder.add(rows)
            self._done(1)
        except NotForDocket as error:
            self._set_aside([str(error)])

    def _problems(self, found: Problems) -> None:
        self._set_aside([f"{problem}\n     {problem.in_chinese()}" for problem in found.problems])

    def _set_aside(self, why: Iterable[str]) -> None:
        for reason in why:
            self._reasons.tell(self._source, reason)
        self.aside += 1


def _cases_at(path: Path, tell: Callable[[Problems], None]) -> Iterator[Case]:
    """The cases of a file or folder with something to determine; bases that others are written on have nobody who took part."""
    for found in read_cases_by_file(path) if path.is_dir() else _cases_in(path):
        if isinstance(found, Problems):
            tell(found)
        else:
            yield from (case for case in found if case.participations)


def _cases_in(path: Path) -> Iterator[tuple[Case, ...] | Problems]:
    try:
        yield cases_of(path)
    except Problems as found:
        yield found


def _rows_of(case: Case, law: Law, library: Library, tables: Tables) -> CaseRows | list[str]:
    """The rows of a case, or why it is not for this docket."""
    from wenze.docket import NotForDocket, case_rows

    try:
        return _unfit(case, law, library) or case_rows(law, tables, case)
    except NotForDocket as error:
        return [str(error)]


def _unfit(case: Case, law: Law, library: Library) -> list[str]:
    if case.instrument != law.id:
        return [f"{case.id}: 依据是 {case.instrument} · is under {case.instrument}, not {law.id}"]
    version = library.version(law.id, substance_day(case)).stem
    if version != law.in_force.isoformat():
        return [f"{case.id}: 行为适用 {version} 版 · its conduct falls under the version of {version}"]
    return [str(problem) for problem in check_case(case, law)]
