#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Sets the project up beside itself and runs it. Needs Python 3.11 or later and nothing else.

    python3 run.py                 the office with a fictional prefecture, in wenze-sample/
    python3 run.py test [ARGS…]    run the tests; ARGS go to pytest
    python3 run.py ARGS…           any wenze command, for example: python3 run.py check

The first run makes `.venv` and installs into it; later runs start at once. Knows how to install, nothing of the law.
Written so that every Python can read it, even 2.7, and be told that it is too old: no f-strings, no annotations.
"""

import contextlib
import hashlib
import os
import sys

NEEDED = (3, 11)
ROOT = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
# INVARIANT: written last. `.venv` with a stamp is whole, with BUILDING half-built and made anew, without one not ours.
STAMP = os.path.join(VENV, "wenze-stamp")
BUILDING = "building"
CONSTRAINTS = "constraints.txt"
# the commands that need Django and what belongs to it
OF_THE_OFFICE = ("backup", "export", "migrate", "offices", "restore", "serve", "tick", "user")
# and the one that computes on columns
OF_THE_DOCKET = ("docket",)


class Refused(Exception):
    """What stands in the way, as one line in Chinese and English."""


def main(arguments):
    try:
        refuse_old_python(sys.version_info)
        if arguments[:1] == ["test"]:
            make_ready(extras_of_tests())
            become([PYTHON, "-P", "-m", "pytest"] + arguments[1:], ROOT)
        arguments = arguments or ["serve", "--sample"]
        make_ready(extras_of(arguments))
        become([PYTHON, "-P", "-m", "wenze"] + arguments, None)
    except Refused as reason:
        say(reason.args[0])
        sys.exit(1)
    except EnvironmentError as error:  # no room, no right to write: the system's own words name the file
        say("无法完成安装。 Could not be set up: {}".format(error))
        sys.exit(1)
    except KeyboardInterrupt:
        say("已中断，再运行一次即可继续。 Interrupted; run it again to go on.")
        sys.exit(130)


def extras_of_tests():
    """With a Chromium on this machine the pages are tested in it too, with a Java the docket on Spark."""
    import shutil

    browsers = ("chromium", "chromium-browser", "google-chrome")
    found = ["test"] + (["browser"] if any(shutil.which(name) for name in browsers) else [])
    return found + (["spark"] if shutil.which("java") else [])


def refuse_old_python(version):
    if tuple(version[:2]) < NEEDED:
        found = ".".join(str(number) for number in version[:3])
        raise Refused(
            "需要 Python 3.11 或更新版本，这里是 {0}。 Python 3.11 or later is needed; this is {0}.".format(found)
        )


def say(text):
    """One line to the error stream, which leaves the output to the command; what it cannot show is escaped."""
    line = text + "\n"
    if not isinstance(line, bytes):  # in Python 2 it is bytes already
        line = line.encode(getattr(sys.stderr, "encoding", None) or "utf-8", "backslashreplace")
    getattr(sys.stderr, "buffer", sys.stderr).write(line)
    sys.stderr.flush()


def extras_of(arguments):
    """What a command needs besides the base install."""
    if arguments[0] in OF_THE_OFFICE:
        return ["web"]
    if arguments[:2] == ["docket", "spark"]:
        return ["spark"]
    return ["docket"] if arguments[0] in OF_THE_DOCKET else []


# --- is it ready? -----------------------------------------------------------------------------------------------------


def make_ready(extras):
    """Leaves `.venv` whole, with at least `extras` installed."""
    if not is_ready(extras):
        with alone() as lock:
            if not is_ready(extras):  # another run may have made it while this one waited
                install(extras, lock)


def is_ready(extras):
    place, files, installed = read_stamp()
    return place == of_place() and files == of_files() and set(extras) <= set(installed) and os.path.exists(PYTHON)


def read_stamp():
    """The hashes of place and files, and the extras installed: (None, None, []) where no whole `.venv` stands."""
    try:
        with open(STAMP) as stamp:
            place, files, extras = stamp.read().split("\n")[:3]
    except (EnvironmentError, ValueError):
        return None, None, []
    return place, files, extras.split()


def write_stamp(text):
    with open(STAMP, "w") as stamp:
        stamp.write(text)


def of_place():
    """What `.venv` is bound to: with another Python, or moved, it must be made anew."""
    return hashlib.sha256(repr((sys.platform, sys.version_info[:2], ROOT)).encode()).hexdigest()


def of_files():
    """What is to be installed: when it changes, pip is run again over the same `.venv`."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", CONSTRAINTS):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


