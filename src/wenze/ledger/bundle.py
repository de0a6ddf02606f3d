"""A whole record as one file that anybody can check with the page: a line for each thing, each line with its digest.

    ["<64 digits>",{"format":"wenze-bundle/1"}]
    ["<64 digits>",{"checkpoint":0,"note":"…"}]                all that are kept
    ["<64 digits>",{"hash":"…","leaf":"…","n":0,"opening":…}]  all entries, in order
    ["<64 digits>",{"checkpoints":1,"entries":21}]

A digest is the SHA-256 over the digest of the line before (64 noughts for the first) and the line's own object, so that
a changed byte is found in its line. That guards against accidents; against intent, what the lines say is checked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from wenze.ledger.audit import Audit, Signed, held
from wenze.ledger.entries import Json, padded
from wenze.ledger.notes import Verifier
from wenze.ledger.storage import Row, Storage

FORMAT = "wenze-bundle/1"
WITHHELD = 0
"""stands for an opening that the record has and the file does not show"""

_START = "0" * 64
_Line = tuple[str, dict[str, Json]]


def export(storage: Storage, *, shown: Callable[[int], bool] = lambda n: True) -> Iterator[bytes]:
    """The lines of the file. `shown` says whose payloads go in; the rest are proved just as well, unread."""
    digest, count, notes = _START, 0, 0
    with storage.reading():
        head: dict[str, Json] = {"format": FORMAT}
        checkpoints = ({"checkpoint": number, "note": note} for number, note in storage.checkpoints())
        for value in chain([head], checkpoints, (_entry(row, shown) for row in storage.rows())):
            count += "leaf" in value
            notes += "note" in value
            digest, line = _line(digest, value)
            yield line
    yield _line(digest, {"checkpoints": notes, "entries": count})[1]


def _entry(row: Row, shown: Callable[[int], bool]) -> dict[str, Json]:
    opening: Json = None
    if row.opening is not None:
        opening = row.opening.decode("utf-8", "replace").rstrip(" ") if shown(row.n) else WITHHELD
    return {"hash": row.hash.hex(), "leaf": row.leaf.decode("utf-8", "replace"), "n": row.n, "opening": opening}


def _line(before: str, value: dict[str, Json]) -> tuple[str, bytes]:
    body = _flat(value)
    digest = _digest(before, body)
    return digest, b'["' + digest.encode() + b'",' + body + b"]\n"


def _flat(value: dict[str, Json]) -> bytes:
    """Canonical JSON of what a line may hold: text, numbers below 2⁵³, null. For these json writes as RFC 8785 says."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def _digest(before: str, body: bytes) -> str:
    return hashlib.sha256(before.encode() + body).hexdigest()


# --- checking ---------------------------------------------------------------------------------------------------------


def check_bundle(lines: Iterable[bytes], *, trusted: Sequence[Verifier] = (), notes: Iterable[str] = ()) -> Audit:
    """Everything that is wrong with an exported file. `lines` end with their newline, as files give them."""
    audit = Audit(trusted)
    for signed in held(notes):
        audit.expect(signed)
    reader = _Reader(audit)
    for number, line in enumerate(lines, 1):
        reader.take(f"line {number}", line)
        if reader.foreign:
            return audit  # not such a file at all: nothing more to be said
    reader.end()
    audit.finish()
    return audit


class _Reader:
    """Where in the file we are. What a line says is used even where its digest is wrong: that is named already."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._digest = _START
        self._begun = False
        self._last: dict[str, Json] | None = None  # the line that ends the file
        self._found = {"checkpoints": 0, "entries": 0}
        self.foreign = False

    def take(self, place: str, line: bytes) -> None:
        read = _read_line(line)
        if read is None:
            self._audit.say("R001", place)
            self._digest = line[2:66].decode("ascii", "replace")  # most often whole: then the next line is not blamed
            return
        digest, value, body = read
        if digest != _digest(self._digest, body):
            self._audit.say("R002", place)
        self._digest = digest
        self._understand(place, value)

    def _understand(self, place: str, value: dict[str, Json]) -> None:
        shape = _shape(value)
        if shape == "head" and not self._begun:
            self._begun = True
            self.foreign = value["format"] != FORMAT
        elif shape == "checkpoint" and not self._found["entries"]:
            if value["checkpoint"] != self._found["checkpoints"]:
                self._audit.say("R207", place, expected=self._found["checkpoints"])
            self._found["checkpoints"] = value["checkpoint"] + 1
            self._audit.expect(Signed(place, value["note"]))
        elif shape == "entry" and self._last is None:
            self._found["entries"] += 1
            self._audit.take(_row(value), place, withheld=value["opening"] == WITHHELD)
        elif shape == "end" and self._last is None:
            self._last = value
        else:
            self._audit.say("R001", place)
        if self.foreign:
            self._audit.say("R003", place)

    def end(self) -> None:
        if not self._begun:
            self._audit.say("R003", "record")
        if self._last != self._found:
            said = "–" if self._last is None else f"{self._last['entries']} + {self._last['checkpoints']}"
            self._audit.say(
                "R004", "record", said=said, found=f"{self._found['entries']} + {self._found['checkpoints']}"
            )


def _read_line(line: bytes) -> tuple[str, dict[str, Json], bytes] | None:
    """Digest, object and the object's own bytes; None where the line is not exactly as it would be written."""
    body = line[68:-2]
    if line[:2] != b'["' or line[66:68] != b'",' or line[-2:] != b"]\n":
        return None
    digits = line[2:66]
    if digits.strip(b"0123456789abcdef"):
        return None
    try:
        value = json.loads(body.decode())
        if not isinstance(value, dict) or _flat(value) != body:
            return None
    except (ValueError, RecursionError):
        return None
    return digits.decode(), value, body


_SHAPES: dict[str, dict[str, tuple[type, ...]]] = {
    "head": {"format": (str,)},
    "checkpoint": {"checkpoint": (int,), "note": (str,)},
    "entry": {"hash": (str,), "leaf": (str,), "n": (int,), "opening": (str, int, type(None))},
    "end": {"checkpoints": (int,), "entries": (int,)},
}


def _shape(value: dict[str, Json]) -> str | None:
    for name, fields in _SHAPES.items():
        if value.keys() == fields.keys() and all(_is(value[key], types) for key, types in fields.items()):
            return name
    return None


def _is(value: Json, types: tuple[type, ...]) -> bool:
    return type(value) in types and not (isinstance(value, int) and abs(value) >= 2**53)


def _row(value: dict[str, Json]) -> Row:
    opening = value["opening"]
    return Row(
        value["n"],
        value["leaf"].encode(),
        bytes.fromhex(value["hash"]) if _is_hex(value["hash"]) else b"",
        padded(opening.encode()) if isinstance(opening, str) else None,
    )


def _is_hex(text: str) -> bool:
    return len(text) % 2 == 0 and not text.strip("0123456789abcdef")
