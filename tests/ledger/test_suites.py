"""The algorithms give the answers their standards print."""

import pytest

from wenze.ledger.suites import COMMERCIAL, INTERNATIONAL, Suite


def test_sha256_and_sm3_answer_as_the_standards_print() -> None:
    assert INTERNATIONAL.hash(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert COMMERCIAL.hash(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_ed25519_signs_as_rfc_8032_prints() -> None:
    private = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert INTERNATIONAL.public_key(private).hex() == public
    assert INTERNATIONAL.sign(private, b"\x72").hex() == signature


# GM/T 0003.5, the example of a signature on the recommended curve
SM2_PUBLIC = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
SM2_PRIVATE = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
SM2_SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


def test_sm2_verifies_the_signature_that_the_standard_prints() -> None:
    assert COMMERCIAL.public_key(SM2_PRIVATE) == SM2_PUBLIC
    assert COMMERCIAL.verify(SM2_PUBLIC, b"message digest", SM2_SIGNATURE)
    assert not COMMERCIAL.verify(SM2_PUBLIC, b"message digesT", SM2_SIGNATURE)


def test_a_signature_holds_for_its_message_and_key_alone(suite: Suite) -> None:
    private, other = suite.new_private_key(), suite.new_private_key()
    public, signature = suite.public_key(private), suite.sign(private, b"message")
    assert (len(public), len(signature)) == (suite.public_bytes, suite.signature_bytes)
    assert suite.verify(public, b"message", signature)
    assert not suite.verify(public, b"Message", signature)
    assert not suite.verify(suite.public_key(other), b"message", signature)
    for at in range(0, len(signature), 7):
        assert not suite.verify(public, b"message", signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :])


@pytest.mark.parametrize("signature", [b"", b"\0" * 64, b"\xff" * 64, b"\1" * 63, b"\1" * 65])
def test_malformed_signatures_and_keys_are_no_signatures(suite: Suite, signature: bytes) -> None:
    public = suite.public_key(suite.new_private_key())
    assert not suite.verify(public, b"message", signature)
    assert not suite.verify(public[:-1], b"message", signature)
    assert not suite.verify(b"\4" + b"\1" * (suite.public_bytes - 1), b"message", b"\1" * 64)
