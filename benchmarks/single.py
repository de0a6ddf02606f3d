"""One case, our engine beside its peers: `python benchmarks/single.py [--quick]`. Needs the extra `bench`.

The real regulation, the readings in force, one respondent in one act with one event; every engine gets the same rules, written out of
our compiled law, and must give the same answers before anything is timed. One process, one thread; what counts are ratios within one run.
Ends with the targets `case.*` and `cli.cold`.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from peers import asp
from peers.rules import Rules, rules_of

from wenze.law import (
    Determination,
    FactKey,
    Given,
    Law,
    Layout,
    Library,
    Ready,
    Shape,
    State,
    readings_in_force,
    shipped,
)
from wenze.law.establish import Status

ON = date(2026, 1, 31)
SHAPE = Shape(1, 1)
_NOT = {State.NOT_MADE_OUT, State.NOT_APPLICABLE}
OPEN = 0.25  # of the facts, where some are not established


@dataclass(frozen=True)
class Size:
    """How many cases, and how often each is repeated; the quickest counts."""

    cases: int
    slow: int
    repeats: int
    starts: int


FULL, QUICK, SMOKE = Size(200, 20, 7, 20), Size(40, 4, 3, 3), Size(2, 1, 1, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer cases, under half a minute")
    parser.add_argument(
        "--smoke", action="store_true", help="as few cases as there can be: whether it runs, not how fast"
    )
    asked = parser.parse_args()
    size = SMOKE if asked.smoke else QUICK if asked.quick else FULL
    library = Library(shipped())
    law = max((library.law(one) for one in library.instruments()), key=lambda one: len(one.by_role("circumstance")))
    rules = rules_of(law, ON)
    ours = Ours(law, rules)
    print(f"{platform.machine()}, {cpu()}, Python {platform.python_version()}, {platform.system()}")
    print(f"{len(rules.facts)} facts, {len(rules.definitions)} shared conditions, {len(rules.conclusions)} conclusions")
    random = Random(1)
    known = [rules.known(random) for _ in range(size.cases)]
    targets = of_peers(rules, ours, known, size)
    targets += of_ours(ours, rules, random, size)
    targets.append(cold(size.starts))
    for name, value, limit, least in targets:
        reached = value >= limit if least else value <= limit
        print(f"target {name} {value:.6g} {limit:g} {'ok' if reached else 'short'}")


Target = tuple[str, float, float, bool]  # name, value, limit, whether the limit is a least one


class Ours:
    """Our engine, as whoever asks about one shape again and again runs it, and as a single case is determined."""

    def __init__(self, law: Law, rules: Rules) -> None:
        self.law, self.rules = law, rules
        self.in_force = readings_in_force(law, Given(law, Layout.of(SHAPE), {}).case, ON, {})
        self.options = {one.reading: one.option for one in self.in_force}
        self.ready = Ready(law, SHAPE, self.options)

    def facts(self, values: Mapping[str, bool]) -> dict[FactKey, bool]:
        """The facts a peer is given under other names; that the lists are complete is part of the rules it has."""
        return {self.rules.facts[name]: value for name, value in values.items()} | dict.fromkeys(
            self.rules.complete, True
        )

    def determination(self, known: Mapping[FactKey, bool]) -> Determination:
        states = {key: Status.PROVEN if holds else Status.DISPROVEN for key, holds in known.items()}
        evaluation = Given(self.law, Layout.of(SHAPE), self.options, states)
        return Determination(self.law, evaluation.case, ON, self.in_force, evaluation)

    def answer(self, values: Mapping[str, bool]) -> dict[str, bool]:
        """The answer in the words of the peers: whether each conclusion applies, and whether it holds."""
        states = dict(
            zip(
                (one.target.name for one in self.ready.asked), self.ready.answer(self.facts(values)).states, strict=True
            )
        )
        said = {}
        for identifier, (rule, _, _) in self.rules.conclusions.items():
            said[f"a{identifier[1:]}"] = states[rule] is not State.NOT_APPLICABLE
            said[identifier] = states[rule] is State.MADE_OUT
        return said


# Beside the peers


@dataclass(frozen=True)
class Row:
    name: str
    package: str
    run: Callable[[Mapping[str, bool]], object]
    said: Callable[[Mapping[str, bool]], Mapping[str, bool]]
    lacks: str
    slow: bool = False


def of_peers(rules: Rules, ours: Ours, known: Sequence[Mapping[str, bool]], size: Size) -> list[Target]:
    """Every engine on fully known facts: equal first, then timed in turn."""
    facts = [ours.facts(values) for values in known]
    with_tree = quickest((lambda one=one: ours.ready.answer(one).reasons() for one in facts), size.repeats)
    print("\nfacts fully known, time of a case ÷ ours with every line of the reasons")
    print(f"  {'wenze, all lines of the reasons':36} {1:8.2f}   ({with_tree * 1e6:.0f} µs)")
    states = quickest((lambda one=one: ours.ready.answer(one) for one in facts), size.repeats)
    print(f"  {'wenze, states; reasons when looked at':36} {states / with_tree:8.2f}")
    clingo = asp.Clingo(rules)
    of_zen = 0.0  # with its trace
    for row in rows(rules, clingo):
        some = known[: size.slow] if row.slow else known
        refuse_unequal(row, ours, some)
        found = quickest((lambda one=one, row=row: row.run(one) for one in some), 2 if row.slow else size.repeats)
        of_zen = of_zen or (found if row.package == "zen-engine" else 0.0)
        print(f"  {row.name:36} {found / with_tree:8.2f}   {row.package} {version(row.package)}; lacks: {row.lacks}")
    print(f"\nwith {OPEN:.0%} of the facts not established (the others cannot: see above)")
    with_unknowns(clingo, ours, known[: size.slow])
    return [("case.vs_zen", of_zen / with_tree, 3, True)] if of_zen else []


def rows(rules: Rules, clingo: asp.Clingo) -> Iterable[Row]:
    """The engines that are installed; the extra `bench` brings all."""
    yield Row("clingo", "clingo", clingo.answer, clingo.answer, asp.LACKS)
    for engine in (zens, fiscas, cels, logics, cedars):
        try:
            yield from engine(rules)
        except ModuleNotFoundError as missing:
            print(f"  not installed: {missing.name}")


def zens(rules: Rules) -> Iterable[Row]:
    from peers import zen

    engine = zen.Zen(rules)
    yield Row("zen-engine, with trace", "zen-engine", engine.answer_with_trace, engine.answer_with_trace, zen.LACKS)
    yield Row("zen-engine", "zen-engine", lambda one: engine.answer(one), engine.answer, zen.LACKS)


def fiscas(rules: Rules) -> Iterable[Row]:
    from peers import openfisca

    fisca = openfisca.OpenFisca(rules)
    yield Row("OpenFisca", "OpenFisca-Core", fisca.answer, fisca.answer, openfisca.LACKS, slow=True)


def cels(rules: Rules) -> Iterable[Row]:
    from peers import celrust

    cel = celrust.Cel(rules)
    yield Row("CEL in Rust", "common-expression-language", cel.answer, cel.answer, celrust.LACKS)


def logics(rules: Rules) -> Iterable[Row]:
    from peers import datalogic

    logic = datalogic.DataLogic(rules)
    yield Row("datalogic (JSONLogic in Rust)", "datalogic-py", logic.answer, logic.answer, datalogic.LACKS)


def cedars(rules: Rules) -> Iterable[Row]:
    from peers import cedar

    policies = cedar.Cedar(rules)
    yield Row("Cedar", "cedarpy", policies.answer, policies.answer, cedar.LACKS, slow=True)


def refuse_unequal(row: Row, ours: Ours, known: Iterable[Mapping[str, bool]]) -> None:
    for values in known:
        expected, said = ours.answer(values), row.said(values)
        differing = [name for name, answer in expected.items() if bool(said[name]) is not answer]
        if differing:
            sys.exit(f"{row.name} answers otherwise: {', '.join(differing[:5])}; nothing was timed")


def with_unknowns(clingo: asp.Clingo, ours: Ours, known: Iterable[Mapping[str, bool]]) -> None:
    """clingo enumerates what must and what can hold; its states are ours, or nothing is timed."""
    random = Random(2)
    drawn = [some_of(values, random) for values in known]
    for values in drawn:
        must, can = clingo.bounds(values)
        states = zip(ours.ready.asked, ours.ready.answer(ours.facts(values)).states, strict=True)
        said = {asked.target.name: state for asked, state in states}
        for identifier, (rule, _, _) in ours.rules.conclusions.items():
            wanted = {State.MADE_OUT} if must[identifier] else {State.OPEN} if can[identifier] else _NOT
            if said[rule] not in wanted:
                sys.exit(f"clingo answers otherwise of {rule}; nothing was timed")
    theirs = quickest((lambda one=one: clingo.bounds(one) for one in drawn), 2)
    facts = [ours.facts(values) for values in drawn]
    own = quickest((lambda one=one: ours.ready.answer(one) for one in facts), 5)
    print(f"  clingo, must and can {theirs / own:.0f} times the time of our states")


# Our engine alone


def of_ours(ours: Ours, rules: Rules, random: Random, size: Size) -> list[Target]:
    drawn = [ours.facts(some_of(rules.known(random), random)) for _ in range(size.cases)]
    few = drawn[: size.slow]
    states = quickest((lambda one=one: ours.ready.answer(one) for one in drawn), size.repeats)
    tree = quickest((lambda one=one: ours.ready.answer(one).reasons() for one in drawn), size.repeats)
    scratch = quickest((lambda one=one: in_force(ours.determination(one)) for one in few), 2)
    readings = quickest((lambda one=one: ours.ready.answer(one).options() for one in drawn), size.repeats)
    anew = quickest((lambda one=one: every_reading(ours.determination(one)) for one in few), 2)
    print(f"\nour engine, {OPEN:.0%} of the facts not established")
    print(
        f"  made ready beforehand, states: {states * 1e6:.0f} µs; with every line of the reasons: {tree * 1e6:.0f} µs"
    )
    print(f"  made ready beforehand, each option and what depends on it: {readings * 1e6:.0f} µs")
    print(f"  from scratch, readings in force: {scratch * 1e3:.1f} ms; each option: {anew * 1e3:.1f} ms")
    return [
        ("case.states", states, 100e-6, False),
        ("case.tree", tree, 1e-3, False),
        ("case.readings", readings / states, 10, False),
        ("case.missing", missing_in(ours, open_cases(ours, rules, random, size), 2), 5e-3, False),
        ("case.blank", missing_in(ours, [{}], size.repeats), 50e-3, False),
    ]


def some_of(values: Mapping[str, bool], random: Random) -> dict[str, bool]:
    return {name: value for name, value in values.items() if random.random() >= OPEN}


def in_force(determination: Determination) -> None:
    for one in determination.all():
        determination.evaluation.settled(one.function)


def every_reading(determination: Determination) -> None:
    for one in determination.all():
        determination.options(one)


def open_cases(ours: Ours, rules: Rules, random: Random, size: Size) -> list[dict[FactKey, bool]]:
    """Cases with a circumstance that is open."""
    found: list[dict[FactKey, bool]] = []
    while len(found) < size.slow:  # about every third case has one
        known = ours.facts(some_of(rules.known(random), random))
        states = zip(ours.ready.asked, ours.ready.answer(known).states, strict=True)
        if any(asked.target.role == "circumstance" and state is State.OPEN for asked, state in states):
            found.append(known)
    return found


def missing_in(ours: Ours, cases: Iterable[dict[FactKey, bool]], repeats: int) -> float:
    """The median time to say what is missing for all circumstances of a case that are open, both ways."""
    asked = []
    for known in cases:
        determination = ours.determination(known)
        asked.append((determination, [one for one in determination.circumstances if one.state is State.OPEN]))
    return quickest((lambda one=one, some=some: [one.missing(each) for each in some] for one, some in asked), repeats)


# Measuring


def quickest(runs: Iterable[Callable[[], object]], repeats: int) -> float:
    """The median over some runs of the quickest of several tries of each, in seconds."""
    return median(min(timed(run) for _ in range(repeats)) for run in runs)


def timed(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def cold(starts: int) -> Target:
    """`wenze determine` on a file with the sample case, and a Python that does nothing, in turn; the quickest of each."""
    sample = next(path for path in shipped().glob("*/cases/sample.md"))
    with TemporaryDirectory() as folder:
        case = Path(folder) / "case.md"
        case.write_bytes(sample.read_bytes())
        commands = ([sys.executable, "-c", "pass"], [sys.executable, "-m", "wenze", "determine", str(case)])
        best = [float("inf"), float("inf")]
        for _ in range(starts):
            for place, command in enumerate(commands):
                run = [*command]
                best[place] = min(
                    best[place], timed(lambda run=run: subprocess.run(run, check=True, capture_output=True))
                )
    return "cli.cold", best[1] / best[0], 25, False


def cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


if __name__ == "__main__":
    main()
