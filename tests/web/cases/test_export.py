"""`wenze export CASE`: the case's part of the record as a file, verified by `wenze verify` with nothing else at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from wenze.cli import export, record
from wenze.ledger import check_bundle
from wenze.web.journal import keys

from .world import lead, prefecture


def test_a_case_is_exported_and_verifies(
    committed_database: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    keys.prepare()
    desk = lead(prefecture())
    other = lead(desk.world)
    app = typer.Typer()
    export.register(app)
    record.register(app)
    run = CliRunner().invoke
    assert "没有" in run(app, ["export", "none"]).output
    written = run(app, ["export", desk.case.reference])
    assert written.exit_code == 0, written.output
    path = tmp_path / f"{desk.case.reference}.jsonl"
    public = keys.public()
    assert public is not None
    with path.open("rb") as lines:
        assert check_bundle(lines, trusted=[public]).findings == []
    text = path.read_text("utf-8")
    assert f"case/{desk.case.reference}" in text and f"case/{other.case.reference}" not in text
    changed = tmp_path / "changed.jsonl"
    changed.write_text(text.replace("某县庆典", "某县庆曲", 1), "utf-8")
    with changed.open("rb") as lines:
        assert check_bundle(lines, trusted=[public]).findings
