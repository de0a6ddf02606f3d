"""A law as a folder of static pages, in Chinese and in English, that read from a disk as well as from a server.

Knows which pages there are and how they are linked; `lawpage` knows what stands on them. Every page is complete without
scripts; search is added by one small script with an index made here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import htpy as h

from wenze.law import Case, Finding, Law, cite
from wenze.page import lawpage
from wenze.page.grams import index
from wenze.page.lawpage import Beside
from wenze.page.shell import leaf, page
from wenze.page.tongue import LANGS, Tongue, visible

_SCRIPTS = ("../index.js", "../search.js")
_LISTS = ("readings", "findings", "scenarios")


def write_site(law: Law, cases: Sequence[Case], found: Sequence[Finding], folder: Path) -> int:
    """Write the pages of a law, with the scenarios and the findings beside each article; returns how many. Other files stay."""
    pages = {
        f"{lang}/{name}.html": made
        for lang in LANGS
        for name, made in _pages(Beside(law, Tongue(lang), tuple(cases), tuple(found)))
    }
    pages["index.html"] = _door(law)
    for name, made in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8", newline="\n")
    index_js = (
        "window.wenze = " + json.dumps(index(pages), ensure_ascii=False, sort_keys=True, separators=(",", ":")) + ";\n"
    )
    (folder / "index.js").write_text(index_js.replace("<", "\\u003c"), encoding="utf-8", newline="\n")
    (folder / "search.js").write_bytes(files("wenze.page").joinpath("search.js").read_bytes())
    return len(pages)


def _door(law: Law) -> str:
    """The first page: the way into either language."""

    def contents(tongue: Tongue) -> h.Node:
        return [h.h1[tongue.of(law.title)], h.p[h.a(href=f"{tongue.lang}/index.html")[tongue.say("进入", "Enter")]]]

    return page("zh", lambda tongue: visible(law.title.in_(tongue.lang)), contents)


def _pages(beside: Beside) -> list[tuple[str, str]]:
    tongue, anchors = beside.tongue, beside.anchors
    made = [_page(beside, "index", beside.law.title.in_(tongue.lang), lawpage.contents(beside))]
    for at, anchor in enumerate(anchors):
        around = [(step, anchors[at + step]) for step in (-1, 1) if 0 <= at + step < len(anchors)]
        made.append(
            _page(
                beside,
                anchor,
                f"{cite(anchor, tongue.lang)} {beside.title(anchor)}".strip(),
                [lawpage.article(beside, anchor), _around(tongue, around)],
            )
        )
    lists = {"readings": lawpage.readings, "findings": lawpage.all_findings, "scenarios": lawpage.scenarios}
    for name in _LISTS:
        made.append(_page(beside, name, lawpage.list_title(tongue, name), lists[name](beside)))
    return made


def _page(beside: Beside, name: str, title: str, contents: h.Node) -> tuple[str, str]:
    return name, leaf(beside.tongue.lang, visible(title), _links(beside.tongue, name), contents, _SCRIPTS)


def _links(tongue: Tongue, name: str) -> h.Node:
    other = "en" if tongue.lang == "zh" else "zh"
    listed = [
        h.a(href=f"{one}.html", aria_current=one == name and "page")[lawpage.list_title(tongue, one)] for one in _LISTS
    ]
    return h.nav(".languages.links", aria_label=tongue.say("本站", "this site"))[
        h.a(href="index.html", aria_current=name == "index" and "page")[tongue.say("目录", "Contents")],
        listed,
        h.form(".search", role="search", hidden=True)[
            h.input(
                type="search",
                name="q",
                autocomplete="off",
                aria_label=tongue.say("搜索", "Search"),
                placeholder=tongue.say("搜索", "Search"),
                data_none=tongue.say("没有找到", "nothing found"),
            )
        ],
        h.a(".other", href=f"../{other}/{name}.html", hreflang=other, lang=other)[
            {"zh": "中文", "en": "English"}[other]
        ],
    ]


def _around(tongue: Tongue, around: list[tuple[int, str]]) -> h.Node:
    said = {-1: ("上一条:", "Previous: "), 1: ("下一条:", "Next: ")}
    return h.p(".around")[
        [
            h.a(href=f"{anchor}.html", rel={-1: "prev", 1: "next"}[step])[
                tongue.say(*said[step]), cite(anchor, tongue.lang)
            ]
            for step, anchor in around
        ]
    ]
