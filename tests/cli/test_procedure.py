"""`wenze procedure`: a sample case from lead to archive on paper, with every clock explained; refusals; the picture."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.conftest import Run
from wenze.law import shipped

SAMPLE = shipped() / "dehong/histories/sample.md"
HARBOUR = Path(__file__).parents[1] / "instruments"


def text(run: Run, *arguments: object) -> str:
    result = run("procedure", *arguments)
    assert (result.exit_code, result.stderr) == (0, ""), result.stderr
    return result.stdout


def test_the_sample_case_goes_from_lead_to_archive_with_every_clock_explained(run: Run) -> None:
    shown = text(run, "--case", SAMPLE, "--on", "2026-07-01", "--lang", "zh")
    done = re.findall(r"^  ✓ (\S+) (\S+) ", shown, re.MULTILINE)
    assert done[0] == ("2026-01-12", "登记线索") and done[-1] == ("2026-07-01", "归档") and len(done) == 25
    assert "✗ 2026" not in shown and "本案已终结" in shown
    assert "申诉期限：2026-04-17起，2026-05-06届满 · 按期 2026-05-06" in shown
    assert "15日 — 《关于实行党政领导干部问责的暂行规定》第二十二条 可以 [据转录本]" in shown
    assert re.search(r"2026-05-02 – 2026-05-05  不计  届满日为劳动节，顺延", shown)
    assert "另有规定（次序在后）：1个月 — 《中国共产党问责条例》第二十一条 可以 [一般所知，待核实；可选层]" in shown


def test_in_english_too(run: Run) -> None:
    shown = text(run, "--case", SAMPLE, "--on", "2026-05-07", "--lang", "en")
    assert "time to answer a complaint: from 2026-05-06, due 2026-06-05 · running" in shown
    assert "○ answer to the complaint · by decider" in shown and "outcomes: uphold, vary, revoke" in shown
    assert "texts not held that may say otherwise" in shown and "Stage: complaint" in shown
    assert "until 2027-04-15" in shown  # no promotion for one year, from the decision


def test_an_unlawful_step_is_marked_with_its_article_and_exits_1(run: Run, tmp_path: Path) -> None:
    written = SAMPLE.read_text(encoding="utf-8")
    cut = re.sub(r"步 陈述和申辩.*?(?=步 认定)", "", written, count=1, flags=re.DOTALL)
    (tmp_path / "case.md").write_text(cut, encoding="utf-8")
    result = run("procedure", "--case", tmp_path / "case.md", "--on", "2026-04-16", "--lang", "zh")
    assert result.exit_code == 1
    assert re.search(
        r"✗ 2026-04-15 集体讨论决定.*\n.*须在最近一次“告知”之后已经“陈述和申辩” — .*第十四条", result.stdout
    )


def test_without_a_case_it_prints_the_whole_procedure_of_the_day(run: Run) -> None:
    now, then = text(run, "--on", "2026-03-01", "--lang", "zh"), text(run, "--on", "2015-03-01", "--lang", "zh")
    assert "谈话函询" in now and "谈话函询" not in then
    assert "诫勉谈话" in then and "情节特别严重" in then and "免予问责：不可抗力" in then
    assert "云南省党政领导干部问责办法（试行）：问责程序一章" in now


def test_optional_layers_are_left_out_when_asked(run: Run) -> None:
    shown = text(run, "--on", "2026-03-01", "--without", "leads", "--without", "reports", "--lang", "zh")
    assert "谈话函询" not in shown and "受理告知" not in shown
    result = run("procedure", "--without", "central")
    assert result.exit_code == 1 and "L085" in result.stderr


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_is_whole_svg_and_marks_what_is_done_and_open(run: Run, lang: str) -> None:
    drawn = text(run, "--case", SAMPLE, "--on", "2026-04-20", "--graph", "--lang", lang)
    picture = ElementTree.fromstring(drawn)
    groups = [each.get("class", "") for each in picture.iter() if each.tag.endswith("}g")]
    assert len(groups) == 39
    assert sum("done" in each for each in groups) == 13 and any("open" in each for each in groups)
    assert "<script" not in drawn and "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
    words = "".join(picture.itertext())
    assert ("集体讨论决定" if lang == "zh" else "collective decision") in words


def test_another_procedure_is_drawn_from_its_own_folder(run: Run) -> None:
    shown = text(run, "--law", HARBOUR, "--on", "2022-03-01", "--lang", "en")
    assert "council ruling" in shown and "6 working days" in shown and "kept ashore" in shown
    assert ElementTree.fromstring(text(run, "--law", HARBOUR, "--on", "2022-03-01", "--graph"))


def test_wrong_use_says_what_to_do(run: Run, tmp_path: Path) -> None:
    assert run("procedure", "--instrument", "central").exit_code == 2
    assert run("procedure", "--case", SAMPLE, "--id", "other").exit_code == 2
    assert run("procedure", "--on", "yesterday").exit_code == 2
    missing = run("procedure", "--case", tmp_path / "none.md")
    assert missing.exit_code == 1 and missing.stderr.startswith("L002")
    written = (
        SAMPLE.read_text(encoding="utf-8").replace("步 立案", "步 力案").replace("承办人\n  人数 2", "承办员\n  人数 2")
    )
    (tmp_path / "case.md").write_text(written, encoding="utf-8")
    unknown = run("procedure", "--case", tmp_path / "case.md")
    assert unknown.exit_code == 1 and "`力案`" in unknown.stderr and "did you mean `立案`?" in unknown.stderr


def test_the_check_of_the_law_shows_the_texts_not_held_and_the_numbers_not_checked(run: Run) -> None:
    shown = run("check", shipped() / "central", "--lang", "zh").stdout
    assert "F054 central/2009-06-30.md" in shown
    assert "`complaint`的15日没有对照条文核对：据转录本" in shown
    beside = run("check", HARBOUR / "harbour", "--quick", "--lang", "en").stdout
    assert "2 layers, 7 steps, 2 clocks, 2 measures" in beside and "not held Tide Code" in beside
