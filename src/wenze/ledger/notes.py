"""Signed notes, their keys and checkpoints as C2SP writes them (signed-note, tlog-checkpoint, tlog-cosignature).

Knows the texts and who signed them; not what a record holds.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wenze.ledger.suites import HASH_BYTES, SUITES, Suite

MAX_SIGNATURES = 64
_DASH = "— "  # em dash, space
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")  # all that every reader of JSON counts exactly


class NoteError(ValueError):
    """A text that is not the signed text it should be. `kind` is `form` or `signature`."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


# --- keys -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name: whom to trust. Written as one line, `name+id+base64`, that can be printed."""

    name: str
    suite: Suite
    public: bytes
    witness: bool

    @property
    def type(self) -> bytes:
        return self.suite.witness_type if self.witness else self.suite.log_type

    @property
    def id(self) -> bytes:
        """Four bytes that find the key; no more than that (always SHA-256, as C2SP says)."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.type + self.public).digest()[:4]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the key's line, in groups of four: what two people compare over the telephone."""
        digits = hashlib.sha256(str(self).encode()).hexdigest()
        return " ".join(digits[at : at + 4] for at in range(0, 64, 4))

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(self.type + self.public).decode()}"


def read_verifier(text: str) -> Verifier:
    """The key that a line gives. NoteError where it is none."""
    name, _, rest = text.strip().partition("+")
    id_, _, encoded = rest.partition("+")
    if not is_key_name(name) or not encoded:
        raise NoteError("form", f"not a key: `{text.strip()[:80]}`; it is written name+id+base64")
    material = from_base64(encoded)
    for suite in SUITES.values():
        for type_, witness in ((suite.log_type, False), (suite.witness_type, True)):
            if material.startswith(type_) and len(material) == len(type_) + suite.public_bytes:
                found = Verifier(name, suite, material[len(type_) :], witness)
                if found.id.hex() != id_:
                    raise NoteError("form", f"the key `{name}` should have the id {found.id.hex()}, not `{id_[:16]}`")
                return found
    raise NoteError("form", f"the key `{name}` is of a kind this program does not know")


def is_key_name(name: str) -> bool:
    """No plus, no space, nothing invisible."""
    return bool(name) and not any(
        char == "+" or char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"} for char in name
    )


def from_base64(text: str) -> bytes:
    """Strictly: one text for one value. NoteError otherwise."""
    try:
        value = b64decode(text, validate=True)
    except ValueError as error:
        raise NoteError("form", f"not base64: `{text[:80]}`") from error
    if b64encode(value).decode() != text:
        raise NoteError("form", f"not base64 in its one form: `{text[:80]}`")
    return value


# --- notes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signature:
    """One line below a note. Whose it is, a verifier tells."""

    name: str
    id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {b64encode(self.id + self.value).decode()}\n"

    def is_of(self, verifier: Verifier) -> bool:
        return self.name == verifier.name and self.id == verifier.id


def read_note(note: str) -> tuple[str, tuple[Signature, ...]]:
    """The text and its signatures, checked for form only. NoteError where it is no note."""
    text, blank, below = note.rpartition("\n\n")
    if not blank or not below.endswith("\n"):
        raise NoteError("form", "not a signed note: text, an empty line, then lines that begin with —")
    if any(char < " " and char != "\n" for char in note):
        raise NoteError("form", "a signed note holds no control characters")
    lines = below[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError("form", f"more than {MAX_SIGNATURES} signatures")
    return text + "\n", tuple(_read_signature(line) for line in lines)


def _read_signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not is_key_name(name):
        raise NoteError("form", f"not a signature line: `{line[:80]}`")
    value = from_base64(encoded)
    if len(value) <= 4:
        raise NoteError("form", f"the signature of `{name}` is too short")
    return Signature(name, value[:4], value[4:])


def signed_text(text: str, verifier: Verifier, value: bytes) -> bytes:
    """What a signature is made over: the text, for a witness with the time it signed before it."""
    if not verifier.witness:
        return text.encode()
    return f"cosignature/v1\ntime {int.from_bytes(value[:8], 'big')}\n{text}".encode()


def holds(text: str, signature: Signature, verifier: Verifier) -> bool:
    """Whether the signature is that of the verifier over the text."""
    stamp = 8 if verifier.witness else 0
    if not signature.is_of(verifier) or len(signature.value) != stamp + verifier.suite.signature_bytes:
        return False
    signed = signed_text(text, verifier, signature.value)
    return verifier.suite.verify(verifier.public, signed, signature.value[stamp:])


def signers(note: str, verifiers: Iterable[Verifier]) -> tuple[Verifier, ...]:
    """Which of the verifiers signed, in the order of the lines; unknown signatures are passed over.

    NoteError (`signature`) where a line claims one of them and does not hold, or where none of them signed.
    """
    text, signatures = read_note(note)
    known = tuple(verifiers)
    found: list[Verifier] = []
    for signature in signatures:
        for verifier in known:
            if signature.is_of(verifier):
                if not holds(text, signature, verifier):
                    raise NoteError("signature", f"the signature of `{signature.name}` does not hold")
                found.append(verifier)
    if not found:
        raise NoteError("signature", "signed by nobody known: " + ", ".join(each.name for each in signatures))
    return tuple(dict.fromkeys(found))


def with_signatures(note: str, added: Sequence[Signature]) -> str:
    """The note with more signatures below; one that is there already is not repeated."""
    text, present = read_note(note)
    return text + "\n" + "".join(map(str, dict.fromkeys((*present, *added))))


# --- checkpoints ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How long a record was, and the root over all its entries. Signed, it is what others hold against the record."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def read_checkpoint(note: str) -> Checkpoint:
    """What a signed checkpoint says, its signatures not looked at. NoteError where it is none.

    Extension lines, which C2SP advises against and nothing here would check, are refused.
    """
    text, _ = read_note(note)
    origin, size, root, *rest = [*text.split("\n"), "", ""]
    if not origin or not _NUMBER.fullmatch(size) or rest != ["", "", ""]:
        raise NoteError("form", "not a checkpoint: three lines, the origin, the size and the root")
    value = from_base64(root)
    if len(value) != HASH_BYTES:
        raise NoteError("form", f"a root has {HASH_BYTES} bytes, not {len(value)}")
    return Checkpoint(origin, int(size), value)
