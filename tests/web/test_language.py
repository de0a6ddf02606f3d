"""Every sentence of the pages is there in both languages, and what is shown is what was translated."""

from __future__ import annotations

import re

import pytest

from web.catalogs import CATALOG, gathered, kept, written


def test_every_sentence_has_its_english_and_no_english_is_left_over() -> None:
    assert kept().keys() == gathered(), "run: python tests/web/catalogs.py"
    assert not [sentence for sentence, english in kept().items() if not english]


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    text, compiled = written(gathered(), kept())
    assert text == CATALOG.read_bytes(), "run: python tests/web/catalogs.py"
    assert compiled == CATALOG.with_suffix(".mo").read_bytes(), "run: python tests/web/catalogs.py"


@pytest.mark.parametrize("sentence", sorted(kept()))
def test_an_english_sentence_has_the_same_placeholders_and_no_chinese(sentence: str) -> None:
    english = kept()[sentence]
    assert sorted(re.findall(r"%\(\w+\)\w", sentence)) == sorted(re.findall(r"%\(\w+\)\w", english))
    assert not re.search(r"[\u3400-\u9fff\uff00-\uffef]", english)
    assert not re.search(r"(?<=[\u3400-\u9fff])[,:;?!]", sentence), "Chinese has full-width punctuation"
