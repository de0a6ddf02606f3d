"""Does a record stand? Its entries are read once, in order; every signed checkpoint is held against them.

Trusts neither storage nor file: everything is computed anew. Knows no file form and no database. What is found is
named with its place; consequences of what was named already are not named again.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from wenze.ledger import entries
from wenze.ledger.entries import EntryError, Leaf
from wenze.ledger.findings import Finding
from wenze.ledger.merkle import Edge, leaf_hash
from wenze.ledger.notes import (
    Checkpoint,
    NoteError,
    Signature,
    Verifier,
    holds,
    read_checkpoint,
    read_note,
    read_verifier,
)
from wenze.ledger.storage import Row

_ORDINARY = re.compile(rb'\{"commitment":"([0-9a-f]{64})","kind":"entry","n":(0|[1-9][0-9]{0,15})\}')


@dataclass(frozen=True)
class Signed:
    """A note to hold against the record, and where it stands. `held`: it comes from outside."""

    place: str
    note: str
    held: bool = False


@dataclass(frozen=True)
class Key:
    """A key of the record: from which entry on, and whether the one before it vouches for it (the first: None)."""

    start: int
    verifier: Verifier
    endorsed: bool | None


@dataclass
class Audit:
    """Feed it checkpoints, then every entry, then `finish`. `trusted` may hold keys of the record and of witnesses."""

    trusted: Sequence[Verifier] = ()
    findings: list[Finding] = field(default_factory=list)
    origin: str = ""
    size: int = 0
    """how many entries were read"""
    checked: int = 0
    """how many of them the largest checkpoint that holds covers"""
    keys: list[Key] = field(default_factory=list)
    erasures: dict[int, int] = field(default_factory=dict)
    """entry → the entry that erased it"""
    restorations: list[Leaf] = field(default_factory=list)
    withheld: int = 0
    witnessed: dict[str, int] = field(default_factory=dict)
    """name of a trusted witness → the largest size it signed"""
    aligned: bool = True
    """no entry is missing so far: what is computed is the tree"""

    def __post_init__(self) -> None:
        self._signed: list[tuple[Signed, Checkpoint]] = []
        self._edge: Edge | None = None
        self._wrong: tuple[int, int] | None = None  # first and last entry whose hash is in doubt
        self._roots: dict[int, bytes] = {}
        self._wanted: set[int] = set()
        self._closed: dict[int, str] = {}  # entries without an opening, and where they stand
        self._places: dict[int, str] = {}  # of the entries about the record itself

    def say(self, id_: str, place: str, **values: object) -> None:
        self.findings.append(Finding(id_, place, values))

    @property
    def root(self) -> bytes | None:
        """Over all entries read; None where that cannot be said."""
        return self._edge.root() if self._edge and self.aligned and self._wrong is None else None

    # --- checkpoints first --------------------------------------------------------------------------------------------

    def expect(self, signed: Signed) -> None:
        """A checkpoint that the entries will be held against."""
        try:
            checkpoint = read_checkpoint(signed.note)
        except NoteError:
            self.say("R201", signed.place)
            return
        self._signed.append((signed, checkpoint))
        self._wanted.add(checkpoint.size)

    # --- then the entries ---------------------------------------------------------------------------------------------

    def take(self, row: Row, place: str, *, withheld: bool = False) -> list[tuple[int, int, bytes]]:
        """The next entry. Gives the subtrees it completes, none where that can no longer be said."""
        if row.n != self.size and self.aligned:
            self.say("R101", place, expected=self.size, n=row.n)
            self.aligned = False
        leaf = self._leaf(row)
        if self._edge is None:
            self.size = row.n + 1
            return []
        made = leaf_hash(self._edge.hash, row.leaf)
        if made != row.hash or leaf is None:
            self.say("R103" if made != row.hash else "R102", place, n=row.n)
            self._wrong = (self._wrong[0] if self._wrong else row.n, row.n)
        if leaf is not None and leaf.kind != "entry":
            self._about(leaf, place)
        if leaf is not None and made == row.hash:
            self._payload(leaf, row, place, withheld)
        elif row.opening is None:
            self._closed[row.n] = ""  # an entry found wrong is not blamed for its payload as well
        completed = self._edge.add(made)
        self.size = row.n + 1
        if self.size in self._wanted and self.root is not None:
            self._roots[self.size] = self.root
        return completed if self.aligned else []

    def in_doubt(self, start: int) -> bool:
        """Whether a subtree that begins with entry `start` and is complete now holds an entry found wrong."""
        return self._wrong is not None and self._wrong[1] >= start

    def _leaf(self, row: Row) -> Leaf | None:
        """None where it is not in its form. The first one that opens a record says how to go on."""
        ordinary = _ORDINARY.fullmatch(row.leaf)
        try:
            if ordinary:
                leaf = Leaf(int(ordinary[2]), "entry", {"commitment": ordinary[1].decode()})
            else:
                leaf = entries.read_leaf(row.leaf)
        except EntryError:
            return None
        if leaf.n != row.n:
            return None
        if leaf.kind == "opened" and self._edge is None:
            verifier = read_verifier(leaf.fields["key"])
            self.origin, self._edge = leaf.fields["origin"], Edge(verifier.suite.hash)
            self._roots[0] = self._edge.root()
            self.keys.append(Key(0, verifier, None))
        return leaf

    def _about(self, leaf: Leaf, place: str) -> None:
        """An entry about the record itself."""
        self._places[leaf.n] = place
        if leaf.kind == "opened":
            return
        if leaf.kind == "rotated":
            self.keys.append(Key(leaf.n, read_verifier(leaf.fields["key"]), self._endorsed(leaf, place)))
        elif leaf.kind == "restored":
            self.restorations.append(leaf)
            self.say("R301", place, n=leaf.n, size=leaf.fields["size"])
        elif leaf.fields["entry"] in self.erasures or leaf.fields["entry"] in self._places:
            self.say("R108", place, n=leaf.n, entry=leaf.fields["entry"])
        else:
            self.erasures[leaf.fields["entry"]] = leaf.n

    def _endorsed(self, leaf: Leaf, place: str) -> bool:
        if leaf.fields["endorsement"] is None:
            return False
        old, key = self.keys[-1].verifier, leaf.fields["key"]
        try:
            signature = b64decode(leaf.fields["endorsement"], validate=True)
        except ValueError:
            signature = b""
        if not old.suite.verify(old.public, entries.handing_over(self.origin, leaf.n, key), signature):
            self.say("R307", place)
        return True

    def _payload(self, leaf: Leaf, row: Row, place: str, withheld: bool) -> None:
        if leaf.kind != "entry":
            if row.opening is not None or withheld:
                self.say("R107", place, n=row.n)
        elif withheld:
            self.withheld += 1
            self._closed[row.n] = ""
        elif row.opening is None:
            self._closed[row.n] = place
        elif entries.commitment(self.keys[0].verifier.suite, row.opening).hex() != leaf.fields["commitment"]:
            self.say("R104", place, n=row.n)

    # --- then what follows from all of them ---------------------------------------------------------------------------

    def finish(self) -> None:
        if self._edge is None:
            self.say("R111", "record")
            return
        self._check_erasures()
        self._check_keys()
        whole = [
            self._check(signed, checkpoint)
            for signed, checkpoint in sorted(self._signed, key=lambda each: each[1].size)
        ]
        self.checked = max((size for size in whole if size is not None), default=0)
        self._check_kept()
        if self.checked < self.size and self.aligned and self._wrong is None:
            self.say("R209", "record", size=self.checked, found=self.size)

    def _check_kept(self) -> None:
        """Each checkpoint from outside, with all its signatures, is also kept."""
        kept = [read_note(signed.note) for signed, _ in self._signed if not signed.held]
        for signed, checkpoint in self._signed:
            if signed.held and checkpoint.origin == self.origin:
                text, signatures = read_note(signed.note)
                if not any(text == other and {*signatures} <= {*others} for other, others in kept):
                    self.say("R212", signed.place, size=checkpoint.size)

    def _check_erasures(self) -> None:
        for n, place in self._closed.items():
            if place and n not in self.erasures:
                self.say("R105", place, n=n)
        for n, by in self.erasures.items():
            if n not in self._closed:
                self.say("R106", f"entry {n}", n=n, by=by)

    def _check_keys(self) -> None:
        """Each key is trusted, or endorsed by one that counts, or a later one is trusted and vouches for all before."""
        trusted = {each for each in self.trusted if not each.witness}
        if not trusted:
            self.say("R305", "key 0", fingerprint=self.keys[0].verifier.fingerprint)
        vouched = False
        for at, key in enumerate(self.keys):
            fingerprint = key.verifier.fingerprint
            vouched = key.verifier in trusted or (vouched and bool(key.endorsed))
            if vouched or (not trusted and key.endorsed):
                continue
            if at and not trusted:
                self.say("R306", f"key {key.start}", fingerprint=fingerprint)
            elif trusted and not any(later.verifier in trusted for later in self.keys[at:]):
                self.say("R304" if at else "R303", f"key {key.start}", fingerprint=fingerprint)

    def _check(self, signed: Signed, checkpoint: Checkpoint) -> int | None:
        """Its size where the checkpoint holds in all."""
        if checkpoint.origin != self.origin:
            self.say("R206", signed.place, origin=checkpoint.origin)
            return None
        text, signatures = read_note(signed.note)
        genuine = self._is_signed(signed, checkpoint, text, signatures)
        if not self._has_root(signed, checkpoint) or not genuine:
            return None
        self._check_witnesses(signed, checkpoint, text, signatures)
        return checkpoint.size

    def _is_signed(self, signed: Signed, checkpoint: Checkpoint, text: str, signatures: Sequence[Signature]) -> bool:
        due = [key.verifier for key in self.keys if key.start < max(checkpoint.size, 1)][-1]
        if any(each.is_of(due) for each in signatures):
            if all(holds(text, each, due) for each in signatures if each.is_of(due)):
                return True
            self.say("R202", signed.place, size=checkpoint.size)
        elif checkpoint.size > self.size or self._of_lost_time(checkpoint):
            return True  # the entry that names its key may be gone with others; `_has_root` says what it is
        else:
            other = any(each.is_of(key.verifier) for each in signatures for key in self.keys)
            self.say("R210" if other else "R203", signed.place, size=checkpoint.size)
        return False

    def _has_root(self, signed: Signed, checkpoint: Checkpoint) -> bool:
        size = checkpoint.size
        if self._roots.get(size) == checkpoint.root:
            return True
        lost = self._of_lost_time(checkpoint)
        if lost is not None:
            self.say("R302", signed.place, size=size, n=lost.n, last=size - 1)
        elif size <= self.size and (not self.aligned or (self._wrong and self._wrong[0] < size)):
            pass  # named already: an entry below is missing or wrong
        elif size > self.size:
            self.say("R205", signed.place, size=size, found=self.size, last=size - 1)
        else:
            self.say("R204", signed.place, size=size, first=self._good_below(size), last=size - 1)
        return False

    def _good_below(self, size: int) -> int:
        """Up to where a smaller checkpoint shows the entries to be those that were signed."""
        good = (each.size for _, each in self._signed if each.size < size and self._roots.get(each.size) == each.root)
        return max(good, default=0)

    def _of_lost_time(self, checkpoint: Checkpoint) -> Leaf | None:
        """The entry that owns up to the loss of what this checkpoint signed."""
        return next(
            (
                leaf
                for leaf in self.restorations
                if leaf.n < checkpoint.size <= leaf.fields["size"] and self._differs(checkpoint)
            ),
            None,
        )

    def _differs(self, checkpoint: Checkpoint) -> bool:
        return self._roots.get(checkpoint.size) != checkpoint.root

    def _check_witnesses(
        self, signed: Signed, checkpoint: Checkpoint, text: str, signatures: Sequence[Signature]
    ) -> None:
        for witness in (each for each in self.trusted if each.witness):
            for signature in (each for each in signatures if each.is_of(witness)):
                if holds(text, signature, witness):
                    self.witnessed[witness.name] = max(self.witnessed.get(witness.name, 0), checkpoint.size)
                else:
                    self.say("R211", signed.place, name=witness.name)


def held(notes: Iterable[str]) -> Iterator[Signed]:
    """Checkpoints from outside, numbered from 1 as they were given."""
    for number, note in enumerate(notes, 1):
        yield Signed(f"held {number}", note, held=True)
