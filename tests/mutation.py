"""Mutation testing of the deciding modules: makes one small fault at a time and asks whether a test notices.

    python tests/mutation.py [--seconds N] [--bound N] [--sample N] [--seed N] [--jobs N] [--keep DIR] [--report FILE]
                             --tests DIR… -- FILE…

The tests are collected once. Each mutant lives in a process forked from there, in which the functions of the module take
the mutated code; nothing is written to the sources. What runs when a module is imported is mutated in a process that
imports it anew. Which tests can notice a fault is known from one run of them as they are, kept in DIR under the digest of
sources and tests: those that reach the line, and the others of their files, for a file may keep what one test computed.
First come those that noticed a fault of the same function, then the quickest.

What came of a mutant is added to `DIR/judged.jsonl`, so that runs add up; of one mutant, the latest counts. It is not
judged again while its module is the same but for comments and the test that noticed it is there; one that lived, not while
sources and tests are all the same.

A line that ends with `# equivalent: why` is left alone, for faults that change nothing. Needs POSIX. Why an own runner:
docs/decisions. What counts as a fault is in `mutants.py`.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from coverage import Coverage

sys.path.insert(0, str(Path(__file__).parent))
from mutants import Mutant, meaning, mutants_of, mutated_code
from reach import Reach, digest, read_reach, watch

QUIET = ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", "-m", "not long"]
QUIET += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
if Path("tests", "conftest.py").exists():  # where the profile is registered
    QUIET += ["--hypothesis-profile=mutation"]
NOTICED, BOUND_REACHED, NO_PLACE, FAULT_OF_RUNNER = 1, 3, 4, 70
MEMORY = 6 * 2**30
ASLEEP = 1200.0  # seconds by the clock after which a process that does nothing is ended

KILLED, BY_TIME, LIVED, IN_BOUND, UNREACHED = (
    "killed",
    "killed by time",  # a test took many times its seconds
    "lived",
    "lived within the bound",  # some tests that might have noticed were not run
    "not reached",
)


# --- running tests in a process that will not be used again -----------------------------------------------------------


class Ear:
    """A pytest plugin that hears whether a test failed, and gives way to `instead` once the tests are collected."""

    def __init__(self, instead: Callable[[Sequence[pytest.Item]], int]) -> None:
        self.instead = instead
        self.code = FAULT_OF_RUNNER

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        self.code = self.instead(session.items)
        return True


def run_one(items: Sequence[pytest.Item], number: int) -> bool:
    """Runs a test; whether it failed."""
    item = items[number]
    failed: list[str] = []

    class Heard:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                failed.append(report.nodeid)

    heard = Heard()
    item.config.pluginmanager.register(heard)
    try:
        following = items[number + 1] if number + 1 < len(items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    finally:
        item.config.pluginmanager.unregister(heard)
    return bool(failed)


def collected(profile: Sequence[str], instead: Callable[[Sequence[pytest.Item]], int]) -> int:
    ear = Ear(instead)
    pytest.main([*QUIET, *profile], plugins=[ear])
    return ear.code


def until_noticed(items: Sequence[pytest.Item], reach: Reach, asked: argparse.Namespace, tell: int) -> int:
    """Runs tests until one fails or the processor seconds of the bound are over; tells each before it begins.

    A test may take some seconds and four times what it took; then the process ends by SIGPROF.
    """
    begun = time.process_time()
    for number, item in enumerate(items):
        if time.process_time() - begun > asked.bound:
            return BOUND_REACHED
        os.write(tell, f"{item.nodeid}\n".encode())
        signal.setitimer(signal.ITIMER_PROF, asked.patience + 4 * reach.seconds.get(item.nodeid, 0.0))
        if run_one(items, number):
            return NOTICED
    return 0


def forked(run: Callable[[int], int], quiet: bool = True) -> tuple[int | None, list[str]]:
    """The exit code of `run` in a process of its own, with everything it starts; None if it had to be ended. And what it told."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.setsid()
        if quiet:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        code = FAULT_OF_RUNNER
        try:
            code = run(writer)
        except SystemExit:
            code = NOTICED
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    os.close(writer)
    deadline = time.monotonic() + ASLEEP
    os.set_blocking(reader, False)
    heard = b""
    code: int | None = None
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        heard += drained(reader)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            break
        if time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        time.sleep(0.005)
    os.close(reader)
    return (None if code == -signal.SIGPROF else code), heard.decode().splitlines()


