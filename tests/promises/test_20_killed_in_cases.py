"""Promise 20, over the steps of cases: votes, decisions, service, inquiries and uploads, while the server or the database is killed.

Long: `.ci/long tests`. Each client drives cases of its own through the forms of a real server and notes outside of it what was
acknowledged: the case, the number of the move, the step, and words that nobody else says.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.conf import settings
from django.db import Error, connection, connections
from django.test import override_settings

import databases
from knocking import GONE, Knocker, wait_for
from offices import skip_without
from postgres import Postgres
from promises.test_20_killed import KILLS, REAL_HASHERS
from serving import Server
from web.cases.test_other_ways import answered, served
from web.cases.world import Desk, World, investigated, opened, prefecture
from wenze.web.cases import evidence
from wenze.web.cases.actions import standings
from wenze.web.cases.actions.collective import open_motion
from wenze.web.cases.models import EvidenceFile, Move, Row
from wenze.web.journal.check import check_journal
from wenze.web.journal.reader import history

pytestmark = pytest.mark.long

SUPERIORS = ("superior1", "superior2", "superior3")


class Act(NamedTuple):
    """What is done next on a case: by whom, where, and what is filled in."""

    who: str
    where: str
    step: str
    said: dict[str, Any]
    content: bytes = b""


class Noted(NamedTuple):
    """What a client was told: it is move `number` of the case, of this step, and says these words."""

    case: str
    number: int
    step: str
    words: str


class Clerk(threading.Thread):
    """Drives one case, act after act; what was sent and what was acknowledged is kept here."""

    def __init__(self, server: Server, desk: Desk, name: str) -> None:
        super().__init__(daemon=True, name=name)
        self.server, self.desk = server, desk
        self.sessions: dict[str, Knocker] = {}
        self.acknowledged: list[Noted] = []
        self.sent: Counter[str] = Counter()
        self.stopping = threading.Event()

    def next(self, words: str, moves: list[Move]) -> Act:
        raise NotImplementedError

    def run(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            try:
                self._act(f"{self.name}之{number}")
            except GONE:
                time.sleep(0.02)
            except Error:
                connection.close()
                time.sleep(0.02)
        connection.close()

    def _act(self, words: str) -> None:
        case = self.desk.case
        moves = list(case.moves.order_by("number"))
        act = self.next(words, moves)
        common = {"seen": len(moves), "on": self.desk.on.isoformat()}
        self.sent[act.step] += 1
        status, where = self._send(act, common)
        if (status, where.partition("/facts")[0].partition("/decision")[0]) == (302, f"/cases/{case.reference}"):
            self.acknowledged.append(Noted(case.reference, len(moves) + 1, act.step, words))
        elif status in (302, 401, 403):  # the log-in, or what makes it fresh, is over
            del self.sessions[act.who]

    def _send(self, act: Act, common: dict[str, Any]) -> tuple[int, str]:
        if act.who not in self.sessions:
            session = Knocker(self.server, self.desk.world.users[act.who])
            session.log_in()
            self.sessions[act.who] = session
        session, path = self.sessions[act.who], f"/cases/{self.desk.case.reference}/{act.where}"
        said = act.said | common
        return session.upload(path, said, act.content) if act.content else session.post(path, said)


class Collecting(Clerk):
    """Takes evidence, a file with each piece, and every third time a part of the inquiry."""

    def next(self, words: str, moves: list[Move]) -> Act:
        if len(moves) % 3 == 0:
            return Act("handler", "step/inquire", "inquire", {"reasons": words, "actors": 2})
        said = {"title": words, "form": "书证", "source": "调取", "obtained": "2026-01-30", "obtained_by": "两名承办人"}
        return Act("handler", "admit", "work/admit-evidence", said, f"{words}\n".encode() * 2000)


class Deciding(Clerk):
    """Complaints without end: each is received, put to the vote of the superior, voted on, answered, and what was varied served."""

    def next(self, words: str, moves: list[Move]) -> Act:
        day, last = self.desk.on.isoformat(), next(each.step for each in reversed(moves) if "/" not in each.step)
        if last == "answer-complaint":
            papers = ["decision", "service-receipt"]
            return Act("handler", "issue/serve", "serve", {"receipt": day, "reasons": words, "papers": papers})
        if last == "serve":
            return Act(
                "handler", "step/complain", "complain", {"receipt": day, "reasons": words, "papers": ["complaint"]}
            )
        put = open_motion(self.desk.case, "xz", "answer-complaint")
        if put is None:
            proposed = {"result": "vary", "band": "serious", "measures": ["public-apology"], "text": words}
            return Act("handler", "work/put-to-vote", "work/put-to-vote", {"step": "answer-complaint", **proposed})
        voted = set(put.votes.values_list("member__username", flat=True))
        who = next((name for name in SUPERIORS if name not in voted), None)
        if who:
            said = {"motion": put.pk, "choice": "for", "reasons": words}
            return Act(who, "vote/vote", "work/vote", said)
        return Act("superior1", "issue/answer-complaint", "answer-complaint", {"papers": ["complaint-decision"]})


def clerks(server: Server) -> list[Clerk]:
    with override_settings(PASSWORD_HASHERS=REAL_HASHERS):  # the server knows no other
        world = prefecture()
    inquired = [replaced(world, investigated(opened(world))) for _ in range(2)]
    decided = [replaced(world, above(served(answered(opened(world))))) for _ in range(2)]
    return [
        *(Collecting(server, desk, f"取证{at}") for at, desk in enumerate(inquired)),
        *(Deciding(server, desk, f"申诉{at}") for at, desk in enumerate(decided)),
    ]


def replaced(world: World, desk: Desk) -> Desk:
    return replace(desk, world=world)


def above(desk: Desk) -> Desk:
    """Complained of, and with the superior: those who decided do not answer."""
    desk.step("complain", "handler", receipt=desk.on, papers=("complaint",), reasons="处理过重")
    desk.work("hand-up", "handler", step="answer-complaint", reasons="原决定人不得办理")
    return desk


@contextmanager
def under_load(server: Server) -> Iterator[list[Clerk]]:
    made = clerks(server)
    for clerk in made:
        clerk.start()
    yield made
    for clerk in made:
        clerk.stopping.set()
    for clerk in made:
        clerk.join(180)
        assert not clerk.is_alive()


def progress(made: list[Clerk]) -> None:
    """Until each kind of work was acknowledged again: only then it is under load."""
    before = [len(clerk.acknowledged) for clerk in made]
    wait_for(
        lambda: sum(len(clerk.acknowledged) > old for clerk, old in zip(made, before, strict=True)) >= len(made) - 1
    )


def holds(made: list[Clerk]) -> None:
    connections.close_all()  # ours was killed with the database
    tables = [model for model in apps.get_app_config("cases").get_models() if issubclass(model, Row)]
    for clerk in made:
        case = clerk.desk.case
        moves = {move.number: move for move in case.moves.all()}
        # what became overdue is told by the clock, and no move of anybody's
        told = [entry for entry in history(f"case/{case.reference}") if "number" in entry.data]
        assert [entry.data["number"] for entry in told] == sorted(moves) == list(range(1, len(moves) + 1))
        for entry in told:
            move = moves[entry.data["number"]]
            rows = sum(table._default_manager.filter(case=case, move=move.number).count() for table in tables)
            assert (entry.data["step"], entry.data["says"], len(entry.data["rows"])) == (move.step, move.says, rows)
        for noted in clerk.acknowledged:
            move = moves[noted.number]
            assert move.step == noted.step
            assert noted.step == "answer-complaint" or noted.words in whole(case, move, tables), noted
        main = [move.step for _, move in sorted(moves.items()) if "/" not in move.step]
        assert standings(case, clerk.desk.on)["xz"].stage in main
    files_are_whole()
    assert not [finding for finding in check_journal().findings if finding.wrong]


def whole(case: Any, move: Move, tables: list[type[Row]]) -> str:
    """Everything a move wrote, as text."""
    rows = [list(table._default_manager.filter(case=case, move=move.number).values()) for table in tables]
    return json.dumps([move.says, rows], ensure_ascii=False, default=str)


def files_are_whole() -> None:
    """Every file that a row names opens; no other is there that does not, and what no row names goes when it is swept."""
    named = set(EvidenceFile.objects.values_list("digest", flat=True))
    store = evidence.store()
    kept = {path.name for path in store.folder.glob("??/*") if not path.name.startswith(".")}
    assert named <= kept
    for digest in kept:
        store.read(digest)
    store.sweep(named, before=time.time() + 1)
    assert {path.name for path in store.folder.glob("??/*")} == named


def shown(capsys: pytest.CaptureFixture[str], what: str, made: list[Clerk]) -> None:
    done = Counter(noted.step for clerk in made for noted in clerk.acknowledged)
    sent = sum(sum(clerk.sent.values()) for clerk in made)
    with capsys.disabled():
        print(
            f"\n{what}: {KILLS} kills, {done.total()} acknowledged of {sent} sent, all present, none half there: {dict(done)}"
        )


@pytest.fixture(autouse=True)
def data_of_its_own(tmp_path: Path) -> Iterator[None]:
    with override_settings(SITE=replace(settings.SITE, data=tmp_path / "data")):
        yield


@pytest.mark.parametrize("kind", databases.KINDS)
def test_no_acknowledged_step_of_a_case_is_lost_with_the_server(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    skip_without(kind)
    moments = random.Random(7)
    with databases.copied(kind) as configuration:
        server = Server(configuration, tmp_path / "log")
        try:
            with under_load(server) as made:
                for _ in range(KILLS):
                    progress(made)
                    time.sleep(moments.uniform(0, 0.3))
                    server.kill()
                    server.start()
        finally:
            server.kill()
        holds(made)
        shown(capsys, f"server on {kind}, steps of cases", made)


def test_no_acknowledged_step_of_a_case_is_lost_with_the_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    skip_without("postgresql")
    moments, database = random.Random(7), Postgres(durable=True)
    try:
        with databases.migrated_at(database.url) as configuration:
            server = Server(configuration, tmp_path / "log")
            try:
                with under_load(server) as made:
                    for _ in range(KILLS):
                        progress(made)
                        time.sleep(moments.uniform(0, 0.3))
                        database.kill()
                        database.start()
            finally:
                server.kill()
            holds(made)
            shown(capsys, "PostgreSQL, steps of cases", made)
    finally:
        database.stop()
