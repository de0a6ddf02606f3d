"""How the commands of the docket tell: refusals, progress, tables of numbers, and files that are there when they are whole."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from wenze.cli.options import problems_told, screen
from wenze.law import Bilingual

if TYPE_CHECKING:
    from wenze.docket import Engine, Worked
    from wenze.docket.tally import Tally

_EXTRAS = {"numpy": "docket", "pyarrow": "docket", "openpyxl": "docket", "pyspark": "spark", "pandas": "spark"}


def print_tally(engine: Engine, found: Tally, worked: Worked, language: str) -> None:
    """How many records have each state, and where the results came from."""
    from wenze.docket.tally import STATES

    table = Table(box=None)
    table.add_column("")
    for said in (*(state.words for state in STATES), Bilingual("稳健", "robust")):
        table.add_column(said.in_(language), justify="right")
    for target, row in zip(engine.targets, found, strict=True):
        name = escape(f"{target.name} {target.title.in_(language)}"[:48])
        table.add_row(name, *(f"{number:,}" for number in row))
    screen().print(table)
    print(
        f"并排认定 {worked.abreast:,};由代码 {worked.code:,};逐案 {worked.single:,}({worked.patterns:,} 种)"
        if language == "zh"
        else f"side by side {worked.abreast:,}; by code {worked.code:,}; one by one {worked.single:,} ({worked.patterns:,} patterns)"
    )


@contextmanager
def told() -> Iterator[None]:
    """Problems, faulty dockets and missing parts as lines of text."""
    try:
        with problems_told():
            yield
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        print(f"缺少 {error.name} · {error.name} is missing: pip install 'wenze[{extra}]'", file=sys.stderr)
        raise typer.Exit(1) from error
    except BrokenPipeError:  # nobody reads on: no fault of a docket
        raise
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error


@contextmanager
def bar(total: int | None, what: str) -> Iterator[Callable[[int], None]]:
    """A progress bar on the error stream where somebody watches it. None: nobody knows how many there will be."""
    with bars((what, total)) as (done,):
        yield done


@contextmanager
def bars(*named: tuple[str, int | None]) -> Iterator[list[Callable[[int], None]]]:
    """The same for several at once, each there from its first step on."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    from rich.console import Console

    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:

        def steps(what: str, total: int | None) -> Callable[[int], None]:
            task = progress.add_task(what, total=total, visible=False)
            return lambda number: progress.update(task, advance=number, visible=True)

        yield [steps(what, total) for what, total in named]


@contextmanager
def turns_file(path: Path | None) -> Iterator[Callable[[Iterable[object]], object]]:
    """A CSV file that is there when it is whole."""
    if path is None:
        yield lambda row: None
        return
    from wenze.docket.whole import whole_file

    with whole_file(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("case", "act", "respondent", "target", "before", "after"))
        yield writer.writerow
