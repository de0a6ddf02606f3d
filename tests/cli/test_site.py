"""`wenze law site`: writes the pages, or says at once why it cannot."""

from __future__ import annotations

from pathlib import Path

from cli.conftest import Run


def test_it_writes_the_pages_into_a_folder_that_it_makes(run: Run, library: Path, tmp_path: Path) -> None:
    result = run("law", "site", tmp_path / "made/site", "--law", library)
    assert (result.exit_code, result.stderr) == (0, "")
    assert {path.name for path in (tmp_path / "made/site").iterdir()} >= {
        "index.html",
        "index.js",
        "search.js",
        "zh",
        "en",
    }


def test_a_folder_that_cannot_be_written_is_told_before_the_work(run: Run, own_library: Path, tmp_path: Path) -> None:
    """Before the law is read even: here it could not be."""
    (own_library / "lamps/2015-01-01.md").write_text("# nothing\n", encoding="utf-8")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file/site"):
        result = run("law", "site", folder, "--law", own_library)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"{folder}: 写不进去 · cannot be written: ")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "in the way"
