"""One language of a page: which words to say, and how any text, also a stranger's, becomes a safe part of it.

Escaping itself is htpy's. This adds what escaping does not see: characters that steer the direction of text or cannot be
seen are written out, and Chinese inside English is marked as such, for speech, fonts and line breaks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import htpy as h

from wenze.law import Bilingual, on_screen

LANGS = ("zh", "en")

_CJK = r"\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_CHINESE = re.compile(f"[{_CJK}](?:[{_CJK}“”‘’·…—]|[0-9.,-]+(?=[{_CJK}]))*")
_KEPT = {"\n", "\t"}  # white space a page may have


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language, "zh" or "en"."""

    lang: str

    def say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else on_screen(zh)

    def of(self, text: Bilingual) -> h.Node:
        return self.text(text.in_(self.lang))

    def text(self, text: str) -> h.Node:
        """Any text as part of a page in this language."""
        shown = visible(text)
        return on_screen(shown) if self.lang == "zh" else list(_marked(shown, h.span))

    def drawn(self, text: str) -> h.Node:
        """The same within a picture."""
        shown = visible(text)
        return on_screen(shown) if self.lang == "zh" else list(_marked(shown, h.Element("tspan")))

    def colon(self) -> str:
        return "：" if self.lang == "zh" else ": "

    def listed(self, names: list[str]) -> str:
        return self.say("、", ", ").join(names)


def visible(text: str) -> str:
    """`text` with every character written out that acts unseen: controls, marks of direction, joiners, halves of pairs."""
    return "".join(f"[U+{ord(char):04X}]" if _unseen(char) else char for char in text)


def _unseen(char: str) -> bool:
    return char not in _KEPT and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _marked(text: str, part: h.Element) -> Iterator[h.Node]:
    """English with its runs of Chinese marked."""
    start = 0
    for run in _CHINESE.finditer(text):
        yield text[start : run.start()]
        yield part(lang="zh")[run.group()]
        start = run.end()
    yield text[start:]
