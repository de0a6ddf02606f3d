"""Mutation testing of the deciding modules: makes one small fault at a time and asks whether a test notices.

    python tests/mutation.py [--seconds N] [--sample N] [--seed N] [--jobs N] [--report FILE] --tests DIR… -- FILE…

Each mutant lives in a forked process that imports the mutated module instead of the file; nothing is written to the
sources. First the tests run that reach the mutated line, quickest first; if none fails, all of them. A line that ends
with `# equivalent: why` is left alone, for faults that change nothing. Needs POSIX. Why an own runner: docs/decisions.
What counts as a fault is in `mutants.py`.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from mutants import Mutant, mutants_of, mutated_code

QUICK = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", "-m", "not long"]
QUICK += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # libraries are imported before the fork
NO_TESTS, FAULT_OF_RUNNER = 5, 70
STAGE_ONE = 40  # tests that reach the line, before all are run
MEMORY = 6 * 2**30

Outcome = str  # "killed", "killed by time", "survived", "not reached"


@dataclass(frozen=True)
class Reach:
    """What the tests do when nothing is wrong: seconds of each, and which tests execute a line of a file."""

    seconds: Mapping[str, float]
    tests: Mapping[tuple[str, int], frozenset[str]]
    imported: frozenset[tuple[str, int]]  # executed outside any test

    def of(self, mutant: Mutant) -> tuple[frozenset[str], bool]:
        lines = [(mutant.file, line) for line in mutant.lines]
        reaching = frozenset[str]().union(*(self.tests.get(line, frozenset()) for line in lines))
        return reaching, any(line in self.imported for line in lines)


def main() -> None:
    asked = arguments()
    for library in ("hypothesis", "xdist.plugin", "markdown_it"):  # once here, not once a mutant
        if find_spec(library.partition(".")[0]):
            import_module(library)
    profile = ["--hypothesis-profile=mutation"] if (Path("tests") / "conftest.py").exists() else []
    files = [str(Path(file).resolve()) for file in asked.files if Path(file).exists()]
    everything = [mutant for file in files for mutant in mutants_of(file)]
    chosen = list(everything)
    random.Random(asked.seed).shuffle(chosen)
    chosen = chosen[: asked.sample]
    print(f"{len(everything)} mutants in {len(files)} modules; first the tests as they are …", flush=True)
    reach = watch_tests(files, [*profile, *asked.tests])
    total = sum(reach.seconds.values())
    print(
        f"{len(reach.seconds)} tests, {total:.0f} s; now {len(chosen)} mutants on {asked.jobs} processes …", flush=True
    )
    deadline = time.monotonic() + asked.seconds
    outcomes = in_parallel(chosen, asked.jobs, lambda mutant: judge(mutant, reach, profile, asked), deadline)
    text = report(everything, outcomes, reach, asked)
    if asked.report:
        Path(asked.report).write_text(text, encoding="utf-8")
    print(text)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Mutation testing of the deciding modules")
    parser.add_argument("files", nargs="+", help="source files below src/; those that do not exist are passed over")
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--seconds", type=float, default=2400.0)
    parser.add_argument("--sample", type=int, default=None)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--patience", type=float, default=15.0, help="seconds beyond four times what the tests take")
    parser.add_argument("--report", default=None)
    return parser.parse_args()


# --- the tests as they are --------------------------------------------------------------------------------------------


class Watcher:
    """A pytest plugin that writes down which test executes which lines of the watched files, and how long it takes."""

    def __init__(self, files: Sequence[str]) -> None:
        self.files = frozenset(files)
        self.seconds: dict[str, float] = {}
        self.lines: dict[str, set[tuple[str, int]]] = {}
        self.current: set[tuple[str, int]] = self.lines.setdefault("", set())

    def trace(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        name = frame.f_code.co_filename
        if name not in self.files:
            return None
        seen = self.current

        def trace_line(frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:
            seen.add((name, frame.f_lineno))
            return trace_line

        return trace_line(frame, event, arg)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        self.current = self.lines.setdefault(item.nodeid, set())
        begun = time.monotonic()
        sys.settrace(self.trace)
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.monotonic() - begun
            self.current = self.lines[""]


def watch_tests(files: Sequence[str], tests: Sequence[str]) -> Reach:
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "reach.json"

        def run() -> int:
            watcher = Watcher(files)
            sys.settrace(watcher.trace)
            code = int(pytest.main([*QUICK, *tests], plugins=[watcher]))
            sys.settrace(None)
            lines = {test: sorted(lines) for test, lines in watcher.lines.items()}
            notes.write_text(json.dumps({"seconds": watcher.seconds, "lines": lines}), encoding="utf-8")
            return code

        if (code := forked(run, limit=3600, quiet=False)) != 0:
            sys.exit(f"the tests must pass before they can judge a mutant (pytest ended with {code})")
        noted = json.loads(notes.read_text(encoding="utf-8"))
    tests_of: dict[tuple[str, int], set[str]] = {}
    for test, lines in noted["lines"].items():
        for file, line in lines:
            tests_of.setdefault((file, line), set()).add(test)
    imported = frozenset(line for line, tests in tests_of.items() if "" in tests)
    return Reach(noted["seconds"], {line: frozenset(tests - {""}) for line, tests in tests_of.items()}, imported)


# --- one mutant -------------------------------------------------------------------------------------------------------


def judge(mutant: Mutant, reach: Reach, profile: Sequence[str], asked: argparse.Namespace) -> Outcome:
    reaching, at_import = reach.of(mutant)
    if not reaching and not at_import:
        return "not reached"
    near = sorted(reaching, key=lambda test: reach.seconds.get(test, 0.0))[:STAGE_ONE]
    stages = [(near, sum(reach.seconds[test] for test in near))] if near else []
    stages.append((asked.tests, sum(reach.seconds.values())))
    for wanted, seconds in stages:
        code = forked(partial(run_mutated, mutant, [*profile, *wanted]), limit=asked.patience + 4 * seconds)
        if code in (NO_TESTS, FAULT_OF_RUNNER):
            raise RuntimeError(f"{mutant} could not be judged")
        if code is None:
            return "killed by time"
        if code != 0:
            return "killed"
    return "survived"


def run_mutated(mutant: Mutant, wanted: Sequence[str]) -> int:
    sys.meta_path.insert(0, Instead(mutant))
    return int(pytest.main([*QUICK, *wanted]))


@dataclass(frozen=True)
class Instead:
    """Finds the mutated module where the file would be found."""

    mutant: Mutant

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name != self.mutant.module:
            return None
        return spec_from_file_location(name, self.mutant.file, loader=Loader(name, self.mutant))


class Loader(SourceFileLoader):
    def __init__(self, name: str, mutant: Mutant) -> None:
        super().__init__(name, mutant.file)
        self.mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        return mutated_code(self.mutant)


def forked(run: Callable[[], int], limit: float, quiet: bool = True) -> int | None:
    """The exit code of `run` in a process of its own, with everything it starts; None if it had to be ended.

    `limit` is in seconds of the processor, so that a busy machine kills nobody; who merely sleeps has ten times as many.
    """
    child = os.fork()
    if child == 0:
        os.setsid()
        if quiet:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), math.ceil(limit) + 1))
        code = FAULT_OF_RUNNER
        try:
            code = run()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    deadline = time.monotonic() + 10 * limit
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return None if code in (-signal.SIGXCPU, -signal.SIGKILL) else code
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def in_parallel(
    mutants: Sequence[Mutant], jobs: int, judge: Callable[[Mutant], Outcome], deadline: float
) -> dict[Mutant, Outcome]:
    """Judges every mutant it gets to before `deadline`, in `jobs` processes, each taking every jobs-th."""

    def judge_some(number: int, notes: Path) -> None:
        with open(notes, "w", encoding="utf-8") as lines:
            for index in range(number, len(mutants), jobs):
                if time.monotonic() > deadline:
                    break
                print(index, judge(mutants[index]), file=lines, flush=True)

    outcomes = {}
    with tempfile.TemporaryDirectory() as folder:
        notes = [Path(folder) / str(number) for number in range(jobs)]
        workers = [
            multiprocessing.get_context("fork").Process(target=judge_some, args=(number, path))
            for number, path in enumerate(notes)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
            if worker.exitcode != 0:
                sys.exit("the runner itself failed; nothing is reported")
        for path in notes:
            for index, outcome in (line.split(" ", 1) for line in path.read_text(encoding="utf-8").splitlines()):
                outcomes[mutants[int(index)]] = outcome
    return outcomes


# --- what came of it --------------------------------------------------------------------------------------------------


def report(
    everything: Sequence[Mutant], outcomes: Mapping[Mutant, Outcome], reach: Reach, asked: argparse.Namespace
) -> str:
    counts = Counter(outcomes.values())
    killed = counts["killed"] + counts["killed by time"]
    share = f"{100 * killed / len(outcomes):.1f} %" if outcomes else "none"
    text = [
        f"{len(outcomes)} of {len(everything)} mutants judged (seed {asked.seed})",
        f"{killed} killed = {share}, {counts['killed by time']} of them by time",
        f"{counts['survived']} survived, {counts['not reached']} not reached by any test",
        "",
    ]
    for module in sorted({mutant.module for mutant in everything}):
        there = Counter(outcome for mutant, outcome in outcomes.items() if mutant.module == module)
        lived = there["survived"] + there["not reached"]
        text.append(f"{module:32} judged {there.total():5}   killed {there.total() - lived:5}   lived {lived:4}")
    text += ["", "Those that lived:"]
    for mutant in sorted(outcomes, key=lambda mutant: (mutant.module, mutant.lines.start)):
        if not outcomes[mutant].startswith("killed"):
            reached = len(reach.of(mutant)[0])
            text.append(f"{mutant.module}:{mutant.lines.start}  {mutant.fault}   ({reached} tests reach it)")
    return "\n".join(text) + "\n"


if __name__ == "__main__":
    main()
