"""The commands of the office as a user types them: another process, a fresh folder, both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import databases
from databases import KINDS
from offices import skip_without
from wenze.law import shipped

pytestmark = pytest.mark.begins_first

PREFECTURE = shipped() / "dehong" / "prefecture.json"
USERS = ("intake", "handler", "handler2")
PASSWORD = "长而无用的口令 of no use"


class Office:
    """An installation of its own, driven by commands."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "WENZE_DATA": str(folder / "data"),
            "WENZE_KEYS": str(folder / "keys"),
            "DATABASE_URL": url,
            "WENZE_NEW_PASSWORD": PASSWORD,
            "WENZE_PG_BIN": databases.programs() if url else "",
        }

    def run(self, *arguments: str | Path, code: int = 0, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "wenze", *map(str, arguments)],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr


@pytest.fixture(params=KINDS)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Nothing made yet: on PostgreSQL an empty database."""
    skip_without(request.param)
    with databases.empty(request.param) as url:
        yield Office(tmp_path, url)


def begun(office: Office) -> list[str]:
    """The units of the prefecture and a few of its users; what was printed."""
    said = json.loads(PREFECTURE.read_text("utf-8"))
    said = {"units": said["units"], "users": [user for user in said["users"] if user["username"] in USERS]}
    (office.folder / "few.json").write_text(json.dumps(said), "utf-8")
    office.run("migrate")
    return office.run("offices", "load", office.folder / "few.json").splitlines()


def test_an_office_begins_and_its_staff_come_and_go(office: Office) -> None:
    lines = begun(office)
    assert [line.split("\t")[0] for line in lines] == [*USERS]
    assert all("otpauth://totp/" in line for line in lines)
    assert office.run("offices", "load", office.folder / "few.json") == "", "nothing twice"
    adding = ("user", "add", "new", "--name", "新人", "--unit", "U0", "--role", "handler")
    assert "otpauth://totp/" in office.run(*adding)
    assert "已有" in office.run(*adding, code=1)
    assert "没有这一角色" in office.run("user", "revoke", "handler", "intake", code=1)
    office.run("user", "revoke", "handler", "handler")
    office.run("user", "grant", "new", "intake")
    office.run("user", "renew", "handler2")
    assert "没有角色 king" in office.run("user", "grant", "handler", "king", code=1)
    assert "没有这个用户" in office.run("user", "grant", "nobody", "intake", code=1)
    assert "检查点" in office.run("tick")
    assert office.run("tick") == "", "nothing is signed twice"


def test_what_stands_in_the_way_is_one_line(tmp_path: Path) -> None:
    office = Office(tmp_path, "")
    assert "WENZE_KEYS" in office.run("migrate", code=1, WENZE_KEYS=str(office.folder / "data" / "keys"))
    assert "DATABASE_URL" in office.run("migrate", code=1, DATABASE_URL="mysql://here/there")
    assert "the database cannot be used" in office.run("tick", code=1)
    assert "wenze migrate" in office.run("serve", code=1)
    broken = tmp_path / "broken.json"
    broken.write_text("{", "utf-8")
    assert "不是 JSON" in office.run("offices", "load", broken, code=1)
    assert "No such file" in office.run("offices", "load", tmp_path / "none.json", code=1)


def test_a_sample_is_for_a_loopback_address_only(tmp_path: Path) -> None:
    office = Office(tmp_path, "")
    assert "loopback" in office.run("serve", "--sample", "--host", "0.0.0.0", code=2)  # nosec B104
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sample").touch()
    assert "loopback" in office.run("serve", "--host", "0.0.0.0", code=1)  # nosec B104


# --- backup and restore -----------------------------------------------------------------------------------------------


def lost(office: Office) -> None:
    """The data are gone; the keys are not."""
    (office.folder / "data").rename(office.folder / "lost")
    databases.emptied(office.environment["DATABASE_URL"])


def holds_no_key(office: Office, backup: Path) -> None:
    content = backup.read_bytes()
    for key in (office.folder / "keys").glob("*.key"):
        assert key.read_bytes().strip() not in content, key.name
    with tarfile.open(backup) as tar:
        names = tar.getnames()
    assert names[0] == "manifest.json" and all("key" not in name for name in names)


def test_what_is_restored_is_what_was_backed_up_and_the_record_says_so(office: Office) -> None:
    begun(office)
    files = office.folder / "data" / "evidence" / "ab"
    files.mkdir(parents=True)
    (files / "abcd").write_bytes(b"sealed")
    office.run("tick")
    backup = office.folder / "backup.tar"
    office.run("backup", backup)
    assert backup.stat().st_mode & 0o077 == 0
    holds_no_key(office, backup)
    assert "已经存在" in office.run("backup", backup, code=1)
    assert "数据目录" in office.run("backup", office.folder / "data" / "b.tar", code=1)
    assert "已经有数据" in office.run("restore", backup, "--reason", "x", code=1)
    office.run("user", "out", "handler")  # work after the backup, signed
    office.run("tick")
    lost(office)
    whole = backup.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"nothing", whole.replace(b"sealed", b"broken")):
        backup.write_bytes(damaged)
        assert "备份" in office.run("restore", backup, "--reason", "x", code=1)
        assert not list((office.folder / "data").glob("[!.]*")), "nothing was changed"
    backup.write_bytes(whole)
    assert "已恢复" in office.run("restore", backup, "--reason", "硬盘损坏")
    assert (files / "abcd").read_bytes() == b"sealed"
    office.run("user", "out", "handler")
    office.run("tick")
    assert "R301" in office.run("verify"), "whoever verifies is told that the record goes on from an older copy"
