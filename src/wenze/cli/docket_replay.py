"""`wenze docket replay | explain`: what turns when the law or a reading changes, and why a record has its state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wenze.cli.docket_options import Folder, Readings, engine_on, opened, register_of
from wenze.cli.docket_told import bar, told, turns_file
from wenze.cli.options import Lang, LawDir, On, chosen_readings, day_of, language_of, library_at, usage
from wenze.law import Law, State

if TYPE_CHECKING:
    from wenze.docket import Engine


def register(app: typer.Typer) -> None:
    """Puts the commands among those of the docket."""
    app.command("replay")(replay_command)
    app.command("explain")(explain_command)


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

        docket, old = opened(folder, None)
        if law is None and not reading:
            usage("--law 或者 --reading · --law or --reading")
        new = library_at(law).law(docket.instrument["id"]) if law else old
        engines = engine_on(docket, old, day_of(on), {}), engine_on(docket, new, day_of(on), chosen_readings(reading))
        with turns_file(turns) as write, bar(docket.acts, "replay") as done:

            def turned(record: Record, turn: Turn) -> None:
                write((*record, turn.target, str(turn.before), str(turn.after)))

            found = replay(docket, *engines, turned, done)
        differences = docket.page.fact_differences(new)
        names = {target.name: target.title for engine in engines for target in engine.targets}
        versions = (_named(old, {}), _named(new, chosen_readings(reading)))
        if html:
            register = register_of(docket, engines[0])
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


def _named(law: Law, chosen: dict[str, str]) -> str:
    return " ".join(
        [
            law.id,
            law.in_force.isoformat(),
            law.rules_digest[:12],
            *(f"{id_}={option}" for id_, option in chosen.items()),
        ]
    )


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

        docket, old = opened(folder, None)
        found = library_at(law).law(docket.instrument["id"]) if law else old
        engine = engine_on(docket, found, day_of(on), chosen_readings(reading))
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
