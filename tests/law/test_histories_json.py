"""Cases on paper as JSON: the same as in Markdown, whatever is in them; what is wrong is a problem with its place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenze.law import (
    HistoryText,
    Library,
    Move,
    Problems,
    check_history,
    history_of,
    history_schema,
    history_to_json,
    read_histories,
    read_procedure,
    shipped,
)

SAMPLE = shipped() / "dehong/histories/sample.md"
TABLE = read_procedure(Library(shipped()), "dehong").on(date(2026, 3, 1))
_ALPHABET = st.sampled_from("甲乙受理申辩abcXYZ019，。；")
TEXTS = st.text(_ALPHABET, min_size=1, max_size=12)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def named(values: Any) -> st.SearchStrategy[str]:
    """A name by its id or its Chinese title."""
    return st.sampled_from([*values, *(getattr(value, "title", value).zh for value in values.values())])


def some(values: Any) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(named(values), max_size=3, unique=True).map(tuple)


MOVES = st.builds(
    Move,
    step=named(TABLE.steps),
    day=DAYS,
    role=named(TABLE.roles),
    outcome=st.just("") | named(TABLE.outcomes),
    papers=some(TABLE.papers),
    receipt=st.none() | DAYS,
    until=st.none() | DAYS,
    relations=some(TABLE.relations),
    actors=st.integers(1, 99),
    band=st.sampled_from(["", *(band.id for band in TABLE.measures.bands)]),
    measures=st.lists(st.sampled_from([one.id for one in TABLE.measures.ranked]), max_size=3, unique=True).map(tuple),
    reason=st.just("") | TEXTS,
)
FEATURES = st.dictionaries(named(TABLE.features), st.booleans(), max_size=4)


def in_markdown(title: str, features: dict[str, bool], moves: list[Move]) -> str:
    """A block as a clerk would write it."""
    lines = ["```history one", f"标题 {title} / a title", "依据 dehong"]
    lines += [f"特征 {name} {'是' if holds else '否'}" for name, holds in features.items()]
    for move in moves:
        lines.append(f"步 {move.step} {move.day} {move.role}")
        carried = {
            "结果": move.outcome,
            "文书": "、".join(move.papers),
            "收到": str(move.receipt or ""),
            "至": str(move.until or ""),
            "关系": "、".join(move.relations),
            "人数": str(move.actors) if move.actors > 1 else "",
            "档": move.band,
            "方式": "、".join(move.measures),
            "理由": move.reason,
        }
        lines += [f"  {key} {value}" for key, value in carried.items() if value]
    return "\n".join([*lines, "```", ""])


def said(text: HistoryText) -> tuple[object, ...]:
    """What a history says, wherever it is written."""
    moves = tuple(move for move, _ in text.moves)
    return text.id, text.title, text.basis, text.note, text.features, moves


@settings(max_examples=60, deadline=None)
@given(TEXTS, FEATURES, st.lists(MOVES, min_size=1, max_size=6))
def test_a_history_says_the_same_in_markdown_and_in_json(
    title: str, features: dict[str, bool], moves: list[Move]
) -> None:
    with TemporaryDirectory() as folder:
        written, again = Path(folder) / "one.md", Path(folder) / "one.json"
        written.write_text(in_markdown(title, features, moves), encoding="utf-8")
        (from_markdown,) = read_histories(written)
        assert tuple(move for move, _ in from_markdown.moves) == tuple(moves)
        again.write_text(json.dumps(history_to_json(from_markdown), ensure_ascii=False), encoding="utf-8")
        (from_json,) = read_histories(again)
        assert said(from_json) == said(from_markdown)
        assert [said(each) for each in read_histories(Path(folder))] == [said(from_json)] * 2


def sample() -> dict[str, Any]:
    (text,) = read_histories(SAMPLE)
    return history_to_json(text)


def test_the_sample_stands_where_it_stood_when_it_is_read_from_json(tmp_path: Path) -> None:
    path = tmp_path / "sample.json"
    path.write_text(json.dumps(sample(), ensure_ascii=False, indent=1), encoding="utf-8")
    procedure = read_procedure(Library(shipped()), "dehong")
    old, new = (history_of(procedure, read_histories(each)[0]) for each in (SAMPLE, path))
    assert (new.moves, new.features) == (old.moves, old.features) and len(new.moves) > 10
    assert check_history(procedure, new.moves, new.features) == ()


def test_the_schema_has_every_key_that_is_written_and_no_other() -> None:
    schema, made = history_schema(), sample()
    assert schema["additionalProperties"] is False and made.keys() <= schema["properties"].keys()
    for name in ("features", "moves"):
        items = schema["properties"][name]["items"]
        assert items["additionalProperties"] is False
        assert all(set(items["required"]) <= one.keys() <= items["properties"].keys() for one in made[name])
    assert schema["properties"]["moves"]["items"]["properties"].keys() == set(Move.__dataclass_fields__)


@pytest.mark.parametrize(
    ("change", "id", "at"),
    [
        ({"format": "wenze-case/1"}, "C034", 1),
        ({"moves": None}, "C033", 1),
        ({"moves": [1]}, "C033", 1),
        ({"moves": [{"step": "lead", "day": "2026-02-30", "role": "intake"}]}, "C020", 1),
        ({"moves": [{"step": "lead", "day": "2026-01-12"}]}, "C017", 1),
        ({"moves": [{"step": "lead", "day": "2026-01-12", "role": "intake", "actors": 0}]}, "C021", 1),
        ({"moves": [{"step": "lead", "day": "2026-01-12", "role": "intake", "person": "x"}]}, "C013", 1),
        ({"features": [{"feature": "elected", "holds": "no"}]}, "C033", 1),
        ({"reporter": "x"}, "C013", 1),
    ],
)
def test_what_is_wrong_is_a_problem_with_its_place(change: dict[str, object], id: str, at: int, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps({**sample(), **change}, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(Problems) as found:
        read_histories(path)
    assert [(one.id, one.place.file, one.place.line) for one in found.value.problems] == [(id, "one.json", at)]


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b"{}", b'{"format": "wenze-history/1"}', b"[" * 5000])
def test_what_is_no_history_is_a_problem_and_never_a_traceback(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_bytes(raw)
    with pytest.raises(Problems):
        read_histories(path)


def test_a_name_the_procedure_does_not_have_is_a_problem_in_its_line(tmp_path: Path) -> None:
    made = sample()
    made["moves"][1]["step"] = "nowhere"
    path = tmp_path / "one.json"
    path.write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
    (text,) = read_histories(path)
    with pytest.raises(Problems, match="L062") as found:
        history_of(read_procedure(Library(shipped()), "dehong"), text)
    line = found.value.problems[0].place.line
    assert '"step": "nowhere"' in "".join(path.read_text(encoding="utf-8").splitlines()[line - 1 : line + 14])
