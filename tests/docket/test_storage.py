"""A docket on disk: the same rows in either storage, whole or not there, whatever happens to the run that writes it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from docket.held import DAY
from docket.rows import states, tiny
from wenze.cli.main import whole
from wenze.docket import Docket, DocketError, Engine, Group, Writer
from wenze.docket.outcome import results_file
from wenze.docket.storage import STORAGES
from wenze.docket.tables import TABLES
from wenze.law import Library, shipped

RULING = (("急", "严", "2020-01-01"),)


def written(folder: Path, storage: str) -> Docket:
    law = tiny()
    with Writer(folder, law, storage) as writer:
        for acts in (1, 63, 64, 65, 200):
            writer.write(Group(2, 0, acts, RULING if acts == 64 else ()), states(law, acts, 2, acts))
        writer.write(Group(3, 1, 5, entangled=True), states(law, 5, 3, 9, events=1))
    return Docket(folder)


def test_both_storages_hold_the_same_rows(tmp_path: Path) -> None:
    arrow, parquet = (written(tmp_path / storage, storage) for storage in ("arrow", "parquet"))
    assert arrow.groups == parquet.groups and arrow.cases() == parquet.cases()
    for one, other in zip(arrow.batches(), parquet.batches(), strict=True):
        for table in TABLES:
            assert one.tables[table].equals(other.tables[table]), (one.group, table)


def test_a_fact_is_packed_in_parquet_and_the_instrument_named_in_its_metadata(tmp_path: Path) -> None:
    written(tmp_path / "d", "parquet")
    schema = pq.read_schema(tmp_path / "d" / "planes.parquet")
    assert schema.field("灯.坏").type == pa.binary() and pa.bool_() not in {
        schema.field(name).type for name in schema.names if "." in name
    }
    assert schema.metadata[b"rules_sha256"].decode() == tiny().rules_digest


@pytest.fixture(scope="module", params=list(STORAGES))
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("small") / "d", request.param).folder


def largest(folder: Path) -> Path:
    return max((path for path in folder.iterdir() if path.suffix != ".json"), key=lambda path: path.stat().st_size)


def cut(folder: Path) -> None:
    largest(folder).write_bytes(largest(folder).read_bytes()[:-9])


def gone(folder: Path) -> None:
    largest(folder).unlink()


def changed(folder: Path) -> None:
    raw = bytearray(largest(folder).read_bytes())
    raw[len(raw) // 2] ^= 1
    largest(folder).write_bytes(raw)


def cut_page(folder: Path) -> None:
    (folder / "docket.json").write_text("{")


def deep_page(folder: Path) -> None:
    (folder / "docket.json").write_text("[" * 100_000)


def edited(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:  # Any: JSON
    def edit(folder: Path) -> None:
        page = json.loads((folder / "docket.json").read_text("utf-8"))
        change(page)
        (folder / "docket.json").write_text(json.dumps(page, ensure_ascii=False), "utf-8")

    return edit


def poor_page(folder: Path) -> None:
    edited(lambda page: page.update(instrument=3))(folder)
    page = json.loads((folder / "docket.json").read_text("utf-8"))
    del page["crc32"]
    page["crc32"] = zlib.crc32(json.dumps(page, ensure_ascii=False, sort_keys=True).encode())
    (folder / "docket.json").write_text(json.dumps(page), "utf-8")


def empty(folder: Path) -> None:
    largest(folder).write_bytes(b"")


def no_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def half(folder: Path) -> None:
    largest(folder).write_bytes(largest(folder).read_bytes()[: largest(folder).stat().st_size // 2])


def later_page(folder: Path) -> None:
    (folder / "docket.json").write_text('{"format": "wenze-docket/9"}')


def no_page(folder: Path) -> None:
    (folder / "docket.json").unlink()


def binary_page(folder: Path) -> None:
    (folder / "docket.json").write_bytes(b"\xff\xfe\x00PK")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (cut, "bytes where"),
        (half, "bytes where"),
        (empty, "has 0 bytes where"),
        (gone, "is missing"),
        (changed, "changed bytes"),
        (cut_page, "cannot be read"),
        (binary_page, "cannot be read"),
        (deep_page, "cannot be read"),
        (poor_page, "is incomplete"),
        (edited(lambda page: page.update(groups=[])), "docket.json: 有改动"),
        (edited(lambda page: page["columns"]["acts"].pop()), "docket.json: 有改动"),
        (edited(lambda page: page["columns"]["acts"].reverse()), "docket.json: 有改动"),
        (edited(lambda page: page["groups"][0].update(rulings=[["急", "宽", "2020-01-01"]])), "docket.json: 有改动"),
        (edited(lambda page: page["instrument"].pop("id")), "docket.json: 有改动"),
        (edited(lambda page: page.pop("crc32")), "docket.json: 有改动"),
        (later_page, "has the format wenze-docket/9"),
        (no_page, "is no docket"),
        (no_folder, "is no docket"),
    ],
)
def test_a_docket_that_is_not_whole_gives_one_clear_error(
    small: Path, tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    folder = tmp_path / "harmed"
    shutil.copytree(small, folder)
    harm(folder)
    with pytest.raises(DocketError, match=said):
        Docket(folder).verify()


@pytest.mark.parametrize("storage", list(STORAGES))
def test_a_file_of_something_else_is_told_even_where_nobody_asked_for_its_checksum(
    storage: str, tmp_path: Path
) -> None:
    docket = written(tmp_path / "d", storage)
    path = largest(docket.folder)
    path.write_bytes(b"PAR1" + b"\x00" * (path.stat().st_size - 4))
    with pytest.raises(DocketError, match=r"is no (Arrow|Parquet) file"):
        docket.batch(0)


@pytest.mark.parametrize("storage", list(STORAGES))
def test_a_docket_for_another_version_is_refused_with_the_difference(storage: str, tmp_path: Path) -> None:
    law, other = tiny(), Library(shipped()).law("dehong")
    docket = written(tmp_path / "d", storage)
    docket.page.refuse_other(law)
    with pytest.raises(DocketError, match="made for another version") as refused:
        docket.page.refuse_other(other)
    assert law.id in str(refused.value) and other.id in str(refused.value) and "灯.坏" in str(refused.value)


def test_a_storage_that_does_not_exist_is_named_with_those_that_do(tmp_path: Path) -> None:
    said = CliRunner().invoke(whole(), ["docket", "synth", str(tmp_path / "d"), "--storage", "csv"])
    assert said.exit_code == 2 and "arrow、parquet" in said.stderr


# A run that is killed, and one that is interrupted: `AT` is where the signal comes

DYING = """
import os, signal, sys
from pathlib import Path
from docket.test_storage import work

