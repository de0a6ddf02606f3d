"""What every page of the office stands on: databases, headers, languages, errors that show nothing of the inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import translation

from databases import copied
from wenze.web.access import Role
from wenze.web.offices.models import Grant, Unit, User
from wenze.web.sealing import Broken, seal, unseal
from wenze.web.site import Site, SiteProblem


def test_the_tests_really_run_on_the_database_they_name(database: str) -> None:
    assert connection.vendor == database
    Unit.objects.create(code="u1", name="某单位", kind="政府", level="县")
    assert Unit.objects.get().name == "某单位"


def test_nothing_of_a_test_is_left_for_the_next(database: str) -> None:
    assert not Unit.objects.exists()


def test_what_is_committed_is_seen_by_another_connection(committed_database: dict[str, Any]) -> None:
    Unit.objects.create(code="u1", name="某单位", kind="政府", level="县")
    connection.close()
    assert Unit.objects.count() == 1


@pytest.mark.parametrize(
    "pragma, wanted",
    [("journal_mode", "wal"), ("recursive_triggers", 1), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1)],
)
def test_sqlite_is_opened_so_that_the_record_holds(pragma: str, wanted: object) -> None:
    with copied("sqlite"), connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (wanted,)


def test_a_period_cannot_end_before_it_begins(database: str) -> None:
    unit = Unit.objects.create(code="u1", name="某单位", kind="政府", level="县")
    user = User.objects.create(username="a", name="甲", unit=unit)
    with pytest.raises(DatabaseError), transaction.atomic():
        Grant.objects.create(user=user, role=Role.HANDLER, start="2026-02-01", end="2026-01-01")


# --- the site ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data, keys", [("a", "a/keys"), ("a/data", "a"), ("a", "a"), ("a/../b", "b/keys")])
def test_keys_lie_outside_the_data(tmp_path: Path, data: str, keys: str) -> None:
    with pytest.raises(SiteProblem, match="WENZE_KEYS"):
        Site(tmp_path / data, tmp_path / keys).begin()


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    site = Site(tmp_path / "data", tmp_path / "keys")
    site.begin()
    first = site.key("secret"), site.key("sealing")
    site.begin()
    assert first == (site.key("secret"), site.key("sealing"))
    assert first[0] != first[1]
    assert (tmp_path / "keys" / "sealing.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host", "nothing"])
def test_a_database_url_that_names_none_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SiteProblem, match="DATABASE_URL"):
        Site(tmp_path, tmp_path, url).database()


def test_a_database_url_is_read_whole(tmp_path: Path) -> None:
    found = Site(tmp_path, tmp_path, "postgresql://u%40x:p%2F@db.example:6543/office?sslmode=verify-full").database()
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("u@x", "p/", "db.example", "6543")
    assert (found["NAME"], found["OPTIONS"]) == ("office", {"sslmode": "verify-full"})


# --- sealing ----------------------------------------------------------------------------------------------------------


def test_sealed_bytes_open_only_unchanged_and_for_what_they_are() -> None:
    sealed = seal(b"content", "evidence 1")
    assert unseal(sealed, "evidence 1") == b"content"
    assert sealed != seal(b"content", "evidence 1")
    for n in range(len(sealed)):
        with pytest.raises(Broken):
            unseal(sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :], "evidence 1")
    for other in ("evidence 2", "totp 1"):
        with pytest.raises(Broken):
            unseal(sealed, other)
    with pytest.raises(Broken):
        unseal(b"", "evidence 1")


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_switch_changes_the_language_and_comes_back(database: str) -> None:
    client = Client()
    assert "登录名" in client.get("/login").content.decode()
    answer = client.post("/language", {"language": "en", "next": "/login"})
    assert (answer.status_code, answer["Location"]) == (302, "/login")
    page = client.get("/login").content.decode()
    assert 'lang="en"' in page and "User name" in page and "登录名" not in page
    assert client.post("/language", {"language": "en", "next": "//elsewhere.example/"})["Location"] == "/"


def test_translation_is_of_the_words_not_of_the_machine(database: str) -> None:
    with translation.override("en"):
        assert translation.gettext("登录") == "Log in"
