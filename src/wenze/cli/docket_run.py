"""`wenze docket run | spark`: determine every record, here or on Spark, once or under every option of a reading."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wenze.cli.docket_options import Folder, Readings, engine_on, law_of, opened
from wenze.cli.docket_told import bar, print_tally, told
from wenze.cli.options import Lang, LawDir, On, chosen_readings, day_of, language_of, usage
from wenze.law import Law

if TYPE_CHECKING:
    from wenze.docket import Docket, Engine, Worked
    from wenze.docket.tally import Tally

By = Annotated[
    str | None,
    typer.Option("--by", help="按某一解读的每个选项 · under each option of a reading", show_default=False),
]


@dataclass(frozen=True)
class Asked:
    """The options that both commands take."""

    by: By = None
    reading: Readings = None
    on: On = None
    lang: Lang = None
    law: LawDir = None

    def variants(self, law: Law) -> list[dict[str, str]]:
        """What is chosen: once, or once for every option of a reading."""
        chosen = chosen_readings(self.reading)
        if self.by is None:
            return [chosen]
        if self.by not in law.readings:
            usage(f"--by {self.by}: 没有这个解读,有 · no such reading; there are {'、'.join(law.readings)}")
        return [{**chosen, self.by: option} for option in law.readings[self.by].option_ids]


def register(app: typer.Typer) -> None:
    """Puts the commands among those of the docket."""
    app.command("run")(_asking(run_command))
    app.command("spark")(_asking(spark_command))


def _asking(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of `Asked` in the place of its last parameter."""
    own = list(inspect.signature(command, eval_str=True).parameters.values())[:-1]
    options = list(inspect.signature(Asked, eval_str=True).parameters.values())

    @wraps(command)
    def asked(**given: Any) -> None:  # Any: options of every type
        said = {field.name: given.pop(field.name) for field in fields(Asked)}
        command(**given, asked=Asked(**said))

    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in (*own, *options)]
    asked.__annotations__ = {one.name: one.annotation for one in parameters}
    asked.__dict__.update(__signature__=inspect.Signature(parameters))
    return asked


def run_command(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option("--out", help="结果写入 Arrow 文件 · results into an Arrow file", show_default=False)
    ] = None,
    *,
    asked: Asked,
) -> None:
    """逐条认定 · Determine every record."""
    if out and folder.resolve() in out.resolve().parents:
        usage(f"--out {out}: 在案卷之内,请写别处 · lies in the docket; write it elsewhere")
    with told():
        docket, law = opened(folder, asked.law)
        _each(asked, law, docket, out, lambda engine: (_tallied(docket, engine, out), engine.worked))


def spark_command(
    address: Annotated[
        str,
        typer.Argument(
            metavar="DOCKET",
            help="parquet 存储的案卷:目录或 hdfs:// 等地址 · a docket of the storage parquet, its folder or address",
        ),
    ],
    out: Annotated[
        str | None,
        typer.Option(
            "--out", help="结果写入新目录(Parquet)· results into a new folder of Parquet files", show_default=False
        ),
    ] = None,
    master: Annotated[
        str | None,
        typer.Option("--master", help="如 local[4];经 spark-submit 时不写 · not with spark-submit", show_default=False),
    ] = None,
    *,
    asked: Asked,
) -> None:
    """用 Spark 逐条认定 · Determine every record on Spark."""
    with told():
        from wenze.docket.spark import SparkDocket, session

        with session(master) as spark:
            docket = SparkDocket.at(spark, address)

            def determined(engine: Engine) -> tuple[Tally, Worked]:
                found = docket.tally(engine)
                if out:
                    docket.write(engine, out)
                return found

            _each(asked, law_of(docket.page, asked.law), None, out, determined)


def _each(
    asked: Asked,
    law: Law,
    docket: Docket | None,
    out: Path | str | None,
    determined: Callable[[Engine], tuple[Tally, Worked]],
) -> None:
    """Determines under everything that was asked, and tells what came out."""
    if out and asked.by:
        usage("--out 与 --by 不能同用 · --out cannot be given together with --by")
    for variant in asked.variants(law):
        engine = engine_on(docket, law, day_of(asked.on), variant)
        numbers, worked = determined(engine)
        if asked.by:
            print(f"■ {asked.by}={variant[asked.by]}")
        print_tally(engine, numbers, worked, language_of(asked.lang))
    if out:
        print(out)


def _tallied(docket: Docket, engine: Engine, out: Path | None) -> Tally:
    """How many records have each state, by target; the results themselves into `out`."""
    from wenze.docket.outcome import results_file
    from wenze.docket.tally import no_tally, tally

    found = no_tally(engine.targets)
    with results_file(out, engine) as write, bar(docket.acts, "run") as done:
        for batch in docket.batches():
            group = engine.determine(batch)
            found += tally(engine, group)
            write(group)
            done(batch.group.acts)
    return found
