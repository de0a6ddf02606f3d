"""Every test that asks for `world` or `suite` runs with each suite of algorithms."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.page_in_browser import browser_page  # noqa: F401 -- a fixture
from ledger.world import World, make
from wenze.ledger import SUITES, SqliteStorage, Suite


@pytest.fixture(params=SUITES.values(), ids=SUITES)
def suite(request: pytest.FixtureRequest) -> Suite:
    found: Suite = request.param
    return found


@pytest.fixture
def world(tmp_path: Path, suite: Suite) -> Iterator[World]:
    made = make(tmp_path, suite)
    yield made
    assert isinstance(made.storage, SqliteStorage)
    made.storage.close()
