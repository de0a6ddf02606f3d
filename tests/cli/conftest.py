"""A folder of instruments with one fictitious instrument on street lamps and its scenarios, and the command itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from law.lamps import BASE, constraint, exception, facts, reading, rule, written
from wenze.cli.main import whole


class Said(NamedTuple):
    """What a command printed and how it ended."""

    exit_code: int
    stdout: str
    stderr: str


Run = Callable[..., Said]
Process = Callable[..., "subprocess.CompletedProcess[str]"]
ROOT = Path(__file__).parents[2]
DAY = "2016-01-31"

LAMPS = written(
    facts(
        "灯.坏 事实 行为",
        "灯.修 事实 行为",
        "灯.报 事实 行为 证 限 值班簿",
        "灯.误 判断 参与",
        "任.所 数据 主体 取 主体.角色 是 所长",
    ),
    reading("R-修", "宽", "严"),
    rule("甲", "依解读 R-修\n  取 宽 灯.坏\n  取 严 全部\n    灯.坏\n    非 灯.修", "不引 「夜间」 试验 / trial"),
    rule("乙", "全部\n  灯.坏\n  灯.误"),
    rule("主", "成立 甲", group="责任", says="主责 应"),
    rule("办", "任.所", "对象 主体", group="权限", says="本所办 应"),
    exception("报过", "甲", "灯.报"),
    constraint("修则坏", "若 灯.修\n则 灯.坏"),
)
BROKEN = "事实 灯.坏 A1 有 簿 反 信\n事实 灯.报 A1 反 簿\n事实 灯.修 A1 有 照"
SAMPLE = f"""# 示范

## 一盏灯 / one lamp

东所的一盏路灯三月里一直不亮。

```case sample
标题 一盏灯 / one lamp
基于 底
{BROKEN}
期望 P1 A1 甲 成立
  取决 R-修
期望 P1 A1 乙 尚不能认定
期望 P1 - 办 成立
```
"""
ANOTHER = """# 另一盏

```case 没坏
标题 没坏的灯 / a lamp that burns
基于 底
事实 灯.坏 A1 反 簿
期望 P1 A1 甲 不成立
  稳健 是
```
"""


def shelve(folder: Path) -> Path:
    """Put the lamp measures and their scenarios into a folder of instruments."""
    cases = folder / "lamps/cases"
    cases.mkdir(parents=True)
    (folder / "lamps/2015-01-01.md").write_text(LAMPS, encoding="utf-8")
    base = BASE[: BASE.index("# 本例")]
    for name, text in (("00-base.md", base), ("01.md", SAMPLE), ("02.md", ANOTHER)):
        (cases / name).write_text(text, encoding="utf-8")
    return folder


def settle(library: Path) -> None:
    """Let the head office settle the reading from 2017 on."""
    path = library / "lamps/2015-01-01.md"
    settled = "状态 已决 严 自 2017-01-01 由 总所 来源 总所复函"
    path.write_text(path.read_text(encoding="utf-8").replace("状态 未决", settled), encoding="utf-8")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of instruments nobody writes to."""
    return shelve(tmp_path_factory.mktemp("instruments"))


@pytest.fixture
def own_library(tmp_path: Path) -> Path:
    """A folder of instruments of one test's own."""
    return shelve(tmp_path / "instruments")


@pytest.fixture
def run() -> Run:
    """`wenze …` in this process; any exception but a clean exit is an error of the test."""

    def invoke(*args: object, env: dict[str, str | None] | None = None) -> Said:
        settings = {"LC_ALL": None, "LC_MESSAGES": None, "LANG": "zh_CN.UTF-8", **(env or {})}
        result = CliRunner().invoke(whole(), [str(arg) for arg in args], env=settings, catch_exceptions=False)
        return Said(result.exit_code, result.stdout, result.stderr)

    return invoke


@pytest.fixture
def process() -> Process:
    """`wenze …` as a process of its own, its output piped."""

    def start(*args: object, **env: str) -> subprocess.CompletedProcess[str]:
        settings = {**os.environ, "LANG": "zh_CN.UTF-8", "PYTHONPATH": str(ROOT / "src"), **env}
        command = [sys.executable, "-m", "wenze", *map(str, args)]
        return subprocess.run(command, env=settings, capture_output=True, encoding="utf-8", timeout=120, check=False)

    return start
