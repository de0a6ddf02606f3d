"""The page: one file without network that says, in Chinese and English, what the program says."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from ledger.page_in_browser import check_in_browser
from ledger.page_in_node import evaluate, needs_node
from ledger.test_suites import SM2_PRIVATE, SM2_PUBLIC, SM2_SIGNATURE
from ledger.world import World, make
from wenze.ledger import Finding, SqliteStorage, export, verifying_page
from wenze.ledger.findings import words
from wenze.ledger.suites import COMMERCIAL, INTERNATIONAL


def test_the_page_is_one_file_that_names_no_other() -> None:
    page = verifying_page()

    class Links(HTMLParser):
        found: list[str] = []  # noqa: RUF012 -- one parser, once

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found += [f"{tag} {name}" for name, _ in attrs if name in {"src", "href", "action", "data", "srcset"}]

    Links().feed(page)
    assert Links.found == []
    assert not re.search(r"https?:|//[a-z]|@import|url\(|fetch\(|XMLHttp|WebSocket|import\(|{{", page)
    assert "default-src 'none'" in page and "unsafe" not in page


def test_every_finding_has_its_sentence_in_both_languages() -> None:
    for id_, said in words()["findings"].items():
        fields = re.findall(r"\{(\w+)\}", said["zh"])
        assert set(fields) == set(re.findall(r"\{(\w+)\}", said["en"])), id_
        finding = Finding(id_, "line 7", dict.fromkeys(fields, "X"))
        assert finding.in_("zh").startswith(f"{id_} 第7行：") and finding.in_("en").startswith(f"{id_} line 7: ")
        assert "{" not in finding.in_("zh") + finding.in_("en")


def test_every_finding_that_the_program_names_has_words_and_every_word_is_used() -> None:
    source = Path(__file__).parents[2] / "src" / "wenze"
    folder, journal = source / "ledger", source / "web" / "journal"
    programs = [*folder.glob("*.py"), *journal.glob("*.py")]
    named = {id_ for path in programs for id_ in re.findall(r'"(R\d{3})"', path.read_text(encoding="utf-8"))}
    assert named == words()["findings"].keys()
    in_page = set(re.findall(r'"(R\d{3})"', (folder / "page" / "check.js").read_text(encoding="utf-8")))
    assert in_page == named - {"R109", "R110", "R113", "R114", "R401", "R402"}  # which are about databases


def array(data: bytes) -> str:
    return f"Uint8Array.from({list(data)})"


@needs_node
def test_the_hashes_of_the_page_are_those_of_the_program() -> None:
    messages = [
        bytes(range(256))[:length] * times for length in (0, 1, 55, 56, 63, 64, 65, 119, 120, 256) for times in (1, 5)
    ]
    for name, suite in (("sha256", INTERNATIONAL), ("sm3", COMMERCIAL)):
        found = evaluate(f"[{','.join(map(array, messages))}].map((each) => Check.hex(Hashes.{name}(each)))")
        assert found == [suite.hash(message).hex() for message in messages]


@needs_node
def test_the_page_checks_signatures_also_where_the_browser_cannot() -> None:
    private = INTERNATIONAL.new_private_key()
    public = INTERNATIONAL.public_key(private)
    cases = []
    for message in (b"", b"m", b"message" * 40):
        signature = INTERNATIONAL.sign(private, message)
        cases += [(public, message, signature), (public, message + b"x", signature)]
        cases += [
            (public, message, signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :])
            for at in (0, 31, 32, 63)
        ]
    cases.append((bytes([public[0] ^ 1]) + public[1:], b"m", INTERNATIONAL.sign(private, b"m")))
    expected = [INTERNATIONAL.verify(*case) for case in cases]
    assert expected.count(True) == 3
    for name in ("ed25519", "ed25519ByHand"):
        calls = ",".join(f"Curves.{name}({','.join(map(array, case))})" for case in cases)
        assert evaluate(f"Promise.all([{calls}])") == expected
    by_hand = evaluate(f"Check.hex(Curves.sha512ByHand({array(b'abc' * 60)}))")
    import hashlib

    assert by_hand == hashlib.sha512(b"abc" * 60).hexdigest()


@needs_node
def test_the_page_checks_sm2_as_the_standard_prints() -> None:
    assert COMMERCIAL.public_key(SM2_PRIVATE) == SM2_PUBLIC
    calls = [
        f"Curves.sm2({array(SM2_PUBLIC)},{array(message)},{array(signature)})"
        for message, signature in [
            (b"message digest", SM2_SIGNATURE),
            (b"message digesT", SM2_SIGNATURE),
            (b"message digest", SM2_SIGNATURE[:-1] + b"\xab"),
            (b"message digest", bytes(64)),
        ]
    ]
    assert evaluate(f"Promise.all([{','.join(calls)}])") == [True, False, False, False]


# --- in a browser -----------------------------------------------------------------------------------------------------


def run_check(page: Any, data: bytes, world: World) -> None:
    check_in_browser(page, data, world.trusted, world.notes)


def test_a_record_is_found_whole_in_the_browser_offline(world: World, browser_page: Any) -> None:
    run_check(browser_page, b"".join(export(world.storage)), world)
    assert browser_page.inner_text("#verdict") == "没有发现问题：全部 13 条与检查点一致。"
    assert browser_page.query_selector_all("#findings li") == []
    facts = browser_page.inner_text("#facts")
    assert world.record.head().root.hex() in facts and world.second.verifier.fingerprint in facts
    assert "superior.example/witness：到前 13 条" in facts
    browser_page.fill("#which", "2")
    assert "某单位不作为" in browser_page.inner_text("#entry")
    browser_page.fill("#which", "3")
    assert "正文已由条目 10 依法删除" in browser_page.inner_text("#entry")
    browser_page.click("#language")
    assert browser_page.inner_text("#verdict").startswith("Nothing wrong was found: all 13 entries")


def test_a_flipped_byte_is_named_in_the_browser(tmp_path: Path, browser_page: Any) -> None:
    world = make(tmp_path / "world", INTERNATIONAL)
    assert isinstance(world.storage, SqliteStorage)
    data = b"".join(export(world.storage)).replace(b"text alone", b"text aLone")
    run_check(browser_page, data, world)
    assert browser_page.inner_text("#verdict") == "发现 2 处不对。"
    browser_page.click("#language")
    found = [each.inner_text() for each in browser_page.query_selector_all("#findings li")]
    assert [text.split(":")[0] for text in found] == ["R002 line 13", "R104 line 13"]


def test_what_a_payload_says_is_shown_and_never_run(tmp_path: Path, browser_page: Any) -> None:
    world = make(tmp_path / "world", INTERNATIONAL)
    n = world.record.append("<img src=x onerror=alert(1)><script>alert(2)</script>")
    run_check(browser_page, b"".join(export(world.storage)), world)
    assert "有检查点保护" in browser_page.inner_text("#verdict")
    browser_page.fill("#which", str(n))
    assert "<img src=x" in browser_page.inner_text("#entry")
    assert json.loads(browser_page.evaluate("JSON.stringify(document.querySelectorAll('#entry *').length)")) == 0


def test_a_key_that_is_none_is_said_and_not_passed_over(tmp_path: Path, browser_page: Any) -> None:
    world = make(tmp_path / "world", INTERNATIONAL)
    browser_page.set_input_files(
        "#file", {"name": "r", "mimeType": "text/plain", "buffer": b"".join(export(world.storage))}
    )
    browser_page.fill("#keys", "no key")
    browser_page.click("button[type=submit]")
    browser_page.wait_for_function("document.getElementById('progress').textContent.startsWith('无法核对')")
    assert not browser_page.is_visible("#verdict")
