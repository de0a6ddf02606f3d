"""The page around the contents: one file, the languages side by side with a switch that needs no script, the style inside.

Knows nothing of law.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

import htpy as h
from markupsafe import Markup

from wenze.page.tongue import LANGS, Tongue

_NAMES = {"zh": "中文", "en": "English"}


def page(lang: str, title: Callable[[Tongue], str], contents: Callable[[Tongue], h.Node], *, head: h.Node = None) -> str:
    """A whole page that opens in `lang`. `contents` is asked once for each language."""
    tongues = [Tongue(one) for one in LANGS]
    shown = next(tongue for tongue in tongues if tongue.lang == lang)
    made = h.html(lang={"zh": "zh-CN", "en": "en"}[lang])[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="color-scheme", content="light dark"),
            h.meta(name="referrer", content="no-referrer"),
            h.meta(http_equiv="Content-Security-Policy", content=_policy(head)),
            h.title[title(shown)],
            h.style[Markup(style())],  # our own file
            head,
        ],
        h.body[
            [h.input(".switch", type="radio", name="lang", id=f"lang-{one}", checked=one == lang, aria_label=_NAMES[one], lang=one) for one in LANGS],
            h.nav(".languages", aria_label="语言 · Language")[[h.label(for_=f"lang-{one}", lang=one)[_NAMES[one]] for one in LANGS]],
            [h.main(f".block.{tongue.lang}", lang={"zh": "zh-CN", "en": "en"}[tongue.lang])[contents(tongue)] for tongue in tongues],
        ],
    ]
    return f"{made}\n"


def _policy(head: h.Node) -> str:
    """Nothing is loaded from anywhere; only a page that has a script beside it may run that."""
    scripts = "script-src 'self' file:; " if head is not None else ""
    return f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; {scripts}base-uri 'none'; form-action 'none'"


@cache
def style() -> str:
    return files("wenze.page").joinpath("style.css").read_text(encoding="utf-8")
