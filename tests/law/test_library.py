"""A folder of instruments: the version in force on a day, its guards, and nothing that falls through."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wenze.law import Case, Library, Place, Problems, State, determine, shipped
from wenze.law.case import Act, Participation, Post, Unit
from wenze.law.rules import Bilingual

HERE = Path(__file__).parent
HARBOUR = HERE.parent / "instruments/harbour"
TEXT = (HARBOUR / "2020-01-01.md").read_text(encoding="utf-8")
NOWHERE = Place("case.md", 1)


def version(day: str) -> str:
    """The harbour measures as if they came into force on another day, with a title that says so."""
    text = TEXT.replace("施行 2020-01-01", f"施行 {day}").replace("act.end from 2020-01-01", f"act.end from {day}")
    return text.replace("/ Ferry Safety", f"/ {day} Ferry Safety")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "harbour"
    folder.mkdir()
    for day in ("2020-01-01", "2022-07-01", "2021-03-15"):
        (folder / f"{day}.md").write_text(version(day), encoding="utf-8")
    (folder / "guards.md").write_bytes((HARBOUR / "guards.md").read_bytes())
    (folder / "notes.md").write_text("no version", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    return Library(tmp_path)


def test_an_instrument_is_a_folder_with_a_version(library: Library) -> None:
    assert library.instruments() == ("harbour",)
    assert library.versions("harbour") == (date(2020, 1, 1), date(2021, 3, 15), date(2022, 7, 1))
    assert library.versions("empty") == ()


@pytest.mark.parametrize(
    ("on", "in_force"),
    [
        (date(2020, 1, 1), date(2020, 1, 1)),
        (date(2021, 3, 14), date(2020, 1, 1)),
        (date(2021, 3, 15), date(2021, 3, 15)),
        (date(2022, 6, 30), date(2021, 3, 15)),
        (date(2022, 7, 1), date(2022, 7, 1)),
        (date(2099, 1, 1), date(2022, 7, 1)),
        (None, date(2022, 7, 1)),
    ],
)
def test_the_version_in_force_on_the_day_applies(library: Library, on: date | None, in_force: date) -> None:
    law = library.law("harbour", on)
    assert law.in_force == in_force
    assert law.title.en.startswith(f"{in_force} ")
    assert law.sources[0].file == f"harbour/{in_force}.md"


def test_before_the_first_version_nothing_applies(library: Library) -> None:
    """There is no falling through to a version not in force: its own gate fails."""
    day = date(2019, 6, 1)
    law = library.law("harbour", day)
    case = Case(
        "C",
        Bilingual("案", "case"),
        "harbour",
        NOWHERE,
        organ="U1",
        units={"U1": Unit("U1", "局", NOWHERE, "港务局", "分局")},
        posts={"P1": Post("P1", "局长", NOWHERE, "U1", "局长", "甲等", "常任", "U1")},
        acts={"A1": Act("A1", "签发", NOWHERE, start=day, end=day)},
        participations={("P1", "A1"): Participation("P1", "A1", NOWHERE)},
    )
    assert law.in_force == date(2020, 1, 1)
    assert {one.state for one in determine(law, case, day).circumstances} == {State.NOT_APPLICABLE}


def test_the_guards_beside_a_version_are_read_with_it(library: Library, tmp_path: Path) -> None:
    assert list(library.law("harbour").guards) == ["K-复核"]
    (tmp_path / "harbour/guards.md").unlink()
    assert list(library.law("harbour").guards) == []


def test_the_problems_of_all_files_come_together(library: Library, tmp_path: Path) -> None:
    for name in ("guards.md", "2022-07-01.md"):
        with (tmp_path / "harbour" / name).open("a", encoding="utf-8") as stream:
            stream.write("\n```rul x\n```\n")
    with pytest.raises(Problems) as refused:
        library.law("harbour")
    assert [problem.place.file for problem in refused.value.problems] == ["harbour/2022-07-01.md", "harbour/guards.md"]


def test_a_faulty_version_does_not_hide_another(library: Library, tmp_path: Path) -> None:
    (tmp_path / "harbour/2022-07-01.md").write_text("", encoding="utf-8")
    assert library.law("harbour", date(2021, 12, 31)).in_force == date(2021, 3, 15)
    with pytest.raises(Problems, match="L060"):
        library.law("harbour")


def test_a_missing_instrument_names_those_there_are(library: Library) -> None:
    with pytest.raises(Problems) as refused:
        library.law("harbor")
    problem = refused.value.problems[0]
    assert (problem.id, problem.message) == ("L004", "no instrument `harbor` in this folder")
    assert "harbour" in problem.hint and "--law" in problem.hint


def test_a_missing_folder_has_no_instrument(tmp_path: Path) -> None:
    library = Library(tmp_path / "nowhere")
    assert library.instruments() == ()
    with pytest.raises(Problems, match="L004"):
        library.law("harbour")


def test_a_version_is_named_by_a_day_of_the_calendar(library: Library, tmp_path: Path) -> None:
    (tmp_path / "harbour/2021-02-30.md").write_text(TEXT, encoding="utf-8")
    with pytest.raises(Problems, match=r"L004 harbour/2021-02-30.md:1: `2021-02-30.md` is named by no day"):
        library.law("harbour", date(2021, 12, 31))


def test_a_header_that_says_another_day_than_the_file_is_refused(library: Library, tmp_path: Path) -> None:
    (tmp_path / "harbour/2023-01-01.md").write_text(version("2022-01-01"), encoding="utf-8")
    with pytest.raises(Problems, match="L082"):
        library.law("harbour")


def test_the_instruments_that_are_shipped_have_no_problem() -> None:
    library = Library(shipped())
    assert "dehong" in library.instruments()
    for name in library.instruments():
        assert library.law(name).id == name
        assert library.cases(name).is_dir() == bool(library.law(name).rules)