folder, out, storage, number = sys.argv[1:]
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where whoever runs the tests ignores it
work(Path(folder), Path(out), storage, lambda: os.kill(os.getpid(), int(number)))
"""


def work(folder: Path, out: Path, storage: str, at: Callable[[], None]) -> None:
    """Writes the docket where there is none, else its results. `at` is called when half is done."""
    law = tiny()
    if not folder.exists():
        with Writer(folder, law, storage) as writer:
            for acts in (64, 100):
                writer.write(Group(2, 0, acts), states(law, acts, 2, acts))
                at()
        return
    docket = Docket(folder)
    engine = Engine(law, DAY, docket=docket)
    with results_file(out, engine) as write:
        for batch in docket.batches():
            write(engine.determine(batch))
            at()


def dying(folder: Path, out: Path, storage: str, number: signal.Signals) -> None:
    """The same in a process of its own, which gets a signal there."""
    ended = subprocess.run(
        [sys.executable, "-c", DYING, str(folder), str(out), storage, str(int(number))],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        check=False,
    )
    expected = -signal.SIGKILL if number is signal.SIGKILL else -signal.SIGINT
    assert ended.returncode == expected, ended.stderr.decode()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def nothing() -> None:
    pass


@pytest.mark.parametrize("storage", list(STORAGES))
def test_what_is_killed_and_run_again_gives_the_same_and_leaves_nothing_beside_it(storage: str, tmp_path: Path) -> None:
    whole_one, folder, out = tmp_path / "whole", tmp_path / "place" / "d", tmp_path / "place" / "r.arrow"
    folder.parent.mkdir()
    for _ in range(2):
        work(whole_one, tmp_path / "whole.arrow", storage, nothing)
    dying(folder, out, storage, signal.SIGKILL)
    assert not folder.exists() and len(names(folder.parent)) == 1
    work(folder, out, storage, nothing)
    assert names(folder.parent) == ["d"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in whole_one.iterdir()
    }
    dying(folder, out, storage, signal.SIGKILL)
    assert not out.exists() and len(names(folder.parent)) == 2
    work(folder, out, storage, nothing)
    assert names(folder.parent) == ["d", "r.arrow"]
    assert out.read_bytes() == (tmp_path / "whole.arrow").read_bytes()


def test_what_is_interrupted_leaves_no_half_file(tmp_path: Path) -> None:
    dying(tmp_path / "d", tmp_path / "r.arrow", "arrow", signal.SIGINT)
    assert names(tmp_path) == []
    work(tmp_path / "d", tmp_path / "r.arrow", "arrow", nothing)
    dying(tmp_path / "d", tmp_path / "r.arrow", "arrow", signal.SIGINT)
    assert names(tmp_path) == ["d"]
