"""Faulty instruments: each gives exactly the problems written beside it; no input gives anything but problems.

`bad/*.md` are read alone, `bad/*.expected` is what their author must be told, word for word.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from wenze.cli import options
from wenze.law import (
    Library,
    Problems,
    TooLarge,
    compile_sources,
    read_histories,
    read_procedure,
    read_receipt,
    read_source,
)
from wenze.law.lint.findings import too_large as too_large_rules
from wenze.law.parse import MAX_BYTES, source_of

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.md"))
SOURCES = sorted((HERE.parents[1] / "src/wenze").rglob("*.py"))
LONGEST = 10.0  # seconds for any input; what takes longer hangs

OFFICIAL = "# 某渡口办法 {#0}\n\n## 第一条 {#1}\n> 第一条 擅自开航的,应当追责。\n\n"
HEADER = "```instrument ferry\n名称 某渡口办法 / Some Ferry Measures\n施行 2020-01-01\n组 情形 circumstance\n```\n\n"
TERMS = "```vocabulary 种类\n追责 | called to account\n```\n\n```vocabulary 情态\n应当 | shall\n```\n\n"
FACT = (
    "| 事实 | English | 问题 | Question | 性质 | 对象 |\n|---|---|---|---|---|---|\n"
    "| 航班.擅开 | sailed without leave | 是否擅自开航? | Did it sail? | 事实 | 参与 |\n\n"
)
WHOLE = HEADER + TERMS + OFFICIAL + FACT


def rule(condition: str) -> str:
    lines = "标题 擅自开航 / sailing without leave\n组 情形\n结论 追责 应当\n后果 无\n条件 "
    return f"```rule 1\n{lines}{condition}\n```\n"


def problems_of(text: str | bytes, name: str = "x.md") -> list[str]:
    """The problems of one file, each as its author reads it; none when it compiles. Never more than LONGEST seconds."""
    raw = text.encode() if isinstance(text, str) else text
    began = time.process_time()
    try:
        compile_sources([source_of(raw, name)])
        found = []
    except Problems as refused:
        found = [str(problem) for problem in refused.problems]
    assert time.process_time() - began < LONGEST
    return found


def ids_of(text: str | bytes) -> list[str]:
    return [problem[:4] for problem in problems_of(text)]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_faulty_instrument_gives_exactly_the_problems_written_beside_it(path: Path) -> None:
    expected = path.with_suffix(".expected").read_text(encoding="utf-8")
    assert "\n".join(problems_of(path.read_bytes(), path.name)) + "\n" == expected


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_problem_names_the_words_concerned_says_what_to_do_and_is_one_sentence(path: Path) -> None:
    for problem in path.with_suffix(".expected").read_text(encoding="utf-8").strip().split("\nL"):
        message, hint = problem.split("\n     → ")
        assert re.search(r"`[^`]+`", message) or re.search(
            r"[\u4e00-\u9fff] \(|quotation `>`|no (kind|article)|condition", message
        )
        assert not hint.rstrip().endswith(".") and not message.endswith(".")
        assert len(hint.split()) >= 2


def test_the_whole_of_which_the_faulty_ones_are_variants_has_no_problem() -> None:
    assert problems_of(WHOLE + rule("行为 航班.擅开  「擅自开航」")) == []


# What cannot lie in a folder as a file, or should not.


def missing_file(folder: Path) -> None:
    read_source(folder / "none.md", "none.md")


def too_large(folder: Path) -> None:
    (folder / "large.md").write_bytes(b"x" * (MAX_BYTES + 1))
    read_source(folder / "large.md")


def gbk(folder: Path) -> None:
    (folder / "gbk.md").write_bytes("# 某渡口办法\n\n第一条".encode("gbk"))
    read_source(folder / "gbk.md")


def unknown_instrument(folder: Path) -> None:
    (folder / "ferry").mkdir()
    (folder / "ferry/2020-01-01.md").write_text(WHOLE, encoding="utf-8")
    Library(folder).law("harbor")


def long_line(folder: Path) -> None:
    (folder / "long.md").write_text("x" * 10_001, encoding="utf-8")
    read_source(folder / "long.md")


def too_many(folder: Path) -> None:
    (folder / "many.md").write_text("```rul 1\n```\n" * 300, encoding="utf-8")
    read_source(folder / "many.md")


def wrong_folder(folder: Path) -> None:
    (folder / "harbour").mkdir()
    text = WHOLE + rule("行为 航班.擅开")
    (folder / "harbour/2021-01-01.md").write_text(text, encoding="utf-8")
    Library(folder).law("harbour")


def entangled_rule(folder: Path) -> None:
    names = [[f"航班.{side}{number}" for number in range(18)] for side in "甲乙"]
    rows = "".join(f"| {name} | {name} | 是否? | Was it so? | 事实 | 参与 |\n" for side in names for name in side)
    pairs = "".join(f"  全部\n    {one}\n    {other}\n" for one, other in zip(*names, strict=True))
    conduct = "行为 任一\n  全部\n" + "".join(f"    {one}\n" for one in names[0]) + pairs
    law = compile_sources([source_of((WHOLE.rstrip() + "\n" + rows + "\n" + rule(conduct)).encode(), "x.md")])
    raise Problems(too_large_rules(law))


FRAME = """```procedure ferry
标题 办理安排 / arrangement
层 ferry
```

