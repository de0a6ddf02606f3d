"""Where instruments lie and which version is in force on a day. Reads files; keeps nothing, unless it is told where.

A library is a folder with one folder per instrument, in it one file per version named by the day it comes into force
(`2014-05-01.md`), beside it `guards.md` and `cases/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wenze.law.instrument import Law
from wenze.law.kept import Kept
from wenze.law.problems import Problem, Problems
from wenze.law.rules import Place

_VERSION = re.compile(r"\d{4}-\d\d-\d\d\.md")


def shipped() -> Path:
    """The regulations that came with the program: inside the wheel, or the checkout's own folder."""
    inside = Path(__file__).parent.parent / "_regulations"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "regulations"


@dataclass(frozen=True)
class Library:
    """The instruments of one folder; laws that `kept` has are not compiled again."""

    root: Path
    kept: Kept | None = None

    def instruments(self) -> tuple[str, ...]:
        """The instruments that have at least one version."""
        return tuple(sorted({path.parent.name for path in self._versions()}))

    def versions(self, instrument: str) -> tuple[date, ...]:
        """The days from which the versions of an instrument are in force, ascending."""
        return tuple(sorted(_day(path) for path in self._versions() if path.parent.name == instrument))

    def law(self, instrument: str, on: date | None = None) -> Law:
        """The law of `version(instrument, on)`. Raises Problems when there is none or it is faulty."""
        return self.read(self.version(instrument, on))

    def version(self, instrument: str, on: date | None = None) -> Path:
        """The file of the version in force on a day; the newest when None.

        When `on` is earlier than all: the first one, whose own gate then fails. Raises Problems when there is none.
        """
        versions = self.versions(instrument)
        if not versions:
            known = "、".join(self.instruments()) or "none"
            message = f"no instrument `{instrument}` in this folder"
            hint = f"it has {known}; name another with --law DIR"
            raise Problems([Problem(Place(str(self.root), 1), "L004", message, hint)])
        in_force = [version for version in versions if on is None or version <= on]
        return self.root / instrument / f"{(in_force or versions[:1])[-1]}.md"

    def read(self, version: Path) -> Law:
        """The Law of one version file together with the guards beside it."""
        paths = [version, *(path for path in (version.parent / "guards.md",) if path.exists())]
        files = [(path, f"{version.parent.name}/{path.name}") for path in paths]
        law = self.kept.find(files) if self.kept else None
        if law is None:
            law = _compiled(files)
            _refuse_other_name(law, version)
            if self.kept:
                self.kept.keep(law)
        return law

    def procedure(self, instrument: str) -> Path:
        """The file that says how a case under an instrument is handled."""
        return self.root / instrument / "procedure.md"

    def cases(self, instrument: str) -> Path:
        return self.root / instrument / "cases"

    def _versions(self) -> Iterator[Path]:
        if self.root.is_dir():
            yield from (path for path in self.root.glob("*/*.md") if _VERSION.fullmatch(path.name))


def _compiled(files: Sequence[tuple[Path, str]]) -> Law:
    from wenze.law.compile import compile_sources  # they and the Markdown take longer to load than a kept law
    from wenze.law.parse import read_source

    problems: list[Problem] = []
    sources = []
    for path, name in files:
        try:
            sources.append(read_source(path, name))
        except Problems as found:
            problems += found.problems
    if problems:
        raise Problems(problems)
    return compile_sources(sources)


def _day(version: Path) -> date:
    try:
        return date.fromisoformat(version.stem)
    except ValueError as error:
        message = f"`{version.name}` is named by no day of the calendar"
        hint = "name a version by the day it comes into force, such as 2014-05-01.md"
        raise Problems([Problem(Place(f"{version.parent.name}/{version.name}", 1), "L004", message, hint)]) from error


def _refuse_other_name(law: Law, version: Path) -> None:
    """Folder and file say which law it is; where the header says otherwise, the wrong version would be applied."""
    said = {"instrument": (law.id, version.parent.name), "施行 (in-force)": (law.in_force.isoformat(), version.stem)}
    problems = [
        Problem(
            law.header_place,
            "L082",
            f"{key} is `{written}` in the header and `{named}` in the path",
            "mend one of the two",
        )
        for key, (written, named) in said.items()
        if written != named
    ]
    if problems:
        raise Problems(problems)
