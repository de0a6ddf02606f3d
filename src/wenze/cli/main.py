"""The command line: `wenze ask | check | determine | diff | cases | recheck | schema | text`.

Reads files, clock and locale, so that `wenze.law` need not; prints with Rich. Problems go to standard error, exit 1; wrong usage exits 2.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from wenze import __version__
from wenze.cli import misuse
from wenze.cli.options import (
    Lang,
    LawDir,
    On,
    bytes_of,
    cases_of,
    chosen_readings,
    day_of,
    day_under,
    language_of,
    library_at,
    one_case,
    only_instrument,
    problems_told,
    refuse,
    screen,
    substance_day,
    usage,
    writing,
)
from wenze.law import Library, anchor_of, case_schema, check_case, cite, determine, on_screen, read_cases

if TYPE_CHECKING:
    from wenze.law import Case, Met

app = typer.Typer(
    name="wenze",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="问责 · accountability regulations as working machinery",
)

law_app = typer.Typer(no_args_is_help=True, help="规范 · the law itself")
app.add_typer(law_app, name="law")


def main() -> None:
    """The program `wenze`."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # always text files here
    own = {command.name for command in app.registered_commands}
    try:
        misuse.run(app if own.intersection(sys.argv[1:2]) else whole())
    except KeyboardInterrupt:  # before a command began; as a command ends that was interrupted
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except OSError as error:  # a full disk, say: what was asked is not written, and saying so is all that is left
        print(f"写不出来 · cannot be written: {error.strerror or error}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


@cache
def whole() -> typer.Typer:
    """The program with the commands of the other modules, which take longer to load than a case takes to determine."""
    from wenze.cli import ask, diff, docket, export, findings, office, procedure, record

    for module in (ask, diff, procedure, record, docket, office, export):
        module.register(app)
    findings.register(law_app)
    return app


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
    language = language_of(lang)
    if format not in {"text", "json", "html"}:
        usage(f"--format {format}: 只有 · only text | json | html")
    with problems_told():
        library = library_at(law)
        chosen = chosen_readings(reading)
        found = one_case(library, case, sample, id)
        instrument = library.law(found.instrument, substance_day(found))
        refuse(check_case(found, instrument))
        made = determine(instrument, found, day_under(instrument, on), chosen)
        if format == "json":
            from wenze.law import receipt

            sys.stdout.write(
                json.dumps(receipt(made, __version__), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            )
        elif format == "html":
            from wenze.page import determination_page  # takes a while to load

            sys.stdout.write(determination_page(made, __version__, language))
        else:
            from wenze.cli.report import Report

            Report(made, language, screen()).write()


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
    from wenze.law import check_case_expectations

    language, console, right, total = language_of(lang), screen(), 0, 0
    with problems_told():
        library = library_at(law)
        law_of = cache(library.read)
        day = day_of(on) if on else date.max
        for found in _scenarios(library, paths):
            if not found.expectations:
                continue  # a base that others are written on
            instrument = law_of(library.version(found.instrument, substance_day(found)))
            refuse(check_case(found, instrument))
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

    with problems_told():
        found = check_instruments(library_at(law), paths or [], language_of(lang), screen(), exercised=not quick)
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
    from wenze.law import read_receipt, recheck

    language = language_of(lang)
    with problems_told():
        made = read_receipt(bytes_of(path), path.name)
        library = library_at(law)
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
    with problems_told():
        library = library_at(law)
        from tempfile import TemporaryFile

        with writing(folder):  # before the work, which takes half a minute
            folder.mkdir(parents=True, exist_ok=True)
            TemporaryFile(dir=folder).close()
        found = library.law(instrument or only_instrument(library))
        scenarios = read_cases(library.cases(found.id)) if library.cases(found.id).is_dir() else ()
        refuse([problem for case in scenarios for problem in check_case(case, found)])
        from wenze.law import findings
        from wenze.page import write_site  # takes a while to load

        with writing(folder):
            pages = write_site(found, scenarios, findings(found), folder)
    print(f"{folder}: {pages} pages")


@app.command("schema")
def schema_command(
    of: Annotated[
        str, typer.Argument(metavar="[case|history]", help="案件 · 案件经过 · a case, a case on paper")
    ] = "case",
) -> None:
    """案件文件、案件经过的 JSON Schema · The JSON Schema of case files, or of histories."""
    from wenze.law import history_schema

    schemas = {"case": case_schema, "history": history_schema}
    if of not in schemas:
        usage(f"{of}: 只有 · only case | history")
    print(json.dumps(schemas[of](), ensure_ascii=False, indent=2))


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
    language, console = language_of(lang), screen()
    with problems_told():
        library = library_at(law)
        found = library.law(instrument or only_instrument(library))
        wanted = anchor_of(" ".join(citation)) if citation else None
        if citation and (wanted is None or wanted not in found.articles):
            of_article = (wanted or "-").partition(".")[0] + "."
            known = [anchor for anchor in found.articles if anchor.startswith(of_article)]
            known = known or [anchor for anchor in found.articles if anchor.isdecimal() and anchor != "0"]
            said = "没有这一条;有" if language == "zh" else "no such article; there are"
            usage(f"{' '.join(citation)}: {said} {'、'.join(cite(anchor, language) for anchor in known)}")
    if not any(article.paragraphs for source in found.sources for article in source.articles):
        held_none = (
            "没有收录官方文本;它说的见 wenze procedure",
            "no official text is kept; what it says: wenze procedure",
        )
        usage(f"{found.title.in_(language)}: {held_none[language == 'en']}")
    for article in (article for source in found.sources for article in source.articles):
        if wanted is None or article.anchor == wanted or article.anchor.startswith(f"{wanted}."):
            for paragraph in article.paragraphs:
                console.print(escape(on_screen(paragraph)), highlight=False, soft_wrap=True)


def _unmet(case: Case, met: Met, lang: str) -> str:
    expected = met.expectation
    what = " ".join(word for word in (expected.respondent, expected.act, expected.rule, expected.state) if word)
    robust = {True: "稳健" if lang == "zh" else "robust", False: "", None: ""}[expected.robust] or "、".join(
        expected.depends
    )
    return f"✗ {case.id} ({expected.place}) {what} {robust} → {met.got.in_(lang)}"


def _scenarios(library: Library, paths: list[Path] | None) -> Iterator[Case]:
    for path in paths or [library.cases(name) for name in library.instruments() if library.cases(name).is_dir()]:
        yield from cases_of(path)
