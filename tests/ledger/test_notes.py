"""Notes, keys, checkpoints and proofs are the texts of C2SP, byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.world import AT, ORIGIN
from wenze.ledger import MemoryStorage, NoteError, Suite, check_proof, open_record, read_checkpoint, read_verifier
from wenze.ledger.keys import new_signer
from wenze.ledger.notes import Verifier, read_note, signers, with_signatures
from wenze.ledger.proofs import read_proof
from wenze.ledger.suites import INTERNATIONAL

# the note and key that the first implementation of signed notes prints in its documentation
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_signed_elsewhere_verifies() -> None:
    key = read_verifier(NEUMANN)
    assert str(key) == NEUMANN
    assert signers(NOTE, [key]) == (key,)


def test_every_changed_byte_of_a_note_is_refused() -> None:
    key = read_verifier(NEUMANN)
    data = NOTE.encode()
    for at in range(len(data)):
        for change in (1, 0x20, 0x80):
            changed = data[:at] + bytes([data[at] ^ change]) + data[at + 1 :]
            with pytest.raises(ValueError):  # NoteError, or no UTF-8
                signers(changed.decode(), [key])


def test_unknown_signatures_are_passed_over_and_known_ones_must_hold(suite: Suite) -> None:
    one, two, stranger = (new_signer(name, suite=suite) for name in ("one.example", "two.example", "stranger.example"))
    text = "what was said\n\nand what followed\n"
    note = with_signatures(f"{text}\n{one.sign(text)}", [stranger.sign(text), two.sign(text), one.sign("x\n")][:2])
    assert [each.name for each in signers(note, [two.verifier, one.verifier])] == ["one.example", "two.example"]
    namesake = Verifier("stranger.example", suite, one.verifier.public, False)  # the name, but another key: unknown
    assert signers(note, [one.verifier, namesake]) == (one.verifier,)
    with pytest.raises(NoteError, match="signed by nobody known"):
        signers(note, [namesake])
    forged = note.replace("followed", "went before")
    with pytest.raises(NoteError, match=r"the signature of `one\.example` does not hold"):
        signers(forged, [one.verifier])


def test_a_witness_signs_with_the_time_and_its_signature_is_no_log_signature(suite: Suite) -> None:
    witness = new_signer("witness.example", suite=suite, witness=True)
    text = f"{ORIGIN}\n0\n{'A' * 43}=\n"
    line = witness.sign(text, time=1_772_000_000)
    assert line.value[:8] == (1_772_000_000).to_bytes(8, "big")
    assert signers(f"{text}\n{line}", [witness.verifier]) == (witness.verifier,)
    log = Verifier("witness.example", suite, witness.verifier.public, False)
    assert log.id != witness.verifier.id
    with pytest.raises(NoteError, match="nobody known"):
        signers(f"{text}\n{line}", [log])


def test_a_key_is_one_line_that_reads_back(suite: Suite) -> None:
    for witness in (False, True):
        verifier = new_signer("office.example/记录", suite=suite, witness=witness).verifier
        assert read_verifier(f" {verifier}\n") == verifier
        assert len(verifier.fingerprint) == 79


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        NEUMANN.replace("c74", "c75"),
        NEUMANN.replace("+ARp", "+BRp"),
        NEUMANN[:-1],
        NEUMANN + "=",
        "Peter Neumann" + NEUMANN[12:],
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_verifier(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "zero\u200bwidth"])
def test_a_key_has_a_name_that_c2sp_allows(name: str) -> None:
    with pytest.raises(ValueError, match="a name has no spaces"):
        new_signer(name)


ROOT = "A" * 43 + "="


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n5\n",
        f"{ORIGIN}\n05\n{ROOT}\n",
        f"{ORIGIN}\n-5\n{ROOT}\n",
        f"{ORIGIN}\n5\n{ROOT}\nextension\n",
        f"\n5\n{ROOT}\n",
        f"{ORIGIN}\n5\nAAAA\n",
        f"{ORIGIN}\n5\n{'A' * 42}B=\n",  # the same bytes, another text
        f"{ORIGIN}\n9007199254740993\n{ROOT}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    signer = new_signer(ORIGIN)
    with pytest.raises(NoteError):
        read_checkpoint(f"{text}\n{signer.sign(text)}")


@given(st.text(alphabet="ab\n—+ =A\x07\u2028", max_size=60))
def test_any_text_is_a_note_or_a_note_error(text: str) -> None:
    try:
        body, lines = read_note(text)
    except NoteError:
        return
    assert f"{body}\n{''.join(map(str, lines))}" == text


def test_a_proof_reads_back_and_holds_for_its_entry_alone(suite: Suite) -> None:
    signer, stranger = new_signer(ORIGIN, suite=suite), new_signer(ORIGIN, suite=suite)
    record = open_record(MemoryStorage(), signer, at=AT)
    record.append_all(range(9))
    note = record.checkpoint(signer)
    for n in range(10):
        proof = record.prove(n, note)
        leaf = record.storage.row(n).leaf
        assert str(read_proof(proof)) == proof
        assert check_proof(proof, leaf, [signer.verifier]) == (record.head(), (signer.verifier,))
        with pytest.raises(NoteError, match=f"not entry {n} of the record of 10"):
            check_proof(proof, record.storage.row((n + 1) % 10).leaf, [signer.verifier])
        with pytest.raises(NoteError, match="nobody known"):
            check_proof(proof, leaf, [stranger.verifier])


def test_every_changed_byte_of_a_proof_is_refused() -> None:
    signer = new_signer(ORIGIN, suite=INTERNATIONAL)
    record = open_record(MemoryStorage(), signer, at=AT)
    record.append_all(range(5))
    text, leaf = record.prove(3, record.checkpoint(signer)).encode(), record.storage.row(3).leaf
    for at in range(len(text)):
        changed = text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :]
        with pytest.raises(ValueError):
            check_proof(changed.decode(), leaf, [signer.verifier])


def test_a_witness_alone_proves_nothing() -> None:
    signer, witness = new_signer(ORIGIN), new_signer("witness.example", witness=True)
    record = open_record(MemoryStorage(), signer, at=AT)
    note = record.checkpoint(signer)
    cosigned = with_signatures(note, [witness.sign(record.head().text, time=1)])
    proof, leaf = record.prove(0, cosigned), record.storage.row(0).leaf
    assert check_proof(proof, leaf, [signer.verifier, witness.verifier])[1] == (signer.verifier, witness.verifier)
    with pytest.raises(NoteError, match="witnesses signed it, but no key"):
        check_proof(proof, leaf, [witness.verifier])


def test_a_proof_may_carry_more_and_says_so() -> None:
    signer = new_signer(ORIGIN)
    record = open_record(MemoryStorage(), signer, at=AT)
    proof = read_proof(record.prove(0, record.checkpoint(signer)))
    with_extra = type(proof)(proof.n, proof.path, proof.note, b"receipt 17")
    assert read_proof(str(with_extra)) == with_extra
