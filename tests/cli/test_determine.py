"""`wenze determine`: the answer first, in the reader's language, on the day asked; what cannot be read is a problem, never a traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import typer

from cli.conftest import BROKEN, DAY, ROOT, Process, Run, Said, settle
from law.lamps import BASE
from wenze.cli.options import problems_told
from wenze.law import canonical, read_receipt, shipped

ANSI = "\x1b["
HEADING = re.compile(r"^■ ", re.MULTILINE)


def sections(output: str) -> list[str]:
    """The head of the page, then what stands below each heading."""
    return HEADING.split(output)


def clean_refusal(result: Said, code: int) -> str:
    """What was said on standard error; nothing on standard output, no traceback."""
    assert result.exit_code == code, result
    assert result.stdout == ""
    assert "Traceback" not in result.stderr and result.stderr.strip()
    return result.stderr


def whole_case(records: str = BROKEN) -> str:
    return f"{BASE}{records}\n```\n"


# The page


def test_the_answer_comes_first_then_why_and_the_whole_tree_last(run: Run, library: Path) -> None:
    page = run("determine", "--sample", "--law", library, "--on", DAY, "--lang", "en")
    assert page.exit_code == 0 and page.stderr == ""
    head, answer, *rest = sections(page.stdout)
    assert "one lamp" in head and "Street Lamp Measures" in head and "31 January 2016" in head
    assert "rule 甲: made out" in answer and "R-修" in answer and "main responsibility" in answer
    assert len(rest) >= 5
    assert "missing" in page.stdout and "rule 甲: made out" in rest[-1]


def test_every_reason_shows_the_evidence_and_what_was_not_accepted(run: Run, library: Path) -> None:
    for lang in ("zh", "en"):
        *_, tree = sections(run("determine", "--sample", "--law", library, "--on", DAY, "--lang", lang).stdout)
        [leaf] = [line for line in tree.splitlines() if "灯.坏" in line][:1]
        assert "值班簿" in leaf and "一封匿名信" in tree


def test_nothing_of_a_long_line_is_lost_when_piped(run: Run, own_library: Path) -> None:
    """Lines wrap inside the tree; they are not cut."""
    cases = own_library / "lamps/cases/01.md"
    told = "，".join(f"第{number}页记载三月{number}日夜间该灯不亮" for number in range(1, 12))
    cases.write_text(
        cases.read_text(encoding="utf-8").replace(
            "事实 灯.坏 A1 有 簿", f"证据 长 {told}\n  形式 照片\n事实 灯.坏 A1 有 簿、长"
        ),
        encoding="utf-8",
    )
    page = run("determine", "--sample", "--law", own_library, "--on", DAY).stdout
    joined = re.sub(r"[\s│├└─]", "", page)
    assert re.sub(r"\s", "", told) in joined


def test_what_is_missing_names_the_question_the_proof_and_both_ways(run: Run, library: Path) -> None:
    page = run("determine", "--sample", "--law", library, "--on", DAY, "--lang", "en").stdout
    [missing] = [section for section in sections(page) if "Is 灯.误 so?" in section and "ask" in section]
    assert missing.count("Is 灯.误 so?") >= 3  # for it, against it, asked first


@pytest.mark.parametrize(
    ("lang", "reservation", "article", "kind"),
    [
        ("zh", "依文本成立，尚不可依据", "第十条第（二）项", "种类未定的责任"),
        ("en", "made out by the text, not yet to be relied on", "Art. 10(2)", "responsibility, kind not named"),
    ],
)
def test_what_rests_on_a_circumstance_not_to_be_relied_on_says_so_wherever_it_stands(
    run: Run, lang: str, reservation: str, article: str, kind: str
) -> None:
    """The safeguard of 7(1) is open; 10(2) and the channel of 12 rest on 7(1) alone."""
    page = run("determine", "--sample", "--on", DAY, "--lang", lang, env={"COLUMNS": "300"}).stdout
    answer, table = (next(one for one in sections(page) if one.startswith(head)) for head in _HEADS[lang])
    acting = answer[answer.index("治安大队代理大队长") :]
    assert acting.count(reservation) == 3  # 7(1), 10(2) that rests on it, and the channel they open
    assert any(kind in line and reservation in line for line in acting.splitlines())
    columns = zip(*(line.split("│") for line in table.splitlines() if line.startswith("│")), strict=True)
    assert any(reservation.replace(" ", "") in re.sub(r"\s", "", "".join(column)) for column in columns)
    rules = [line for line in page.splitlines() if article in line or re.search(r"7\(1\)|第七条第（一）项", line)]
    assert not [line for line in rules if re.search("(：|: )(成立|made out)$", line.strip())]


_HEADS = {"zh": ("结论\n", "责任划分"), "en": ("Answer\n", "Responsibility")}


def test_contradicting_facts_are_named_before_anything_else(run: Run, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "case.md"
    path.write_text(whole_case("事实 灯.坏 A1 反 簿\n事实 灯.修 A1 有 照"), encoding="utf-8")
    for lang, words in (("zh", "矛盾"), ("en", "contradict")):
        page = run("determine", path, "--law", library, "--on", DAY, "--lang", lang, "--case", "本例").stdout
        first = sections(page)[1]
        assert words in first and "灯.坏" in first and "灯.修" in first
        made = {"zh": "规则甲：成立", "en": "rule 甲: made out"}[lang]
        assert made not in page


@pytest.mark.parametrize(
    ("option", "env", "chinese"),
    [
        (["--lang", "zh"], {"LANG": "en_US.UTF-8"}, True),
        (["--lang", "en"], {"LANG": "zh_CN.UTF-8"}, False),
        ([], {"LANG": "zh_CN.UTF-8"}, True),
        ([], {"LANG": "en_US.UTF-8"}, False),
        ([], {"LANG": "de_DE.UTF-8"}, False),
        ([], {"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, True),
        ([], {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, False),
        ([], {"LANG": "C.UTF-8"}, True),
        ([], {"LANG": None}, True),
    ],
)
def test_the_language_is_the_one_asked_for_else_that_of_the_locale_else_chinese(
    run: Run, library: Path, option: list[str], env: dict[str, str | None], chinese: bool
) -> None:
    page = run("determine", "--sample", "--law", library, "--on", DAY, *option, env=env).stdout
    assert ("规则甲：成立" in page, "rule 甲: made out" in page) == (chinese, not chinese)


def test_the_english_page_says_nothing_of_its_own_in_chinese(run: Run, own_library: Path) -> None:
    """Only what was entered in Chinese stands in Chinese: titles of posts, acts and evidence, names and quoted words."""
    path = own_library / "lamps/cases/01.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(
            "基于 底",
            "基于 底\n职务 P1 head-of-lamps\n  单位 U1\n  角色 所长\n行为 A1 an-act\n  起 2015-03-01\n行为 A2 b-act",
        ),
        encoding="utf-8",
    )
    page = run("determine", "--sample", "--law", own_library, "--on", DAY, "--lang", "en").stdout
    for entered in (
        "灯.坏",
        "灯.修",
        "灯.报",
        "灯.误",
        "任.所",
        "R-修",
        "宽",
        "严",
        "甲",
        "乙",
        "主",
        "办",
        "报过",
        "修则坏",
        "簿",
        "照",
        "信",
        "值班",
        "现场",
        "片",
        "一封匿名",
    ):
        page = page.replace(entered, "")
    assert re.findall(r"[\u4e00-\u9fff]+", page) == []


# On a terminal and in a pipe


def test_piped_output_has_no_colours(process: Process, library: Path) -> None:
    page = process("determine", "--sample", "--law", library, "--on", DAY, TERM="xterm-256color", COLORTERM="truecolor")
    assert page.returncode == 0 and ANSI not in page.stdout + page.stderr and "■" in page.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
def test_a_terminal_shows_colours(library: Path) -> None:
    import pty

    leader, follower = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT / "src"), "LANG": "zh_CN.UTF-8"}
    env.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "wenze", "determine", "--sample", "--law", str(library), "--on", DAY]
    with subprocess.Popen(command, stdout=follower, stderr=follower, env=env) as child:
        os.close(follower)
        shown = b""
        try:
            while chunk := os.read(leader, 65536):
                shown += chunk
        except OSError:
            pass  # the other end was closed
        os.close(leader)
    assert child.returncode == 0 and ANSI.encode() in shown


@pytest.mark.parametrize(
    "command", [["determine", "--sample"], ["determine", "--sample", "--format", "json"], ["text"], ["cases"]]
)
def test_a_reader_that_stops_early_ends_it_without_a_traceback(own_library: Path, command: list[str]) -> None:
    """`wenze … | head -1`, with more to say than a pipe holds."""
    path = own_library / "lamps/cases/01.md"
    many = "".join(
        f"职务 P{number} 第{number}班班长\n参与 P{number} A1\n期望 P{number} A1 甲 不适用\n" for number in range(10, 70)
    )
    path.write_text(path.read_text(encoding="utf-8").replace(BROKEN, many + BROKEN), encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "LANG": "zh_CN.UTF-8"}
    command = [*command] if command == ["text"] else [*command, "--law", str(own_library)]
    with subprocess.Popen(
        [sys.executable, "-m", "wenze", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    ) as child:
        assert child.stdout is not None and child.stderr is not None
        assert child.stdout.readline()
        child.stdout.close()
        said = child.stderr.read().decode()
    assert said == ""


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_output_is_utf_8_whatever_the_locale_says(process: Process, library: Path, locale: str) -> None:
    page = process(
        "determine", "--sample", "--law", library, "--on", DAY, LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert page.returncode == 0 and "一封匿名信" in page.stdout


# JSON


def test_the_json_form_is_a_receipt_that_recheck_accepts(run: Run, library: Path, tmp_path: Path) -> None:
    written = run("determine", "--sample", "--law", library, "--on", DAY, "--format", "json")
    assert written.exit_code == 0
    path = tmp_path / "receipt.json"
    path.write_text(written.stdout, encoding="utf-8")
    assert read_receipt(path.read_bytes(), path.name)["on"] == DAY
    assert run("recheck", path, "--law", library).exit_code == 0


def test_the_json_form_is_the_same_in_every_language_and_process(run: Run, process: Process, library: Path) -> None:
    args = ("determine", "--sample", "--law", library, "--on", DAY, "--format", "json")
    written = {run(*args, "--lang", lang).stdout for lang in ("zh", "en")} | {process(*args, PYTHONHASHSEED="7").stdout}
    assert len(written) == 1


# Readings and days


def states(run: Run, library: Path, *args: object) -> dict[str, str]:
    result = run("determine", "--sample", "--law", library, "--format", "json", *args)
    assert result.exit_code == 0, result.stderr
    made = json.loads(result.stdout)
    return {one["rule"]: one["state"] for one in made["circumstances"]} | {
        one["reading"]: one["ground"] for one in made["readings"]
    }


def test_a_chosen_reading_changes_the_result(run: Run, library: Path) -> None:
    assert states(run, library, "--on", DAY) == {"甲": "made-out", "乙": "open", "R-修": "default"}
    chosen = states(run, library, "--on", DAY, "--reading", "R-修=严")
    assert chosen == {"甲": "not-made-out", "乙": "open", "R-修": "chosen"}


@pytest.mark.parametrize(("on", "ground"), [("2016-12-31", "default"), ("2017-01-01", "settled")])
def test_the_day_decides_whether_a_settled_reading_counts(run: Run, own_library: Path, on: str, ground: str) -> None:
    settle(own_library)
    assert states(run, own_library, "--on", on)["R-修"] == ground


@pytest.mark.parametrize(("on", "ground"), [("2015-12-31", "default"), ("2016-01-01", "ruling")])
def test_the_day_decides_whether_a_ruling_counts(run: Run, own_library: Path, on: str, ground: str) -> None:
    path = own_library / "lamps/cases/01.md"
    ruled = "裁定 R-修 严\n  由 总所\n  自 2016-01-01\n  来源 某裁定\n期望 P1 A1 甲"
    path.write_text(path.read_text(encoding="utf-8").replace("期望 P1 A1 甲", ruled), encoding="utf-8")
    assert states(run, own_library, "--on", on)["R-修"] == ground


def test_without_a_day_it_is_today(run: Run, library: Path) -> None:
    before, after = date.today(), run("determine", "--sample", "--law", library, "--format", "json")
    assert before.isoformat() <= json.loads(after.stdout)["on"] <= date.today().isoformat()


@pytest.mark.parametrize(("choice", "known"), [("R-无=宽", "R-修"), ("R-修=中", "宽、严")])
def test_an_unknown_reading_or_option_is_refused_and_the_known_ones_are_named(
    run: Run, library: Path, choice: str, known: str
) -> None:
    assert known in clean_refusal(run("determine", "--sample", "--law", library, "--reading", choice), 1)


@pytest.mark.parametrize(
    "args",
    [
        ["--sample", "--reading", "R-修"],
        ["--sample", "--reading", "=严"],
        ["--sample", "--reading", "R-修="],
        ["--sample", "--on", "31.1.2016"],
        ["--sample", "--on", "2016-02-30"],
        ["--sample", "--lang", "fr"],
        ["--sample", "--format", "yaml"],
        ["--sample", "case.md"],
        [],
    ],
)
def test_wrong_usage_exits_2_and_says_what_to_write(run: Run, library: Path, args: list[str]) -> None:
    said = clean_refusal(run("determine", "--law", library, *args), 2)
    assert len(said.splitlines()) == 1


def test_an_option_that_does_not_exist_exits_2(run: Run) -> None:
    assert run("determine", "--nonsense").exit_code == 2
    assert run("nonsense").exit_code == 2


# Which case


def test_a_case_file_may_be_markdown_or_json(run: Run, library: Path, tmp_path: Path) -> None:
    markdown = tmp_path / "case.md"
    markdown.write_text(whole_case().replace("基于 底\n", "", 1), encoding="utf-8")
    args = ("--law", library, "--on", DAY, "--format", "json")
    receipts = {}
    made = json.loads(run("determine", library / "lamps/cases/01.md", *args).stdout)
    path = tmp_path / "case.json"
    path.write_bytes(canonical({**made["case"], "id": "另"}))
    receipts["json"] = json.loads(run("determine", path, *args).stdout)
    assert receipts["json"]["circumstances"] == made["circumstances"]


def test_the_only_case_of_a_file_needs_no_name_and_its_base_may_stand_in_the_folder(run: Run, library: Path) -> None:
    page = run("determine", library / "lamps/cases/02.md", "--law", library, "--lang", "en")
    assert page.exit_code == 0 and "a lamp that burns" in page.stdout


def test_a_case_of_a_folder_is_named(run: Run, library: Path) -> None:
    page = run("determine", library / "lamps/cases", "--case", "没坏", "--law", library, "--lang", "en")
    assert page.exit_code == 0 and "a lamp that burns" in page.stdout


@pytest.mark.parametrize("args", [[], ["--case", "没有"]])
def test_where_a_case_must_be_named_those_there_are_are_listed(run: Run, library: Path, args: list[str]) -> None:
    said = clean_refusal(run("determine", library / "lamps/cases", "--law", library, *args), 2)
    assert "sample" in said and "没坏" in said


def test_a_path_with_spaces_and_chinese_is_a_path(run: Run, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "某 案 [一].md"
    path.write_text(whole_case(), encoding="utf-8")
    assert run("determine", path, "--case", "本例", "--law", library).exit_code == 0


# What cannot be read


def test_a_missing_file_is_named(run: Run, library: Path, tmp_path: Path) -> None:
    assert "gone.md" in clean_refusal(run("determine", tmp_path / "gone.md", "--law", library), 1)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("empty.md", b""),
        ("empty.json", b""),
        ("prose.md", "# 只有文字\n".encode()),
        ("gbk.md", whole_case().encode("gbk")),
        ("utf16.md", whole_case().encode("utf-16")),
        ("null.json", b"null"),
        ("half.json", b'{"format": "wenze-case/1", "id"'),
        ("picture.md", bytes(range(256)) * 40),
        ("case.txt", whole_case().encode()),
    ],
)
def test_a_file_that_is_no_case_is_a_problem(run: Run, library: Path, tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    said = clean_refusal(run("determine", tmp_path / name, "--law", library), 1)
    assert re.match(r"C\d{3} .*" + re.escape(name), said)
    assert re.search(r"^\d+ problems?$", said, re.MULTILINE)


@pytest.mark.parametrize("name", ["large.md", "large.json"])
def test_a_file_of_50_megabytes_is_refused_at_once(run: Run, library: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    assert clean_refusal(run("determine", path, "--law", library), 1).startswith("C002")


def test_an_empty_folder_has_no_case(run: Run, library: Path, tmp_path: Path) -> None:
    assert clean_refusal(run("determine", tmp_path, "--law", library), 1).startswith("C005")


def test_a_case_with_problems_is_refused_with_all_of_them_and_their_lines(
    run: Run, library: Path, tmp_path: Path
) -> None:
    path = tmp_path / "case.md"
    path.write_text(
        whole_case("事实 灯.没有 A1 有 簿\n事实 灯.坏 A9 有 簿\n事实 灯.坏 A1 有 没有的证据"), encoding="utf-8"
    )
    said = clean_refusal(run("determine", path, "--case", "本例", "--law", library), 1)
    lines = whole_case().count("\n")
    assert {"C062", "C064"} <= set(re.findall(r"^C\d{3}", said, re.MULTILINE))
    assert "`灯.没有`" in said and f"case.md:{lines - 3}" in said
    assert said.splitlines()[-1] == "3 problems"


def test_a_case_of_an_instrument_that_is_not_there_is_refused(run: Run, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "case.md"
    path.write_text(whole_case().replace("依据 lamps", "依据 candles"), encoding="utf-8")
    said = clean_refusal(run("determine", path, "--case", "本例", "--law", library), 1)
    assert said.startswith("L004") and "candles" in said and "lamps" in said


def test_a_faulty_instrument_is_refused_with_its_problems(run: Run, own_library: Path) -> None:
    path = own_library / "lamps/2015-01-01.md"
    path.write_text(path.read_text(encoding="utf-8").replace("结论 追责 应\n", "结论 追责 也许\n", 1), encoding="utf-8")
    said = clean_refusal(run("determine", "--sample", "--law", own_library), 1)
    assert re.match(r"L\d{3} lamps/2015-01-01.md:\d+: ", said) and "`也许`" in said


@pytest.mark.parametrize("command", [["determine", "--sample"], ["check"], ["cases"], ["text"]])
@pytest.mark.parametrize("folder", ["", "none", "a file.md"])
def test_a_folder_without_instruments_is_no_library_whatever_is_asked_of_it(
    run: Run, tmp_path: Path, command: list[str], folder: str
) -> None:
    (tmp_path / "a file.md").write_text("# 只有文字\n", encoding="utf-8")
    said = clean_refusal(run(*command, "--law", tmp_path / folder), 1)
    assert said.startswith("L004 ") and "规范" in said


def test_of_many_cases_those_most_like_the_name_are_listed_and_never_all(run: Run) -> None:
    said = clean_refusal(run("determine", "--case", "6.1-成力", Path(shipped()) / "dehong/cases"), 2)
    assert "6.1-成立" in said and len(said.splitlines()) == 1 and len(said) < 300


def test_a_day_before_the_instrument_is_refused_and_so_is_a_day_written_another_way(run: Run, library: Path) -> None:
    said = clean_refusal(run("determine", "--sample", "--law", library, "--on", "1999-12-31"), 2)
    assert "早于施行日期" in said and "before" in said
    for written in ("20160101", "2016-W01-1", "2016-1-1", "２０１６-０１-０１"):
        assert "2026-01-31" in clean_refusal(run("determine", "--sample", "--law", library, "--on", written), 2)


def test_a_reading_is_chosen_once(run: Run, library: Path) -> None:
    twice = ["--reading", "R-修=宽", "--reading", "R-修=严"]
    said = clean_refusal(run("determine", "--sample", "--law", library, *twice), 2)
    assert "宽 / 严" in said
    same = run("determine", "--sample", "--law", library, "--on", DAY, "--reading", "R-修=严", "--reading", "R-修＝严")
    assert same.exit_code == 0


def test_what_nests_deeper_than_python_reads_is_a_problem_and_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as left, problems_told():
        raise RecursionError("maximum recursion depth exceeded")
    assert left.value.exit_code == 1
    said = capsys.readouterr().err
    assert said.startswith("L091 ") and "案件太大" in said


def test_the_version_in_force_at_the_time_of_the_conduct_applies(run: Run, own_library: Path) -> None:
    """Substance by the date of conduct, whatever the day of the determination."""
    first = own_library / "lamps/2015-01-01.md"
    for day in ("2015-04-01", "2015-03-20"):
        later = first.read_text(encoding="utf-8").replace("施行 2015-01-01", f"施行 {day}")
        (own_library / f"lamps/{day}.md").write_text(later, encoding="utf-8")
    made = json.loads(
        run("determine", "--sample", "--law", own_library, "--on", "2030-01-01", "--format", "json").stdout
    )
    in_force = {act["id"]: (act["start"], act.get("end")) for act in made["case"]["acts"]}
    assert in_force["A2"] == ("2015-05-01", "2015-05-01")
    assert made["instrument"]["in_force"] == "2015-04-01"


def test_what_stands_between_colons_is_shown_as_it_was_entered(run: Run, tmp_path: Path) -> None:
    """Rich would make a picture of it."""
    sample = next(shipped().glob("*/cases/sample.md")).read_text(encoding="utf-8")
    case = tmp_path / "case.md"
    case.write_text(sample.replace("标题 某县", "标题 A :warning: 某县", 1), encoding="utf-8")
    assert ":warning:" in run("determine", case).stdout


def test_a_compiled_law_is_kept_in_the_users_cache_folder_unless_he_says_no(
    process: Process, own_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("determine", "--sample", "--law", str(own_library), "--on", DAY)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    without = process(*asked)  # the tests keep no law
    assert not (tmp_path / "cache").exists()
    monkeypatch.delenv("WENZE_NO_CACHE")
    first, second = process(*asked), process(*asked)
    assert without.stdout == first.stdout == second.stdout
    assert len(list((tmp_path / "cache" / "wenze" / "laws").iterdir())) == 1
    instrument = next(own_library.glob("*/*.md"))
    instrument.write_text(instrument.read_text(encoding="utf-8").replace("默认 宽", "默认 严"), encoding="utf-8")
    assert process(*asked).stdout != without.stdout
