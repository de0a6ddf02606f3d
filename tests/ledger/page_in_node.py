"""The page's check, run by Node where there is one: the same files that go into the page, without the page."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node on this machine")

_SCRIPT = """
const Run = async () => {
  const { readFileSync } = require("node:fs");
  const asked = JSON.parse(readFileSync(0, "utf8"));
  if (asked.expression) return await eval(asked.expression);
  const found = [];
  for (const path of asked.paths) {
    const audit = await Check.bundle(new Uint8Array(readFileSync(path)), asked);
    found.push({ findings: audit.findings, checked: audit.checked, size: audit.size });
  }
  return found;
};
Run().then((found) => console.log(JSON.stringify(found)));
"""


def check_in_node(paths: Sequence[Path], trusted: Sequence[object], held: Sequence[str]) -> list[dict[str, Any]]:
    """What the page finds in each file."""
    found: list[dict[str, Any]] = _node(
        {"paths": [str(path) for path in paths], "trusted": [*map(str, trusted)], "held": [*held]}
    )
    return found


def evaluate(expression: str) -> Any:  # Any: JSON
    """What an expression over `Hashes`, `Curves` and `Check` comes to."""
    return _node({"expression": expression})


def _node(asked: object) -> Any:  # Any: JSON
    folder = files("wenze.ledger.page")
    source = "\n".join(
        folder.joinpath(name).read_text(encoding="utf-8") for name in ("hashes.js", "curves.js", "check.js")
    )
    done = subprocess.run(
        ["node", "-e", source + _SCRIPT],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
