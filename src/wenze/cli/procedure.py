"""`wenze procedure`: how a case is handled, or where one stands on a day; as text or as a picture.

Reads files and the clock; what it says comes from `wenze.law`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from wenze.cli.options import (
    Lang,
    LawDir,
    day_of,
    language_of,
    library_at,
    only_instrument,
    problems_told,
    screen,
    usage,
)
from wenze.cli.proceedings import Proceedings
from wenze.law import HistoryText, history_of, read_histories, read_procedure, stand
from wenze.page import procedure_graph


def register(app: typer.Typer) -> None:
    """Puts the command into the program."""
    app.command("procedure")(procedure_command)


def procedure_command(
    case: Annotated[
        Path | None,
        typer.Option(
            "--case", help="案件经过(.md、.json) · a file of histories, or a folder of them", show_default=False
        ),
    ] = None,
    id: Annotated[
        str | None, typer.Option("--id", help="文件中有多件时的编号 · which history of the file", show_default=False)
    ] = None,
    on: Annotated[str | None, typer.Option("--on", help="日期 · the day asked, 2026-01-31", show_default=False)] = None,
    graph: Annotated[bool, typer.Option("--graph", help="画成 SVG · draw it as SVG")] = False,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="不用的可选层 · an optional layer left out, repeatable", show_default=False),
    ] = None,
    instrument: Annotated[
        str | None, typer.Option("--instrument", help="规范 · instrument", show_default=False)
    ] = None,
    lang: Lang = None,
    law: LawDir = None,
) -> None:
    """办理程序:哪些步骤可以办、由谁办、哪些不可以、期限到哪天 · The procedure: what is open, for whom, what is refused, which clocks run."""
    language, day, unlawful = language_of(lang), day_of(on), False
    with problems_told():
        library = library_at(law)
        text = _chosen(case, id) if case else None
        name = instrument or (text.basis if text else only_instrument(library))
        if not library.procedure(name).is_file():
            usage(f"{name}: 没有办理程序 · has no procedure.md")
        procedure = read_procedure(library, name, without or [])
        history = history_of(procedure, text) if text else None
        standing = stand(procedure, history.moves, history.features, day) if history else None
        report = Proceedings(procedure, day, language, screen())
        if graph:
            sys.stdout.write(procedure_graph(procedure.on(day), standing, language))
        elif history and standing:
            unlawful = report.case(history, standing)
        else:
            report.whole()
    raise typer.Exit(1 if unlawful else 0)


def _chosen(path: Path, id: str | None) -> HistoryText:
    found = read_histories(path)
    for text in found:
        if text.id == id or (id is None and len(found) == 1):
            return text
    usage(f"用 --id 指明其中一件 · name one of them with --id: {'、'.join(text.id for text in found)}")
