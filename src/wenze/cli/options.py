"""What commands share: the options that several take, what these stand for, and how problems are told.

Reads files, clock and locale, so that `wenze.law` need not. Wrong usage exits 2, problems exit 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from wenze.law import Case, Library, Problem, Problems, TooLarge, read_cases, shipped

SAMPLE = "sample"  # the case of each instrument that --sample shows
_PIPED_WIDTH = 120  # columns where no terminal tells

LawDir = Annotated[
    Path | None, typer.Option("--law", help="另一个规范目录 · another folder of instruments", show_default=False)
]
Lang = Annotated[str | None, typer.Option("--lang", help="zh | en", show_default=False)]
On = Annotated[
    str | None,
    typer.Option("--on", help="适用其解读的日期 · the day whose readings apply, 2026-01-31", show_default=False),
]


@contextmanager
def problems_told() -> Iterator[None]:
    """Print problems and leave with exit code 1; too large a case is a problem like any other."""
    try:
        yield
    except Problems as found:
        print(found, file=sys.stderr)
        print(f"{len(found.problems)} problem{'s' if len(found.problems) > 1 else ''}", file=sys.stderr)
        raise typer.Exit(1) from found
    except TooLarge as error:
        print(
            f"L091: too large to decide exactly: `{error}`\n     → split the case, record the missing ranks and orders, or split the rule",
            file=sys.stderr,
        )
        raise typer.Exit(1) from error


def refuse(problems: list[Problem]) -> None:
    if problems:
        raise Problems(problems)


def usage(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(2)


def language_of(lang: str | None) -> str:
    """--lang, else the locale; Chinese where it says nothing."""
    if lang is None:
        said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
        return "zh" if said.startswith("zh") or said.partition(".")[0] in {"", "C", "POSIX"} else "en"
    if lang not in {"zh", "en"}:
        usage(f"--lang {lang}: 只有 · only zh | en")
    return lang


def day_of(on: str | None) -> date:
    if on is None:
        return date.today()
    try:
        return date.fromisoformat(on)
    except ValueError:
        usage(f"--on {on}: 不是日期,应写成 2026-01-31 · not a day, write 2026-01-31")


def screen() -> Console:
    return Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH, color_system=None)


def library_at(law: Path | None) -> Library:
    return Library(law or shipped())


def only_instrument(library: Library) -> str:
    """The only instrument, or the only one with a procedure: the others say how cases under it are handled."""
    instruments = library.instruments()
    handled = [name for name in instruments if len(instruments) == 1 or library.procedure(name).is_file()]
    if len(handled) != 1:
        usage(f"--instrument: {'、'.join(instruments)}")
    return handled[0]


def reading_option(entry: str) -> tuple[str, str]:
    reading, equals, option = entry.partition("=")
    if not equals or not reading or not option:
        usage(f"--reading {entry}: 应写成 解读=选项 · write READING=OPTION")
    return reading, option


def bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        usage(f"{path}: {error.strerror}")


def substance_day(case: Case) -> date | None:
    """The day whose version of the instrument applies: that of the latest conduct (substance follows the conduct); None where no day is known."""
    days = [day for act in case.acts.values() for day in (act.end or act.start,) if day]
    return max(days, default=None)


def one_case(library: Library, path: Path | None, sample: bool, id_: str | None) -> Case:
    if sample == (path is not None):
        usage("一个案件文件,或者 --sample · a case file, or --sample")
    found = (
        cases_of(path)
        if path
        else tuple(
            case
            for name in library.instruments()
            if library.cases(name).is_dir()
            for case in read_cases(library.cases(name))
        )
    )
    ids = [case.id for case in found]
    wanted = id_ or (SAMPLE if sample else ids[0] if len(ids) == 1 else None)
    for case in found:
        if case.id == wanted:
            return case
    usage(f"用 --case 指明其中一个 · name one of them with --case: {'、'.join(ids)}")


def cases_of(path: Path) -> tuple[Case, ...]:
    """The cases of a file or folder; one file's cases may be based on others of its folder."""
    if not path.is_file() or path.resolve().parent.name != "cases":
        return read_cases(path)
    return tuple(case for case in read_cases(path.resolve().parent) if Path(case.place.file).name == path.name)
