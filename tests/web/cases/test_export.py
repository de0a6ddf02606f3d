"""The case's part of the record as a file, by `wenze export CASE` and on the page of its record, verified with nothing else at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from django.test import Client
from typer.testing import CliRunner

from staff import PASSWORD, a_fresh_code, aged, logged_in
from wenze.cli import export, record
from wenze.ledger import check_bundle, verifying_page
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


def test_whoever_confirmed_who_they_are_for_a_file_goes_on_where_it_is_asked_for(database: str) -> None:
    """A browser that gets a file stays where it is: it would go on showing the form that is done with."""
    world = prefecture()
    record = f"/cases/{lead(world).case.reference}/record"
    export, user = record.replace("/record", "/export"), world.users["head"]
    client = logged_in(user)
    aged(client, proved=6)
    assert client.get(export)["Location"].startswith("/confirm?next=")
    said = {"password": PASSWORD, "code": a_fresh_code(user)}
    refused = client.post("/confirm", {**said, "password": "wrong", "next": export})
    assert refused.status_code == 422 and f'value="{export}"' in refused.content.decode()
    confirmed = client.post("/confirm", {**said, "next": export})
    assert confirmed["Location"] == record
    assert "请再点一次要下载的文件" in client.get(record).content.decode()
    assert b"case/" in b"".join(client.get(export).streaming_content)  # type: ignore[attr-defined]  # it streams


def test_the_record_of_a_case_leads_to_the_page_that_checks_it(database: str) -> None:
    """The page needs no log-in and is the one an auditor holds, under its own policy: only what stands in it runs."""
    world = prefecture()
    page = logged_in(world.users["intake"]).get(f"/cases/{lead(world).case.reference}/record").content.decode()
    assert 'href="/verify"' in page
    answer = Client().get("/verify")
    assert answer.content.decode() == verifying_page()
    policy = answer["Content-Security-Policy"]
    assert (
        policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy and "self" not in policy
    )
