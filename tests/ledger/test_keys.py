"""Keys are made once, kept apart and read back; what is wrong with a key file is said."""

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest

from ledger.world import ORIGIN
from wenze.ledger import KeyProblem, Suite, create_key, load_key, read_public, refuse_inside


@pytest.mark.parametrize("passphrase", [None, "正确 horse battery"])
def test_a_key_reads_back_from_its_file(tmp_path: Path, suite: Suite, passphrase: str | None) -> None:
    made = create_key(tmp_path / "key", ORIGIN, suite=suite, passphrase=passphrase)
    read = load_key(tmp_path / "key", passphrase)
    assert (read.verifier, read.private) == (made.verifier, made.private)
    assert suite.verify(read.verifier.public, b"m", read.sign_bytes(b"m"))


def test_the_public_half_of_a_sealed_key_is_read_without_its_passphrase(tmp_path: Path) -> None:
    made = create_key(tmp_path / "key", ORIGIN, passphrase="secret")
    assert read_public(tmp_path / "key") == made.verifier
    for damaged in ("", "{}", "[]", '{"key": 7}', "nonsense"):
        (tmp_path / "key").write_text(damaged)
        with pytest.raises(KeyProblem, match="restore it from your copy"):
            read_public(tmp_path / "key")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_key_file_is_for_its_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    create_key(tmp_path / "key", ORIGIN)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    before = (tmp_path / "key").read_bytes()
    with pytest.raises(FileExistsError):
        create_key(tmp_path / "key", ORIGIN)
    assert (tmp_path / "key").read_bytes() == before


def test_a_sealed_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    made = create_key(tmp_path / "key", ORIGIN, passphrase="one")
    assert made.private.hex() not in (tmp_path / "key").read_text() and "private" not in (tmp_path / "key").read_text()
    with pytest.raises(KeyProblem, match="which was not given"):
        load_key(tmp_path / "key")
    with pytest.raises(KeyProblem, match="another passphrase"):
        load_key(tmp_path / "key", "two")


def test_a_missing_key_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match="restore it from your copy, or hand over to a new one"):
        load_key(tmp_path / "key")


@pytest.mark.parametrize("passphrase", [None, "one"])
def test_a_damaged_key_is_never_used(tmp_path: Path, passphrase: str | None) -> None:
    made = create_key(tmp_path / "key", ORIGIN, passphrase=passphrase)
    text = (tmp_path / "key").read_text()
    step = 5 if passphrase is None else 23  # each look at a sealed one takes as long as guessing a passphrase should
    for at in range(0, len(text), step):
        (tmp_path / "key").write_text(text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :])
        with suppress(KeyProblem):
            assert load_key(tmp_path / "key", passphrase) == made, f"byte {at}"  # white space


@pytest.mark.parametrize("value", [[], 1, {}, {"format": "wenze-key/1"}, {"format": "wenze-key/1", "key": 7}])
def test_what_is_no_key_file_is_said(tmp_path: Path, value: object) -> None:
    (tmp_path / "key").write_text(json.dumps(value))
    with pytest.raises(KeyProblem):
        load_key(tmp_path / "key")


def test_a_private_key_is_in_no_traceback(tmp_path: Path) -> None:
    made = create_key(tmp_path / "key", ORIGIN)
    assert repr(made) == f"Signer({made.verifier})" and repr(made.private) not in repr(made)


def test_a_key_may_not_lie_with_the_data(tmp_path: Path) -> None:
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "data")
    refuse_inside(tmp_path / "key", tmp_path / "data")
    for inside in ("data/key", "data/deep/key", "link/key", "data/../data/key"):
        with pytest.raises(KeyProblem, match="keep the key elsewhere"):
            refuse_inside(tmp_path / inside, tmp_path / "data")
