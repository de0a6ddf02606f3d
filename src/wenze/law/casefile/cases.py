"""Case files → cases: Markdown or JSON, one file or a folder, cases put on the cases they are based on.

Knows where a case may come from and how cases inherit. Knows no instrument: `check_case` holds a case against one.
Whatever is wrong with a file is a Problem, collected and raised at once; no input raises anything else.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any  # records of every type

from wenze.law.case import Case
from wenze.law.casefile.asjson import case_schema, case_to_json, load, pointers, read_object
from wenze.law.casefile.astext import Draft, read_drafts
from wenze.law.casefile.check import CaseVocabulary, check_case
from wenze.law.casefile.problems import CASE_PROBLEMS, Report, TooMany, instead, show, visible
from wenze.law.casefile.records import CASE_KEYS, COLLECTIONS, held, identity_of, records_of, type_of
from wenze.law.problems import Problem, Problems
from wenze.law.rules import Place

__all__ = [
    "CASE_PROBLEMS",
    "MAX_BYTES",
    "CaseVocabulary",
    "case_from_json",
    "case_schema",
    "case_to_json",
    "check_case",
    "parse_case_text",
    "read_cases",
    "read_cases_by_file",
]

MAX_BYTES = 4_000_000  # thousands of pieces of evidence fit; a larger file is a mistake
MAX_RECORDS = 200_000  # of all cases read together, inherited ones counted each time: a base multiplies
MAX_LINES = (
    50_000  # of a Markdown file: a hundred scenarios have some thousand; the Markdown reader needs time per line
)
_MOST_BASES = 64  # remembered while a folder is read file by file
_KINDS = (".md", ".json")


def read_cases(path: Path, *, root: Path | None = None) -> tuple[Case, ...]:
    """The cases of a .md or .json file, or of all such files directly in a folder, in the order of the names.

    Files are called as `path` calls them, or relative to `root`. A case may be based on cases read together with it.
    Raises Problems.
    """
    problems: list[Problem] = []
    drafts: list[Draft] = []
    for file in _files(path, root, problems):
        report = Report()
        with suppress(TooMany):  # the report says so itself
            drafts += _read_file(file, _name(file, root), report)
        problems += report.problems
    if not drafts and not problems:
        problems.append(_problem("C005", Place(_name(path, root), 1), f"no case in {show(_name(path, root))}"))
    return _finish(drafts, problems)


def read_cases_by_file(folder: Path) -> Iterator[tuple[Case, ...] | Problems]:
    """The same of a folder too large to be read at once: the cases of one file after another, or what is wrong with it.

    A file is held together with the cases it is based on. That no two files have a case of one name is not looked into.
    """
    problems: list[Problem] = []
    files = _files(folder, None, problems)
    others, some = _Others(files), False
    for file in files:
        report = Report()
        drafts: list[Draft] = []
        with suppress(TooMany):
            drafts += _read_file(file, _name(file, None), report)
        some = some or bool(drafts or report.problems)
        try:
            yield others.finish(drafts, report.problems)
        except Problems as found:
            yield found
    if not some and not problems:
        problems.append(_problem("C005", Place(_name(folder, None), 1), f"no case in {show(_name(folder, None))}"))
    if problems:
        yield Problems(problems)


def parse_case_text(text: str, file: str) -> tuple[Case, ...]:
    """The cases of a Markdown text called `file` in problems. Raises Problems."""
    report = Report()
    drafts: list[Draft] = []
    with suppress(TooMany):  # the report says so itself
        drafts += _read_text(text, file, report)
    if not drafts and not report.problems:
        report.add("C005", Place(file, 1), f"no case in {show(file)}")
    return _finish(drafts, report.problems)


def case_from_json(obj: object, file: str) -> Case:
    """The case a JSON value holds. Problems name `file` and the path of the value: `file#/units/0`. Raises Problems."""
    report = Report()
    draft = None
    with suppress(TooMany):  # the report says so itself
        draft = read_object(obj, pointers(file), report)
    return _finish([draft] if draft else [], report.problems)[0]


def _problem(id: str, place: Place, message: str, hint: str = "") -> Problem:
    report = Report()
    report.add(id, place, message, hint)
    return report.problems[0]


def _name(path: Path, root: Path | None) -> str:
    """What a file is called: always in characters that can be shown."""
    if root and path.is_relative_to(root):
        path = path.relative_to(root)
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _files(path: Path, root: Path | None, problems: list[Problem]) -> list[Path]:
    try:
        if path.is_dir():
            return sorted(
                each for each in path.iterdir() if each.suffix.lower() in _KINDS and not each.name.startswith(".")
            )
        if path.suffix.lower() in _KINDS:
            return [path]
        message, hint = f"{show(path.name)} is neither a .md nor a .json file nor a folder", ""
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        message, hint = f"{show(path.name)} cannot be read: {_reason(error)}", ""
    problems.append(_problem("C001", Place(_name(path, root), 1), message, hint))
    return []


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _read_file(path: Path, name: str, report: Report) -> Iterable[Draft]:
    text = text_of(path, name, report)
    if text is None:
        return []
    return _read_json(text, name, report) if path.suffix.lower() == ".json" else _read_text(text, name, report)


def text_of(path: Path, name: str, report: Report) -> str | None:
    """The text of a file of a sensible size; None after a problem."""
    place = Place(name, 1)
    try:
        if path.exists() and not path.is_file():  # a pipe would never end
            report.add("C001", place, f"{show(path.name)} is not a file")
            return None
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        report.add("C001", place, f"{show(path.name)} cannot be read: {_reason(error)}")
        return None
    if len(raw) > MAX_BYTES:
        report.add("C002", place, f"the file has more than `{MAX_BYTES:,}` bytes")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        report.add("C003", Place(name, line), f"byte `{error.start}` (`0x{raw[error.start]:02x}`) is not UTF-8")
        return None
    return text


def _read_text(text: str, name: str, report: Report) -> Iterable[Draft]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MAX_LINES:
        report.add("C002", Place(name, 1), f"the file has more than `{MAX_LINES:,}` lines")
        return []
    return [] if _unseen(text, name, report) else read_drafts(text, name, report)


def _read_json(text: str, name: str, report: Report) -> Iterable[Draft]:
    if _unseen(text, name, report):
        return []
    loaded = load(text, name, report)
    draft = read_object(*loaded, report) if loaded else None
    return [draft] if draft else []


def _unseen(text: str, name: str, report: Report) -> bool:
    """Note the characters nobody can see; whether there are any."""
    known = len(report.problems)
    for number, line in enumerate(text.split("\n"), 1):
        found = None if line.isprintable() else next((char for char in line if not visible(char)), None)
        if found:
            report.add(
                "C004", Place(name, number), f"the line holds the character `U+{ord(found):04X}`, which cannot be seen"
            )
    return len(report.problems) > known


def _finish(drafts: list[Draft], problems: list[Problem]) -> tuple[Case, ...]:
    """The cases of all drafts, or every problem at once."""
    report = Report()
    try:
        cases = _Bases(drafts, report).cases()
    except TooMany:
        cases = ()
    if problems or report.problems:
        raise Problems([*problems, *report.problems])
    return cases


class _Others:
    """The files of a folder, where the cases are looked for that those of another file are based on."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._last: dict[str, tuple[Draft, list[Problem]]] = {}  # bases found before: most files rest on the same few

    def finish(self, drafts: list[Draft], problems: list[Problem]) -> tuple[Case, ...]:
        """The cases of the drafts of one file, or every problem at once."""
        own = {draft.id for draft in drafts}
        bases: dict[str, Draft] = {}
        wrong: list[Problem] = []
        wanted = [draft.based_on for draft in drafts]
        while wanted:
            name = wanted.pop()
            if name and name not in own and name not in bases and name in self._places:
                draft, found = self._read(name)
                bases[name] = draft
                wrong += found
                wanted.append(draft.based_on)
        cases = tuple(case for case in _finish([*drafts, *bases.values()], problems) if case.id in own)
        if len(cases) < len(own):  # for the sake of a base, of which the report of this file says nothing
            raise Problems(wrong)
        return cases

    @cached_property
    def _places(self) -> dict[str, int]:
        """Where each case is written first, as the number of the file."""
        found: dict[str, int] = {}
        for number in range(len(self._files)):
            for draft in self._drafts(number)[0]:
                found.setdefault(draft.id, number)
        return found

    def _read(self, name: str) -> tuple[Draft, list[Problem]]:
        if name not in self._last:
            drafts, problems = self._drafts(self._places[name])
            if len(self._last) >= _MOST_BASES:
                self._last.clear()
            self._last[name] = next(draft for draft in drafts if draft.id == name), problems
        return self._last[name]

    def _drafts(self, number: int) -> tuple[list[Draft], list[Problem]]:
        report = Report()
        drafts: list[Draft] = []
        with suppress(TooMany):
            drafts += _read_file(self._files[number], _name(self._files[number], None), report)
        return drafts, report.problems


