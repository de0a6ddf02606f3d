"""Bytes at rest, sealed: AES-256-GCM with a key that lies outside the data, bound to what they are (the context).

A changed byte, another key or another context does not open. The first byte names the suite, so that another can follow.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_AES_256_GCM = b"\x01"
_NONCE_BYTES = 12


class Broken(ValueError):
    """Sealed bytes that do not open: changed, of another context, or under another key."""


def seal(content: bytes, context: str) -> bytes:
    """`context` says what the content is and where it belongs: `evidence 0f3a…`."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _AES_256_GCM + nonce + AESGCM(_key(context)).encrypt(nonce, content, context.encode())


def unseal(sealed: bytes, context: str) -> bytes:
    """What `seal` was given. Broken."""
    if sealed[:1] != _AES_256_GCM:
        raise Broken("sealed by no suite this program knows")
    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(_key(context)).decrypt(nonce, rest, context.encode())
    except (InvalidTag, ValueError) as error:
        raise Broken("changed, or sealed with another key or for another purpose") from error


def _key(context: str) -> bytes:
    """A key per kind of content (the first word of the context), from the installation's sealing key (RFC 5869)."""
    kind = context.partition(" ")[0]
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"wenze/{kind}".encode()).derive(
        bytes.fromhex(settings.SEALING_KEY)
    )
