"""What tests do when nothing is wrong: which execute a line of which file, and how long each takes. For `mutation.py`."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from coverage import Coverage

from mutants import Mutant


@dataclass(frozen=True)
class Reach:
    """What the tests do when nothing is wrong: processor seconds of each, traced; and which tests execute a line."""

    seconds: Mapping[str, float]
    tests: Mapping[tuple[str, int], frozenset[str]]  # the test "" is what runs outside any, at import

    def of(self, lines: Iterable[tuple[str, int]]) -> tuple[frozenset[str], bool]:
        """The tests that reach one of the lines, and whether one runs when modules are imported."""
        found = frozenset[str]().union(*(self.tests.get(line, frozenset()) for line in lines))
        return found - {""}, "" in found

    def candidates(self, mutant: Mutant) -> tuple[list[str], bool]:
        """The tests that can notice a fault, those that reach it first; and whether it must be there at import."""
        reaching, at_import = self.of((mutant.file, line) for line in mutant.lines)
        order = self._quickest(reaching)
        if at_import:
            order += self._quickest(self.of(line for line in self.tests if line[0] == mutant.file)[0] - reaching)
        files = {test.partition("::")[0] for test in order}
        beside = {test for test in self.seconds if test.partition("::")[0] in files}
        return order + self._quickest(beside.difference(order)), at_import

    def _quickest(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=lambda test: self.seconds.get(test, 0.0))


def watch(items: Sequence[pytest.Item], files: Sequence[str], notes: Path, failed: Callable[[int], bool]) -> bool:
    """Has every test run, by its number, and writes down which lines of the files each executes; False if one failed."""
    coverage = Coverage(data_file=None, include=list(files), config_file=False, messages=False)
    seconds = {}
    coverage.start()
    for number, item in enumerate(items):
        coverage.switch_context(item.nodeid)
        begun = time.process_time()
        if failed(number):
            return False
        seconds[item.nodeid] = time.process_time() - begun
        if number % 200 == 199:
            print(f"  {number + 1} of {len(items)} tests as they are, {sum(seconds.values()):.0f} s", flush=True)
    coverage.stop()
    data = coverage.get_data()
    lines = {os.path.relpath(file): data.contexts_by_lineno(file) for file in files}
    notes.write_text(json.dumps({"seconds": seconds, "lines": lines}), encoding="utf-8")
    return True


def read_reach(notes: Path, imported: Mapping[str, Iterable[int]]) -> Reach:
    noted = json.loads(notes.read_text(encoding="utf-8"))
    tests: dict[tuple[str, int], set[str]] = {}
    for file, lines in noted["lines"].items():
        for line, contexts in lines.items():
            tests.setdefault((str(Path(file).resolve()), int(line)), set()).update(contexts)
    for file, numbers in imported.items():
        for number in numbers:
            tests.setdefault((file, number), set()).add("")
    return Reach(noted["seconds"], {line: frozenset(names) for line, names in tests.items()})


def digest(paths: Iterable[Path]) -> str:
    found = sha256()
    for path in sorted(paths):
        found.update(f"{os.path.relpath(path)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]
