"""A determination as one page: the order of its sections, in both languages."""

from __future__ import annotations

import htpy as h

from wenze.law import Determination, Missing, receipt
from wenze.page import answer, matrix, seal, undecided, why
from wenze.page.chain import chain
from wenze.page.readings import numbered, readings
from wenze.page.sheet import Sheet
from wenze.page.shell import page
from wenze.page.tongue import Tongue, visible


def determination_page(determination: Determination, engine: str, lang: str = "zh") -> str:
    """The page, opening in `lang`. `engine` is the version of the program. The same input gives the same bytes."""
    made = str(receipt(determination, engine)["digest"])
    kept: dict[tuple[str, ...], Missing] = {}

    def contents(tongue: Tongue) -> h.Node:
        sheet = Sheet(determination, tongue, kept)
        return [part(sheet) for part in _SECTIONS] + [seal.seal(sheet, engine, made)]

    def title(tongue: Tongue) -> str:
        return visible(
            f"{tongue.say('问责情形认定意见', 'Determination')}{tongue.colon()}{determination.case.title.in_(tongue.lang)}"
        )

    return page(lang, title, contents)


_SECTIONS = (
    answer.head,
    answer.contradictions,
    answer.answer,
    numbered,
    matrix.glance,
    matrix.responsibility,
    chain,
    why.why,
    undecided.missing,
    answer.reliance,
    readings,
    answer.notes,
    why.whole,
)
