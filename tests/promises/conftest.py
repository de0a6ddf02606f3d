"""One file per promise of the software, named after it."""

from offices import committed_database, database  # noqa: F401 -- fixtures
