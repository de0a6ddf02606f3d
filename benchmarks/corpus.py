"""How fast a corpus is determined of which little is known: `python benchmarks/corpus.py [--quick]`.

The real regulation, acts shaped by its scenarios of which much is not established, all options of all readings. One process, one thread,
its processor time; the single case, whose results these are, determines a sample of the same acts in the same run.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from wenze.docket import Docket, Engine, Writer, case_rows
from wenze.docket.register import hanging
from wenze.docket.replay import replay
from wenze.docket.synth import synthesise
from wenze.law import Law, Library, read_cases, shipped

INSTRUMENT, READING, DAY = "dehong", "R-8-相应", date(2026, 1, 31)


def main() -> int:
    acts = 500 if parse().quick else 5_000
    library = Library(shipped())
    law = library.law(INSTRUMENT)
    with tempfile.TemporaryDirectory() as folder:
        docket = corpus(Path(folder) / "docket", law, library.cases(INSTRUMENT), acts)
        print(
            f"{acts:,} acts, {docket.participations:,} participations, {len(Engine(law, DAY).targets)} conclusions each"
        )
        one = singly(docket, law, 8 if acts < 1_000 else 24)
        print(f"{'the single case':44} {one * 1e3:9.1f} ms an act")
        for name, run in ways(docket, law).items():
            seconds = spent(run)
            print(
                f"{name:44} {seconds / acts * 1e3:9.1f} ms an act, {one / (seconds / acts):6.0f} times as fast; {seconds:.1f} s"
            )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="500 acts instead of 5,000, under a minute")
    return parser.parse_args()


def corpus(folder: Path, law: Law, scenarios: Path, acts: int) -> Docket:
    """What `wenze docket synth --seed 1` makes."""
    with Writer(folder, law) as writer:
        cases = [case for case in read_cases(scenarios) if case.participations]
        synthesise(writer, [case_rows(law, writer.tables, case) for case in cases], acts, seed=1)
    return Docket(folder)


def singly(docket: Docket, law: Law, sample: int) -> float:
    """Seconds an act, robustness included, of some acts spread over the corpus; they must be told alike side by side."""
    engine, seconds, step = Engine(law, DAY, docket=docket), 0.0, max(1, docket.acts // sample)
    number = 0
    for batch in docket.batches():
        mine = [act for act in range(batch.group.acts) if (number + act) % step == 0]
        number += batch.group.acts
        answers = engine.determine(batch).answers if mine else ()
        options = engine.options(batch.group.rulings)
        for act in mine:
            begun = time.process_time()
            said = [engine.single.flags((batch, act), one.target, one.slot, options) for one in answers]
            seconds += time.process_time() - begun
            for one, flags in zip(answers, said, strict=True):
                found = {name: bool(int(getattr(one, name)[act // 64]) >> act % 64 & 1) for name in flags}
                if found != flags:
                    sys.exit(f"{one.target.name} of act {act}: {found} instead of {flags}")
    return seconds / -(-docket.acts // step)


def ways(docket: Docket, law: Law) -> dict[str, Callable[[], object]]:
    """What is asked of a corpus, each with an engine of its own, whose making counts."""
    other = law.readings[READING].option_ids[-1]

    def engine() -> Engine:
        return Engine(law, DAY, docket=docket)

    return {
        "run: states, and whether any reading matters": lambda: list(map(engine().determine, docket.batches())),
        "replay of a reading, with deciding clauses": lambda: replay(
            docket, (mine := engine()), mine.with_reading(READING, other)
        ),
        "register: every option of every reading": lambda: hanging(docket, engine(), list(law.readings)),
    }


def spent(run: Callable[[], object]) -> float:
    begun = time.process_time()
    run()
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
