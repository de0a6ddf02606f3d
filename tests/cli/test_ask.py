"""`wenze ask` at a real terminal: it asks what helps, keeps every answer at once, and loses nothing when it is killed."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from wenze.law import State, case_to_json, check_case, determine, read_cases, shipped
from wenze.law.library import Library

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")

LIBRARY = Library(shipped())
LAW = LIBRARY.law("dehong")
PROMPT = re.compile(r"> $")
WAIT = 60  # seconds until a question must have come


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r\n", "\n")


class Terminal:
    """`wenze ask` on a pseudo-terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self.process, self.channel = pty.fork()
        if self.process == 0:  # the child; whoever runs the tests in the background has it ignore Ctrl-C
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.environ.update({"TERM": "xterm", "COLUMNS": "200", "LINES": "60"})
            os.execv(sys.executable, [sys.executable, "-m", "wenze", "ask", *arguments])
        self.seen = ""
        self.ended: int | None = None

    def read(self, again: bytes = b"", every: float = 1) -> str:
        """What is written until the next prompt, or the end; a key is pressed again where nothing comes for so long (s)."""
        text, until = "", time.monotonic() + WAIT
        while not PROMPT.search(plain(text)):
            assert time.monotonic() < until, f"no prompt after: {plain(text)[-2000:]}"
            if not select.select([self.channel], [], [], every)[0]:
                os.write(self.channel, again)
                continue
            try:
                chunk = os.read(self.channel, 65536)
            except OSError:
                chunk = b""
            if not chunk:
                self.ended = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
                break
            text += chunk.decode("utf-8", "replace")
        self.seen += plain(text)
        return plain(text)

    def type(self, line: str) -> None:
        os.write(self.channel, f"{line}\n".encode())

    def press(self, key: bytes) -> str:
        """What is written after a key, pressed until the end: Python misses an interrupt that comes just before it begins
        to wait for a line, and an impatient person presses on while it is ending."""
        said = ""
        for _ in range(20):
            os.write(self.channel, key)
            said += self.read(again=key, every=0.02)
            if self.ended is not None:
                break
        return said

    def kill(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        self.ended = -signal.SIGKILL

    def close(self) -> None:
        if self.ended is None:
            self.kill()
        os.close(self.channel)


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        opened.append(Terminal(*arguments, "--on", "2020-01-01", "--lang", "en"))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of which the units, posts and papers are known, and nothing else."""
    base = next(one for one in read_cases(LIBRARY.cases("dehong")) if one.id == "6-基础")
    written = case_to_json(base)
    for what in ("facts", "findings", "rulings", "expectations"):
        written.pop(what, None)
    written["pairs"] = [{"respondent": "P1", "act": "A1"}]
    written["events"] = [{"id": "V9", "title": "看台坍塌"}]
    for act in written["acts"]:
        act["events"] = ["V9"]
    path = tmp_path / "case.json"
    path.write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
    return path


NO = ("approved beforehand", "contract", "impossible", "supervis")  # questions answered no; all others yes
_SAID = (
    (r"evidence > $", "1"),
    (r"form > $", "1"),
    (r"title > $", "a paper"),
    (r"source.* > $", "the archive"),
    (r"found by.* > $", "inquiry team"),
    (r"on \(2015.* > $", "2016-01-02"),
    (r"day \(2015.* > $", "2015-03-02"),
    (r"reasons > $", "numbers and area of the venue"),
    (r"recorded as > $", "1"),
    (r"record it.* > $", "s"),
)


def reply(text: str) -> str:
    """What the person types at a prompt."""
    for pattern, said in _SAID:
        if re.search(pattern, text):
            return said
    question = question_of(text)
    return "n" if any(word in question for word in NO) else "y"


def question_of(text: str) -> str:
    """The question of a prompt that asks for yes or no."""
    lines = [line for line in text.splitlines() if line.strip()]
    found = [line for line in lines if re.search(r"[?？] ?[(（].+[)）]\s*$", line)]
    return found[-1] if found else ""


def answer(screen: Terminal, most: int = 10_000) -> list[str]:
    """Answer until the interview ends, or until so many questions were answered whole; returns the questions."""
    asked: list[str] = []
    text = screen.read()
    while screen.ended is None:
        if "skip" in text.splitlines()[-1]:
            if len(asked) == most:
                return asked
            asked.append(question_of(text))
        screen.type(reply(text))
        text = screen.read()
    return asked


def kept(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def answers_in(path: Path) -> list[str]:
    found = kept(path)
    return [f"{one['fact']} {one['entities']}" for one in (*found.get("facts", []), *found.get("findings", []))]


def test_an_interview_ends_with_the_determination(case: Path, terminal: Callable[..., Terminal]) -> None:
    screen = terminal(str(case), "--about", "6.7")
    asked = answer(screen)
    assert screen.ended == 0
    assert len(set(asked)) == len(asked), "a question was asked twice"
    assert "Determination: " in screen.seen and "Art. 6(7)" in screen.seen
    found = read_cases(case)[0]
    assert check_case(found, LAW) == []
    made = determine(LAW, found, date(2020, 1, 1))
    state = next(one.state for one in made.circumstances if one.rule.id == "6.7" and one.respondent == "P1")
    assert state == State.MADE_OUT, screen.seen


def test_what_is_asked_comes_with_its_reason_and_its_proof(case: Path, terminal: Callable[..., Terminal]) -> None:
    screen = terminal(str(case), "--about", "6.7")
    first = screen.read()
    assert question_of(first)
    assert re.search(r"(settles as not made out|helps to settle): Art\. 6\(7\)", first)
    assert re.search(r"proof: \S", first)


@pytest.mark.parametrize("after", [1, 4])
def test_killed_in_the_middle_nothing_answered_is_lost(
    case: Path, terminal: Callable[..., Terminal], after: int
) -> None:
    whole = case.with_name("whole.json")
    answer(terminal(str(case), "--about", "6.7", "--to", str(whole)))

    screen = terminal(str(case), "--about", "6.7")
    before = answer(screen, after)
    screen.kill()
    assert len(answers_in(case)) == after
    assert not list(case.parent.glob(".*.partial"))

    again = terminal(str(case), "--about", "6.7")
    rest = answer(again)
    assert again.ended == 0
    assert not set(before) & set(rest), "what was answered was asked again"
    assert kept(case) == kept(whole)


def test_killed_while_an_answer_is_being_typed_the_file_is_that_of_the_answer_before(
    case: Path, terminal: Callable[..., Terminal]
) -> None:
    screen = terminal(str(case), "--about", "6.7")
    answer(screen, 2)
    was = kept(case)
    screen.type("y")
    screen.read()  # asks for evidence, or who found it
    screen.kill()
    assert kept(case) == was


@pytest.mark.parametrize("key", [b"\x03", b"\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_left_by_a_key_it_says_where_the_answers_are(case: Path, terminal: Callable[..., Terminal], key: bytes) -> None:
    screen = terminal(str(case), "--about", "6.7")
    answer(screen, 2)
    said = screen.press(key)
    assert screen.ended == 0
    assert "Left. The answers are in" in said and str(case) in said.replace("\n", "")
    assert len(answers_in(case)) == 2


def test_what_is_not_established_is_not_recorded_and_not_asked_again(
    case: Path, terminal: Callable[..., Terminal]
) -> None:
    was = kept(case)
    screen = terminal(str(case), "--about", "6.7")
    asked = []
    text = screen.read()
    while screen.ended is None:
        asked.append(question_of(text))
        screen.type("s")
        text = screen.read()
    assert len(asked) == len(set(asked)) > 3
    assert kept(case) == was
    assert "not yet determinable" in screen.seen


def test_an_answer_can_be_taken_back(case: Path, terminal: Callable[..., Terminal]) -> None:
    screen = terminal(str(case), "--about", "6.7")
    asked = answer(screen, 1)
    assert len(answers_in(case)) == 1
    screen.type("u")
    assert question_of(screen.read()) == asked[0]
    assert answers_in(case) == []


def test_a_judgement_is_not_taken_without_who_when_and_why(case: Path, terminal: Callable[..., Terminal]) -> None:
    screen = terminal(str(case), "--about", "6.7")
    text = screen.read()
    while "found by" not in text.splitlines()[-1]:
        screen.type(reply(text))
        text = screen.read()
        assert screen.ended is None
    was = answers_in(case)
    for said, next_prompt in (
        ("", "found by"),
        ("inquiry team", "on ("),
        ("yesterday", "on ("),
        ("2016-01-02", "reasons"),
    ):
        screen.type(said)
        assert next_prompt in screen.read().splitlines()[-1]
    screen.type("")
    assert "reasons" in screen.read().splitlines()[-1]
    assert answers_in(case) == was
    screen.type("the venue holds 5,000")
    screen.read()
    assert len(answers_in(case)) == len(was) + 1
    finding = kept(case)["findings"][-1]
    assert (finding["by"], finding["date"], finding["reasons"]) == (
        "inquiry team",
        "2016-01-02",
        "the venue holds 5,000",
    )


def test_a_telephone_number_is_refused_and_nothing_is_kept(case: Path, terminal: Callable[..., Terminal]) -> None:
    screen = terminal(str(case), "--about", "6.7")
    text = screen.read()
    while "found by" not in text.splitlines()[-1]:
        screen.type(reply(text))
        text = screen.read()
    was = answers_in(case)
    for said in ("inquiry team", "2016-01-02", "call 13812345678"):
        screen.type(said)
        text = screen.read()
    assert "C073" in text
    assert answers_in(case) == was


def test_an_answer_that_cannot_be_kept_is_said_so(
    case: Path, terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    gone = tmp_path / "gone" / "kept.json"
    gone.parent.mkdir()
    screen = terminal(str(case), "--about", "6.7", "--to", str(gone))
    answer(screen, 1)
    shutil.rmtree(gone.parent)
    text = ""
    while screen.ended is None:
        screen.type(reply(text))
        text = screen.read()
    assert screen.ended == 1
    assert str(gone) in screen.seen.replace("\n", "")


def test_a_place_where_no_answer_could_be_kept_is_said_so_before_the_first_question(
    case: Path, terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    screen = terminal(str(case), "--to", str(tmp_path / "nowhere" / "kept.json"))
    said = screen.read().replace("\n", "").replace("\r", "")
    assert screen.ended == 2
    assert f"{tmp_path / 'nowhere'}: 写不进去 · cannot be written" in said


def test_left_at_once_nothing_is_kept_and_it_says_so(case: Path, terminal: Callable[..., Terminal]) -> None:
    kept_at = case.with_name("answers.json")
    screen = terminal(str(case), "--to", str(kept_at))
    screen.read()
    screen.type("q")
    assert "Nothing was answered" in screen.read()
    assert screen.ended == 0 and not kept_at.exists()


def test_answers_of_another_case_are_not_taken_for_this_one(
    case: Path, terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    kept_at = tmp_path / "answers.json"
    answer(terminal(str(case), "--about", "6.7", "--to", str(kept_at)), 1)
    was = kept_at.read_bytes()
    screen = terminal(str(shipped() / "dehong/cases/sample.md"), "--case", "sample", "--to", str(kept_at))
    said = screen.read()
    assert screen.ended == 2
    assert "name another file with --to" in said.replace("\n", " ")
    assert kept_at.read_bytes() == was
