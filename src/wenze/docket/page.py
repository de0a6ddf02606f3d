"""The page of a docket, `docket.json`: what it was made for and what lies in it, without a row of it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from wenze.docket.groups import Group
from wenze.docket.tables import TABLES, Facts, Tables
from wenze.docket.whole import DocketError, broken
from wenze.law import Law

FORMAT = "wenze-docket/2"
PAGE = "docket.json"
_SEAL = "crc32"  # of the page itself


@dataclass(frozen=True)
class Page:
    """What a docket says of itself. `where`: its address; `seals`: file → its bytes and checksum."""

    where: str
    instrument: Mapping[str, str]
    definitions: Mapping[str, str]  # fact → what it means, as a hash
    facts: Facts
    groups: tuple[Group, ...]
    storage: str
    seals: Mapping[str, Mapping[str, int]]

    @classmethod
    def of_law(cls, where: str, law: Law, storage: str) -> Page:
        """The page of a docket for a law, with nothing in it yet."""
        tables = Tables(law)
        return cls(where, _of_law(law), tables.definitions(), tables.facts, (), storage, {})

    @classmethod
    def read(cls, where: str, text: str) -> Page:
        """DocketError where the text is no page."""
        path = f"{where}/{PAGE}"
        try:
            said = json.loads(text)
            found = said["format"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise broken(path, "读不出来 · cannot be read") from error
        if found != FORMAT:
            raise broken(path, f"格式是 {found},应为 {FORMAT} · has the format {found}, not {FORMAT}")
        if said.pop(_SEAL, None) != _checksum(said):
            raise broken(path, "有改动 · has been changed")
        try:
            return cls(
                where,
                _instrument(said["instrument"]),
                {str(key): str(value) for key, value in said["facts"].items()},
                {table: tuple(said["columns"][table]) for table in TABLES},
                tuple(_group(one) for one in said["groups"]),
                str(said["storage"]),
                {str(name): {key: int(one[key]) for key in ("bytes", "crc32")} for name, one in said["files"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise broken(path, "内容不完整 · is incomplete") from error

    def text(self) -> str:
        said = {
            "format": FORMAT,
            "storage": self.storage,
            "instrument": dict(self.instrument),
            "facts": dict(self.definitions),
            "columns": self.facts,
            "groups": [asdict(group) for group in self.groups],
            "files": self.seals,
        }
        return json.dumps(said | {_SEAL: _checksum(said)}, ensure_ascii=False, indent=1) + "\n"

    @property
    def acts(self) -> int:
        return sum(group.acts for group in self.groups)

    @property
    def participations(self) -> int:
        return sum(group.acts * group.participants for group in self.groups)

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
        new = [name for name in now if name not in self.definitions]
        gone = [name for name in self.definitions if name not in now]
        other = [name for name in now if self.definitions.get(name, now[name]) != now[name]]
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
                f"{self.where}: 本案卷为另一版本而作 · was made for another version:\n  {lines}\n"
                "  比较两个版本请用 replay;否则请重新 build · compare versions with replay, or build it again"
            )


def _of_law(law: Law) -> dict[str, str]:
    return {
        "id": law.id,
        "in_force": law.in_force.isoformat(),
        "sha256": law.digest,
        "rules_sha256": law.rules_digest,
    }


def _checksum(said: Mapping[str, Any]) -> int:  # Any: JSON
    return zlib.crc32(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())


def _instrument(said: Mapping[str, object]) -> dict[str, str]:
    date.fromisoformat(str(said["in_force"]))
    return {key: str(said[key]) for key in ("id", "in_force", "sha256", "rules_sha256")}


def _group(said: Mapping[str, Any]) -> Group:  # Any: JSON
    rulings: Sequence[Sequence[str]] = said["rulings"]
    return Group(
        int(said["participants"]),
        int(said["events"]),
        int(said["acts"]),
        tuple((str(reading), str(option), str(since)) for reading, option, since in rulings),
        bool(said["entangled"]),
    )
