"""What a check finds, as one sentence in Chinese and English with its place. The words are shared with the page.

Knows words only, not how anything is checked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Finding:
    """`place` is a kind of place and which one: `line 12`, `entry 7`. A finding that is not `wrong` is to be known."""

    id: str
    place: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def wrong(self) -> bool:
        return bool(words()["findings"][self.id]["wrong"])

    def in_(self, lang: str) -> str:
        """`zh` or `en`."""
        kind, _, which = self.place.partition(" ")
        place = words()["places"][kind][lang].format(which)
        text = words()["findings"][self.id][lang].format(**self.values)
        return f"{self.id} {place}{'：' if lang == 'zh' else ': '}{text}"

    def __str__(self) -> str:
        return self.in_("en")


@cache
def words() -> dict[str, Any]:  # Any: JSON
    found: dict[str, Any] = json.loads(files("wenze.ledger").joinpath("page/findings.json").read_text(encoding="utf-8"))
    return found
