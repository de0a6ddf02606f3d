"""Others enter the law by `wenze.law`, which loads a stage when something of it is first asked for."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import wenze.law


def run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()


def test_what_is_read_for_types_is_what_is_loaded() -> None:
    written = ast.parse(Path(wenze.law.__file__).read_text(encoding="utf-8"))
    only_for_types = next(part for part in written.body if isinstance(part, ast.If))
    read = {
        alias.name: part.module
        for part in only_for_types.body
        if isinstance(part, ast.ImportFrom)
        for alias in part.names
    }
    assert read == {name: f"wenze.law.{stage}" for name, stage in wenze.law._STAGE_OF.items()}
    assert set(wenze.law.__all__) == set(dir(wenze.law)) == set(read)


def test_every_name_is_what_its_stage_calls_so() -> None:
    for name, stage in wenze.law._STAGE_OF.items():
        found = getattr(wenze.law, name)
        assert found is getattr(import_module(f"wenze.law.{stage}"), name)
        assert not isinstance(found, ModuleType)


def test_a_name_nobody_knows_is_an_attribute_error() -> None:
    assert not hasattr(wenze.law, "verdict")


def test_a_function_named_as_its_stage_is_the_function_whichever_was_loaded_first() -> None:
    first = "import wenze.law.compare, wenze.law.determine, wenze.law.emit\n"
    then = (
        "from wenze.law import compare, determine, emit\nprint(callable(compare), callable(determine), callable(emit))"
    )
    assert run(first + then) == "True True True"
    assert run(then) == "True True True"


def test_determining_a_case_loads_neither_the_checks_nor_the_procedure_of_the_law() -> None:
    asked = "from wenze.law import Library, check_case, determine, read_cases\nimport sys\n"
    loaded = run(asked + "print(*(name for name in sys.modules if name.startswith('wenze.law.')))").split()
    assert "wenze.law.determine" in loaded
    for stage in ("compare", "compile", "lint", "parse", "procedure"):
        assert f"wenze.law.{stage}" not in loaded