class _Bases:
    """Puts every draft on the case it is based on; a draft with a problem, or on one, gives no case."""

    def __init__(self, drafts: list[Draft], report: Report) -> None:
        self.report = report
        self.drafts: dict[str, Draft] = {}
        self.done: dict[str, Case | None] = {}
        self.records = 0
        for draft in drafts:
            first = self.drafts.setdefault(draft.id, draft)
            if first is not draft:
                report.add("C040", draft.place, f"the case {show(draft.id)} is written twice; first at {first.place}")

    def cases(self) -> tuple[Case, ...]:
        """The cases in the order they are written."""
        for draft in self.drafts.values():
            for step in reversed(self._chain(draft)):
                self.done[step.id] = self._build(step)
        found = (self.done[id] for id in self.drafts)
        return tuple(case for case in found if case)

    def _chain(self, draft: Draft) -> list[Draft]:
        """`draft` and what it is based on, as far as that is not built yet."""
        chain: dict[str, Draft] = {}
        current: Draft | None = draft
        while current and current.id not in self.done:
            if current.id in chain:
                names = list(chain)
                self._refuse_circle([chain[id] for id in names[names.index(current.id) :]])
                break
            chain[current.id] = current
            current = self.drafts.get(current.based_on)
        return list(chain.values())

    def _refuse_circle(self, circle: list[Draft]) -> None:
        words = " → ".join(each.id for each in (*circle, circle[0]))
        for each in circle:
            self.report.add("C051", each.based_on_place or each.place, f"{show(words)} is a circle")
            each.broken = True

    def _build(self, draft: Draft) -> Case | None:
        base = self.done.get(draft.based_on)
        if draft.based_on and draft.based_on not in self.drafts:
            known = [id for id in self.drafts if id != draft.id]
            hint = instead(draft.based_on, known, "read the folder that holds both cases")
            self.report.add(
                "C050", draft.based_on_place or draft.place, f"the case {show(draft.based_on)} was not read", hint
            )
        if draft.broken or (draft.based_on and base is None):
            return None
        count = len(self.report.problems)
        inherited = _inherited(draft, base, self.report)
        own = _own(draft, self.report)
        values = ({"instrument": base.instrument, "organ": base.organ} if base else {}) | draft.values
        for key in CASE_KEYS:
            if key.required and key.en not in values:
                self.report.add(
                    "C017", draft.place, f"the case {show(draft.id)} has no {show(key.zh)}", f"add a line `{key.zh} …`"
                )
        if len(self.report.problems) > count:
            return None
        records: dict[str, Any] = {
            name: held(name, {**inherited.get(name, {}), **own.get(name, {})}.values()) for name in COLLECTIONS
        }
        self.records += sum(map(len, records.values()))
        if self.records > MAX_RECORDS:
            self.report.add(
                "C053", draft.place, f"with {show(draft.id)} the cases hold more than `{MAX_RECORDS:,}` records"
            )
            raise TooMany
        case = Case(id=draft.id, place=draft.place, story=draft.story, **values, **records)
        _refuse_shared_ids(case, self.report)
        return case if len(self.report.problems) == count else None


