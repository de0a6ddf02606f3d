"""What commands share: the options that several take, what these stand for, and how problems are told.

Reads files, clock and locale, so that `wenze.law` need not. Wrong usage exits 2, problems exit 1.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from wenze.law import Case, Kept, Law, Library, Place, Problem, Problems, TooLarge, read_cases, shipped

SAMPLE = "sample"  # the case of each instrument that --sample shows
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LARGEST = 200_000_000  # bytes of a receipt; those of this size hold hundreds of people
_MOST_NAMED = 12  # cases in one sentence
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
        _tell(found)
        raise typer.Exit(1) from found
    except (TooLarge, RecursionError) as error:
        _tell(too_large(error))
        raise typer.Exit(1) from error


def too_large(error: Exception) -> Problems:
    """A case beyond what can be decided exactly, as a problem like any other."""
    hint = "split the case, record the missing ranks and orders, or split the rule"
    return Problems([Problem(Place("-", 1), "L091", f"too large to decide exactly: `{error}`", hint)])


def _tell(found: Problems) -> None:
    """Each problem with its place and the very words concerned, then what it is and what to do in Chinese."""
    for problem in found.problems:
        print(f"{problem}\n     {problem.in_chinese()}", file=sys.stderr)
    number = len(found.problems)
    print(f"共 {number} 个问题\n{number} problem{'s' if number > 1 else ''}", file=sys.stderr)


def refuse(problems: list[Problem]) -> None:
    if problems:
        raise Problems(problems)


def usage(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(2)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """What keeps a folder from being written is told in a sentence."""
    try:
        yield
    except OSError as error:
        usage(f"{folder}: 写不进去 · cannot be written: {error.strerror}")


def language_of(lang: str | None) -> str:
    """--lang, else the locale; Chinese where it says nothing."""
    if lang is None:
        said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
        return "zh" if said.startswith("zh") or said.partition(".")[0] in {"", "C", "POSIX"} else "en"
    if lang not in {"zh", "en"}:
        usage(f"--lang {lang}: 只有 · only zh | en")
    return lang


def day_of(on: str | None) -> date:
    """--on, else today. Written one way only: 20140501 and 2014-W18-4 are days to Python and slips of the pen to a person."""
    if on is None:
        return date.today()
    try:
        if not _DAY.fullmatch(on):
            raise ValueError(on)
        return date.fromisoformat(on)
    except ValueError:
        usage(f"--on {on}: 不是日期,应写成 2026-01-31 · not a day, write 2026-01-31")


def screen() -> Console:
    """Where text goes. What stands between colons is shown as it was entered, not as a picture."""
    return Console(emoji=False) if sys.stdout.isatty() else Console(width=_PIPED_WIDTH, color_system=None, emoji=False)


def library_at(law: Path | None) -> Library:
    """The library of --law, else the shipped one. A folder without an instrument is no library, whatever is asked of it."""
    library = Library(law or shipped(), _kept())
    if not library.instruments():
        message = f"no version of an instrument in `{library.root}`"
        hint = "give a folder with one folder per instrument, in it a file such as 2014-05-01.md"
        raise Problems([Problem(Place(str(library.root), 1), "L004", message, hint)])
    return library


def _kept() -> Kept | None:
    """Where compiled laws are kept: the user's folder for what can be made again. WENZE_NO_CACHE: nowhere."""
    home, said = os.path.expanduser("~"), os.environ.get
    usual = {"win32": said("LOCALAPPDATA", ""), "darwin": f"{home}/Library/Caches"}.get(sys.platform, f"{home}/.cache")
    folder = Path(said("XDG_CACHE_HOME") or usual)
    return Kept(folder / "wenze" / "laws") if folder.is_absolute() and not said("WENZE_NO_CACHE") else None


def only_instrument(library: Library) -> str:
    """The only instrument, or the only one with a procedure: the others say how cases under it are handled."""
    instruments = library.instruments()
    handled = [name for name in instruments if len(instruments) == 1 or library.procedure(name).is_file()]
    if len(handled) != 1:
        usage(f"--instrument: {'、'.join(instruments)}")
    return handled[0]


def reading_option(entry: str) -> tuple[str, str]:
    reading, equals, option = entry.replace("＝", "=").partition("=")
    if not equals or not reading or not option:
        usage(f"--reading {entry}: 应写成 解读=选项 · write READING=OPTION")
    return reading, option


def chosen_readings(entries: list[str] | None) -> dict[str, str]:
    """What --reading chooses, each reading once: of two options of one reading nobody knows which was meant."""
    chosen: dict[str, str] = {}
    for reading, option in map(reading_option, entries or []):
        if chosen.setdefault(reading, option) != option:
            usage(f"--reading {reading}: 只能选一个选项 · choose one option: {chosen[reading]} / {option}")
    return chosen


def day_under(law: Law, on: str | None) -> date:
    """--on, refused where it lies before the law: nobody could then determine anything under it."""
    day = day_of(on)
    if day < law.in_force:
        usage(f"--on {day}: 早于施行日期 {law.in_force} · before the instrument came into force on {law.in_force}")
    return day


def bytes_of(path: Path) -> bytes:
    """The bytes of a file; never of a pipe nobody writes to, nor without end."""
    try:
        if path.exists() and not path.is_file():
            usage(f"{path}: 不是文件 · not a file")
        if path.stat().st_size > _LARGEST:
            usage(f"{path}: 超过 {_LARGEST:,} 字节 · larger than {_LARGEST:,} bytes")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        usage(f"{path}: 读不出来 · cannot be read: {getattr(error, 'strerror', None) or error}")


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
    if not ids:
        usage("没有案件 · there is no case")
    near = get_close_matches(wanted, ids, 3, 0.4) if wanted else []
    shown = [*near, *(one for one in ids if one not in near)][:_MOST_NAMED]
    more = f" …({len(ids)})" if len(shown) < len(ids) else ""
    usage(f"用 --case 指明其中一个 · name one of them with --case: {'、'.join(shown)}{more}")


def cases_of(path: Path) -> tuple[Case, ...]:
    """The cases of a file or folder; one file's cases may be based on others of its folder."""
    if not path.is_file() or path.resolve().parent.name != "cases":
        return read_cases(path)
    return tuple(case for case in read_cases(path.resolve().parent) if Path(case.place.file).name == path.name)
