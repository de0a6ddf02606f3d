"""`wenze schema`: the JSON Schema of case files, as the reader obeys it (tests/law/test_casefile_json.py holds them together)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Run
from wenze.law import case_to_json, read_cases


@pytest.fixture
def schema(run: Run) -> dict[str, Any]:
    result = run("schema")
    assert (result.exit_code, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object the schema describes, at any depth."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


def test_it_is_a_json_schema_that_names_its_dialect(schema: dict[str, Any]) -> None:
    assert schema["$schema"].startswith("https://json-schema.org/draft/")
    assert schema["type"] == "object" and {"format", "id", "instrument"} <= set(schema["required"])


def test_it_allows_no_unknown_key_anywhere(schema: dict[str, Any]) -> None:
    found = list(objects(schema))
    assert len(found) > 10
    assert all(one.get("additionalProperties") is False for one in found)


def test_it_has_no_place_for_states_or_for_people(schema: dict[str, Any]) -> None:
    facts = schema["properties"]["facts"]["items"]["properties"]
    assert facts.keys() == {"fact", "entities", "for", "against"}
    assert not {"persons", "people", "citizens", "victims", "name"} & {
        key for one in objects(schema) for key in one["properties"]
    } - {"name"}
    assert schema["properties"]["posts"]["items"]["properties"].keys() >= {"role", "rank", "holder"}


def test_every_key_a_case_is_written_with_is_in_it(schema: dict[str, Any], library: Path) -> None:
    for case in read_cases(library / "lamps/cases"):
        written = case_to_json(case)
        assert written.keys() <= schema["properties"].keys()
        for collection, records in written.items():
            if isinstance(records, list):
                items = schema["properties"][collection]["items"]
                known = items.get("properties") or {key: 1 for one in items["oneOf"] for key in one["properties"]}
                assert {key for record in records for key in record} <= set(known)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_said_in_one_sentence_and_no_traceback() -> None:
    with Path("/dev/full").open("w") as full:
        left = subprocess.run(
            [sys.executable, "-m", "wenze", "schema"], stdout=full, stderr=subprocess.PIPE, timeout=60
        )
    said = left.stderr.decode()
    assert left.returncode == 1 and said.startswith("写不出来 · cannot be written: ") and len(said.splitlines()) == 1
