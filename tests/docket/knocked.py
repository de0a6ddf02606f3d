"""`python -m docket.knocked PLACE SIGNAL MOMENTS ARGUMENTS…`: one command of wenze, knocked at many moments of its run.

Everything is loaded once; each run is a fork of that, so that the moments fall into the work and not into loading. `PLACE` is a folder for
this alone, which may hold what the command reads; what it makes is to be called `made` there, and may be there before.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pyarrow as pa

import wenze.cli.main as program
import wenze.docket.gathered
import wenze.docket.outcome
import wenze.docket.synth
import wenze.docket.template  # noqa: F401 -- these are loaded here, not in every fork
from wenze.law import compile, parse  # noqa: F401 -- as above

Held = dict[str, bytes]


def main() -> None:
    place, number, moments = Path(sys.argv[1]), signal.Signals(int(sys.argv[2])), int(sys.argv[3])
    sys.argv = ["wenze", *sys.argv[4:]]
    program.whole()
    pa.scalar(False)  # loads pandas, where there is one; interrupted in there, it says something else than that
    old, begun = held(place), time.monotonic()
    code = ended(started(place))
    assert code == 0, said(place)
    lasts, new = time.monotonic() - begun, held(place)
    halves = 0
    for moment in range(moments):
        restored(place, old)
        process = started(place)
        time.sleep(lasts * moment / moments)
        os.kill(process, number)
        code, now = ended(process), held(place)
        seen = {name: data for name, data in now.items() if not name.startswith(".made.")}
        where = f"{number.name} {moment}/{moments}: {code} {sorted(now)}\n{said(place)}"
        assert seen in (old, new), where
        assert "Traceback" not in said(place), where
        if number is signal.SIGINT:
            assert now in (old, new) and (now == new or code != 0), where
        halves += now not in (old, new)
        if moment % 5 == 0 and seen == old:
            assert ended(started(place)) == 0 and held(place) == new, f"again after {where}"
    print(f"{sys.argv[2]} {number.name}: {moments} moments of {lasts:.2f} s, {halves} left something hidden")


def started(place: Path) -> int:
    """A process that runs the command."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # until the fork is what it is to be
    process = os.fork()
    if process:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        return process
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(beside(place, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        program.main()
    except KeyboardInterrupt:  # outside of all that the program does
        raise SystemExit(130) from None
    raise AssertionError("the program always exits")


def ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def said(place: Path) -> str:
    return beside(place, "err").read_text("utf-8")


def beside(place: Path, name: str) -> Path:
    return place.with_name(f"{place.name}.{name}")


def held(place: Path) -> Held:
    """Every file below a folder; a folder is one with no bytes."""
    return {
        f"{path.relative_to(place)}{'/' if path.is_dir() else ''}": b"" if path.is_dir() else path.read_bytes()
        for path in place.rglob("*")
    }


def restored(place: Path, old: Held) -> None:
    for path in place.iterdir():
        if path.name not in old and f"{path.name}/" not in old:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name, data in old.items():
        if not name.endswith("/"):
            (place / name).write_bytes(data)


if __name__ == "__main__":
    main()
