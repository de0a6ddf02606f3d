"""The commands of the docket: `wenze docket build | template | info | run | spark | replay | explain | synth | convert`.

`register(app)` puts them into the program; here are those that show a docket or write it in another storage. NumPy and Arrow are imported
when a command runs, so that the others start as quickly as without them. Refusals and faulty files exit 1, wrong usage exits 2.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from wenze.cli import docket_build, docket_replay, docket_run
from wenze.cli.docket_options import Folder, Storage, engine_on, opened, register_of, storage_named
from wenze.cli.docket_told import bar, told
from wenze.cli.options import Lang, LawDir, On, day_of, language_of, screen


def register(app: typer.Typer) -> None:
    """Puts the commands into the program."""
    docket = typer.Typer(no_args_is_help=True, help="案卷 · the same determination for many cases at once")
    docket_build.register(docket)
    docket.command("info")(info_command)
    docket_run.register(docket)
    docket_replay.register(docket)
    docket.command("convert")(convert_command)
    app.add_typer(docket, name="docket")


def info_command(
    folder: Folder,
    readings: Annotated[
        bool, typer.Option("--readings", help="未决解读各牵动多少记录 · how many records hang on each open reading")
    ] = False,
    on: On = None,
    lang: Lang = None,
    law: LawDir = None,
) -> None:
    """案卷里有什么 · What a docket holds, and whether it is whole."""
    language, console = language_of(lang), screen()
    with told():
        docket, found = opened(folder, law)
        console.print(escape(f"{found.title.in_(language)} · {docket.instrument['in_force']}"), highlight=False)
        said = (
            ("案件", "cases", docket.cases()),
            ("行为", "acts", docket.acts),
            ("记录(对象 × 行为)", "records (respondent × act)", docket.participations),
        )
        for zh, en, number in said:
            console.print(f"{zh if language == 'zh' else en}: {number:,}", highlight=False)
        table = Table(box=None)
        for heading in ("参与人 participants", "事件 events", "行为 acts"):
            table.add_column(heading, justify="right")
        shapes: dict[tuple[int, int], int] = {}
        for group in docket.groups:
            shapes[group.shape] = shapes.get(group.shape, 0) + group.acts
        for shape, acts in sorted(shapes.items()):
            table.add_row(str(shape[0]), str(shape[1]), f"{acts:,}")
        console.print(table)
        if readings:
            for one, times in register_of(docket, engine_on(docket, found, day_of(on), {})):
                print(f"{times:>9,}  {one.id}  {one.question.in_(language)}")


def convert_command(
    folder: Folder,
    into: Annotated[Path, typer.Argument(metavar="NEW", help="新的案卷目录 · the folder of the new docket")],
    storage: Storage = "parquet",
    law: LawDir = None,
) -> None:
    """换一种存储 · Write a docket in another storage."""
    with told():
        from wenze.docket import Writer

        docket, found = opened(folder, law)
        with Writer(into, found, storage_named(storage)) as writer, bar(docket.acts, "convert") as done:
            for batch in docket.batches():
                writer.write(batch.group, batch.tables)
                done(batch.group.acts)
    print(into)