def drained(reader: int) -> bytes:
    found = b""
    try:
        while more := os.read(reader, 65536):
            found += more
    except BlockingIOError:
        pass
    return found


# --- one mutant -------------------------------------------------------------------------------------------------------


@dataclass
class Bench:
    """The collected tests, what they reach, and which of them noticed faults of a function, latest first."""

    items: Mapping[str, pytest.Item]
    living: Sequence[FunctionType]  # the functions of the modules, as the tests call them
    reach: Reach
    asked: argparse.Namespace
    noticed: dict[str, list[str]] = field(default_factory=dict)

    def remember(self, mutant: Mutant, test: str) -> None:
        known = self.noticed.setdefault(mutant.within, [])
        if test in known:
            known.remove(test)
        known.insert(0, test)

    def judge(self, mutant: Mutant) -> tuple[str, str]:
        """What came of it, and the test that noticed it."""
        candidates, at_import = self.reach.candidates(mutant)
        if not candidates:
            return UNREACHED, ""
        first = [test for test in self.noticed.get(mutant.within, []) if test in candidates][:5]
        order = first + [test for test in candidates if test not in first]
        code, told = forked(partial(self._in_place, mutant, order))
        if code == NO_PLACE or (at_import and code == 0):
            code, told = forked(partial(self._imported_anew, mutant, order))
        last = told[-1] if told else ""
        if code is None:
            return BY_TIME, last
        if code == 0 or code == BOUND_REACHED:
            return (LIVED if code == 0 else IN_BOUND), ""
        if code == FAULT_OF_RUNNER and not told:
            if at_import:  # a module that cannot even be imported
                return KILLED, ""
            raise RuntimeError(f"{mutant} could not be judged")
        self.remember(mutant, last)
        return KILLED, last

    def _in_place(self, mutant: Mutant, order: Sequence[str], tell: int) -> int:
        if not put_in_place(mutant, self.living):
            return NO_PLACE
        return until_noticed([self.items[test] for test in order], self.reach, self.asked, tell)

    def _imported_anew(self, mutant: Mutant, order: Sequence[str], tell: int) -> int:
        for name in [name for name, module in sys.modules.items() if is_ours(module)]:
            del sys.modules[name]
        sys.meta_path.insert(0, Instead(mutant))
        files = sorted({test.partition("::")[0] for test in order})

        def run(items: Sequence[pytest.Item]) -> int:
            there = {item.nodeid: item for item in items}
            return until_noticed([there[test] for test in order if test in there], self.reach, self.asked, tell)

        return collected(files, run)


def is_ours(module: Any) -> bool:
    file = Path(getattr(module, "__file__", None) or "/")
    return file.is_relative_to(Path.cwd()) and "site-packages" not in file.parts


def put_in_place(mutant: Mutant, living: Iterable[FunctionType]) -> bool:
    """Gives the functions of the mutated module their mutated code; False where the fault is in no function that there is."""
    changed = {(code.co_qualname, code.co_firstlineno): code for code in functions_of(mutated_code(mutant))}
    placed = False
    for function in living:
        old = function.__code__
        if old.co_filename == mutant.file:
            new = changed.get((old.co_qualname, old.co_firstlineno))
            if new is not None and new != old:
                if len(new.co_freevars) != len(old.co_freevars):
                    return False
                function.__code__ = new
                placed = True
    return placed


def living_functions(files: Sequence[str]) -> list[FunctionType]:
    everything = (thing for thing in gc.get_objects() if isinstance(thing, FunctionType))
    return [function for function in everything if function.__code__.co_filename in files]


