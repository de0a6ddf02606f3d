"""The palette: every pair of colours that text is set in can be read, in both schemes; print and small screens are thought of."""

from __future__ import annotations

import re

import pytest

from wenze.page.shell import style

# (text, ground) as the style sets them.
PAIRS = [
    ("ink", "paper"), ("ink", "desk"), ("ink", "not-tint"), ("ink", "open-tint"),
    ("soft", "paper"), ("soft", "not-tint"), ("accent", "paper"), ("paper", "ink"),
    ("on-made", "made"), ("made", "made-tint"), ("made", "paper"), ("open", "open-tint"), ("open", "paper"),
    ("not", "not-tint"), ("not", "paper"), ("not", "desk"), ("clash", "clash-tint"), ("clash", "paper"),
]  # fmt: skip


def _palette(part: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", part))


def _schemes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", style(), re.DOTALL)[:2]
    return {"light": _palette(light), "dark": _palette(dark)}


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    """WCAG AA for text of any size."""
    palette = _schemes()[scheme]
    assert _contrast(palette[text], palette[ground]) >= 4.5


def test_both_schemes_have_the_same_colours_and_no_other_is_used() -> None:
    schemes = _schemes()
    assert schemes["dark"].keys() <= schemes["light"].keys()
    assert schemes["light"].keys() <= schemes["dark"].keys()
    used = set(re.findall(r"var\(--([a-z-]+)\)", style()))
    assert used <= schemes["light"].keys()
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"--[a-z-]+: #[0-9a-f]{6}", "", style()))) <= {"#fff"}


def test_the_style_fetches_nothing() -> None:
    assert not re.search(r"url\(|@import|@font-face|https?:|expression", style())


def test_print_and_small_screens_have_their_own_rules() -> None:
    assert "@media print" in style() and "size: A4" in style() and "@media (max-width" in style()
