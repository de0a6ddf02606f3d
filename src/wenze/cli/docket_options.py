"""What the commands of the docket share: the options that several take, and what these stand for: a docket, its law, an engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wenze.cli.docket_told import bar
from wenze.cli.options import library_at, usage
from wenze.law import Law, Reading

if TYPE_CHECKING:
    from wenze.docket import Docket, Engine
    from wenze.docket.page import Page

Folder = Annotated[Path, typer.Argument(metavar="DOCKET", help="案卷目录 · the folder of a docket")]
Instrument = Annotated[str | None, typer.Option("--instrument", help="规范 · instrument", show_default=False)]
Readings = Annotated[
    list[str] | None, typer.Option("--reading", help="解读=选项 · READING=OPTION, repeatable", show_default=False)
]
Storage = Annotated[
    str, typer.Option("--storage", help="arrow(就地计算)或 parquet(供 Spark)· computed on as it lies, or for Spark")
]


def opened(folder: Path, law: Path | None) -> tuple[Docket, Law]:
    """A docket, every byte of it as it was written, and the law it was made for. DocketError where one of them is not at hand."""
    from wenze.docket import Docket

    docket = Docket(folder)
    docket.verify()
    return docket, law_of(docket.page, law)


def law_of(page: Page, law: Path | None) -> Law:
    found = library_at(law).law(page.instrument["id"], date.fromisoformat(page.instrument["in_force"]))
    page.refuse_other(found)
    return found


def engine_on(docket: Docket | None, law: Law, on: date, chosen: dict[str, str]) -> Engine:
    from wenze.docket import Engine

    engine = Engine(law, on, chosen, docket=docket)
    engine.options(())  # names an unknown reading or option before anything is done
    return engine


def register_of(docket: Docket, engine: Engine) -> list[tuple[Reading, int]]:
    """The open readings, and how many records change their state under another option; most first."""
    from wenze.docket.register import hanging

    open_ones = [one for one in engine.law.readings.values() if one.settled is None]
    with bar(docket.acts, "readings") as done:
        found = hanging(docket, engine, [one.id for one in open_ones], done)
    return sorted(((one, found[one.id]) for one in open_ones), key=lambda one: -one[1])


def storage_named(name: str) -> str:
    from wenze.docket.storage import STORAGES

    if name not in STORAGES:
        usage(f"--storage {name}: 只有 · only {'、'.join(STORAGES)}")
    return name