def functions_of(code: CodeType) -> Iterable[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from functions_of(constant)


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


# --- many mutants -----------------------------------------------------------------------------------------------------


@dataclass
class Judged:
    """What came of mutants so far, kept in a file that runs add to."""

    path: Path
    at: str  # the digest of sources and tests
    texts: Mapping[str, str]  # the digest of each module
    bound: float

    def known(self, everything: Iterable[Mutant], tests: Mapping[str, Any]) -> dict[Mutant, tuple[str, str]]:
        """The mutants that need not be judged again, each with what came of it and which test noticed."""
        by_key = {self._key(mutant): mutant for mutant in everything}
        found: dict[Mutant, tuple[str, str]] = {}
        for line in self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []:
            noted = json.loads(line)
            mutant = by_key.get((noted["text"], noted["node"], noted["choice"]))
            killed = noted["outcome"] in (KILLED, BY_TIME) and (not noted["by"] or noted["by"] in tests)
            enough = noted["at"] == self.at and (noted["outcome"] != IN_BOUND or noted["bound"] >= self.bound)
            if mutant and (killed or enough):
                found[mutant] = noted["outcome"], noted["by"]
        return found

    def add(self, mutant: Mutant, outcome: str, by: str, seconds: float) -> None:
        text, node, choice = self._key(mutant)
        noted = {"at": self.at, "text": text, "node": node, "choice": choice, "outcome": outcome, "by": by}
        noted["bound"] = self.bound
        noted |= {"module": mutant.module, "line": mutant.lines.start, "fault": mutant.fault, "s": round(seconds, 2)}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(noted, ensure_ascii=False) + "\n")

    def _key(self, mutant: Mutant) -> tuple[str, int, int]:
        return self.texts[mutant.file], mutant.node, mutant.choice


def judge_some(number: int, mutants: Sequence[Mutant], bench: Bench, judged: Judged) -> None:
    """One worker's share: every so-manieth mutant, until the time is over."""
    asked = bench.asked
    mine = range(number, len(mutants), asked.jobs)
    counts: Counter[str] = Counter()
    for done, index in enumerate(mine, 1):
        if time.monotonic() > asked.deadline:
            break
        mutant, begun = mutants[index], time.monotonic()
        outcome, by = bench.judge(mutant)
        judged.add(mutant, outcome, by, time.monotonic() - begun)
        counts[outcome] += 1
        if outcome not in (KILLED, BY_TIME):
            say(f"  {mutant.module}:{mutant.lines.start}  {mutant.fault}  {outcome}")
        if done % 25 == 0:
            say(f"  {done} of {len(mine)}: {', '.join(f'{n} {name}' for name, n in counts.most_common())}")


def judge_all(items: Sequence[pytest.Item], imported: Mapping[str, Iterable[int]], asked: argparse.Namespace) -> int:
    at = digest(everything_read(asked))
    notes = asked.keep / f"reach-{at}.json"
    if not notes.exists():
        say(f"{len(items)} tests as they are …")
        watched = partial(watch, items, asked.files, notes, partial(run_one, items))
        code, _ = forked(lambda tell: 0 if watched() else NOTICED, quiet=False)
        if code != 0:
            sys.exit(f"the tests must pass before they can judge a mutant (ended with {code})")
    reach = read_reach(notes, imported)
    tests = {item.nodeid: item for item in items}
    texts = {file: meaning(file) for file in asked.files}
    judged = Judged(asked.keep / "judged.jsonl", at, texts, asked.bound)
    everything = [mutant for file in asked.files for mutant in mutants_of(file)]
    known = judged.known(everything, tests)
    bench = Bench(tests, living_functions(asked.files), reach, asked)
    for mutant, (_, by) in known.items():
        if by:
            bench.remember(mutant, by)
    chosen = list(everything)
    random.Random(asked.seed).shuffle(chosen)
    chosen = [mutant for mutant in chosen[: asked.sample] if mutant not in known]
    say(f"{len(everything)} mutants, {len(known)} judged before; now {len(chosen)} on {asked.jobs} processes")
    asked.deadline = time.monotonic() + asked.seconds
    gc.freeze()
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=judge_some, args=(number, chosen, bench, judged)) for number in range(asked.jobs)]
    for worker in workers:
        worker.start()
    try:
        for worker in workers:
            worker.join()
    except KeyboardInterrupt:
        say("cut; what was judged:")
    text = report(everything, judged.known(everything, tests), reach, asked)
    if asked.report:
        Path(asked.report).write_text(text, encoding="utf-8")
    print(text)
    return max((worker.exitcode or 0 for worker in workers), default=0)


