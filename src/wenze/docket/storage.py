"""A docket on disk: a folder with three Arrow files and a page that says what they are. Whole or not there; read where it lies.

Each file has one record batch a group: acts of one shape, side by side, of one instrument in one version, under the same rulings. Rows of
`participations` and `events` are sorted by their place in the act first (all first participants, then all second ones), so that a fact of
the second participant is one stretch of a column.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from wenze.docket.tables import TABLES, Tables, rows_of
from wenze.law import Law, Shape

FORMAT = "wenze-docket/1"
PAGE = "docket.json"
MOST_ACTS = 65_536  # of one group: what is in memory at once

Rulings = tuple[tuple[str, str, str], ...]  # (reading, option, day from which it holds)


class DocketError(ValueError):
    """What is wrong with a docket and what to do, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Group:
    """Acts of one shape under the same rulings. `entangled`: they do not stand alone, and are determined case by case."""

    participants: int
    events: int
    acts: int
    rulings: Rulings = ()
    entangled: bool = False

    @property
    def shape(self) -> Shape:
        return Shape(self.participants, self.events)


@dataclass(frozen=True)
class Batch:
    """One group with its rows: a record batch a table."""

    number: int
    group: Group
    tables: Mapping[str, pa.RecordBatch]

    def column(self, name: str) -> pa.Array | None:
        """A column by its name, whichever table it stands in; None where there is none."""
        for table in self.tables.values():
            index = table.schema.get_field_index(name)
            if index >= 0:
                return table.column(index)
        return None


class Writer:
    """Writes a docket beside its place and moves it there when it is whole. Use it as a context."""

    def __init__(self, folder: Path, law: Law) -> None:
        self.folder = folder
        self.tables = Tables(law)
        self._groups: list[Group] = []
        if folder.exists():
            raise DocketError(f"{folder}: 已经存在,请换一个名字 · exists already; name another folder")
        self._partial = folder.with_name(f".{folder.name}.partial-{os.getpid()}")

    def __enter__(self) -> Writer:
        self._partial.mkdir(parents=True)
        said = {key: str(value) for key, value in _of_law(self.tables.law).items()}
        self._files = {name: pa.OSFile(str(self._partial / f"{name}.arrow"), "wb") for name in TABLES}
        self._writers = {
            name: pa.ipc.new_file(file, self.tables.schema(name).with_metadata(said))
            for name, file in self._files.items()
        }
        return self

    def write(self, group: Group, tables: Mapping[str, pa.RecordBatch]) -> None:
        wanted = rows_of(group.shape, group.acts)
        for name in TABLES:
            if tables[name].num_rows != wanted[name]:
                raise AssertionError(f"{name}: {tables[name].num_rows} rows where {wanted[name]} belong")
            self._writers[name].write_batch(tables[name])
        self._groups.append(group)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for name in TABLES:
            self._writers[name].close()
            self._files[name].close()
        if kind is not None:
            shutil.rmtree(self._partial, ignore_errors=True)
            return
        page = {
            "format": FORMAT,
            "instrument": _of_law(self.tables.law),
            "facts": self.tables.definitions(),
            "groups": [asdict(group) for group in self._groups],
            "files": {f"{name}.arrow": _seal(self._partial / f"{name}.arrow") for name in TABLES},
        }
        text = json.dumps(page, ensure_ascii=False, indent=1)
        (self._partial / PAGE).write_text(text + "\n", encoding="utf-8")
        os.replace(self._partial, self.folder)


def _of_law(law: Law) -> dict[str, str]:
    return {
        "id": law.id,
        "in_force": law.in_force.isoformat(),
        "sha256": law.digest,
        "rules_sha256": law.rules_digest,
    }


def _seal(path: Path) -> dict[str, int]:
    checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 22):
            checksum = zlib.crc32(chunk, checksum)
    return {"bytes": path.stat().st_size, "crc32": checksum}