@contextlib.contextmanager
def alone():
    """Holds a lock on this file: two runs at once would build the same `.venv`. Gives what children must inherit.

    They keep the lock, so that a pip which outlives a killed run.py is waited for.
    """
    try:
        import fcntl
    except ImportError:  # Windows, where a locked file could not be read
        yield ()
        return
    with open(__file__, "rb") as own:
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个 run.py 正在安装，等待其完成…… Another run.py is installing; waiting for it…")
            fcntl.flock(own, fcntl.LOCK_EX)
        except OSError:  # a file system without locks
            pass
        yield (own.fileno(),)


# --- installing -------------------------------------------------------------------------------------------------------


def install(extras, lock):
    say("正在准备运行环境，首次约需半分钟…… Setting up; the first time takes about half a minute…")
    ours, kept = prepare_venv()
    extras = sorted(set(extras) | set(kept))
    if ours:
        write_stamp(BUILDING)
    target = "." + ("[" + ",".join(extras) + "]" if extras else "")
    wish = ["install", "--editable", target, "--constraint", CONSTRAINTS]
    if not install_with_uv(wish, lock):
        code, lines = show_progress(pip_of_venv(lock) + wish, lock)
        if code != 0:
            raise Refused(reason_of_failure(lines))
    point_home()
    write_stamp("\n".join((of_place(), of_files(), " ".join(extras))))


def prepare_venv():
    """Leaves a `.venv` whose Python runs. Says whether it is ours, and which extras it has."""
    place, _, extras = read_stamp()
    if os.path.exists(STAMP) and not (place == of_place() and os.path.exists(PYTHON)):
        discard(VENV)  # half-built, moved, or of another Python
    if not os.path.exists(VENV) or not os.listdir(VENV):
        os.makedirs(VENV, exist_ok=True)
        write_stamp(BUILDING)
        make_venv()
        return True, []
    if os.path.exists(STAMP):
        return True, extras
    refuse_unfit_venv()
    return False, []


def discard(folder):
    """Moved aside first, since a folder half removed could be taken for one that somebody else made."""
    import shutil

    aside = folder + "-discarded"
    shutil.rmtree(aside, ignore_errors=True)
    os.rename(folder, aside)
    shutil.rmtree(aside, ignore_errors=True)


def make_venv():
    """Without pip, which Debian's Python may lack: `pip_of_venv` sees to it."""
    try:
        import venv
    except ImportError:
        install_debian_package()
        import venv
    venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(VENV)


def refuse_unfit_venv():
    """A `.venv` that somebody else made is used as it is, or left alone."""
    import subprocess

    question = "import sys; sys.exit(sys.version_info[:2] < {!r} or sys.prefix == sys.base_prefix)".format(NEEDED)
    if not os.path.exists(PYTHON) or subprocess.call([PYTHON, "-c", question], env=environment()) != 0:
        raise Refused(
            "这里的 .venv 并非 run.py 所建，也不能用，请移走或改名后再试。 "
            "The .venv here was not made by run.py and does not serve; move it away and run again."
        )


def install_with_uv(wish, lock):
    """Quicker than pip, where the machine has it. Not where pip is told of an index, which uv would not know."""
    import shutil

    uv = shutil.which("uv")
    told = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_CONFIG_FILE")
    if not uv or any(os.environ.get(name) for name in told):
        return False
    command = [uv, "pip"] + wish + ["--build-constraint", CONSTRAINTS, "--python", PYTHON, "pip"]
    return show_progress(command, lock)[0] == 0


def pip_of_venv(lock):
    """The command that is pip for `.venv`: its own, made from the copy Python brings along, or the machine's."""
    import subprocess

    own = [PYTHON, "-m", "pip"]
    if answers(own):
        return own
    machine = [sys.executable, "-m", "pip", "--python", PYTHON]
    if not has_ensurepip() and answers(machine):
        return machine
    if not has_ensurepip():
        install_debian_package()
    made = subprocess.run(
        [PYTHON, "-m", "ensurepip", "--default-pip"], env=environment(), pass_fds=lock, capture_output=True, text=True
    )
    if made.returncode != 0:
        raise Refused(reason_of_failure((made.stdout + made.stderr).splitlines()))
    return own


