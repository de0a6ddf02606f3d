"""The shipped instrument's cases as determinations and pages, each made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import NamedTuple

import pytest

from page.reading import Element, read
from wenze.law import Determination, Library, determine, read_cases, shipped
from wenze.page import determination_page

ON = date(2026, 1, 31)


class Made(NamedTuple):
    """A determination, its page as text, and as a tree."""

    determination: Determination
    page: str
    tree: Element

    def block(self, lang: str) -> Element:
        return next(one for one in self.tree.find("main") if lang in one.classes)


@pytest.fixture(scope="session")
def make() -> Callable[[str], Made]:
    """Makes the page of a case of the shipped instrument, by its id."""
    library = Library(shipped())
    law = library.law("dehong")
    cases = {case.id: case for case in read_cases(library.cases("dehong"))}

    def of(id_: str) -> Made:
        determination = determine(law, cases[id_], ON)
        page = determination_page(determination, "0.0.0")
        return Made(determination, page, read(page))

    return of


@pytest.fixture(scope="session")
def made(make: Callable[[str], Made]) -> Callable[[str], Made]:
    """The same, kept for whoever asks again. For a few: each holds megabytes."""
    return cache(make)
