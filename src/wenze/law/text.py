"""Official text: citations, punctuation for the screen, and where quoted words stand.

Knows how Chinese law numbers its articles (第六条第(七)项); knows no instrument. Text is never changed, only shown
differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_TO_FULL = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？", "!": "！"}
_TO_HALF = {full: half for half, full in _TO_FULL.items()}
_CJK = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’]")
_NUMBER = re.compile("0|[1-9][0-9]{0,3}")  # what chinese_number can say
_CITATION_ZH = re.compile(
    r"^第([零一二三四五六七八九十百千\d]+)条(?:第[(（]?([零一二三四五六七八九十百千\d]+)[)）]?项)?$"
)
_CITATION_EN = re.compile(r"^(?:Art(?:icle|\.)?\s*)?(\d+)(?:\.(\d+)|\s*\((\d+)\))?$", re.IGNORECASE)


def chinese_number(number: int) -> str:
    """`number` (1 to 9999) as Chinese numerals: 17 → 十七."""
    digits = str(number)
    out = ""
    for position, digit in enumerate(digits):
        power = len(digits) - position - 1
        if digit != "0":
            out += _DIGITS[int(digit)] + _UNITS[power]
        elif out and not out.endswith("零") and digits[position:].strip("0"):
            out += "零"
    return out.removeprefix("一") if out.startswith("一十") else out


def number_of(numeral: str) -> int:
    """The number a Chinese or Arabic numeral names: 十七 → 17. ValueError when it names none."""
    if numeral.isdecimal():
        return int(numeral)
    total, digit = 0, 0
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS.index(char)
        elif char in _UNITS[1:]:
            total += (digit or 1) * 10 ** _UNITS.index(char)
            digit = 0
        else:
            raise ValueError(numeral)
    return total + digit


def cite(anchor: str, lang: str) -> str:
    """An anchor as lawyers write it: "6.7" → 第六条第（七）项 or Art. 6(7)."""
    article, _, item = anchor.partition(".")
    if not _NUMBER.fullmatch(article) or (item and not _NUMBER.fullmatch(item)):
        return anchor
    if article == "0":
        return {"en": "the title"}.get(lang, "题名")
    if lang == "en":
        return f"Art. {article}({item})" if item else f"Art. {article}"
    zh = f"第{chinese_number(int(article))}条"
    return f"{zh}第（{chinese_number(int(item))}）项" if item else zh


def cite_all(anchors: Iterable[str], lang: str) -> str:
    """Several anchors in one breath, items of one article together and runs of three or more as a range: 第六条第（一）至（十）项."""
    items: dict[str, list[int]] = {}
    for anchor in anchors:
        article, _, item = anchor.partition(".")
        if not article.isdecimal() or (item and not item.isdecimal()):
            items.setdefault(anchor, [])
        else:
            items.setdefault(article, []).extend([int(item)] if item else [])
    return ("、" if lang == "zh" else ", ").join(
        _cite_items(article, numbers, lang) for article, numbers in items.items()
    )


def _cite_items(article: str, numbers: list[int], lang: str) -> str:
    if not numbers:
        return cite(article, lang)
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    named = [part for run in runs for part in ([[run[0], run[-1]]] if len(run) > 2 else [[number] for number in run])]
    if lang == "en":
        return cite(article, "en") + ", ".join("–".join(f"({number})" for number in part) for part in named)
    return (
        cite(article, "zh")
        + "第"
        + "、".join("至".join(f"（{chinese_number(number)}）" for number in part) for part in named)
        + "项"
    )


def anchor_of(citation: str) -> str | None:
    """The anchor a citation names, in any of its forms (6.7, 6(7), Art. 6(7), 第六条第(七)项); None when it is none."""
    text = "".join(citation.split())
    if match := _CITATION_ZH.match(text):
        article, item = match.groups()
        return f"{number_of(article)}.{number_of(item)}" if item else str(number_of(article))
    if match := _CITATION_EN.match(text):
        article = match.group(1)
        item = match.group(2) or match.group(3)
        return f"{int(article)}.{int(item)}" if item else str(int(article))
    return None


def article_of(anchor: str) -> str:
    """The article an anchor belongs to: "6.7" → "6"."""
    return anchor.partition(".")[0]


@lru_cache(maxsize=4096)  # a page says the same questions and titles many times
def on_screen(text: str) -> str:
    """`text` with full-width punctuation beside Chinese characters; times and Latin text stay as they are.

    Brackets are of one width, and so is punctuation that stands together.
    """
    partner = _brackets(text)
    pending = [at for at, char in enumerate(text) if char in _TO_FULL and _beside_chinese(text, at, partner.get(at))]
    wide = set(pending)
    while pending:
        at = pending.pop()
        for near in (at - 1, at + 1, partner.get(at, -1)):
            if 0 <= near < len(text) and text[near] in _TO_FULL and near not in wide:
                wide.add(near)
                pending.append(near)
    return "".join(_TO_FULL[char] if at in wide else char for at, char in enumerate(text))


def _beside_chinese(text: str, at: int, partner: int | None) -> bool:
    around = text[max(at - 1, 0) : at] + text[at + 1 : at + 2] + (text[partner] if partner is not None else "")
    return bool(_CJK.search(around))


def _brackets(text: str) -> dict[int, int]:
    """For each bracket that has one, the place of its partner."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for at, char in enumerate(half_width(text)):
        if char == "(":
            opened.append(at)
        elif char == ")" and opened:
            found[at] = opened.pop()
            found[found[at]] = at
    return found


def half_width(text: str) -> str:
    """`text` with its full-width punctuation made half-width, character for character, for comparing."""
    return "".join(_TO_HALF.get(char, char) for char in text)


def is_word(char: str) -> bool:
    """Whether `char` is part of a word: neither space nor punctuation."""
    return char.isalnum()


def item_body(text: str) -> int:
    """Where the words of a paragraph begin, after its number ((七), 第六条 or nothing): an offset into `text`."""
    match = re.match(r"\s*(?:[(（][零一二三四五六七八九十百千]+[)）]|第[零一二三四五六七八九十百千]+条)\s*", text)
    return match.end() if match else 0


def places_of(words: str, text: str) -> list[tuple[int, int]]:
    """Every place (start, end) where `words` stand in `text`, half- and full-width punctuation being equal."""
    needle, hay = half_width(words), half_width(text)
    found, start = [], hay.find(needle)
    while needle and start >= 0:
        found.append((start, start + len(needle)))
        start = hay.find(needle, start + 1)
    return found
