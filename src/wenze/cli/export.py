"""`wenze export`: a case as a file that verifies offline. Loads Django only when one of them runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wenze.cli.office import office


def register(app: typer.Typer) -> None:
    """Puts the commands into the program."""
    app.command("export")(export_command)


def export_command(
    case: Annotated[str, typer.Argument(help="案件编号 · the case's number", show_default=False)],
    out: Annotated[
        Path | None, typer.Option("--out", help="写入的文件;不填则为 编号.jsonl · the file to write; else NUMBER.jsonl")
    ] = None,
) -> None:
    """导出一个案件的存证,可离线核验 · Write a case's part of the record as a file that verifies offline."""
    with office():
        from wenze.web.cases.models import Case
        from wenze.web.journal.checkpoints import sign_if_due
        from wenze.web.journal.reader import excerpt

        if not Case.objects.filter(reference=case).exists():
            print(f"没有编号为 {case} 的案件 · there is no case {case}")
            raise typer.Exit(1)
        sign_if_due()  # so that a checkpoint covers everything in the file
        path = out or Path(f"{case}.jsonl")
        with path.open("wb") as file:
            file.writelines(excerpt(f"case/{case}"))
        print(f"{path}\n核验 · verify: wenze verify {path}")
