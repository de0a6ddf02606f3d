"""run.py sets up and starts a project, says in one line what stands in the way, and recovers. Real processes only.

The project it is given here is a small one that builds itself and needs no network; its `wenze` and its `pytest` tell
how they were called. `.ci/run` does the same with the whole project.
"""

from __future__ import annotations

import ast
import json
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

RUN = Path(__file__).parents[2] / "run.py"

pytestmark = pytest.mark.skipif(find_spec("ensurepip") is None, reason="this Python has no ensurepip (python3-venv)")

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "wenze"
version = "0"
[project.optional-dependencies]
test = []
web = []
browser = []
"""

BACKEND = """
import pathlib, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    info = "wenze-0.dist-info/"
    files = {
        "wenze.pth": str(pathlib.Path("src").resolve()),
        info + "METADATA": "Metadata-Version: 2.1\\nName: wenze\\nVersion: 0\\nProvides-Extra: test\\nProvides-Extra: web\\nProvides-Extra: browser\\n",
        info + "WHEEL": "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    with zipfile.ZipFile(pathlib.Path(folder) / "wenze-0-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        wheel.writestr(info + "RECORD", "".join(f"{name},,\\n" for name in [*files, info + "RECORD"]))
    return "wenze-0-py3-none-any.whl"
"""

TELL = """
import json, os, sys
print(json.dumps({"name": __package__, "args": sys.argv[1:], "cwd": os.getcwd(), "prefix": sys.prefix}))
sys.exit(7 if "fail" in sys.argv else 0)
"""


class Project:
    """A copy of run.py beside a project, and the way to start it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in {
            "pyproject.toml": PYPROJECT,
            "backend.py": BACKEND,
            "constraints.txt": "# nothing to pin\n",
            "src/wenze/__main__.py": TELL,
            "src/pytest/__main__.py": TELL,
        }.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        shutil.copy(RUN, folder)

    def environment(self) -> dict[str, str]:
        """No package can be had: the index is a port that nobody listens to."""
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        index = f"http://127.0.0.1:{port}/simple"
        offline = {"PIP_INDEX_URL": index, "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": "", "PIP_RETRIES": "0"}
        return {**os.environ, **offline, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}

    def run(self, *arguments: str, python: str = sys.executable, **options: Any) -> subprocess.CompletedProcess[str]:
        options = {"env": self.environment(), "cwd": self.folder.parent, **options}
        command = [python, str(self.folder / "run.py"), *arguments]
        return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, **options)

    @property
    def stamp(self) -> Path:
        return self.folder / ".venv" / "wenze-stamp"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "问责 wenze")


