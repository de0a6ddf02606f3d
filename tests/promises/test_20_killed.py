"""Promise 20: killed at any moment under load, the office comes back with every acknowledged step and none half done.

Long: `.ci/long tests`. A real server, real log-ins, kill -9 of its whole process group, or of PostgreSQL's, at random
moments. What was acknowledged is noted here, outside both.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections
from django.test import override_settings

import databases
from knocking import GONE, PATIENCE, Knocker, wait_for
from offices import skip_without
from postgres import Postgres
from serving import Server
from staff import a_user
from wenze.web.access import Role
from wenze.web.journal.check import check_journal
from wenze.web.journal.reader import history
from wenze.web.offices.models import Official, Relationship, User

pytestmark = pytest.mark.long

KILLS = int(os.environ.get("WENZE_KILLS", "50"))
CLIENTS = 4
REAL_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]


class Client(threading.Thread):
    """Declares one relation after another, and notes which were acknowledged."""

    def __init__(self, server: Server, user: User, official: int) -> None:
        super().__init__(daemon=True)
        self.user, self.official = user, official
        self.session = Knocker(server, user)
        self.sent: list[str] = []
        self.acknowledged: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            nature = f"{self.user.username} {len(self.sent)}"
            self.sent.append(nature)
            try:
                status, where = self.session.post("/relations", {"official": self.official, "nature": nature})
            except GONE:
                time.sleep(0.02)  # killed: whether it was done, nobody knows yet
                continue
            if (status, where) == (302, "/relations"):
                self.acknowledged.append(nature)


@contextmanager
def under_load(server: Server) -> Iterator[list[Client]]:
    official = Official.objects.create(code="o1", name="甲")
    with override_settings(PASSWORD_HASHERS=REAL_HASHERS):  # the server knows no other
        clients = [Client(server, a_user(f"client{n}", Role.HANDLER), official.pk) for n in range(CLIENTS)]
    for client in clients:
        client.session.log_in()
    for client in clients:
        client.start()
    yield clients
    for client in clients:
        client.stopping.set()
    for client in clients:
        client.join(PATIENCE)


def acknowledged_of(clients: list[Client]) -> int:
    return sum(len(client.acknowledged) for client in clients)


def progress(clients: list[Client]) -> None:
    """Until something new was acknowledged: only then it is under load again."""
    before = acknowledged_of(clients)
    wait_for(lambda: acknowledged_of(clients) > before + CLIENTS)


def holds(clients: list[Client]) -> None:
    """Every acknowledged step is there once, nothing that was not sent, and the record tells of exactly these."""
    connections.close_all()  # ours was killed with the database
    kept = list(Relationship.objects.values_list("nature", flat=True))
    assert len(kept) == len(set(kept))
    for client in clients:
        mine = {nature for nature in kept if nature.startswith(f"{client.user.username} ")}
        assert set(client.acknowledged) <= mine <= set(client.sent)
        told = [entry.data["nature"] for entry in history(f"staff/{client.user.pk}")]
        assert sorted(told) == sorted(mine), "a step and its entry are there together or not at all"


def shown(capsys: pytest.CaptureFixture[str], what: str, clients: list[Client]) -> None:
    sent = sum(len(client.sent) for client in clients)
    with capsys.disabled():
        print(
            f"\n{what}: {KILLS} kills, {acknowledged_of(clients)} acknowledged of {sent} sent, all present, none half done"
        )


@pytest.mark.parametrize("kind", databases.KINDS)
def test_what_was_acknowledged_outlives_the_server(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    skip_without(kind)
    moments = random.Random(20)
    with databases.copied(kind) as configuration:
        server = Server(configuration, tmp_path / "log")
        try:
            with under_load(server) as clients:
                for _ in range(KILLS):
                    progress(clients)
                    time.sleep(moments.uniform(0, 0.3))
                    server.kill()
                    server.start()
        finally:
            server.kill()
        holds(clients)
        assert not [finding for finding in check_journal().findings if finding.wrong]
        shown(capsys, f"server on {kind}", clients)


def test_what_was_acknowledged_outlives_the_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    skip_without("postgresql")
    moments, database = random.Random(20), Postgres(durable=True)
    try:
        with databases.migrated_at(database.url) as configuration:
            server = Server(configuration, tmp_path / "log")
            try:
                with under_load(server) as clients:
                    for _ in range(KILLS):
                        progress(clients)
                        time.sleep(moments.uniform(0, 0.3))
                        database.kill()
                        database.start()
            finally:
                server.kill()
            holds(clients)
            assert not [finding for finding in check_journal().findings if finding.wrong]
            shown(capsys, "PostgreSQL", clients)
    finally:
        database.stop()
