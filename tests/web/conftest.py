"""Tests of the office."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from offices import committed_database, database  # noqa: F401 -- fixtures


@pytest.fixture(autouse=True)
def nobodys_language() -> Iterator[None]:
    """A visitor who reads English leaves that language behind in the thread: who comes next begins with the language of the office."""
    translation.deactivate()
    yield
    translation.deactivate()
