"""How what the law and a case say is shown: full-width punctuation in Chinese, lists as the language joins them.

Knows no case and no user; sentences are stored and recorded as they were written.
"""

from __future__ import annotations

from collections.abc import Iterable

from wenze.law import Basis, Bilingual, on_screen


def shown(said: Bilingual | str, lang: str) -> str:
    """A text in the language of the screen."""
    text = said if isinstance(said, str) else said.in_(lang)
    return text if lang == "en" else on_screen(text)


def listed(parts: Iterable[str], lang: str) -> str:
    """Several in one line."""
    return (", " if lang == "en" else "、").join(part for part in parts if part)


def source(basis: Basis, lang: str) -> str:
    """Where something is written, and how far that was checked."""
    return f"{basis.cite(lang)} · {shown(basis.flag(lang), lang)}"
