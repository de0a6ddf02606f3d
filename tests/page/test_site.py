"""A law as a site: complete without scripts, whole in itself, in both languages; search finds what is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cli.conftest import shelve
from page.reading import CJK, Element, check_sound, loads, read
from wenze.law import Case, Finding, Law, Library, cite, findings, read_cases
from wenze.page import write_site
from wenze.page.grams import split


class Site:
    """The site of the lamp measures, as written to a folder."""

    def __init__(self, folder: Path) -> None:
        library = Library(shelve(folder / "instruments"))
        self.law: Law = library.law("lamps")
        self.cases: tuple[Case, ...] = tuple(read_cases(library.cases("lamps")))
        self.found: tuple[Finding, ...] = findings(self.law)
        self.folder = folder / "site"
        self.written = write_site(self.law, self.cases, self.found, self.folder)
        self.raw = {
            path.relative_to(self.folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
        self.pages: dict[str, Element] = {name: read(raw) for name, raw in self.raw.items() if name.endswith(".html")}

    def texts(self, lang: str) -> str:
        return "\n".join(page.text() for name, page in self.pages.items() if name.startswith(f"{lang}/"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("site"))


def test_every_page_is_sound_html(site: Site) -> None:
    assert site.written == len(site.pages) > 6
    for page in site.pages.values():
        check_sound(page)


def test_every_link_leads_to_a_page_and_a_place_of_the_site(site: Site) -> None:
    for name, page in site.pages.items():
        for link in loads(page):
            target, _, place = link.partition("#")
            parts: list[str] = name.split("/")[:-1]
            for step in target.split("/"):
                parts = parts[:-1] if step == ".." else [*parts, step]
            where = "/".join(parts)
            assert where in site.raw, f"{name}: {link}"
            if place:
                assert any(one.attributes.get("id") == place for one in site.pages[where].all()), f"{name}: {link}"


def test_nothing_comes_from_elsewhere(site: Site) -> None:
    for name, raw in site.raw.items():
        assert not re.search(r"https?://|[\"'(]//", raw), name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_of_the_law_stands_on_some_page(site: Site, lang: str) -> None:
    """Rules, questions of fact, readings with their options, exceptions, definitions, scenarios, findings."""
    from wenze.page.tongue import Tongue

    text, law, tongue = site.texts(lang), site.law, Tongue(lang)
    said = [one.title for one in (*law.rules.values(), *law.exceptions.values(), *law.definitions.values())]
    said += [fact.question for fact in law.facts.values()]
    said += [option for reading in law.readings.values() for _, option in reading.options]
    said += [reading.question for reading in law.readings.values()]
    said += [case.title for case in site.cases if case.expectations]
    assert site.found and said
    for one in said:
        shown = tongue.say(one.in_(lang), one.in_(lang))
        assert shown in text
    plain = text.replace("`", "")
    for finding in site.found:
        assert tongue.say(finding.message.zh, finding.message.en).replace("`", "") in plain
    for anchor in law.articles:
        if anchor != "0":
            assert f"{lang}/{anchor}.html" in site.pages
            assert site.pages[f"{lang}/{anchor}.html"].find("h1")[0].text().startswith(cite(anchor, lang))


def test_both_languages_have_the_same_pages(site: Site) -> None:
    names = {lang: {name[3:] for name in site.pages if name.startswith(f"{lang}/")} for lang in ("zh", "en")}
    assert names["zh"] == names["en"]
    for name in names["zh"]:
        for lang, other in (("zh", "en"), ("en", "zh")):
            assert f"../{other}/{name}" in loads(site.pages[f"{lang}/{name}"])


def test_chinese_on_english_pages_is_marked(site: Site) -> None:
    for name, page in site.pages.items():
        if name.startswith("en/"):
            for element, text in page.find("main")[0].texts():
                if CJK.search(text):
                    assert element.language().startswith("zh"), f"{name}: {text!r}"


def test_the_index_holds_every_pair_of_characters_and_every_word_of_a_page(site: Site) -> None:
    made = json.loads(site.raw["index.js"].removeprefix("window.wenze = ").removesuffix(";\n"))
    names = [name for name, _ in made["pages"]]
    assert sorted(names) == sorted(name for name in site.pages if "/" in name)
    for number, name in enumerate(names):
        for element, text in site.pages[name].find("main")[0].texts():
            for gram in split(text):
                if len(gram) > 1:
                    assert number in made["grams"][gram], f"{name}: {gram} in {element.tag}"


def test_the_only_script_is_our_own_and_pages_are_complete_without_it(site: Site) -> None:
    for name, page in site.pages.items():
        scripts = [one.attributes.get("src") for one in page.find("script")]
        assert scripts == ([] if name == "index.html" else ["../index.js", "../search.js"])
        assert all(not one.text() for one in page.find("script"))
        for form in page.find("form"):
            assert "hidden" in form.attributes  # shown by the script that serves it
    assert "</script" not in site.raw["index.js"] and "innerHTML" not in site.raw["search.js"]


def test_the_same_law_gives_the_same_bytes(site: Site, tmp_path: Path) -> None:
    write_site(site.law, site.cases, site.found, tmp_path)
    for name, raw in site.raw.items():
        assert (tmp_path / name).read_text(encoding="utf-8") == raw


def test_an_instrument_of_procedure_shows_what_each_article_says_and_how_far_it_was_checked(tmp_path: Path) -> None:
    law = Library(Path(__file__).parents[1] / "instruments").law("quay")
    write_site(law, (), findings(law), tmp_path)
    zh, en = (read((tmp_path / lang / "41.html").read_text(encoding="utf-8")).text() for lang in ("zh", "en"))
    assert "程序和方式" in zh and "复议期" in zh and "20日" in zh and "据转录本" in zh
    assert "Procedure and methods" in en and "20 calendar days" in en and "read in a second-hand copy" in en
