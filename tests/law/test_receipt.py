"""A receipt holds everything a determination rests on, byte for byte the same everywhere, and derives again or says what differs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from law.lamps import BASE, HEAD, case, constraint, determined, exception, facts, law, note, reading, rule, written
from wenze.law import Problems, canonical, compile_sources, read_receipt, receipt, recheck
from wenze.law.folding import Unfolded
from wenze.law.parse import source_of
from wenze.law.receipt import digest

PARTS = (
    facts(
        "灯.坏 事实 行为",
        "灯.修 事实 行为",
        "灯.报 事实 行为",
        "灯.误 事实 参与",
        "灯.齐 事实 行为",
        "任.所 数据 主体 取 主体.角色 是 所长",
    ),
    reading("R-甲", "宽", "严"),
    rule("甲", "依解读 R-甲\n  取 宽 灯.坏\n  取 严 全部\n    灯.坏\n    灯.修"),
    rule("乙", "全部\n  灯.坏\n  某 参与 名单 灯.齐\n    灯.误"),
    rule("主", "最高 名单 灯.齐\n  成立 情形", group="责任", says="主责 应"),
    rule("办", "任.所", "对象 主体", group="权限", says="本所办 应"),
    exception("报过", "甲", "灯.报"),
    constraint("修则坏", "若 灯.修\n则 灯.坏"),
    note("注意", "灯.误"),
)
LAMPS = law(*PARTS)
RECORDS = """
职务 P2 某职务
参与 P2 A1
事实 灯.坏 A1 有 簿 反 信
事实 灯.误 P1 A1 有 簿 反 照
事实 灯.报 A1 反 簿
"""


@cache
def bytes_of(records: str, **chosen: str) -> bytes:
    return canonical(receipt(determined(LAMPS, records, **chosen), "0.1"))


def made(records: str = RECORDS, **chosen: str) -> dict[str, Any]:
    """A receipt as it is read back from its file."""
    read: dict[str, Any] = json.loads(bytes_of(records, **chosen))
    return read


def first() -> dict[str, Any]:
    """The same as the first format wrote it: every tree in full."""
    return receipt(determined(LAMPS, RECORDS), "0.1", "wenze-receipt/1")


def signed(receipt: dict[str, Any]) -> dict[str, Any]:
    """With its digest computed again, as somebody would who changes it on purpose."""
    return {**receipt, "digest": digest(receipt)}


def named(receipt: dict[str, Any], role: str, rule: str, respondent: str = "P1") -> dict[str, Any]:
    [one] = [each for each in receipt[role] if (each["rule"], each["respondent"]) == (rule, respondent)]
    found: dict[str, Any] = one
    return found


# What it holds


def test_it_holds_the_engine_the_instrument_the_case_the_facts_the_readings_and_the_results() -> None:
    found = made()
    assert (found["format"], found["engine"], found["on"]) == ("wenze-receipt/2", "0.1", "2016-01-31")
    instrument = found["instrument"]
    assert (instrument["id"], instrument["in_force"]) == ("lamps", "2015-01-01")
    assert instrument["files"] == [{"name": "lamps/2015-01-01.md", "sha256": LAMPS.sources[0].digest}]
    assert instrument["rules_sha256"] == LAMPS.rules_digest
    assert found["readings"] == [
        {"reading": "R-甲", "option": "宽", "ground": "default", "by": "", "since": None, "source": ""}
    ]
    [broken] = [fact for fact in found["facts"] if fact["name"] == "灯.坏"]
    assert (broken["status"], broken["supporting"], broken["ignored"]) == ("proven", ["簿"], ["信"])
    [wrong] = [fact for fact in found["facts"] if (fact["name"], fact["entities"]) == ("灯.误", ["P1", "A1"])]
    assert (wrong["status"], wrong["contested"]) == ("not-established", True)
    circumstance = named(found, "circumstances", "甲")
    assert (circumstance["state"], circumstance["depends"]) == ("made-out", ["R-甲"])
    assert circumstance["options"] == {"R-甲": {"宽": "made-out", "严": "open"}}
    assert circumstance["exceptions"] == [{"exception": "报过", "state": "not-made-out"}]
    assert [competence["state"] for competence in found["competences"]] == ["made-out", "open"]


def test_a_ruling_and_a_finding_are_in_it_with_their_effect() -> None:
    found = made(
        f"{RECORDS}裁定 R-甲 严\n  由 总所\n  自 2016-01-01\n  来源 某裁定\n"
        "认定 灯.误 P1 A1 是 调查组 2015-06-01 对过\n认定 灯.误 P2 A1 是"
    )
    assert found["readings"] == [
        {"reading": "R-甲", "option": "严", "ground": "ruling", "by": "总所", "since": "2016-01-01", "source": "某裁定"}
    ]
    facts = {
        (fact["name"], *fact["entities"]): (fact["status"], fact["contested"], fact["found"]) for fact in found["facts"]
    }
    assert facts["灯.误", "P1", "A1"] == ("proven", True, True)
    assert facts["灯.误", "P2", "A1"] == ("not-established", False, False)  # nobody signed it
    assert facts["灯.坏", "A1"] == ("proven", False, False)
    [office] = [fact for fact in found["facts"] if (fact["name"], fact["entities"]) == ("任.所", ["P1"])]
    assert office["recorded"] == "所长"


def test_notes_and_alternatives_are_in_it() -> None:
    found = made(records="参与 P2 A1\n事实 灯.误 P1 A1 有 簿")
    assert found["notes"] == [
        {"note": "注意", "respondent": "P1", "act": "A1", "open": False},
        {"note": "注意", "respondent": "P2", "act": "A1", "open": True},
    ]
    assert (found["alternatives"], found["contradictions"], found["reliance"]) == ([], [], [])


def test_an_open_result_says_what_is_missing() -> None:
    missing = named(made(), "circumstances", "乙")["missing"]
    assert [
        {(answer["name"], *answer["entities"]) for answer in answers} for answers in missing["made_out"]["sets"]
    ] == [
        {("灯.误", "P1", "A1")},
        {("灯.误", "P2", "A1")},
    ]


def test_an_open_result_that_nobody_has_looked_at_is_there_without_what_it_lacks() -> None:
    """Everything is missing there, in more ways than anybody can use; the state and the reasons are there all the same."""
    found = made(records="参与 P2 A1")
    for one in (named(found, "circumstances", "甲"), named(found, "circumstances", "乙")):
        assert one["state"] == "open" and one["tree"] and "missing" not in one
    looked_at = made(records="参与 P2 A1\n事实 灯.误 P1 A1 反 簿")
    assert "missing" not in named(looked_at, "circumstances", "甲")
    assert named(looked_at, "circumstances", "乙")["missing"]["made_out"]["sets"]
    before = {key: value for key, value in named(looked_at, "circumstances", "乙").items() if key != "missing"}
    assert before.keys() == named(found, "circumstances", "乙").keys()
    assert recheck(found, LAMPS, "0.1") == []


def test_the_tree_of_reasons_is_in_it_with_words_and_facts() -> None:
    found = made()
    tree = Unfolded(found["reasons"], named(found, "circumstances", "甲")["tree"])
    assert (tree["op"], tree["name"], tree["state"]) == ("rule", "甲", "made-out")
    choice = tree["children"][0]
    assert (choice["op"], choice["options"]) == ("choose", ["宽", "严"])
    assert choice["children"][0]["children"][0]["fact"] == {"name": "灯.坏", "entities": ["A1"]}


def test_every_reason_stands_in_it_once_below_what_it_is_part_of() -> None:
    entries = made()["reasons"]
    assert len({json.dumps(entry, sort_keys=True) for entry in entries}) == len(entries)
    assert all(child < at for at, entry in enumerate(entries) for child in entry.get("children", []))
    assert not any("id" in entry or entry.get("name") == "" or entry.get("quotes") == [] for entry in entries)


def test_the_table_says_what_the_trees_say() -> None:
    def full(entry: Any) -> Any:
        return {
            "name": "",
            "quotes": [],
            **entry,
            **({"children": [full(child) for child in entry["children"]]} if "children" in entry else {}),
        }

    def bare(tree: Any) -> Any:
        kept = {key: value for key, value in tree.items() if key != "id"}
        return {**kept, "children": [bare(child) for child in tree["children"]]} if "children" in tree else kept

    then, now = first(), made()
    for role in ("circumstances", "responsibilities", "competences", "channels"):
        assert [bare(one["tree"]) for one in then[role]] == [
            full(Unfolded(now["reasons"], one["tree"])) for one in now[role]
        ]


def test_its_digest_is_over_everything_but_itself() -> None:
    found = made()
    assert found["digest"] == digest(found)
    for key in found.keys() - {"digest"}:
        assert digest({**found, key: "changed"}) != found["digest"]


# The same bytes


WRITE = """
import sys
from datetime import date
from pathlib import Path
from wenze.law import canonical, compile_sources, determine, read_source, receipt
from wenze.law.casefile.cases import read_cases
folder = Path(sys.argv[1])
law = compile_sources([read_source(folder / "2015-01-01.md", "lamps/2015-01-01.md")])
*_, case = read_cases(folder / "case.md")
sys.stdout.buffer.write(canonical(receipt(determine(law, case, date(2016, 1, 31)), "0.1")))
"""


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "2015-01-01.md").write_text(written(*PARTS), encoding="utf-8")
    (tmp_path / "case.md").write_text(f"{BASE}{RECORDS.strip()}\n```\n", encoding="utf-8")
    outputs = [
        subprocess.run(
            [sys.executable, "-c", WRITE, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "4242")
    ]
    assert outputs[0] == outputs[1] and len(outputs[0]) > 2000


def test_canonical_json_has_sorted_keys_no_spaces_and_chinese_as_it_is() -> None:
    assert (
        canonical({"乙": [1, True, None], "a": {"c": "”", "b": ""}})
        == '{"a":{"b":"","c":"”"},"乙":[1,true,null]}'.encode()
    )


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, [float("nan")], {"a": {"b": (float("inf"),)}}])
def test_a_receipt_holds_no_floats(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_prose_changes_the_files_digest_and_not_the_rules() -> None:
    told = law("这里说明路灯为什么重要。\n\n", *PARTS)
    assert told.rules_digest == LAMPS.rules_digest and told.digest != LAMPS.digest
    differences = recheck(made(), told, "0.1")
    assert differences and all(line.startswith("instrument.") for line in differences)


# Deriving it again


def test_an_unchanged_receipt_derives_again_exactly() -> None:
    assert recheck(made(), LAMPS, "0.1") == []


def test_a_receipt_of_the_first_format_derives_again_exactly() -> None:
    old = read_receipt(canonical(first()), "r.json")
    assert recheck(old, LAMPS, "0.1") == []
    assert old["circumstances"][0]["tree"]["id"] == "甲"
    old["circumstances"][0]["tree"]["children"][0]["state"] = "open"
    assert recheck(signed(old), LAMPS, "0.1") == [
        "circumstances[甲 P1 A1].tree.children[R-甲 甲/0].state: 'open' then, 'made-out' now"
    ]


def test_a_changed_reason_is_named_wherever_a_conclusion_rests_on_it() -> None:
    found = made()
    number = next(at for at, entry in enumerate(found["reasons"]) if entry.get("name") == "灯.坏")
    found["reasons"][number]["state"] = "not-made-out"
    differences = recheck(signed(found), LAMPS, "0.1")
    assert all(line.endswith(".state: 'not-made-out' then, 'made-out' now") for line in differences)
    assert {line.split("]")[0] for line in differences} >= {"circumstances[甲 P1 A1", "circumstances[乙 P1 A1"}


def test_reasons_in_another_order_or_that_nothing_rests_on_are_found() -> None:
    found = made()
    found["reasons"].append(found["reasons"][0])
    number = len(found["reasons"]) - 1
    assert recheck(signed(found), LAMPS, "0.1") == [f"reasons: {number + 1} entries then, {number} now"]


def test_readings_chosen_for_the_occasion_are_chosen_again() -> None:
    found = made(**{"R-甲": "严"})
    assert found["readings"][0]["ground"] == "chosen"
    assert recheck(found, LAMPS, "0.1") == []


def test_rulings_of_the_case_are_read_again() -> None:
    found = made(records=f"{RECORDS}裁定 R-甲 严\n  由 总所\n  自 2016-01-01\n  来源 某裁定")
    assert found["readings"][0]["ground"] == "ruling"
    assert recheck(found, LAMPS, "0.1") == []


def test_a_receipt_of_contradicting_facts_derives_again() -> None:
    found = made(records="事实 灯.坏 A1 反 簿\n事实 灯.修 A1 有 簿")
    assert named(found, "circumstances", "甲")["state"] == "contradictory"
    assert [{key["name"] for key in conflict} for conflict in found["contradictions"]] == [{"灯.坏", "灯.修"}]
    assert recheck(found, LAMPS, "0.1") == []


def test_another_version_of_the_engine_is_named() -> None:
    assert recheck(made(), LAMPS, "0.2") == ["engine: '0.1' then, '0.2' now"]


def test_a_changed_result_is_found_though_the_digest_was_computed_again() -> None:
    found = made()
    named(found, "circumstances", "甲")["state"] = "not-made-out"
    differences = recheck(signed(found), LAMPS, "0.1")
    assert differences == ["circumstances[甲 P1 A1].state: 'not-made-out' then, 'made-out' now"]


def test_a_change_is_found_by_the_digest_alone_where_it_changes_nothing_derived() -> None:
    found = made()
    assert recheck({**found, "remark": "added"}, LAMPS, "0.1")[0].startswith("digest: ")


def test_a_changed_fact_of_the_case_changes_what_is_derived() -> None:
    found = made()
    [record] = [each for each in found["case"]["facts"] if each["fact"] == "灯.坏"]
    record["for"], record["against"] = record["against"], record["for"]
    differences = recheck(signed(found), LAMPS, "0.1")
    assert any(line.startswith("facts[灯.坏].status: 'proven' then, 'disproven' now") for line in differences)
    assert any(
        line.startswith("circumstances[甲 P1 A1].state: 'made-out' then, 'not-made-out' now") for line in differences
    )


def test_a_changed_rule_is_named_with_the_field_that_differs() -> None:
    stricter = [part.replace("取 宽 灯.坏", "取 宽 灯.修") for part in PARTS]
    differences = recheck(made(), law(*stricter), "0.1")
    assert any(line.startswith("instrument.rules_sha256: ") for line in differences)
    assert "circumstances[甲 P1 A1].state: 'made-out' then, 'open' now" in differences
    assert not any("乙" in line.partition(":")[0] for line in differences)  # it is as it was


def test_a_rule_that_is_gone_is_a_difference_of_length() -> None:
    fewer = law(*(part for part in PARTS if "rule 乙" not in part))
    assert any(line.startswith("circumstances: 4 entries then, 2 now") for line in recheck(made(), fewer, "0.1"))


# Damaged


def refused(raw: bytes) -> str:
    with pytest.raises(Problems) as problems:
        found = read_receipt(raw, "r.json")
        recheck(found, LAMPS, "0.1")
    return " ".join(problem.id for problem in problems.value.problems)


WHOLE = bytes_of(RECORDS)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"wenze-receipt/2"',
        b"{}",
        b'{"format": "wenze-case/1"}',
        b'{"format": "wenze-receipt/2"}',
        WHOLE[:-1],
        WHOLE[: len(WHOLE) // 2],
        b"\xff\xfe" + WHOLE,
        WHOLE.decode().encode("utf-16")[2:-1],
        b"[" * 100_000,
        b'{"format":"wenze-receipt/1","engine":' + b"[" * 900 + b"]" * 900 + b"}",
    ],
    ids=range(13),
)
def test_what_is_no_receipt_is_a_problem(raw: bytes) -> None:
    assert refused(raw) == "L090"


@pytest.mark.parametrize(
    "reasons",
    [None, {}, [], [1], [{"children": 1}], [{"children": [0]}], [{}, {"children": [True]}], [{}, {"children": [-1]}]],
)
def test_a_table_of_reasons_that_is_none_is_damage(reasons: object) -> None:
    with pytest.raises(Problems, match=r"L090 r\.json:1: the receipt is damaged at `reasons`"):
        read_receipt(canonical({**made(), "reasons": reasons}), "r.json")


def test_a_small_table_that_stands_for_an_endless_tree_ends() -> None:
    found = made()
    bomb = [{"op": "all"}, *({"op": "all", "children": [at, at]} for at in range(2000))]
    for one in found["circumstances"]:
        one["tree"] = 2000
    raw = canonical(
        {**found, "reasons": [*bomb, *found["reasons"][len(bomb) :]]}
        | {
            role: [{**one, "tree": 2000} for one in found[role]]
            for role in ("circumstances", "responsibilities", "competences", "channels")
        }
    )
    assert recheck(read_receipt(raw, "r.json"), LAMPS, "0.1")


@pytest.mark.parametrize("key", ["circumstances", "channels"])
@pytest.mark.parametrize("value", [None, 1, "x", {}, [1], [{}], [{"tree": "0"}], [{"tree": 10**6}]])
def test_conclusions_that_are_none_are_damage_or_a_difference(key: str, value: object) -> None:
    try:
        differences = recheck(read_receipt(canonical({**made(), key: value}), "r.json"), LAMPS, "0.1")
    except Problems as problems:
        assert [problem.id for problem in problems.problems] == ["L090"]
    else:
        assert differences


@pytest.mark.parametrize("key", ["engine", "on", "instrument", "case", "readings", "digest"])
@pytest.mark.parametrize("value", [None, 1, 1.5, [], {}, "x", "\ud800", [{}], {"id": 1}, True])
def test_a_damaged_receipt_is_a_problem_or_a_difference_and_never_anything_else(key: str, value: object) -> None:
    raw = json.dumps({**made(), key: value}).encode()
    try:
        differences = recheck(read_receipt(raw, "r.json"), LAMPS, "0.1")
    except Problems as problems:
        assert all(problem.id[0] in "LC" for problem in problems.problems)
    else:
        assert differences


@pytest.mark.parametrize(
    "instrument",
    [
        {},
        {"id": "lamps"},
        {"in_force": "2015-01-01"},
        {"id": "lamps", "in_force": "2015-13-01"},
        {"id": 1, "in_force": "2015-01-01"},
        {"id": "lamps", "in_force": 2015},
    ],
)
def test_a_receipt_that_does_not_say_which_version_it_is_of_is_damaged(instrument: dict[str, object]) -> None:
    with pytest.raises(Problems, match=r"L090 r\.json:1: the receipt is damaged at `instrument`"):
        read_receipt(canonical({**made(), "instrument": instrument}), "r.json")
    assert read_receipt(WHOLE, "r.json") == made()


@pytest.mark.parametrize("key", ["engine", "on", "instrument", "case", "readings", "digest"])
def test_a_receipt_that_lacks_something_says_what(key: str) -> None:
    found = made()
    del found[key]
    with pytest.raises(Problems, match=rf"L090 r\.json:1: the receipt has no `{key}`"):
        read_receipt(canonical(found), "r.json")


def test_a_receipt_does_not_become_one_of_another_instrument() -> None:
    other = compile_sources(
        [source_of((HEAD + "".join(PARTS)).replace("instrument lamps", "instrument candles").encode(), "c.md")]
    )
    assert any(line.startswith("instrument.id: 'lamps' then, 'candles' now") for line in recheck(made(), other, "0.1"))
    assert case(RECORDS).instrument == "lamps"
