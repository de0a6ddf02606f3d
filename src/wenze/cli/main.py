"""The command line: `wenze check | determine | cases | recheck | schema | text`.

Reads files, clock and locale, so that `wenze.law` need not; prints with Rich. Problems go to standard error, exit 1; wrong usage exits 2.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from wenze import __version__
from wenze.cli import record
from wenze.cli.report import Report
from wenze.law import (
    Case,
    Library,
    Met,
    Problem,
    Problems,
    TooLarge,
    anchor_of,
    case_schema,
    check_case,
    check_case_expectations,
    cite,
    determine,
    findings,
    on_screen,
    read_cases,
    read_receipt,
    receipt,
    recheck,
    shipped,
)
from wenze.page import determination_page, write_site

app = typer.Typer(
    name="wenze",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="问责 · accountability regulations as working machinery",
)

law_app = typer.Typer(no_args_is_help=True, help="规范 · the law itself")
app.add_typer(law_app, name="law")

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


def main() -> None:
    """The program `wenze`."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # always text files here
    try:
        app(prog_name="wenze")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


@app.command("determine")
def determine_command(
    case: Annotated[
        Path | None, typer.Argument(help="案件文件(.md 或 .json) · a case file", show_default=False)
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="示范案例 · the sample case")] = False,
    id: Annotated[
        str | None, typer.Option("--case", help="文件中有多个案件时的编号 · which case of the file", show_default=False)
    ] = None,
    on: On = None,
    reading: Annotated[
        list[str] | None, typer.Option("--reading", help="解读=选项 · READING=OPTION, repeatable", show_default=False)
    ] = None,
    lang: Lang = None,
    format: Annotated[str, typer.Option("--format", help="text | json | html")] = "text",
    law: LawDir = None,
) -> None:
    """认定一个案件 · Determine a case."""
    language = _language(lang)
    if format not in {"text", "json", "html"}:
        _usage(f"--format {format}: 只有 · only text | json | html")
    with _problems():
        library = _library(law)
        chosen = dict(_option(entry) for entry in reading or [])
        found = _one_case(library, case, sample, id)
        instrument = library.law(found.instrument, _substance(found))
        _refuse(check_case(found, instrument))
        made = determine(instrument, found, _day(on), chosen)
        if format == "json":
            sys.stdout.write(
                json.dumps(receipt(made, __version__), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            )
        elif format == "html":
            sys.stdout.write(determination_page(made, __version__, language))
        else:
            Report(made, language, _console()).write()


@app.command("cases")
def cases_command(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="案例文件或目录 · scenario files or folders", show_default=False)
    ] = None,
    on: On = None,
    lang: Lang = None,
    law: LawDir = None,
) -> None:
    """预期与实际对照 · Hold what scenarios expect against what comes out."""
    language, console, right, total = _language(lang), _console(), 0, 0
    with _problems():
        library = _library(law)
        law_of = cache(library.read)
        day = _day(on) if on else date.max
        for found in _scenarios(library, paths):
            if not found.expectations:
                continue  # a base that others are written on
            instrument = law_of(library.version(found.instrument, _substance(found)))
            _refuse(check_case(found, instrument))
            wrong = [met for met in check_case_expectations(instrument, found, day) if not met.met]
            total += 1
            right += not wrong
            for met in wrong:
                console.print(escape(_unmet(found, met, language)), style="red", highlight=False, soft_wrap=True)
    console.print(f"{right} of {total}", highlight=False)
    raise typer.Exit(0 if right == total and total else 1)


@app.command("check")
def check_command(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="规范文件或目录 · instruments or folders", show_default=False)
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="有发现即退出码 1 · findings exit 1")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="不逐条删去试验 · without dropping leaves one by one")] = False,
    lang: Lang = None,
    law: LawDir = None,
) -> None:
    """检查规范本身 · Check the law itself: problems, findings, coverage, scenarios."""
    from wenze.cli.check import check_instruments

    with _problems():
        found = check_instruments(_library(law), paths or [], _language(lang), _console(), exercised=not quick)
    raise typer.Exit(1 if strict and found else 0)


@app.command("recheck")
def recheck_command(
    path: Annotated[
        Path,
        typer.Argument(metavar="RECEIPT", help="determine --format json 的输出 · what determine --format json wrote"),
    ],
    lang: Lang = None,
    law: LawDir = None,
) -> None:
    """从回执重新推导 · Derive a determination again from its receipt."""
    language = _language(lang)
    with _problems():
        made = read_receipt(_bytes(path), path.name)
        library = _library(law)
        instrument = library.law(str(made["instrument"]["id"]), date.fromisoformat(made["instrument"]["in_force"]))
        differences = recheck(made, instrument, __version__)
    if not differences:
        print(
            "一致:重新推导的结果与回执完全相同。"
            if language == "zh"
            else "Identical: derived again, the determination is exactly the same."
        )
        return
    for difference in differences:
        print(difference)
    raise typer.Exit(1)