def point_home():
    """Where the package lies is written relative to `.venv`, so in ASCII, whatever the folders above are called.

    Python reads such a file in the locale's encoding, even in UTF-8 mode, and with `LC_ALL=C` could not start at all.
    """
    import glob

    for path in glob.glob(os.path.join(glob.escape(VENV), "lib*", "**", "site-packages", "*.pth"), recursive=True):
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        site = os.path.dirname(path)
        ours = [os.path.relpath(line, site) if line.startswith(ROOT + os.sep) else line for line in lines]
        if ours != lines:
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(ours))


def answers(command):
    import subprocess

    return subprocess.run(command + ["--version"], env=environment(), capture_output=True).returncode == 0


def has_ensurepip():
    try:
        from ensurepip import version
    except ImportError:
        return False
    return bool(version())


def install_debian_package():
    """Debian and Ubuntu cut `ensurepip` out of Python. In the hands of root it is put back; else the line says how."""
    import shutil
    import subprocess

    package = "python{}.{}-venv".format(*sys.version_info[:2])
    apt = shutil.which("apt-get")
    if not apt or sys.base_prefix != "/usr":
        raise Refused(
            "这个 Python 没有 venv 和 pip，请安装完整的 Python。 This Python lacks venv and pip; install a full one."
        )
    get = [apt, "install", "--yes", "--no-install-recommends", package]
    if os.geteuid() == 0:
        say("正在安装系统软件包 {0}…… Installing the system's package {0}…".format(package))
        quiet = dict(environment(), DEBIAN_FRONTEND="noninteractive")
        for command in (get, [apt, "update"], get):
            done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True)
            if command is get and done.returncode == 0:
                return
    raise Refused("请先运行 Run this first: sudo apt install {0}  (缺少 {0} · {0} is missing)".format(package))


def environment():
    """For the installing commands: nothing that would send packages elsewhere or make pip see those outside `.venv`."""
    misleading = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV")
    env = {name: value for name, value in os.environ.items() if name not in misleading}
    env.update(PIP_USER="0", PIP_NO_INPUT="1", PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONUTF8="1")
    env.setdefault("PIP_RETRIES", "2")
    # what builds the package is pinned too: by the first in older versions of pip, by the second in newer ones
    env["PIP_CONSTRAINT"] = env["PIP_BUILD_CONSTRAINT"] = CONSTRAINTS
    return env


def show_progress(command, lock):
    """Runs `command` in ROOT, saying what it is at; returns its exit code and its lines."""
    import subprocess
    import time

    begun, lines = time.monotonic(), []
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(),
        pass_fds=lock,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    with child:
        for line in child.stdout:
            lines.append(line.rstrip())
            if line.startswith(("Collecting", "Installing", "Prepared", "Installed")) and "finished" not in line:
                words = line.partition("(")[0].replace(":", "").split()
                say("  {:4.0f} s  {}".format(time.monotonic() - begun, " ".join(words[:3])))
    return child.returncode, lines


def reason_of_failure(lines):
    """The last lines that tell something, then the line that says what to do."""
    bare = [line.strip() for line in lines if line.strip()]
    telling = [line for line in bare if line.lower().startswith(("error:", "warning: retrying", "fatal:"))]
    shown = list(dict.fromkeys(telling or bare))[-4:]
    text = " ".join(lines).lower()
    signs = ("connection", "name resolution", "resolve host", "timed out", "unreachable", "proxy", "no matching dist")
    if any(sign in text for sign in signs):
        advice = (
            "无法下载所需软件包：请检查网络，或以 PIP_INDEX_URL 指定可用的镜像后再试。 "
            "Packages could not be downloaded: check the network, or name a mirror in PIP_INDEX_URL, and run again."
        )
    else:
        advice = "安装未成功，原因见上。 The installation failed; the lines above say why."
    return "\n".join(["  " + line[:200] for line in shown] + [advice])


# --- running ----------------------------------------------------------------------------------------------------------


def become(command, folder):
    """Ends this program by running `command`, whose exit code is ours."""
    os.environ.pop("PYTHONHOME", None)
    os.environ.setdefault("PYTHONUTF8", "1")  # Chinese through any pipe, on any system
    if folder:
        os.chdir(folder)
    sys.stdout.flush()
    if os.name == "nt":  # where exec leaves the console to the wrong process
        import subprocess

        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
