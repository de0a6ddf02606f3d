"""Private keys: made, kept in a file of their own, read again; and beside each the last checkpoint it signed,
and those that were lost.

A key lies outside the folder of the data it vouches for, so that who takes or restores the one has not the other.
Knows no record.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from wenze.ledger.files import write_new, write_whole
from wenze.ledger.notes import NoteError, Signature, Verifier, is_key_name, read_verifier, signed_text
from wenze.ledger.suites import INTERNATIONAL, Suite

_FORMAT = "wenze-key/1"
_BETWEEN = "\f"  # notes: no note has a form feed
_SCRYPT = {"n": 2**15, "r": 8, "p": 1}


class KeyProblem(ValueError):
    """A key file that cannot be used as it is; the message says why and what to do."""


@dataclass(frozen=True)
class Signer:
    """A private key with its public one. `path` is where it was read from, None for one in memory only."""

    verifier: Verifier
    private: bytes
    path: Path | None = None

    def __repr__(self) -> str:
        return f"Signer({self.verifier})"  # the private key in no traceback

    def sign(self, text: str, *, time: int = 0) -> Signature:
        """A line below the text; a witness signs with the time in seconds since 1970."""
        stamp = time.to_bytes(8, "big") if self.verifier.witness else b""
        message = signed_text(text, self.verifier, stamp)
        return Signature(self.verifier.name, self.verifier.id, stamp + self.sign_bytes(message))

    def sign_bytes(self, message: bytes) -> bytes:
        return self.verifier.suite.sign(self.private, message)

    @property
    def last(self) -> str | None:
        """The last checkpoint this key signed, as far as known here."""
        return last_signed(self.path) if self.path else None

    def remember(self, note: str) -> None:
        """Written before the checkpoint is given away, so that an older copy of the data is noticed."""
        if self.path:
            write_whole(last_path(self.path), note.encode())

    @property
    def lost(self) -> tuple[str, ...]:
        """The checkpoints that restored copies went on without, as far as known here, in the order of the losses."""
        text = _read_text(lost_path(self.path)) if self.path else None
        return tuple(text.split(_BETWEEN)) if text else ()

    def remember_lost(self, note: str) -> None:
        """Written before the record says so: should an older copy be restored once more, it has to say this again."""
        if self.path and note not in self.lost:
            write_whole(lost_path(self.path), _BETWEEN.join((*self.lost, note)).encode())


def new_signer(name: str, *, suite: Suite = INTERNATIONAL, witness: bool = False) -> Signer:
    """A fresh key. `name` is the origin of the record, or the witness. ValueError for names C2SP refuses."""
    if not is_key_name(name):
        raise ValueError(
            f"`{name}`: a name has no spaces and no +; recommended is the form of an address, office.example/record"
        )
    private = suite.new_private_key()
    return Signer(Verifier(name, suite, suite.public_key(private), witness), private)


def create_key(
    path: Path, name: str, *, suite: Suite = INTERNATIONAL, witness: bool = False, passphrase: str | None = None
) -> Signer:
    """A fresh key in a new file, readable by its owner alone. FileExistsError where a file is."""
    signer = new_signer(name, suite=suite, witness=witness)
    write_new(path, _to_file(signer, passphrase))
    return Signer(signer.verifier, signer.private, path)


def load_key(path: Path, passphrase: str | None = None) -> Signer:
    """The key in a file. KeyProblem where it is none, damaged, or sealed with another passphrase."""
    text = _read_text(path)
    if text is None:
        raise KeyProblem(f"{path}: no key here; restore it from your copy, or hand over to a new one (lost)")
    try:
        value: dict[str, Any] = json.loads(text)  # Any: JSON; a wrong type is caught below
        if value["format"] != _FORMAT:
            raise KeyProblem(f"{path}: not a key file of this program")
        verifier = read_verifier(str(value["key"]))
        private = (
            _unsealed(path, value, passphrase) if "sealed" in value else b64decode(value["private"], validate=True)
        )
        whole = verifier.suite.public_key(private) == verifier.public
    except (ValueError, KeyError, TypeError, NoteError) as error:
        raise (
            error if isinstance(error, KeyProblem) else KeyProblem(f"{path}: damaged; restore it from your copy")
        ) from error
    if not whole:
        raise KeyProblem(
            f"{path}: damaged, the private key does not belong to the public one; restore it from your copy"
        )
    return Signer(verifier, private, path)


def last_path(key: Path) -> Path:
    """Where the last checkpoint that a key signed is kept: beside it."""
    return key.with_name(key.name + ".last")


def lost_path(key: Path) -> Path:
    """Where the checkpoints are kept that were lost: beside it, too."""
    return key.with_name(key.name + ".lost")


def last_signed(key: Path) -> str | None:
    """The last checkpoint that the key in this file signed, as far as known here; the key itself is not opened."""
    return _read_text(last_path(key))


def read_public(path: Path) -> Verifier:
    """The public key that a key's file names, without opening the private one. KeyProblem where it cannot be read."""
    text = _read_text(path)
    try:
        return read_verifier(str(json.loads(text or "")["key"]))
    except (ValueError, LookupError, TypeError) as error:
        raise KeyProblem(f"{path}: no key here, or damaged; restore it from your copy") from error


def refuse_inside(key: Path, data: Path) -> None:
    """KeyProblem where a key lies in the folder of the data, also by way of a link."""
    if key.resolve().is_relative_to(data.resolve()):
        raise KeyProblem(f"{key} lies inside {data}: keep the key elsewhere, or who copies the data has both")


def _to_file(signer: Signer, passphrase: str | None) -> bytes:
    value: dict[str, Any] = {"format": _FORMAT, "key": str(signer.verifier)}  # Any: JSON
    if passphrase is None:
        value["private"] = b64encode(signer.private).decode()
    else:
        salt, nonce = os.urandom(16), os.urandom(12)
        sealed = AESGCM(_derived(passphrase, salt)).encrypt(nonce, signer.private, value["key"].encode())
        value |= {"salt": salt.hex(), "nonce": nonce.hex(), "sealed": b64encode(sealed).decode()}
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()


def _unsealed(path: Path, value: dict[str, Any], passphrase: str | None) -> bytes:
    if passphrase is None:
        raise KeyProblem(f"{path}: sealed with a passphrase, which was not given")
    key = _derived(passphrase, bytes.fromhex(value["salt"]))
    try:
        return AESGCM(key).decrypt(bytes.fromhex(value["nonce"]), b64decode(value["sealed"]), value["key"].encode())
    except InvalidTag as error:
        raise KeyProblem(f"{path}: another passphrase, or the file is damaged") from error


def _derived(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **_SCRYPT).derive(passphrase.encode())


def _read_text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None