@law_app.command("site")
def site_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="写入网页的目录 · where to write the pages")],
    instrument: Annotated[
        str | None, typer.Option("--instrument", help="规范 · instrument", show_default=False)
    ] = None,
    law: LawDir = None,
) -> None:
    """把规范写成可检索的静态网页 · Write the law as static pages, with rules, readings, scenarios and findings beside each article."""
    with _problems():
        library = _library(law)
        found = library.law(instrument or _only(library))
        scenarios = read_cases(library.cases(found.id)) if library.cases(found.id).is_dir() else ()
        _refuse([problem for case in scenarios for problem in check_case(case, found)])
        try:
            pages = write_site(found, scenarios, findings(found), folder)
        except OSError as error:
            _usage(f"{folder}: {error.strerror}")
    print(f"{folder}: {pages} pages")


@app.command("schema")
def schema_command() -> None:
    """案件文件的 JSON Schema · The JSON Schema of case files."""
    print(json.dumps(case_schema(), ensure_ascii=False, indent=2))


@app.command("text")
def text_command(
    citation: Annotated[
        list[str] | None, typer.Argument(help="6.7、第六条第(七)项、Art. 6(7)", show_default=False)
    ] = None,
    instrument: Annotated[
        str | None, typer.Option("--instrument", help="规范 · instrument", show_default=False)
    ] = None,
    lang: Lang = None,
    law: LawDir = None,
) -> None:
    """规范原文 · The official text, whole or one article."""
    language, console = _language(lang), _console()
    with _problems():
        library = _library(law)
        found = library.law(instrument or _only(library))
        wanted = anchor_of(" ".join(citation)) if citation else None
        if citation and (wanted is None or wanted not in found.articles):
            known = "、".join(
                cite(anchor, language) for anchor in found.articles if anchor.isdecimal() and anchor != "0"
            )
            _usage(
                f"{' '.join(citation)}: {'没有这一条;有' if language == 'zh' else 'no such article; there are'} {known}"
            )
    for article in (article for source in found.sources for article in source.articles):
        if wanted is None or article.anchor == wanted or article.anchor.startswith(f"{wanted}."):
            for paragraph in article.paragraphs:
                console.print(escape(on_screen(paragraph)), highlight=False, soft_wrap=True)


record.register(app)


# What the commands share


@contextmanager
def _problems() -> Iterator[None]:
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


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Problems(problems)


def _usage(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(2)


def _language(lang: str | None) -> str:
    """--lang, else the locale; Chinese where it says nothing."""
    if lang is None:
        said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
        return "zh" if said.startswith("zh") or said.partition(".")[0] in {"", "C", "POSIX"} else "en"
    if lang not in {"zh", "en"}:
        _usage(f"--lang {lang}: 只有 · only zh | en")
    return lang


def _day(on: str | None) -> date:
    if on is None:
        return date.today()
    try:
        return date.fromisoformat(on)
    except ValueError:
        _usage(f"--on {on}: 不是日期,应写成 2026-01-31 · not a day, write 2026-01-31")


def _console() -> Console:
    return Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH, color_system=None)


def _library(law: Path | None) -> Library:
    return Library(law or shipped())


def _only(library: Library) -> str:
    instruments = library.instruments()
    if len(instruments) != 1:
        _usage(f"--instrument: {'、'.join(instruments)}")
    return instruments[0]


def _option(entry: str) -> tuple[str, str]:
    reading, equals, option = entry.partition("=")
    if not equals or not reading or not option:
        _usage(f"--reading {entry}: 应写成 解读=选项 · write READING=OPTION")
    return reading, option


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _usage(f"{path}: {error.strerror}")


def _substance(case: Case) -> date | None:
    """The day whose version of the instrument applies: that of the latest conduct (substance follows the conduct); None where no day is known."""
    days = [day for act in case.acts.values() for day in (act.end or act.start,) if day]
    return max(days, default=None)


def _one_case(library: Library, path: Path | None, sample: bool, id_: str | None) -> Case:
    if sample == (path is not None):
        _usage("一个案件文件,或者 --sample · a case file, or --sample")
    found = (
        _cases_of(path)
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
    _usage(f"用 --case 指明其中一个 · name one of them with --case: {'、'.join(ids)}")


def _cases_of(path: Path) -> tuple[Case, ...]:
    """The cases of a file or folder; one file's cases may be based on others of its folder."""
    if not path.is_file() or path.resolve().parent.name != "cases":
        return read_cases(path)
    return tuple(case for case in read_cases(path.resolve().parent) if Path(case.place.file).name == path.name)


def _unmet(case: Case, met: Met, lang: str) -> str:
    expected = met.expectation
    what = " ".join(word for word in (expected.respondent, expected.act, expected.rule, expected.state) if word)
    robust = {True: "稳健" if lang == "zh" else "robust", False: "", None: ""}[expected.robust] or "、".join(
        expected.depends
    )
    return f"✗ {case.id} ({expected.place}) {what} {robust} → {met.got.in_(lang)}"


def _scenarios(library: Library, paths: list[Path] | None) -> Iterator[Case]:
    for path in paths or [library.cases(name) for name in library.instruments() if library.cases(name).is_dir()]:
        yield from _cases_of(path)
