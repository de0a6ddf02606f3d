"""Wrong usage that the command-line library finds: told in Chinese first, whatever it is, and never a traceback."""

from __future__ import annotations

import sys

import pytest

from wenze.cli import misuse
from wenze.cli.main import whole


def used(monkeypatch: pytest.MonkeyPatch, *words: str, lang: str = "zh_CN.UTF-8") -> object:
    """How the program ends when used so."""
    monkeypatch.setenv("LC_ALL", lang)
    monkeypatch.setattr(sys, "argv", ["wenze", *words])
    with pytest.raises(SystemExit) as ended:
        misuse.run(whole())
    return ended.value.code


@pytest.mark.parametrize(
    ("words", "chinese"),
    [
        ("determin", "没有命令 determin；是不是 'determine'？"),
        ("xyzzy", "没有命令 xyzzy"),
        ("determine --frmat x", "没有选项 --frmat；相近的有 --format"),
        ("determine --xyzzy", "没有选项 --xyzzy"),
        ("determine a b c", "多了 b c"),
        ("recheck", "缺少 RECEIPT"),
        ("determine --case", "选项 --case 后面要有值"),
        ("determine --sample=x", "选项 --sample 后面没有值"),
    ],
)
def test_wrong_usage_is_told_in_chinese_first(
    words: str, chinese: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert used(monkeypatch, *words.split()) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"{chinese} · "), said.err
    assert said.err.splitlines()[-1].startswith("用法 · wenze")
    assert said.out == ""


def test_wrong_usage_is_told_in_english_alone_where_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, lang in (("--lang en --xyzzy", "zh_CN.UTF-8"), ("--xyzzy", "en_US.UTF-8")):
        assert used(monkeypatch, "determine", *words.split(), lang=lang) == 2
        assert capsys.readouterr().err == "No such option: --xyzzy\nwenze determine --help\n"


def test_a_command_ends_as_it_did(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert used(monkeypatch, "schema") == 0
    assert used(monkeypatch, "determine", "--lang", "fr") == 2
    assert used(monkeypatch) == 2
    said = capsys.readouterr()
    assert "Usage: wenze" in said.out + said.err


def test_a_sentence_that_is_not_known_is_passed_on() -> None:
    assert misuse.in_chinese("Something the library learns to say.") == "命令写得不对"