class Ready(NamedTuple):
    """A project that was set up without a network first, in vain, and then again."""

    project: Project
    failed: subprocess.CompletedProcess[str]
    stamp_of_failed: str
    first: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    project = Project(tmp_path_factory.mktemp("ready") / "问责 wenze")
    needy = PYPROJECT.replace("requires = []", 'requires = ["hatchling"]')
    (project.folder / "pyproject.toml").write_text(needy, encoding="utf-8")
    failed = project.run()
    stamp = project.stamp.read_text(encoding="utf-8")
    (project.folder / ".venv" / "leftover").touch()
    (project.folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    return Ready(project, failed, stamp, project.run())


def test_without_the_network_one_line_says_so(ready: Ready) -> None:
    failed = ready.failed
    assert failed.returncode == 1 and failed.stdout == ""
    last = failed.stderr.splitlines()[-1]
    assert "请检查网络" in last and "check the network" in last
    assert "hatchling" in failed.stderr and "Traceback" not in failed.stderr


def test_what_was_half_built_is_made_anew(ready: Ready) -> None:
    assert ready.stamp_of_failed == "building"
    assert ready.project.stamp.exists()
    assert not (ready.project.folder / ".venv" / "leftover").exists()


def test_the_first_run_installs_and_determines_the_sample(ready: Ready) -> None:
    project, first = ready.project, ready.first
    assert first.returncode == 0, first.stderr
    assert "Setting up" in first.stderr and "正在准备" in first.stderr
    told = json.loads(first.stdout)  # nothing but the command's own output
    assert (told["name"], told["args"]) == ("wenze", ["serve", "--sample"])
    assert Path(told["prefix"]) == project.folder / ".venv"


def test_a_later_run_installs_nothing_and_hands_over_every_argument(ready: Ready, tmp_path: Path) -> None:
    project = ready.project
    before = project.stamp.stat().st_mtime_ns
    later = project.run("check", "a b", "案 件.md", "--on=2024-05-01", cwd=tmp_path)
    assert later.stderr == ""
    told = json.loads(later.stdout)
    assert told["args"] == ["check", "a b", "案 件.md", "--on=2024-05-01"]
    assert Path(told["cwd"]) == tmp_path
    assert project.stamp.stat().st_mtime_ns == before


def test_the_exit_code_is_the_commands(ready: Ready) -> None:
    assert ready.project.run("fail").returncode == 7


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_it_starts_in_a_folder_whose_name_the_locale_cannot_write(ready: Ready, locale: str) -> None:
    project = ready.project
    said = project.run("check", env={**project.environment(), "LC_ALL": locale})
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["name"] == "wenze"


def test_tests_run_in_the_project_with_what_they_need_installed_once(ready: Ready, tmp_path: Path) -> None:
    project = ready.project
    first = project.run("test", "-k", "a or b", cwd=tmp_path)
    assert "Setting up" in first.stderr
    told = json.loads(first.stdout)
    assert (told["name"], told["args"], Path(told["cwd"])) == ("pytest", ["-k", "a or b"], project.folder)
    assert project.run("test").stderr == ""
    assert project.run("check").stderr == "", "what needs fewer extras is ready too"


def test_a_change_of_what_is_to_be_installed_is_installed(ready: Ready) -> None:
    project = ready.project
    (project.folder / "constraints.txt").write_text("# another line\n", encoding="utf-8")
    assert "Setting up" in project.run("check").stderr
    assert project.run("check").stderr == ""


def test_a_venv_of_somebody_else_that_does_not_serve_is_left_alone(project: Project) -> None:
    own = project.folder / ".venv" / "my-notes.txt"
    own.parent.mkdir()
    own.write_text("keep", encoding="utf-8")
    refused = project.run()
    assert refused.returncode == 1
    assert "was not made by run.py" in refused.stderr.splitlines()[-1]
    assert own.read_text(encoding="utf-8") == "keep"


@pytest.mark.skipif(os.name != "posix", reason="Debian's Python is the one that lacks ensurepip")
def test_a_python_without_pip_and_venv_is_told_what_to_do(project: Project, tmp_path: Path) -> None:
    lacking = tmp_path / "lacking"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(lacking)], check=True)
    (tmp_path / "missing").mkdir()
    (tmp_path / "missing" / "ensurepip.py").write_text("raise ImportError('cut out')", encoding="utf-8")
    hidden = {**project.environment(), "PATH": str(tmp_path), "PYTHONPATH": str(tmp_path / "missing")}
    refused = project.run(python=str(lacking / "bin" / "python"), env=hidden)
    assert refused.returncode == 1
    assert "lacks venv and pip" in refused.stderr.splitlines()[-1]
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 4, 10), (3, 10, 13)])
def test_a_python_too_old_is_refused_in_both_languages(version: tuple[int, int, int]) -> None:
    names = runpy.run_path(str(RUN))
    with pytest.raises(names["Refused"], match=r"需要 Python 3\.11.*Python 3\.11 or later is needed; this is"):
        names["refuse_old_python"](version)
    names["refuse_old_python"]((3, 11, 0))


def test_an_old_python_can_read_run_py(project: Project) -> None:
    ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 4))
    for old in old_pythons():
        refused = subprocess.run(
            [old, str(project.folder / "run.py")], capture_output=True, encoding="utf-8", timeout=30
        )
        assert refused.returncode == 1
        assert refused.stderr.count("\n") == 1 and "or later is needed" in refused.stderr, old


def old_pythons() -> list[str]:
    """Those that happen to be on this machine: on the path, or beside the Python that runs this."""
    names = ["python2.7", *(f"python3.{minor}" for minor in range(4, 11))]
    beside = [str(path) for name in names for path in Path(sys.base_prefix).parent.glob(f"*/bin/{name}")]
    found = [path for path in (shutil.which(name) for name in names) if path] + beside
    return [path for path in found if subprocess.run([path, "-c", ""], capture_output=True).returncode == 0]


def test_what_the_office_needs_is_installed_for_every_command_of_the_office() -> None:
    from wenze.cli import export, office

    app = typer.Typer()
    export.register(app)
    office.register(app)
    names = [each.name for each in (*app.registered_commands, *app.registered_groups)]
    extras_of = runpy.run_path(str(RUN))["extras_of"]
    assert len(names) > 2 and {name: extras_of([name]) for name in names} == {name: ["web"] for name in names}
    assert extras_of(["docket", "run"]) == ["docket"] and extras_of(["docket", "spark", "archive"]) == ["spark"]


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="the lock is POSIX")
def test_two_at_once_build_one_environment(project: Project) -> None:
    command = [sys.executable, str(project.folder / "run.py")]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    both = [subprocess.Popen(command, env=project.environment(), **pipes) for _ in range(2)]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Setting up" in errors for _, errors in told) == 1
    assert sum("waiting" in errors for _, errors in told) == 1


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.5, 2.5])
def test_killed_at_any_moment_the_next_run_recovers(project: Project, seconds: float) -> None:
    command = [sys.executable, str(project.folder / "run.py")]
    killed = subprocess.Popen(command, env=project.environment(), stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(seconds)
    killed.send_signal(signal.SIGKILL)  # run.py alone; what it started goes on, and is waited for
    killed.wait()
    again = project.run("check")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["args"] == ["check"]