class Docket:
    """A docket as it lies on disk. Opening checks that it is whole; `verify` reads every byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        page = _page(folder)
        try:
            self.instrument: dict[str, str] = dict(page["instrument"])
            self.facts: dict[str, str] = dict(page["facts"])
            self.groups = tuple(_group(one) for one in page["groups"])
            self._seals: dict[str, dict[str, int]] = {
                f"{name}.arrow": page["files"][f"{name}.arrow"] for name in TABLES
            }
            sizes = {name: int(seal["bytes"]) for name, seal in self._seals.items()}
        except (KeyError, TypeError, ValueError) as error:
            raise _broken(folder / PAGE, "内容不完整 · is incomplete") from error
        for name, size in sizes.items():
            path = folder / name
            found = path.stat().st_size if path.is_file() else -1
            if found != size:
                said = (
                    "缺失 · is missing"
                    if found < 0
                    else f"应有 {size} 字节,实有 {found} · has {found} bytes where {size} belong"
                )
                raise _broken(path, said)

    @cached_property
    def _readers(self) -> dict[str, Any]:  # Any: pyarrow has no types
        found = {}
        for name in TABLES:
            path = self.folder / f"{name}.arrow"
            try:
                found[name] = pa.ipc.open_file(pa.memory_map(str(path)))
            except (pa.ArrowException, OSError) as error:
                raise _broken(path, "不是 Arrow 文件 · is no Arrow file") from error
            if found[name].num_record_batches != len(self.groups):
                raise _broken(path, "与 docket.json 不符 · does not agree with docket.json")
        return found

    @property
    def acts(self) -> int:
        return sum(group.acts for group in self.groups)

    @property
    def participations(self) -> int:
        return sum(group.acts * group.participants for group in self.groups)

    def verify(self) -> None:
        """Every byte is the one that was written. DocketError otherwise."""
        for name, seal in self._seals.items():
            if _seal(self.folder / name) != seal:
                raise _broken(self.folder / name, "有字节被改动 · has changed bytes")

    def batches(self) -> Iterator[Batch]:
        for number in range(len(self.groups)):
            yield self.batch(number)

    def batch(self, number: int) -> Batch:
        group = self.groups[number]
        wanted = rows_of(group.shape, group.acts)
        tables = {}
        for name in TABLES:
            try:
                tables[name] = self._readers[name].get_batch(number)
            except (pa.ArrowException, OSError) as error:
                raise _broken(self.folder / f"{name}.arrow", "读不出来 · cannot be read") from error
            if tables[name].num_rows != wanted[name]:
                raise _broken(self.folder / f"{name}.arrow", "行数不符 · has another number of rows")
        return Batch(number, group, tables)

    def cases(self) -> int:
        """How many cases it has."""
        return len({case for batch in self.batches() for case in batch.tables["acts"].column("case").to_pylist()})

    def differences(self, law: Law) -> list[str]:
        """What distinguishes a law from the one the docket was made for; empty where nothing does."""
        said = []
        if law.id != self.instrument["id"]:
            said.append(f"规范 · instrument: {self.instrument['id']} → {law.id}")
        if law.in_force.isoformat() != self.instrument["in_force"]:
            said.append(f"施行 · in force: {self.instrument['in_force']} → {law.in_force.isoformat()}")
        if law.rules_digest != self.instrument["rules_sha256"]:
            said.append(f"规则 · rules: {self.instrument['rules_sha256'][:12]} → {law.rules_digest[:12]}")
        return said + self.fact_differences(law) if said else said

    def fact_differences(self, law: Law) -> list[str]:
        now = Tables(law).definitions()
        new = [name for name in now if name not in self.facts]
        gone = [name for name in self.facts if name not in now]
        other = [name for name in now if self.facts.get(name, now[name]) != now[name]]
        return [
            f"{title}: {'、'.join(names)}"
            for title, names in (
                ("新的事实(未认定) · new facts, not established", new),
                ("不再有的事实 · facts that are gone", gone),
                ("含义不同的事实(照所记录的用) · facts that mean something else now, used as recorded", other),
            )
            if names
        ]

    def refuse_other(self, law: Law) -> None:
        """DocketError that names the difference, unless the docket was made for this law."""
        said = self.differences(law)
        if said:
            lines = "\n  ".join(said)
            raise DocketError(
                f"{self.folder}: 本案卷为另一版本而作 · was made for another version:\n  {lines}\n"
                "  比较两个版本请用 replay;否则请重新 build · compare versions with replay, or build it again"
            )


def _page(folder: Path) -> Any:  # Any: JSON
    path = folder / PAGE
    if not path.is_file():
        raise DocketError(f"{folder}: 不是案卷(没有 {PAGE})· is no docket: it has no {PAGE}")
    try:
        page = json.loads(path.read_text("utf-8"))
        found = page["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise _broken(path, "读不出来 · cannot be read") from error
    if found != FORMAT:
        raise _broken(path, f"格式是 {found},应为 {FORMAT} · has the format {found}, not {FORMAT}")
    return page


def _group(said: Mapping[str, Any]) -> Group:  # Any: JSON
    rulings: Sequence[Sequence[str]] = said["rulings"]
    return Group(
        int(said["participants"]),
        int(said["events"]),
        int(said["acts"]),
        tuple((str(reading), str(option), str(since)) for reading, option, since in rulings),
        bool(said["entangled"]),
    )


def _broken(path: Path, said: str) -> DocketError:
    return DocketError(f"{path}: {said}\n  请从备份取回,或者重新 build · take it from a copy, or build it again")
