"""Algorithms as a suite: one hash and one signature that belong together, behind one interface.

Knows SHA-256 with Ed25519 and SM3 with SM2. Does not know what is hashed or signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import gmalg  # type: ignore[import-untyped]  # it has no annotations
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HASH_BYTES = 32  # of both hashes, so that a C2SP text looks the same with either


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Suite:
    """`log_type` and `witness_type` are the signature type identifiers of C2SP signed-note, put before a public key."""

    name: str
    hash: Callable[[bytes], bytes]
    new_private_key: Callable[[], bytes]
    public_key: Callable[[bytes], bytes]
    sign: Callable[[bytes, bytes], bytes]
    """private key, message → signature"""
    verify: Callable[[bytes, bytes, bytes], bool]
    """public key, message, signature → is it one; False for anything malformed"""
    log_type: bytes
    witness_type: bytes
    public_bytes: int
    signature_bytes: int

    def __repr__(self) -> str:
        return self.name


# --- SHA-256 and Ed25519 ----------------------------------------------------------------------------------------------


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _ed25519_new() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


def _ed25519_public(private: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def _ed25519_sign(private: bytes, message: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def _ed25519_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- SM3 and SM2 (GB/T 32905, GB/T 32918) -----------------------------------------------------------------------------

_SM2_USER = b"1234567812345678"  # the identity that GB/T 35276 gives where none is agreed
_SM2_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123


def _sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())  # not hashlib's: an OpenSSL may be built without SM3
    digest.update(data)
    return digest.finalize()


def _sm2_new() -> bytes:
    private, _ = gmalg.SM2().generate_keypair()
    return bytes(private).rjust(32, b"\0")


def _sm2_public(private: bytes) -> bytes:
    return bytes(gmalg.SM2().generate_pk(private))


def _sm2_sign(private: bytes, message: bytes) -> bytes:
    r, s = gmalg.SM2(sk=private, uid=_SM2_USER).sign(message)
    return bytes(r).rjust(32, b"\0") + bytes(s).rjust(32, b"\0")  # gmalg drops leading zeroes


@lru_cache(maxsize=4096)  # 30 ms each, and the same checkpoint is often held against its copy
def _sm2_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(signature) != 64 or len(public) != 65 or public[0] != 4:
        return False
    r, s = signature[:32], signature[32:]
    if not all(0 < int.from_bytes(part, "big") < _SM2_ORDER for part in (r, s)):
        return False
    if not gmalg.SM2().verify_pk(public):
        return False
    return bool(gmalg.SM2(uid=_SM2_USER, pk=public).verify(message, r, s))


INTERNATIONAL = Suite(
    name="sha256-ed25519",
    hash=_sha256,
    new_private_key=_ed25519_new,
    public_key=_ed25519_public,
    sign=_ed25519_sign,
    verify=_ed25519_verify,
    log_type=b"\x01",
    witness_type=b"\x04",
    public_bytes=32,
    signature_bytes=64,
)
COMMERCIAL = Suite(  # 商用密码
    name="sm3-sm2",
    hash=_sm3,
    new_private_key=_sm2_new,
    public_key=_sm2_public,
    sign=_sm2_sign,
    verify=_sm2_verify,
    # C2SP assigns SM2 no byte; 0xff and a longer name is its way for those
    log_type=b"\xffwenze/sm2-with-sm3",
    witness_type=b"\xffwenze/sm2-with-sm3-cosignature",
    public_bytes=65,
    signature_bytes=64,
)
SUITES = {suite.name: suite for suite in (INTERNATIONAL, COMMERCIAL)}
