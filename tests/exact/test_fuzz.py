"""Whatever is in a file, the answer is a value or Problems, and soon."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exact import fuzz
from wenze.law.casefile.asjson import case_to_json
from wenze.law.casefile.cases import case_from_json
from wenze.law.problems import Problems

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["wenze-case/1", "P1", "A1", "2015-05-06", "活动.举办"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5) | st.sampled_from(fuzz.CASE_KEYS), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(st.integers(0, 1 << 32))
def test_accidents_of_editing_give_problems_and_nothing_else(seed: int) -> None:
    fuzz.try_one(*fuzz.one(Random(f"test {seed}")))


@given(st.binary(max_size=400))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe\x00\x00")
@example(b"```")
@example(b"```rule")
@example(b"|a|\n|-|\n")
def test_any_bytes_give_problems_and_nothing_else(raw: bytes) -> None:
    assert fuzz.read_law(raw) is None, "a law needs more than that"
    for suffix in (".md", ".json"):
        fuzz.read_case(raw, suffix, fuzz.regulation())


@given(
    st.text(alphabet=st.sampled_from("#{}>|`\n -「」@:：()、,.0169abc条件全部任一非取名单某参与事实规则"), max_size=300)
)
def test_any_signs_of_the_language_in_any_order_give_problems_and_nothing_else(text: str) -> None:
    head = fuzz.law_texts()[2].split("\n## ")[0]
    fuzz.read_law(f"{head}\n\n{text}\n".encode())
    fuzz.read_case(f"# 案\n\n```case 案\n标题 案 / case\n依据 dehong\n{text}\n```\n".encode(), ".md", fuzz.regulation())


@given(_JSON)
def test_any_json_gives_problems_and_nothing_else(value: object) -> None:
    try:
        case_from_json(value, "fuzz.json")
    except Problems as problems:
        fuzz.shown(problems)
    fuzz.read_case(json.dumps(value).encode(), ".json", fuzz.regulation())


@given(st.integers(0, 1 << 32))
def test_a_case_written_as_json_and_broken_gives_problems_and_nothing_else(seed: int) -> None:
    random = Random(seed)
    text = json.dumps(case_to_json(random.choice(fuzz.shipped_cases())), ensure_ascii=False, indent=1)
    fuzz.read_case(fuzz.mutate(random, text).encode("utf-8", "surrogatepass"), ".json", fuzz.regulation())


_MANY = 20_000


@pytest.mark.parametrize(
    "body",
    [
        "条件 " + "非 " * _MANY + "恒真",
        "条件 全部\n" + "".join("  " * level + "全部\n" for level in range(1, 400)),
        "条件 案.甲 " + "「词」" * _MANY,
        "条件 案.甲 " + "「" * _MANY,
        "条件 至少 " + "9" * _MANY + " 恒真",
        "条件 案.甲" + " " * _MANY + "x",
        "推翻 " + "、" * _MANY,
    ],
    ids=lambda body: body[:8].replace("\n", " "),
)
def test_a_block_of_great_length_or_depth_is_refused_soon(body: str) -> None:
    head = fuzz.law_texts()[2].split("\n## ")[0]
    assert fuzz.read_law(f"{head}\n\n```define 甲\n标题 甲 / a\n{body}\n```\n".encode()) is None


@pytest.mark.parametrize(
    "text",
    [">" * _MANY, "[" * _MANY, "*a " * _MANY, "|a" * _MANY + "\n" + "|-" * _MANY, "- " * 500, "<" * _MANY, "&" * _MANY],
)
def test_markdown_of_great_length_or_depth_is_refused_soon(text: str) -> None:
    head = fuzz.law_texts()[2].split("\n## ")[0]
    assert fuzz.read_law(f"{head}\n\n## 第九百条 {{#900}}\n\n{text}\n".encode()) is None


def test_a_case_of_many_records_is_read_soon(tmp_path: Path) -> None:
    units = "".join(f"单位 U{number} 机关\n" for number in range(_MANY))
    fuzz.read_case(f"# 案\n\n```case 案\n标题 案 / case\n依据 dehong\n{units}```\n".encode(), ".md", fuzz.regulation())
