"""The fixtures of everything that needs the office: databases of both kinds. Loaded by the conftest of the folders that use them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

import databases
from postgres import NoServer

databases.set_up()  # before a test module imports a model


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database, as it was again afterwards. Gives its kind."""
    skip_without(request.param)
    with databases.rolled_back(request.param):
        yield request.param


@pytest.fixture(params=databases.KINDS)
def committed_database(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """A migrated database of its own, where what is committed is committed: for threads, servers and checkpoints."""
    skip_without(request.param)
    with databases.copied(request.param) as configuration:
        yield configuration


def skip_without(kind: str) -> None:
    missing = _missing(kind)
    if missing:
        pytest.skip(missing)


@cache
def _missing(kind: str) -> str:
    """Why there is no database of this kind; "" where there is one."""
    try:
        databases.template(kind)
    except NoServer as reason:
        return str(reason)
    return ""
