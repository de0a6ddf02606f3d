"""How fast the record is as it grows: `python benchmarks/record.py [--quick]`.

Appends to a short and a long record in turn, so that both meet the same machine; proves; checks everything again.
Ends with the target `record.append`: the time to append to the long record ÷ to the short one.

`--office` measures steps of an office instead, on an empty database that DATABASE_URL names (SQLite or PostgreSQL): each
in a transaction of its own, forced to the disk.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

from wenze.ledger import (
    Record,
    SqliteStorage,
    Verifier,
    check_bundle,
    check_file,
    check_proof,
    create_key,
    export,
    load_key,
    open_record,
)

SHORT, LONG, QUICK = 10_000, 1_000_000, 100_000
LIMIT = 1.2
BATCH, ROUNDS = 500, 30
STEPS = 5_000
PAYLOAD = {"step": "evidence admitted", "case": "2026-0113", "by": "post 17", "document": "9f" * 32}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help=f"the long record has {QUICK:,} entries instead of {LONG:,}"
    )
    parser.add_argument("--office", action="store_true", help=f"{STEPS:,} steps on the empty database of DATABASE_URL")
    asked = parser.parse_args()
    if asked.office:
        measure_office()
        return
    sizes = (SHORT, QUICK if asked.quick else LONG)
    with tempfile.TemporaryDirectory() as folder:
        records = [build(Path(folder), size) for size in sizes]
        appended = append_in_turn(records)
        for record, size, each in zip(records, sizes, appended, strict=True):
            print(f"{size:>9,} entries: append {each * 1e6:.0f} µs in a step of {BATCH}", end="; ")
            measure(Path(folder), record)
    ratio = appended[1] / appended[0]
    print(f"n {sizes[1]}")
    print(f"target record.append {ratio:.3f} {LIMIT} {'ok' if ratio <= LIMIT else 'short'}")


def measure_office() -> None:
    """The same step over and over; the first and the last tenth beside each other, then a check of everything."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(WENZE_DATA=f"{folder}/data", WENZE_KEYS=f"{folder}/keys")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wenze.web.settings")
        import django
        from django.core.management import call_command
        from django.db import connection, transaction

        from wenze.web.site import site_of

        site_of().begin()
        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        from wenze.web.journal import check, checkpoints, keys, reader, writer
        from wenze.web.journal.storage import DjangoStorage

        if DjangoStorage().size():
            sys.exit("the database that DATABASE_URL names holds a record already; name an empty one")
        keys.prepare()

        def step(number: int) -> None:
            with transaction.atomic():
                writer.record("case.moved", about=[f"case/{number % 97}"], by="staff/7", data=PAYLOAD)

        times = [timed(partial(step, number)) for number in range(STEPS)]
        tenth = STEPS // 10
        first, last = median(times[:tenth]), median(times[-tenth:])
        signed, checked = timed(checkpoints.sign), timed(check.check_journal)
        print(f"{connection.vendor}, {STEPS:,} steps: {first * 1e3:.2f} ms each at first, {last * 1e3:.2f} ms at last")
        print(f"checkpoint {signed * 1e3:.1f} ms; a case of {STEPS // 97} entries", end=" ")
        print(f"{timed(lambda: reader.history('case/1')) * 1e3:.0f} ms; everything checked in {checked:.2f} s")


def build(folder: Path, size: int) -> Record:
    key = create_key(folder / f"{size}.key", "benchmark.example/record")
    record = open_record(SqliteStorage(folder / f"{size}.sqlite"), key, at=datetime.now(UTC))
    begun = time.perf_counter()
    while (left := size - record.storage.size()) > 0:
        record.append_all([PAYLOAD] * min(left, 10_000))
    print(f"built {size:,} in {time.perf_counter() - begun:.1f} s", file=sys.stderr)
    return record


def append_in_turn(records: list[Record]) -> list[float]:
    """Seconds an entry, median over the rounds, each record once a round."""
    times: list[list[float]] = [[] for _ in records]
    for _ in range(ROUNDS):
        for record, found in zip(records, times, strict=True):
            found.append(timed(lambda record=record: record.append_all([PAYLOAD] * BATCH)) / BATCH)  # type: ignore[misc]
    return [median(found) for found in times]


def measure(folder: Path, record: Record) -> None:
    size = record.storage.size()
    key, chance = load_key(path_of(record).with_suffix(".key")), Random(3)
    alone = median(timed(lambda: record.append(PAYLOAD)) for _ in range(60))
    signed = median(timed(lambda: record.checkpoint(key)) for _ in range(20))
    note = record.checkpoint(key)
    places = [chance.randrange(size) for _ in range(300)]
    proved = median(timed(lambda n=n: record.prove(n, note)) for n in places)  # type: ignore[misc]
    proofs = [(record.prove(n, note), record.storage.row(n).leaf) for n in places]
    checked = median(
        timed(lambda proof=proof, leaf=leaf: check_proof(proof, leaf, [key.verifier]))  # type: ignore[misc]
        for proof, leaf in proofs
    )
    print(f"alone on disk {alone * 1e3:.2f} ms; checkpoint {signed * 1e3:.2f} ms", end="; ")
    print(f"proof {proved * 1e6:.0f} µs, checked {checked * 1e6:.0f} µs")
    check_all(folder, record, key.verifier, note)


def check_all(folder: Path, record: Record, verifier: Verifier, note: str) -> None:
    trusted = [verifier]
    bundle, size = folder / "bundle.jsonl", record.storage.size()

    def write() -> None:
        with open(bundle, "wb") as file:
            file.writelines(export(record.storage))

    def verify() -> None:
        with open(bundle, "rb") as lines:
            assert check_bundle(lines, trusted=trusted, notes=[note]).checked == size

    def database() -> None:
        assert check_file(path_of(record), trusted=trusted, notes=[note]).checked == size

    for name, job in (
        ("full verification of the database", database),
        ("export", write),
        ("verification of it", verify),
    ):
        seconds = timed(job)
        print(f"          {name}: {seconds:.2f} s, {size / seconds:,.0f} entries a second")
    print(f"          the exported file: {bundle.stat().st_size / size:.0f} bytes an entry")


def path_of(record: Record) -> Path:
    assert isinstance(record.storage, SqliteStorage)
    return record.storage.path


def timed(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
