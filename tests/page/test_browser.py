"""The pages in a real browser: the switch of languages, small screens, paper, the dark scheme, search from a disk, axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from browser import violations
from page.conftest import Made
from page.test_site import Site

Open = Callable[..., Any]


@pytest.fixture
def show(browser: Any, made: Callable[[str], Made], tmp_path: Path) -> Iterator[Open]:
    """The page of a case in a window of some width, with everything the browser complained about."""
    contexts = []

    def opened(id_: str, width: int = 1100, scheme: str = "light") -> Any:
        path = tmp_path / "page.html"
        path.write_text(made(id_).page, encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme))
        page = contexts[-1].new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("request", lambda request: request.url.endswith("page.html") or page.complaints.append(request.url))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def test_one_language_is_shown_and_the_switch_shows_the_other(show: Open) -> None:
    page = show("7.10-部门上级")
    assert page.locator("main.zh").is_visible() and not page.locator("main.en").is_visible()
    page.click("label[for=lang-en]")
    assert page.locator("main.en").is_visible() and not page.locator("main.zh").is_visible()
    page.locator("#lang-en").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("main.zh").is_visible()
    assert page.complaints == []


@pytest.mark.parametrize("id_", ["sample", "7.10-部门上级"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_shows_it_without_scrolling_sideways(show: Open, id_: str, lang: str) -> None:
    page = show(id_, width=360)
    page.click(f"label[for=lang-{lang}]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(f"main.{lang} .chain-picture.narrow-screen").is_visible()


def test_paper_has_the_chosen_language_alone(show: Open) -> None:
    page = show("7.10-部门上级")
    page.click("label[for=lang-en]")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("main.en").is_visible() and not page.locator("main.zh").is_visible()
    assert not page.locator("nav.languages").is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()") == "#ffffff"
    assert len(page.pdf(prefer_css_page_size=True)) > 10_000


def test_the_dark_scheme_is_dark(show: Open) -> None:
    page = show("7.10-部门上级", scheme="dark")
    red, green, blue = page.evaluate(
        "getComputedStyle(document.querySelector('main.zh')).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert max(red, green, blue) < 64


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing(show: Open, scheme: str, lang: str) -> None:
    page = show("7.10-是否已报", scheme=scheme)
    page.click(f"label[for=lang-{lang}]")
    assert violations(page) == []


@pytest.mark.parametrize(("asked", "lang", "name"), [("灯", "zh", "index.html"), ("lamp", "en", "index.html")])
def test_search_works_from_a_disk(browser: Any, tmp_path: Path, asked: str, lang: str, name: str) -> None:
    site = Site(tmp_path)
    page = browser.new_page()
    page.goto((site.folder / lang / name).as_uri())
    page.fill("input[name=q]", asked)
    hits = [link.get_attribute("href") for link in page.locator(".hits a").all()]
    assert hits and all(hit.startswith(f"../{lang}/") for hit in hits)
    below, field = (page.locator(each).bounding_box() for each in (".hits", ".search input"))
    assert below and field and abs(below["x"] - field["x"]) <= 1 and below["y"] >= field["y"] + field["height"]
    expected = {
        f"../{one}"
        for one, tree in site.pages.items()
        if one.startswith(f"{lang}/") and asked in tree.find("main")[0].text().lower()
    }
    assert expected <= set(hits)
    page.fill("input[name=q]", "魑魅魍魉")
    assert page.locator(".hits a").count() == 0 and page.locator(".hits li").count() == 1
    page.close()
