"""Tests of the journal: the page that checks what it exports, in a browser."""

from ledger.page_in_browser import browser_page  # noqa: F401 -- a fixture
