"""The commands of the docket: `wenze docket build | template | info | run | spark | replay | explain | synth | convert`.

`register(app)` puts them into the program. NumPy and Arrow are imported when a command runs, so that the others start as quickly as
without them. Refusals and faulty files exit 1, wrong usage exits 2.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from wenze.cli.docket_told import bar, print_tally, told, turns_file
from wenze.cli.options import (
    Lang,
    LawDir,
    On,
    cases_of,
    chosen_readings,
    day_of,
    language_of,
    library_at,
    only_instrument,
    screen,
    substance_day,
    usage,
)
from wenze.law import Case, Law, Library, Reading, State, check_case

if TYPE_CHECKING:
    from wenze.docket import Docket, Engine
    from wenze.docket.page import Page
    from wenze.docket.rows import CaseRows
    from wenze.docket.tally import Tally

docket_app = typer.Typer(no_args_is_help=True, help="案卷 · the same determination for many cases at once")

Folder = Annotated[Path, typer.Argument(metavar="DOCKET", help="案卷目录 · the folder of a docket")]
Instrument = Annotated[str | None, typer.Option("--instrument", help="规范 · instrument", show_default=False)]
Readings = Annotated[
    list[str] | None, typer.Option("--reading", help="解读=选项 · READING=OPTION, repeatable", show_default=False)
]
By = Annotated[
    str | None,
    typer.Option("--by", help="按某一解读的每个选项 · under each option of a reading", show_default=False),
]
Storage = Annotated[
    str, typer.Option("--storage", help="arrow(就地计算)或 parquet(供 Spark)· computed on as it lies, or for Spark")
]


def register(app: typer.Typer) -> None:
    """Puts the commands into the program."""
    app.add_typer(docket_app, name="docket")


@docket_app.command("build")
def build_command(
    folder: Folder,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="案件文件、目录,或填好的模板(.xlsx、CSV 目录);不写则为规范自带的案例 · case files, folders or filled-in templates",
            show_default=False,
        ),
    ] = None,
    instrument: Instrument = None,
    storage: Storage = "arrow",
    on: On = None,
    law: LawDir = None,
) -> None:
    """把案件文件或表格汇成案卷 · Build a docket from case files or tables."""
    with told():
        from wenze.docket import Builder, Writer

        library = library_at(law)
        found = library.law(instrument or only_instrument(library), day_of(on) if on else None)
        with Writer(folder, found, _storage(storage)) as writer:
            builder, kept, aside = Builder(writer), 0, 0
            for path in paths or [library.cases(found.id)]:
                rows, bad, numbers = _rows(path, found, library, writer)
                for line in bad:
                    print(line, file=sys.stderr)
                aside += len(numbers)
                for one in rows:
                    builder.add(one)
                    kept += 1
            builder.finish()
    print(f"{folder}: {kept} 个案件 · cases" + (f";另有 {aside} 个未收 · {aside} set aside" if aside else ""))
    raise typer.Exit(0 if kept else 1)


@docket_app.command("template")
def template_command(
    path: Annotated[
        Path, typer.Argument(help=".xlsx 文件,或者放 CSV 的新目录 · a .xlsx file, or a new folder for CSV")
    ],
    instrument: Instrument = None,
    law: LawDir = None,
) -> None:
    """空白表格 · An empty table to fill in, for `build`."""
    with told():
        from wenze.docket.sheets import write_template

        library = library_at(law)
        write_template(path, library.law(instrument or only_instrument(library)))
    print(path)


@docket_app.command("info")
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
        docket, found = _opened(folder, law)
        docket.verify()
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
            for one, times in _register(docket, _engine(docket, found, day_of(on), {})):
                print(f"{times:>9,}  {one.id}  {one.question.in_(language)}")


@docket_app.command("run")
def run_command(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option("--out", help="结果写入 Arrow 文件 · results into an Arrow file", show_default=False)
    ] = None,
    by: By = None,
    reading: Readings = None,
    on: On = None,
    lang: Lang = None,
    law: LawDir = None,
) -> None:
    """逐条认定 · Determine every record."""
    language = language_of(lang)
    with told():
        docket, found = _opened(folder, law)
        docket.verify()
        for variant in _variants(found, by, reading):
            engine = _engine(docket, found, day_of(on), variant)
            numbers = _tallied(docket, engine, out if by is None else None)
            if by:
                print(f"■ {by}={variant[by]}")
            print_tally(engine, numbers, engine.worked, language)
        if out and by is None:
            print(out)


@docket_app.command("replay")
def replay_command(
    folder: Folder,
    law: Annotated[
        Path | None,
        typer.Option("--law", help="新版本所在的规范目录 · the folder with the new version", show_default=False),
    ] = None,
    reading: Readings = None,
    html: Annotated[Path | None, typer.Option("--html", help="写成一张网页 · as a page", show_default=False)] = None,
    turns: Annotated[
        Path | None, typer.Option("--turns", help="逐条写入 CSV · every turn into a CSV file", show_default=False)
    ] = None,
    on: On = None,
    lang: Lang = None,
) -> None:
    """换一个版本或解读,看什么会变 · Change the law or a reading and see what turns."""
    language = language_of(lang)
    with told():
        from wenze.docket.replay import Record, Turn, replay
        from wenze.docket.report import replay_page
        from wenze.docket.whole import whole_file

        docket, old = _opened(folder, None)
        docket.verify()
        if law is None and not reading:
            usage("--law 或者 --reading · --law or --reading")
        new = library_at(law).law(docket.instrument["id"]) if law else old
        engines = _engine(docket, old, day_of(on), {}), _engine(docket, new, day_of(on), chosen_readings(reading))
        with turns_file(turns) as write, bar(docket.acts, "replay") as done:

            def turned(record: Record, turn: Turn) -> None:
                write((*record, turn.target, str(turn.before), str(turn.after)))

            found = replay(docket, *engines, turned, done)
        differences = docket.page.fact_differences(new)
        names = {target.name: target.title for engine in engines for target in engine.targets}
        versions = (_named(old, {}), _named(new, chosen_readings(reading)))
        if html:
            register = _register(docket, engines[0])
            page = replay_page(
                found, title=new.title, versions=versions, names=names, differences=differences, register=register
            )
            with whole_file(html) as beside:
                beside.write_text(page, encoding="utf-8")
    print(f"{versions[0]} → {versions[1]}")
    for line in differences:
        print(line)
    print(
        f"{found.turned:,} / {found.records:,} 条记录有变化"
        if language == "zh"
        else f"{found.turned:,} of {found.records:,} records turn"
    )
    for turn, times in found.turns.most_common():
        example = found.examples[turn]
        before, after = (state.words.in_(language) for state in (turn.before, turn.after))
        print(
            f"{times:>9,}  {turn.target} {names[turn.target].in_(language)}: {before} → {after}  ({example.case} {example.act}.{example.respondent})"
        )
        for (other, clause), often in found.clauses.most_common():
            if other == turn:
                print(f"           {often:>9,}  {clause.title.in_(language)}  {clause.place}")


@docket_app.command("explain")
def explain_command(
    folder: Folder,
    case: Annotated[str, typer.Argument(help="案号 · number of the case")],
    act: Annotated[int, typer.Option("--act", help="案内第几个行为 · which act of the case")] = 1,
    respondent: Annotated[
        int | None,
        typer.Option("--respondent", help="案内第几个对象 · which respondent of the case", show_default=False),
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", help="条款或规则 · provision or rule, 6.7", show_default=False)
    ] = None,
    reading: Readings = None,
    on: On = None,
    lang: Lang = None,
    law: LawDir = None,
) -> None:
    """一条记录为何如此 · Why a record has its state: the facts that alone give it, none of which can be left out."""
    language = language_of(lang)
    with told():
        from wenze.docket.explain import find

        docket, old = _opened(folder, None)
        found = library_at(law).law(docket.instrument["id"]) if law else old
        engine = _engine(docket, found, day_of(on), chosen_readings(reading))
        places = [
            place for place in find(docket, case) if place[0].tables["acts"].column("act")[place[1]].as_py() == act - 1
        ]
        if not places:
            usage(f"--act {act}: {case} 没有这个行为 · has no such act")
        batch, number = places[0]
        if target is not None and target not in (names := [one.name for one in engine.targets]):
            usage(f"--target {target}: 没有这一条,有 · no such provision; there are {'、'.join(names)}")
        numbers = batch.tables["participations"].column("respondent")
        people = [numbers[slot * batch.group.acts + number].as_py() + 1 for slot in range(batch.group.participants)]
        if respondent is not None and respondent not in people:
            known = "、".join(map(str, sorted(people)))
            usage(f"--respondent {respondent}: 没有参与这个行为;有 · has no part in this act; there are {known}")
        for slot, who in enumerate(people):
            if respondent in (None, who):
                _explain_one(engine, (batch, number), slot, (case, act, who), target, language)


@docket_app.command("synth")
def synth_command(
    folder: Folder,
    acts: Annotated[int, typer.Option("--acts", min=1, help="多少个行为 · how many acts")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="种子 · seed")] = 1,
    instrument: Instrument = None,
    storage: Storage = "arrow",
    law: LawDir = None,
) -> None:
    """依案例合成试验用的案卷 · Make a docket for trials, shaped by the scenarios."""
    with told():
        from wenze.docket import Writer
        from wenze.docket.synth import synthesise

        library = library_at(law)
        found = library.law(instrument or only_instrument(library))
        with Writer(folder, found, _storage(storage)) as writer, bar(acts, "synth") as done:
            rows, _, _ = _rows(library.cases(found.id), found, library, writer)
            synthesise(writer, rows, acts, seed, done)
    print(f"{folder}: {acts:,} 个行为 · acts, seed {seed}")


@docket_app.command("convert")
def convert_command(
    folder: Folder,
    into: Annotated[Path, typer.Argument(metavar="NEW", help="新的案卷目录 · the folder of the new docket")],
    storage: Storage = "parquet",
    law: LawDir = None,
) -> None:
    """换一种存储 · Write a docket in another storage."""
    with told():
        from wenze.docket import Writer

        docket, found = _opened(folder, law)
        docket.verify()
        with Writer(into, found, _storage(storage)) as writer, bar(docket.acts, "convert") as done:
            for batch in docket.batches():
                writer.write(batch.group, batch.tables)
                done(batch.group.acts)
    print(into)


@docket_app.command("spark")
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
    by: By = None,
    reading: Readings = None,
    on: On = None,
    lang: Lang = None,
    law: LawDir = None,
) -> None:
    """用 Spark 逐条认定 · Determine every record on Spark."""
    language = language_of(lang)
    with told():
        from wenze.docket.spark import SparkDocket, session

        with session(master) as spark:
            docket = SparkDocket.at(spark, address)
            found = _law_of(docket.page, law)
            for variant in _variants(found, by, reading):
                engine = _engine(None, found, day_of(on), variant)
                if by:
                    print(f"■ {by}={variant[by]}")
                print_tally(engine, *docket.tally(engine), language)
                if out and by is None:
                    docket.write(engine, out)
                    print(out)


# What the commands do


def _rows(
    path: Path, law: Law, library: Library, writer: Any
) -> tuple[list[CaseRows], list[str], list[str]]:  # Any: imported late
    """The rows of the cases at a path, what is wrong with them, and the numbers of those set aside."""
    from wenze.docket import NotForDocket, case_rows
    from wenze.docket.sheets import read_tables

    if path.suffix == ".xlsx" or (path / "acts.csv").is_file():
        read = read_tables(path, law)
        return read.cases, [str(one) for one in read.bad], read.aside
    rows, bad, aside = [], [], []
    for case in _told_apart(cases_of(path)):
        reasons = _unfit(case, law, library)
        if not reasons:
            try:
                rows.append(case_rows(law, writer.tables, case))
            except NotForDocket as error:
                reasons = [str(error)]
        if reasons:
            bad += reasons
            aside.append(case.id)
    return rows, bad, aside


def _told_apart(cases: Iterable[Case]) -> Iterator[Case]:
    """Cases with something to determine; bases that others are written on have no expectation and no pairs of their own."""
    return (case for case in cases if case.participations)


def _unfit(case: Case, law: Law, library: Library) -> list[str]:
    if case.instrument != law.id:
        return [f"{case.id}: 依据是 {case.instrument} · is under {case.instrument}, not {law.id}"]
    version = library.version(law.id, substance_day(case)).stem
    if version != law.in_force.isoformat():
        return [f"{case.id}: 行为适用 {version} 版 · its conduct falls under the version of {version}"]
    return [str(problem) for problem in check_case(case, law)]


def _storage(name: str) -> str:
    from wenze.docket.storage import STORAGES

    if name not in STORAGES:
        usage(f"--storage {name}: 只有 · only {'、'.join(STORAGES)}")
    return name


def _opened(folder: Path, law: Path | None) -> tuple[Docket, Law]:
    """A docket and the law it was made for. DocketError where that law is not at hand."""
    from wenze.docket import Docket

    docket = Docket(folder)
    return docket, _law_of(docket.page, law)


def _law_of(page: Page, law: Path | None) -> Law:
    found = library_at(law).law(page.instrument["id"], date.fromisoformat(page.instrument["in_force"]))
    page.refuse_other(found)
    return found


def _variants(law: Law, by: str | None, reading: list[str] | None) -> list[dict[str, str]]:
    """What is chosen: once, or once for every option of a reading."""
    chosen = chosen_readings(reading)
    if by is None:
        return [chosen]
    if by not in law.readings:
        usage(f"--by {by}: 没有这个解读,有 · no such reading; there are {'、'.join(law.readings)}")
    return [{**chosen, by: option} for option in law.readings[by].option_ids]


def _engine(docket: Docket | None, law: Law, on: date, chosen: dict[str, str]) -> Engine:
    from wenze.docket import Engine

    engine = Engine(law, on, chosen, docket=docket)
    engine.options(())  # names an unknown reading or option before anything is done
    return engine


def _named(law: Law, chosen: dict[str, str]) -> str:
    return " ".join(
        [
            law.id,
            law.in_force.isoformat(),
            law.rules_digest[:12],
            *(f"{id_}={option}" for id_, option in chosen.items()),
        ]
    )


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


def _register(docket: Docket, engine: Engine) -> list[tuple[Reading, int]]:
    """The open readings, and how many records change their state under another option; most first."""
    from wenze.docket.register import hanging

    open_ones = [one for one in engine.law.readings.values() if one.settled is None]
    with bar(docket.acts, "readings") as done:
        found = hanging(docket, engine, [one.id for one in open_ones], done)
    return sorted(((one, found[one.id]) for one in open_ones), key=lambda one: -one[1])


def _explain_one(
    engine: Engine, place: Any, slot: int, where: tuple[str, int, int], wanted: str | None, language: str
) -> None:  # Any: a place of a docket, imported late
    from wenze.docket.explain import explained

    for target in engine.targets:
        if wanted not in (None, target.name):
            continue
        found = explained(engine, place, slot, target) if wanted else None
        outcome = found.outcome if found else engine.outcome(place, slot, target)
        if wanted is None and outcome.state not in (State.MADE_OUT, State.CONTRADICTORY):
            continue
        case, act, who = where
        print(
            f"{case} 行为 act {act} 对象 respondent {who}  {target.name} {target.title.in_(language)}: {outcome.state.words.in_(language)}"
        )
        if outcome.depends:
            print(f"  {'取决于解读' if language == 'zh' else 'depends on'}: {'、'.join(outcome.depends)}")
        for key, status in found.facts if found else ():
            proven = str(status) == "proven"
            name = key.name if language == "zh" else engine.law.facts[key.name].english
            said = {"zh": ("否", "是"), "en": ("no", "yes")}[language][proven]
            print(f"  {name} [{' '.join(key.entities)}]: {said}")
