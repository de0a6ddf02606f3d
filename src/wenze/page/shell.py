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
_TAGS = {"zh": "zh-CN", "en": "en"}


def page(lang: str, title: Callable[[Tongue], str], contents: Callable[[Tongue], h.Node]) -> str:
    """A whole page in both languages that opens in `lang`. `contents` is asked once for each."""
    tongues = [Tongue(one) for one in LANGS]
    shown = next(tongue for tongue in tongues if tongue.lang == lang)
    switches = [
        h.input(
            ".switch",
            type="radio",
            name="lang",
            id=f"lang-{one}",
            checked=one == lang,
            aria_label=_NAMES[one],
            lang=one,
        )
        for one in LANGS
    ]
    labels = [h.label(for_=f"lang-{one}", lang=one)[_NAMES[one]] for one in LANGS]
    blocks = [h.main(f".block.{tongue.lang}", lang=_TAGS[tongue.lang])[contents(tongue)] for tongue in tongues]
    return _document(
        lang, title(shown), None, [switches, h.nav(".languages", aria_label="语言 · Language")[labels], blocks]
    )


def leaf(lang: str, title: str, links: h.Node, contents: h.Node, scripts: tuple[str, ...]) -> str:
    """A page of a site in one language, with links to the others; scripts lie beside it and only add to it."""
    head = [h.script(src=name, defer=True) for name in scripts]
    return _document(lang, title, head, [links, h.main(lang=_TAGS[lang])[contents]])


def _document(lang: str, title: str, scripts: h.Node, body: h.Node) -> str:
    made = h.html(lang=_TAGS[lang])[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="color-scheme", content="light dark"),
            h.meta(name="referrer", content="no-referrer"),
            h.meta(http_equiv="Content-Security-Policy", content=_policy(scripts)),
            h.title[title],
            h.style[Markup(style())],  # nosec B704: our own file
            scripts,
        ],
        h.body[body],
    ]
    return f"{made}\n"


def _policy(scripts: h.Node) -> str:
    """Nothing is loaded from anywhere; only a page that has a script beside it may run that."""
    allowed = "script-src 'self' file:; " if scripts else ""
    return f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; {allowed}base-uri 'none'; form-action 'none'"


@cache
def style() -> str:
    return files("wenze.page").joinpath("style.css").read_text(encoding="utf-8")
