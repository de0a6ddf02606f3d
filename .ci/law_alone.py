"""Run by `.ci/run` in an environment that holds the built wheel, markdown-it-py and mdurl, and nothing else.

Shows that every module of `wenze.law` imports there, and that the wheel carries the regulations byte for byte.
"""

import importlib
import pkgutil
import sys
from importlib.metadata import distributions
from pathlib import Path

ALLOWED = {"wenze", "markdown-it-py", "mdurl"}


def main(regulations: Path) -> None:
    present = {distribution.name for distribution in distributions()}
    if present != ALLOWED:
        sys.exit(f"this is to be run where only {sorted(ALLOWED)} are installed, not {sorted(present)}")
    law = importlib.import_module("wenze.law")
    modules = [module.name for module in pkgutil.walk_packages(law.__path__, "wenze.law.")]
    for name in modules:
        importlib.import_module(name)
    written, carried = files(regulations), files(Path(law.__path__[0]).parent / "_regulations")
    if written != carried:
        differing = sorted(str(name) for name in written.keys() ^ carried.keys()) or "contents differ"
        sys.exit(f"the wheel does not carry the regulations as they are: {differing}")
    print(f"{len(modules)} modules of wenze.law import alone; the wheel carries {len(carried)} files of regulations")


def files(folder: Path) -> dict[Path, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder): path.read_bytes() for path in paths}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
