"""Whatever steps do and undo, the record is what an independent reading of RFC 6962 makes of the entries that stayed."""

import hashlib
from contextlib import suppress
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.naive import tree_hash
from ledger.test_record import payloads
from wenze.ledger import Erased, Record
from wenze.web.journal.check import check_journal
from wenze.web.journal.reader import entry, history
from wenze.web.journal.storage import DjangoStorage
from wenze.web.journal.writer import erase, record

cases = st.sampled_from(["case/1", "case/2", "document/3"])
acts = st.one_of(
    st.tuples(st.just("record"), st.lists(cases, min_size=1, max_size=3), payloads),
    st.tuples(st.just("erase"), cases, st.none()),
)
# a step: what it does, and whether it fails in the end
steps = st.lists(st.tuples(st.lists(acts, max_size=4), st.booleans()), max_size=6)


class Failed(Exception):
    pass


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(steps)
def test_the_record_holds_what_succeeded_and_nothing_else(database: str, happened: Any) -> None:
    with transaction.atomic():
        said: dict[int, tuple[set[str], object] | None] = {}
        for does, fails in happened:
            tried = dict(said)
            with suppress(Failed), transaction.atomic():
                for act, about, data in does:
                    do(act, about, data, tried)
                if fails:
                    raise Failed
                said = tried
        compare(said)
        transaction.set_rollback(True)


def do(act: str, about: Any, data: object, said: dict[int, tuple[set[str], object] | None]) -> None:
    """Does it, and to `said` as well: what each number says, None once it is erased or where it is about the record."""
    if act == "record":
        n = record("case.moved", about=about, by="office", data=data)
        assert n == max(said, default=0) + 1
        said[n] = ({*about}, data)
        return
    due = [n for n, what in said.items() if what and about in what[0] and not is_erasure(what[1])]
    assert erase(about, basis="due", by="office") == due
    if due:
        newest = max(said)
        said |= dict.fromkeys(due)
        said |= {newest + 1 + each: None for each in range(len(due))}
        said[newest + len(due) + 1] = ({about}, {"basis": "due", "entries": due})


def is_erasure(data: object) -> bool:
    return isinstance(data, dict) and data.keys() == {"basis", "entries"}


def compare(said: dict[int, tuple[set[str], object] | None]) -> None:
    storage = DjangoStorage()
    wrong = [each for each in check_journal().findings if each.wrong and each.id != "R111"]
    assert wrong == []
    rows = list(storage.rows())
    assert [row.n for row in rows] == ([0, *sorted(said)] if said else [])
    if said:
        root = tree_hash(lambda data: hashlib.sha256(data).digest(), [row.leaf for row in rows])
        assert Record(storage).head().root == root
    for n, what in said.items():
        if what is None:
            assert rows[n].opening is None
            continue
        found = entry(n)
        assert not isinstance(found, Erased) and ({*found.about}, found.data) == what
    for about in ("case/1", "case/2", "document/3"):
        assert [each.n for each in history(about)] == [n for n, what in said.items() if what and about in what[0]]
