"""What an office exports on its machine is checked on another one, in a browser without network."""

from dataclasses import dataclass
from typing import Any

import pytest

import databases
from ledger.page_in_browser import check_in_browser
from postgres import NoServer
from web.journal.world import build
from wenze.ledger import Verifier, export
from wenze.web.journal import keys
from wenze.web.journal.reader import excerpt
from wenze.web.journal.storage import DjangoStorage


@dataclass
class Exported:
    """All that leaves the office: no database, no private key."""

    whole: bytes
    case: bytes
    first_key: Verifier
    notes: list[str]


@pytest.fixture(scope="module")
def exports() -> dict[str, Exported | str]:
    """By the kind of database, or why there is none. All before the browser opens: beside one, Django refuses to work."""
    made: dict[str, Exported | str] = {}
    for kind in databases.KINDS:
        try:
            with databases.copied(kind):
                first, notes = keys.signer().verifier, build()
                whole, case = b"".join(export(DjangoStorage())), b"".join(excerpt("case/2"))
                made[kind] = Exported(whole, case, first, notes)
        except NoServer as reason:
            made[kind] = str(reason)
    return made


@pytest.fixture(params=databases.KINDS)
def exported(exports: dict[str, Exported | str], request: pytest.FixtureRequest) -> Exported:
    found = exports[request.param]
    if isinstance(found, str):
        pytest.skip(found)
    return found


def test_the_record_of_an_office_is_found_whole(exported: Exported, browser_page: Any) -> None:
    check_in_browser(browser_page, exported.whole, [exported.first_key], exported.notes)
    assert browser_page.inner_text("#verdict") == "没有发现问题：全部 13 条与检查点一致。"
    browser_page.fill("#which", "6")
    assert "某单位不作为" in browser_page.inner_text("#entry") and "case/2" in browser_page.inner_text("#entry")
    browser_page.fill("#which", "2")
    assert "正文已由条目 8 依法删除" in browser_page.inner_text("#entry")


def test_one_case_is_proved_and_no_other_is_shown(exported: Exported, browser_page: Any) -> None:
    check_in_browser(browser_page, exported.case, [exported.first_key], exported.notes)
    assert browser_page.inner_text("#verdict") == "没有发现问题：全部 13 条与检查点一致。"
    browser_page.fill("#which", "1")
    assert "正文未随文件提供" in browser_page.inner_text("#entry")
    browser_page.fill("#which", "7")
    assert "document/7" in browser_page.inner_text("#entry")


NAME_EVERY_FLIPPED_BIT = """
async ([text, places, trusted]) => {
  const data = new TextEncoder().encode(text), wrong = [];
  let line = 1, at = 0;
  for (const place of places) {
    for (; at < place; at += 1) if (data[at] === 10) line += 1;
    data[place] ^= 1 << (place % 8);
    const { findings } = await Check.bundle(data, { trusted, held: [] });
    data[place] ^= 1 << (place % 8);
    if (findings[0]?.place !== `line ${line}`) wrong.push([place, line, findings[0]]);
  }
  return wrong;
}
"""


def name_every_flipped_bit(page: Any, exported: Exported, every: int) -> None:
    places = list(range(0, len(exported.case), every))
    assert page.evaluate(NAME_EVERY_FLIPPED_BIT, [exported.case.decode(), places, [str(exported.first_key)]]) == []


def test_a_flipped_bit_anywhere_is_named_by_its_line(exported: Exported, browser_page: Any) -> None:
    name_every_flipped_bit(browser_page, exported, 41)


@pytest.mark.long
def test_a_flipped_bit_in_each_byte_is_named_by_its_line(exported: Exported, browser_page: Any) -> None:
    name_every_flipped_bit(browser_page, exported, 1)


def test_a_changed_file_is_told_to_whoever_looks(exported: Exported, browser_page: Any) -> None:
    changed = exported.whole.replace(b'\\"by\\":\\"staff/7\\"', b'\\"by\\":\\"staff/8\\"', 1)
    assert changed != exported.whole
    check_in_browser(browser_page, changed, [exported.first_key], exported.notes)
    assert browser_page.inner_text("#verdict") == "发现 2 处不对。"
    first = browser_page.query_selector_all("#findings li")[0].inner_text()
    assert first.startswith("R002 第5行：")