def everything_read(asked: argparse.Namespace) -> set[Path]:
    """What the tests rest on: the modules with all beside them, the tests with what helps them, the regulations."""
    folders = [Path(os.path.relpath(Path(file).parent)) for file in asked.files]
    folders += [Path("regulations"), *(Path(test) for test in asked.tests)]
    beneath = {path for folder in folders for path in (folder.rglob("*") if folder.is_dir() else [folder])}
    texts = {path for path in beneath if path.suffix in {".py", ".md", ".json", ".txt"}}
    return texts | {path for path in Path("tests").glob("*.py") if path.stem not in {"mutation", "mutants", "reach"}}


def report(
    everything: Sequence[Mutant], found: Mapping[Mutant, tuple[str, str]], reach: Reach, asked: argparse.Namespace
) -> str:
    outcomes = {mutant: outcome for mutant, (outcome, _) in found.items()}
    counts = Counter(outcomes.values())
    killed = counts[KILLED] + counts[BY_TIME]
    share = f"{100 * killed / len(outcomes):.1f} %" if outcomes else "none"
    text = [
        f"{len(outcomes)} of {len(everything)} mutants judged",
        f"{killed} killed = {share}, {counts[BY_TIME]} of them by time",
        f"{counts[LIVED]} lived all tests that can notice, {counts[IN_BOUND]} those of the bound (now {asked.bound:.0f} s), "
        f"{counts[UNREACHED]} not reached by any",
        "",
    ]
    for module in sorted({mutant.module for mutant in everything}):
        there = Counter(outcome for mutant, outcome in outcomes.items() if mutant.module == module)
        of = sum(mutant.module == module for mutant in everything)
        dead = there[KILLED] + there[BY_TIME]
        row = f"{module:24} of {of:4} judged {there.total():4}   killed {dead:4}   lived {there[LIVED]:3}"
        text.append(f"{row}   within the bound {there[IN_BOUND]:3}   not reached {there[UNREACHED]:3}")
    text += ["", "Those that were not killed:"]
    for mutant in sorted(outcomes, key=lambda mutant: (mutant.module, mutant.lines.start)):
        if outcomes[mutant] not in (KILLED, BY_TIME):
            reaching, _ = reach.of((mutant.file, line) for line in mutant.lines)
            place = f"{mutant.module}:{mutant.lines.start}"
            text.append(f"{place}  {mutant.fault}   {outcomes[mutant]} ({len(reaching)} tests reach it)")
    return "\n".join(text) + "\n"


def say(words: str) -> None:
    print(words, flush=True)


def main() -> None:
    asked = arguments()
    asked.keep.mkdir(parents=True, exist_ok=True)
    asked.files = [str(Path(file).resolve()) for file in asked.files if Path(file).exists()]
    asked.report = asked.report and Path(asked.report).resolve()
    imports = Coverage(data_file=None, include=asked.files, config_file=False, messages=False)
    imports.start()

    def then(items: Sequence[pytest.Item]) -> int:
        imports.stop()
        data = imports.get_data()
        return judge_all(items, {file: list(data.lines(file) or []) for file in asked.files}, asked)

    sys.exit(collected(asked.tests, then))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Mutation testing of the deciding modules")
    parser.add_argument("files", nargs="+", help="source files below src/; those that do not exist are passed over")
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--seconds", type=float, default=2400.0, help="by the clock, for all mutants")
    parser.add_argument("--bound", type=float, default=60.0, help="of the processor, for the tests of one mutant")
    parser.add_argument("--patience", type=float, default=5.0, help="seconds beyond four times what a test takes")
    parser.add_argument("--sample", type=int, default=None)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, default=Path(".mutation"), help="folder of what earlier runs found")
    parser.add_argument("--report", default=None)
    return parser.parse_args()


if __name__ == "__main__":
    main()
