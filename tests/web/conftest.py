"""Tests of the office."""

from offices import committed_database, database  # noqa: F401 -- fixtures
