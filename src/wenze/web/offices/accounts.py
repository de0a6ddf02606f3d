"""Who somebody is: password and a code usable once, both at once; after failures a pause. Notes no address, no browser.

Codes are TOTP (RFC 6238): six digits, 30 seconds, SHA-1, as every authenticator takes them. The secret is sealed with the
installation's key. Times are given by the caller.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from wenze.web.offices.models import User
from wenze.web.sealing import seal, unseal

_DIGITS, _STEP = 6, 30  # RFC 6238 and what authenticators expect
_SECRET_BYTES = 20  # RFC 4226, 4: the length of an SHA-1 hash
_DRIFT = 1  # steps a clock may be ahead or behind
_FREE_FAILURES = 4
_LONGEST_PAUSE = timedelta(minutes=15)


class NotKnown(Exception):
    """Name, password or code is wrong; which, is not said."""


class Paused(Exception):
    """Too many failures: nothing is tried before `until`."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until)


def authenticate(username: str, password: str, code: str, *, at: datetime) -> User:
    """The user whom password and code show; the code is used up. NotKnown, Paused."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        make_password(password)  # takes as long as a user who exists
        raise NotKnown
    right = check_password(password, found.password)  # slow, so outside the transaction
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=found.pk)
        pause = user.locked_until if user.locked_until and at < user.locked_until else None
        step = None if pause else _step_of(user, code, at)
        if not pause and right and step is not None:
            user.totp_step, user.failures, user.locked_until = step, 0, None
            user.save(update_fields=["totp_step", "failures", "locked_until"])
            return user
        if not pause:
            user.failures += 1
            user.locked_until = at + _pause(user.failures) if user.failures > _FREE_FAILURES else None
            user.save(update_fields=["failures", "locked_until"])
    if pause:
        raise Paused(pause)
    raise NotKnown


def _pause(failures: int) -> timedelta:
    return min(timedelta(seconds=15 * 2 ** min(failures - _FREE_FAILURES, 10)), _LONGEST_PAUSE)


# --- codes ------------------------------------------------------------------------------------------------------------


def new_secret(user: User) -> str:
    """Gives the user another TOTP secret (not saved yet); returns what an authenticator reads, an otpauth: address."""
    secret = secrets.token_bytes(_SECRET_BYTES)
    user.totp = seal(secret, _context(user))
    user.totp_step = 0
    return _totp(secret).get_provisioning_uri(user.username, "wenze")


def current_code(user: User, *, at: datetime) -> str:
    """The code an authenticator shows now; for the sample log-ins and tests only."""
    return _totp(unseal(bytes(user.totp), _context(user))).generate(int(at.timestamp())).decode()


def _step_of(user: User, code: str, at: datetime) -> int | None:
    """The time step a code belongs to, if it is right and later than every one used."""
    if not user.totp:
        return None
    totp, now = _totp(unseal(bytes(user.totp), _context(user))), int(at.timestamp()) // _STEP
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        try:
            totp.verify(code.strip().encode(), step * _STEP)
        except InvalidToken:
            continue
        return step if step > user.totp_step else None
    return None


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, _DIGITS, SHA1(), _STEP)  # nosec B303 -- what authenticators take, and safe in an HMAC


def _context(user: User) -> str:
    return f"totp {user.username}"