def _inherited(draft: Draft, base: Case | None, report: Report) -> dict[str, dict[Any, Any]]:
    """The records of the base without those taken away and without its expectations."""
    inherited = {
        name: {identity_of(name, record): record for record in records_of(base, name)}
        for name in COLLECTIONS
        if base and name != "expectations"
    }
    for type_, identity, words, place in draft.withdrawals:
        if inherited.get(type_.collection, {}).pop(identity, None) is None:
            known = [" ".join(_words(each)) for each in inherited.get(type_.collection, {})]
            hint = "" if base else "only a case with 基于 (based_on) inherits anything"
            bare = words.split(None, 1)[1]
            report.add("C052", place, f"{show(words)} is not inherited", hint or instead(bare, known))
    return inherited


def _words(identity: Any) -> tuple[str, ...]:
    if isinstance(identity, str):
        return (identity,)
    return tuple(word for part in identity for word in _words(part))


def _own(draft: Draft, report: Report) -> dict[str, dict[Any, Any]]:
    """The draft's own records by identity; what is written twice is a problem."""
    own: dict[str, dict[Any, Any]] = {}
    for name, records in draft.records.items():
        for record in records:
            identity = identity_of(name, record)
            place = getattr(record, "place", draft.place)
            first = own.setdefault(name, {}).setdefault(identity, record)
            if first is not record:
                shown = f"{type_of(name, record).zh} {' '.join(filter(None, _words(identity)))}"
                line = getattr(first, "place", draft.place)
                report.add("C041", place, f"{show(shown)} is written twice; first at {line}")
    return own


def _refuse_shared_ids(case: Case, report: Report) -> None:
    """An id names one thing in the whole case, so that a fact cannot mean a post and a unit at once."""
    known: dict[str, tuple[str, Place]] = {}
    for name in ("units", "posts", "acts", "events", "duties", "evidence"):
        for record in records_of(case, name):
            type_ = type_of(name, record)
            other = known.setdefault(record.id, (type_.zh, record.place))
            if other[0] != type_.zh:
                report.add(
                    "C042",
                    record.place,
                    f"{show(record.id)} names a {show(other[0])} and a {show(type_.zh)}",
                    f"the other is at {other[1]}",
                )
