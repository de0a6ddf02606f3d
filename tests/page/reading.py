"""A page read back: its elements as a tree, by the standard library's parser, which also says where tags do not balance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


@dataclass
class Element:
    """An element with its attributes, and its children: elements and texts."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def all(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all()

    def find(self, tag: str = "", class_: str = "") -> list[Element]:
        return [one for one in self.all() if tag in ("", one.tag) and (not class_ or class_ in one.classes)]

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def texts(self) -> Iterator[tuple[Element, str]]:
        """Every text with the element it stands in."""
        for child in self.children:
            if isinstance(child, str):
                yield self, child
            else:
                yield from child.texts()

    def language(self) -> str:
        """The language of the nearest element that says one."""
        one: Element | None = self
        while one is not None and "lang" not in one.attributes:
            one = one.parent
        return one.attributes["lang"] if one else ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> names an attribute twice: {names}"
        made = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(made)
        if tag not in VOID:
            self.open = made

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.tag, f"</{tag}> closes <{self.open.tag}> at line {self.getpos()}"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def read(page: str) -> Element:
    """The tree of a page. AssertionError where tags do not balance."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open is reader.root, f"<{reader.open.tag}> is not closed"
    return reader.root


def check_sound(page: Element) -> None:
    """What holds for every page: ids once, references lead somewhere, headings in order, images and regions named."""
    ids = [one.attributes["id"] for one in page.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids)), "an id is used twice"
    for one in page.all():
        for name in ("for", "aria-labelledby"):
            if name in one.attributes:
                assert one.attributes[name] in ids, f"{name} leads nowhere: {one.attributes[name]}"
        if one.attributes.get("role") in {"img", "region"}:
            assert one.attributes.get("aria-label") or one.attributes.get("aria-labelledby"), f"unnamed {one.tag}"
        if one.tag in {"input", "nav"}:
            assert one.attributes.get("aria-label"), f"unnamed {one.tag}"
    assert page.find("html")[0].attributes["lang"] in {"zh-CN", "en"}
    assert page.find("title")[0].text().strip()
    for block in page.find("main"):
        levels = [int(one.tag[1]) for one in block.all() if re.fullmatch("h[1-6]", one.tag)]
        assert levels[0] == 1 and levels.count(1) == 1, "one h1, and it comes first"
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), levels


def loads(page: Element) -> list[str]:
    """Everything a browser would fetch or follow from a page, apart from places in the page itself."""
    found = [
        one.attributes[name]
        for one in page.all()
        for name in ("src", "srcset", "href", "xlink:href", "action", "data", "poster", "ping", "background")
        if name in one.attributes and not one.attributes[name].startswith("#")
    ]
    styles = "".join(one.text() for one in page.find("style")) + "".join(
        one.attributes["style"] for one in page.all() if "style" in one.attributes
    )
    return found + re.findall(r"url\([^)]*\)|@import[^;]*", styles)
