"""Every problem a case file can have, as its author reads it: a wrong file beside the exact text it must give.

Files too large to keep, or that are no files, are made here; their expected text stands in the folder like the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from law.fair import fair
from wenze.law.casefile.cases import CASE_PROBLEMS, check_case, read_cases
from wenze.law.mending import MENDING
from wenze.law.problems import Problem, Problems

BAD = Path(__file__).parent / "bad_cases"
DOCS = Path(__file__).parents[2] / "docs"
_HEAD = "标题 集市\n依据 fair\n"


def _folder_called_like_a_file(folder: Path) -> None:
    (folder / "C001-no-file.md").mkdir()
    (folder / "C001-no-file.md" / "inside.json").mkdir()


def _missing(folder: Path) -> None:
    assert not (folder / "C001-missing.md").exists()


def _not_a_case(folder: Path) -> None:
    (folder / "C001-other-kind.docx").write_bytes(b"PK")


def _too_large(folder: Path) -> None:
    with (folder / "C002-too-large.md").open("wb") as file:
        file.truncate(50_000_000)


def _too_many_lines(folder: Path) -> None:
    (folder / "C002-too-many-lines.md").write_text("- a\n" * 60_000)


def _too_many_records(folder: Path) -> None:
    units = "".join(f"单位 U{number} 集市办\n" for number in range(20_000))
    heirs = "".join(f"```case 乙{number}\n标题 集市\n基于 甲\n```\n\n" for number in range(10))
    (folder / "C053-too-many-records.md").write_text(f"```case 甲\n{_HEAD}{units}```\n\n{heirs}", encoding="utf-8")


def _long_stories(folder: Path) -> None:
    blocks = (f"{'a ' * 5_000}\n\n```case 甲{number}\n{_HEAD}```\n\n" for number in range(80))
    (folder / "C053-long-stories.md").write_text("".join(blocks), encoding="utf-8")


MADE: dict[str, Callable[[Path], None]] = {
    "C001-no-file.md": _folder_called_like_a_file,
    "C001-missing.md": _missing,
    "C001-other-kind.docx": _not_a_case,
    "C002-too-large.md": _too_large,
    "C002-too-many-lines.md": _too_many_lines,
    "C053-long-stories.md": _long_stories,
    "C053-too-many-records.md": _too_many_records,
}
KEPT = sorted(path.name for path in BAD.iterdir() if path.suffix != ".expected")


def problems_of(path: Path, root: Path) -> tuple[Problem, ...]:
    """What reading and, where that succeeds, checking against the fictitious instrument complains of."""
    try:
        cases = read_cases(path, root=root)
    except Problems as raised:
        return raised.problems
    return tuple(problem for case in cases for problem in check_case(case, fair()))


@pytest.mark.parametrize("name", [*KEPT, *MADE])
def test_a_wrong_file_gives_exactly_the_problems_beside_it(name: str, tmp_path: Path) -> None:
    root = BAD
    if name in MADE:
        MADE[name](tmp_path)
        root = tmp_path
    found = problems_of(root / name, root)
    assert "\n".join(map(str, found)) + "\n" == (BAD / f"{name}.expected").read_text(encoding="utf-8")
    assert name[:4] in {problem.id for problem in found}


def test_every_problem_has_a_wrong_file_and_every_wrong_file_its_problem() -> None:
    assert {name[:4] for name in [*KEPT, *MADE]} == set(CASE_PROBLEMS)
    assert {f"{name}.expected" for name in [*KEPT, *MADE]} == {path.name for path in BAD.glob("*.expected")}


def test_every_message_names_the_words_concerned() -> None:
    for expected in BAD.glob("*.expected"):
        for line in expected.read_text(encoding="utf-8").splitlines()[::2]:
            assert line.count("`") >= 2, line


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in its folders")
def test_a_pipe_that_nobody_writes_to_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert [problem.id for problem in problems_of(tmp_path / "pipe.json", tmp_path)] == ["C001"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no endless file")
def test_no_more_is_read_of_a_file_than_a_case_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "endless.json").symlink_to("/dev/zero")
    monkeypatch.setattr(Path, "is_file", Path.exists)  # as if it were an ordinary file that grows while it is read
    assert [problem.id for problem in problems_of(tmp_path / "endless.json", tmp_path)] == ["C002"]


def problems_page() -> str:
    """`docs/problems-case.md`, from the table of problems."""
    rows = [
        f"| {id} | {MENDING[id].what}。 | {MENDING[id].do}。 | {meaning} | {mending} |"
        for id, (meaning, mending) in CASE_PROBLEMS.items()
    ]
    head = (
        "# 案件文件的问题 · Problems of case files\n\n每一种问题是什么意思、怎么改。编号的含义永远不变。\n\n"
        "What a problem means and how to mend it. Ids never change their meaning.\n"
    )
    return "\n".join([head, "| id | 含义 | 怎么改 | meaning | mending |", "|---|---|---|---|---|", *rows]) + "\n"


def test_the_page_of_problems_is_the_table() -> None:
    assert (DOCS / "problems-case.md").read_text(encoding="utf-8") == problems_page()