```vocabulary 办理角色
站长 | master
```

```step open
标题 开始 / begin
核对 文本
```
"""


def with_procedure(folder: Path, frame: str, calendar: str = "") -> Library:
    (folder / "ferry").mkdir()
    (folder / "ferry/2020-01-01.md").write_text(WHOLE + rule("行为 航班.擅开"), encoding="utf-8")
    (folder / "ferry/procedure.md").write_text(frame, encoding="utf-8")
    if calendar:
        (folder / "calendar").mkdir()
        (folder / "calendar/2026.txt").write_text(calendar, encoding="utf-8")
    return Library(folder)


def no_calendar_line(folder: Path) -> None:
    read_procedure(with_procedure(folder, FRAME, "休 2026-01-01 元旦 / New Year\n"), "ferry")


def no_frame(folder: Path) -> None:
    read_procedure(with_procedure(folder, "说明\n"), "ferry")


def step_of_nobody(folder: Path) -> None:
    read_procedure(with_procedure(folder, FRAME), "ferry")


def no_history(folder: Path) -> None:
    (folder / "none.md").write_text("说明\n", encoding="utf-8")
    read_histories(folder / "none.md")


def no_receipt(folder: Path) -> None:
    read_receipt(b"{}", "receipt.json")


def too_many_people(folder: Path) -> None:
    raise options.too_large(TooLarge("81 participants"))


FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "L001": (too_large, "L001 large.md:1: the file has more than `4,000,000` bytes"),
    "L002": (missing_file, "L002 none.md:1: the file cannot be read: `No such file or directory`"),
    "L003": (gbk, "L003 gbk.md:1: byte `4` (`0xb6`) is not UTF-8"),
    "L004": (unknown_instrument, "no instrument `harbor` in this folder"),
    "L005": (long_line, "L005 long.md:1: the line has `10,001` characters"),
    "L006": (too_many, "L006 many.md:401: more than `200` problems; the rest is not shown"),
    "L082": (
        wrong_folder,
        "L082 harbour/2021-01-01.md:1: instrument is `ferry` in the header and `harbour` in the path",
    ),
    "L083": (entangled_rule, "`1` cannot be decided exactly: more than 1000000 nodes"),
    "L084": (no_calendar_line, "L084 calendar/2026.txt:1: `休 2026-01-01 元旦 / New Year` is no line of a calendar"),
    "L085": (no_frame, "L085 ferry/procedure.md:1: `ferry/procedure.md` has 0 blocks `procedure`"),
    "L086": (step_of_nobody, "L086 ferry/procedure.md:10: no layer says of the step `open` who takes it"),
    "L087": (no_history, "L087 none.md:1: no history here"),
    "L091": (too_many_people, "too large to decide exactly: `81 participants`"),
    "L090": (no_receipt, "L090 receipt.json:1:"),
}


@pytest.mark.parametrize("id", FILES)
def test_a_file_that_cannot_be_read_gives_its_problem(id: str, tmp_path: Path) -> None:
    give, words = FILES[id]
    with pytest.raises(Problems) as refused:
        give(tmp_path)
    assert id in {problem.id for problem in refused.value.problems}
    assert words in str(refused.value)


def test_every_id_in_the_sources_has_a_faulty_instrument() -> None:
    ids = {id for path in SOURCES for id in re.findall(r'"(L[0-9]{3})"', path.read_text(encoding="utf-8"))}
    assert ids == {path.stem[:4] for path in BAD if path.stem.startswith("L")} | set(FILES)


def test_every_faulty_instrument_gives_the_id_it_is_named_after_and_no_other() -> None:
    for path in BAD:
        if not path.stem.startswith("several"):
            expected = path.with_suffix(".expected").read_text(encoding="utf-8")
            assert set(re.findall(r"^L[0-9]{3}", expected, re.MULTILINE)) == {path.stem[:4]}, path.name


# Inputs made to hurt.


def test_a_file_far_too_large_is_refused_without_being_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.md").open("wb") as stream:
        stream.truncate(50_000_000)
    began = time.process_time()
    with pytest.raises(Problems) as refused:
        read_source(tmp_path / "huge.md")
    assert refused.value.problems[0].id == "L001"
    assert time.process_time() - began < 1


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    for name in ("folder.md", "pipe.md"):
        with pytest.raises(Problems, match="L002"):
            read_source(tmp_path / name)


def test_a_name_with_a_nul_or_bytes_that_are_no_text_is_refused(tmp_path: Path) -> None:
    for name in ("a\0b.md", "a\udcff.md"):
        with pytest.raises(Problems, match="L002") as refused:
            read_source(tmp_path / name)
        str(refused.value).encode()  # can be printed


@pytest.mark.parametrize(
    ("text", "ids"),
    {
        "quotations": ("## 第一条 {#1}\n" + ">" * 9_998 + "深\n", ["L021"]),
        "lists": ("- " * 4_900 + "深\n", ["L024"]),
        "lists on lines": ("\n".join("  " * level + "- 层" for level in range(1_000)), ["L024"]),
        "conditions": (
            WHOLE + rule("全部\n" + "\n".join("  " * level + "全部" for level in range(1, 1_400))),
            ["L015"],
        ),
        "conditions on a line": (WHOLE + rule("非 " * 3_000 + "航班.擅开"), ["L015"]),
        "brackets": ("[" * 9_999 + "\n" + "*_`" * 3_000 + "\n", ["L060"]),
        "quotes": (WHOLE + rule("航班.擅开 " + "「" * 9_000), ["L012"]),
        "closed quotes": (WHOLE + rule("航班.擅开 " + "「」" * 4_900), ["L006"]),
        "spaces": (WHOLE + rule("航班.擅开" + " " * 9_000 + "「"), ["L012"]),
    }.values(),
    ids=lambda value: None,
)
def test_nesting_without_end_is_a_problem_and_no_crash(text: str, ids: list[str]) -> None:
    found = ids_of(text)
    assert set(ids) <= set(found)


def test_level_ten_thousand_of_a_condition_stands_beyond_any_line() -> None:
    assert ids_of("```rule 1\n条件 全部\n" + "  " * 10_000 + "全部\n```\n") == ["L005"]


def test_a_chain_of_three_hundred_definitions_is_a_problem() -> None:
    chain = "".join(
        f"```define 第{n}层\n标题 第{n}层 / level {n}\n条件 {'航班.擅开' if n == 300 else f'见 第{n + 1}层'}\n```\n\n"
        for n in range(1, 301)
    )
    assert ids_of(WHOLE + chain + rule("行为 见 第1层")) == ["L077"]


def test_a_circle_of_three_thousand_definitions_is_a_problem() -> None:
    circle = "".join(
        f"```define 第{n}层\n标题 第{n}层 / level {n}\n条件 见 第{(n + 1) % 3_000}层\n```\n\n" for n in range(3_000)
    )
    assert ids_of(WHOLE + circle + rule("行为 见 第1层")) == ["L076"]


PIECES = [
    "> 第一条\n",
    "- 说明\n",
    "| a | b |\n",
    "```\n",
    "说明\n\n",
    "# 第一条 {#1}\n",
    "\\|`*_[<\n",
    "    码\n",
    "[a]: b\n",
]


@pytest.mark.parametrize("piece", PIECES)
def test_the_same_line_until_the_file_is_full_is_read_within_the_limit(piece: str) -> None:
    assert ids_of(piece * (20_000 // piece.count("\n") - 1)) != ["L001"]


def test_a_file_of_too_many_lines_is_refused() -> None:
    assert problems_of("\n" * 20_000)[0].startswith("L001 x.md:1: the file has `20,001` lines, more than 20,000\n")


def test_a_table_of_ten_thousand_facts_is_read_within_the_limit() -> None:
    rows = "".join(f"| 航班.第{n}次 | n | 问? | Q? | 事实 | 参与 |\n" for n in range(10_000))
    assert problems_of(WHOLE.rstrip("\n") + "\n" + rows + "\n" + rule("行为 航班.擅开")) == []


def test_a_block_of_ten_thousand_unknown_lines_is_read_within_the_limit() -> None:
    assert "L006" in ids_of("```rule 1\n" + "".join(f"标题{n} 某\n" for n in range(10_000)) + "```\n")


@pytest.mark.parametrize("raw", [b"", b"\n", b"\xef\xbb\xbf", b" \t \n"], ids=["nothing", "line", "mark", "spaces"])
def test_an_empty_file_is_no_instrument(raw: bytes) -> None:
    assert ids_of(raw) == ["L060"]


def test_no_file_at_all_is_no_instrument() -> None:
    with pytest.raises(Problems, match="L060"):
        compile_sources([])


@pytest.mark.parametrize("byte", [0x00, 0x07, 0x0B, 0x0C, 0x1B, 0x7F])
def test_a_character_nobody_sees_is_a_problem(byte: int) -> None:
    assert ids_of(WHOLE.encode() + bytes([byte]) + b"\n") == ["L003"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "big5", "utf-7"])
def test_another_encoding_is_a_problem(encoding: str) -> None:
    assert ids_of((WHOLE + rule("行为 航班.擅开")).encode(encoding, "ignore"))


def test_that_there_is_no_article_is_said_at_the_header_whichever_file_has_it() -> None:
    guards = source_of("# 保障\n\n只有说明。\n".encode(), "guards.md")
    header = source_of((HERE / "bad" / "L080-no-article.md").read_bytes(), "ferry.md")
    for sources in ([guards, header], [header, guards]):
        with pytest.raises(Problems) as refused:
            compile_sources(sources)
        assert str(refused.value).startswith("L080 ferry.md:3: the instrument has no article")


def test_two_files_with_a_header_are_no_instrument() -> None:
    sources = [source_of((WHOLE + rule("行为 航班.擅开")).encode(), name) for name in ("a.md", "b.md")]
    with pytest.raises(Problems) as refused:
        compile_sources(sources)
    assert str(refused.value).startswith("L060 b.md:1: 2 `instrument` blocks in `a.md, b.md`")


def test_what_is_declared_twice_in_two_files_names_both() -> None:
    first = source_of((WHOLE + rule("行为 航班.擅开")).encode(), "a.md")
    second = source_of(FACT.encode(), "guards.md")
    with pytest.raises(Problems, match=r"L061 guards.md:3: `航班.擅开` is declared twice\n     → the first is at a.md"):
        compile_sources([first, second])
