"""The search index of a site: which page holds which pair of Chinese characters or which word. Knows no HTML but its tags.

Pairs of characters need no dictionary, miss nothing, and make the same index everywhere. `search.js` splits what is asked
for in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

_TEXT = re.compile(r"<(style|script|nav|title)\b.*?</\1>|<[^>]*>", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z0-9]+")


def index(pages: Mapping[str, str]) -> dict[str, object]:
    """{"pages": [[name, title], …], "grams": {pair or word: [page numbers]}}"""
    names = sorted(name for name in pages if "/" in name)
    grams: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        for gram in sorted(set(split(words(pages[name])))):
            grams.setdefault(gram, []).append(number)
    titles = [unescape(found[1]) if (found := _TITLE.search(pages[name])) else name for name in names]
    return {"pages": [list(pair) for pair in zip(names, titles, strict=True)], "grams": grams}


def words(made: str) -> str:
    """The text of a page, without navigation. Marks stand within words; every other tag parts them."""
    return unescape(_TEXT.sub(lambda tag: "" if re.match(r"</?mark\b", tag[0]) else " ", made))


def split(text: str) -> Iterator[str]:
    """Pairs of neighbouring Chinese characters (one alone where it stands alone), and words."""
    for run in _CHINESE.findall(text):
        yield from (run[at : at + 2] for at in range(max(len(run) - 1, 1)))
    yield from _WORD.findall(text.lower())
