"""Compiled laws are kept between runs; what is kept changes nothing but the time it takes."""

import hashlib
import os
import pickle
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from wenze.law import Kept, Law, Library, Problems

HARBOUR = Path(__file__).parents[1] / "instruments" / "harbour"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with one instrument, whose laws are kept."""
    shutil.copytree(HARBOUR, tmp_path / "instruments" / "harbour")
    return Library(tmp_path / "instruments", Kept(tmp_path / "kept"))


def version(library: Library) -> Path:
    return library.version("harbour")


def kept_files(library: Library) -> list[Path]:
    return sorted((library.root.parent / "kept").iterdir())


def compiled(library: Library) -> Law:
    """The law, compiled whatever is kept."""
    return Library(library.root).law("harbour")


def same(one: Law, other: Law) -> bool:
    return (one, one.digest, one.rules_digest) == (other, other.digest, other.rules_digest)


def refuse_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> Law:
        raise AssertionError("it was compiled")

    monkeypatch.setattr("wenze.law.library._compiled", never)


def test_a_law_that_was_kept_is_not_compiled_again_and_is_the_same(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = compiled(library)
    assert same(library.law("harbour"), expected)
    refuse_to_compile(monkeypatch)
    assert same(library.law("harbour"), expected)


def test_a_law_that_was_edited_is_compiled_anew(library: Library) -> None:
    before = library.law("harbour")
    path = version(library)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("默认 逐件", "默认 抽查"), encoding="utf-8")
    after = library.law("harbour")
    assert after.rules_digest != before.rules_digest
    assert same(after, compiled(library))
    path.write_text(text, encoding="utf-8")
    assert same(library.law("harbour"), before)


def test_the_safeguards_beside_a_law_are_part_of_what_it_is_kept_by(library: Library) -> None:
    before = library.law("harbour")
    guards = version(library).parent / "guards.md"
    assert guards.exists()
    guards.unlink()
    after = library.law("harbour")
    assert before.guards and not after.guards


def test_a_faulty_law_is_not_kept_and_says_its_problems_every_time(library: Library) -> None:
    path = version(library)
    path.write_text(path.read_text(encoding="utf-8").replace("默认 逐件", "默认 随意"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(Problems):
            library.law("harbour")
    assert not (library.root.parent / "kept").exists()


def test_another_program_does_not_read_what_this_one_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.law("harbour")
    monkeypatch.setattr("wenze.law.kept.__version__", "another")
    library.law("harbour")
    assert len(kept_files(library)) == 2


@pytest.mark.parametrize("spoilt", ["empty", "short", "one byte", "other", "not a pickle"])
def test_a_spoilt_file_is_passed_over_and_replaced(library: Library, spoilt: str) -> None:
    expected = library.law("harbour")
    (path,) = kept_files(library)
    sound = path.read_bytes()
    said = b"no pickle"
    path.write_bytes(
        {
            "empty": b"",
            "short": sound[: len(sound) // 2],
            "one byte": sound[:-9] + bytes([sound[-9] ^ 1]) + sound[-8:],
            "other": signed(pickle.dumps({"no": "law"})),
            "not a pickle": signed(said),
        }[spoilt]
    )
    assert same(library.law("harbour"), expected)
    assert path.read_bytes() == sound


def signed(written: bytes) -> bytes:
    return hashlib.sha256(written).digest() + written


class Harm:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_nothing_that_was_written_there_is_ever_run(library: Library, tmp_path: Path) -> None:
    expected = library.law("harbour")
    (path,) = kept_files(library)
    path.write_bytes(signed(pickle.dumps(Harm(tmp_path / "harm"))))
    assert same(library.law("harbour"), expected)
    assert not (tmp_path / "harm").exists()


posix = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no user ids here")


@posix
def test_what_is_kept_is_the_users_alone(library: Library) -> None:
    library.law("harbour")
    (path,) = kept_files(library)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@posix
@pytest.mark.parametrize("open_to_others", ["file", "folder", "link", "pipe", "another user's"])
def test_what_others_may_have_written_is_passed_over(
    library: Library, open_to_others: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.law("harbour")
    (path,) = kept_files(library)
    if open_to_others == "file":
        path.chmod(0o666)
    elif open_to_others == "folder":
        path.parent.chmod(0o777)
    elif open_to_others == "link":
        path.symlink_to(path.rename(path.parent / "elsewhere"))
    elif open_to_others == "pipe":
        path.unlink()
        os.mkfifo(path)
    else:
        monkeypatch.setattr("os.geteuid", lambda: path.stat().st_uid + 1)
    refuse_to_compile(monkeypatch)
    with pytest.raises(AssertionError, match="it was compiled"):
        library.law("harbour")


def test_where_nothing_can_be_written_the_law_is_compiled(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file, so that no folder can be made", encoding="utf-8")
    library = Library(HARBOUR.parent, Kept(tmp_path / "kept"))
    assert same(library.law("harbour"), Library(HARBOUR.parent).law("harbour"))


@posix
def test_a_folder_that_can_only_be_read_serves_and_is_left_alone(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = library.law("harbour")
    (path,) = kept_files(library)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "read only")

    monkeypatch.setattr("wenze.law.kept.mkstemp", refused)  # root may write anywhere, so modes would not stop it
    assert same(library.law("harbour"), expected)
    path.unlink()
    assert same(library.law("harbour"), expected)
    assert kept_files(library) == []


def test_only_the_newest_laws_stay(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wenze.law.kept._MOST", 3)
    other = tmp_path / "kept" / "a note of the user's own"
    other.parent.mkdir(mode=0o700)
    other.touch()
    for number in range(5):
        monkeypatch.setattr("wenze.law.kept.__version__", str(number))
        library.law("harbour")
    assert len(kept_files(library)) == 3 + 1
    assert other.exists()


def test_many_programs_at_once_keep_one_whole_law(library: Library) -> None:
    asked = (
        "import sys\nfrom pathlib import Path\nfrom wenze.law import Kept, Library\n"
        "law = Library(Path(sys.argv[1]), Kept(Path(sys.argv[2]))).law('harbour')\nprint(law.rules_digest)"
    )
    command = [sys.executable, "-c", asked, str(library.root), str(library.root.parent / "kept")]
    programs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {program.communicate()[0].strip() for program in programs}
    assert [program.returncode for program in programs] == [0] * 4
    assert said == {compiled(library).rules_digest}
    assert len(kept_files(library)) == 1
