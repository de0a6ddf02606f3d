"""Procedure as law: what is open, for whom, what is refused and by which article, which clocks run until when."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenze.law import (
    History,
    Library,
    Move,
    Problems,
    Refusal,
    check_history,
    history_of,
    read_histories,
    read_procedure,
    refusals,
    shipped,
    stand,
)
from wenze.law.parse import source_of
from wenze.law.steps import Frame

ROOT = Path(__file__).parents[2]
LIBRARY = Library(shipped())
PROCEDURE = read_procedure(LIBRARY, "dehong")
SAMPLE = history_of(PROCEDURE, read_histories(LIBRARY.root / "dehong/histories/sample.md")[0])
FEATURES = SAMPLE.features
D = date.fromisoformat


def up_to(step: str, history: History = SAMPLE) -> tuple[Move, ...]:
    """The moves of the sample up to the first of a step, that one included."""
    at = next(at for at, move in enumerate(history.moves) if move.step == step)
    return history.moves[: at + 1]


def next_move(step: str, **carried: object) -> Move:
    """The sample's move of a step, carrying something else."""
    found = next(move for move in SAMPLE.moves if move.step == step)
    return replace(found, **carried)


def ids(history: tuple[Move, ...], move: Move, features: dict[str, bool] | None = None) -> list[str]:
    standing = stand(PROCEDURE, history, FEATURES if features is None else features, move.day)
    return [refusal.id for refusal in refusals(standing, move)]


def reasons(
    history: tuple[Move, ...], step: str, on: date, features: dict[str, bool] | None = None
) -> tuple[Refusal, ...]:
    standing = stand(PROCEDURE, history, FEATURES if features is None else features, on)
    return next((each.reasons for each in standing.refused if each.step.id == step), ())


def cited(found: tuple[Refusal, ...]) -> set[str]:
    return {refusal.basis.cite("zh") for refusal in found if refusal.basis}


# The sample case


def test_the_sample_goes_from_lead_to_archive_without_an_unlawful_step() -> None:
    assert check_history(PROCEDURE, SAMPLE.moves, FEATURES) == ()
    standing = stand(PROCEDURE, SAMPLE.moves, FEATURES, SAMPLE.moves[-1].day)
    assert (standing.ended, standing.stage) == ("archive", "archive")
    assert {run.state for run in standing.clocks} <= {"met", "lapsed"}


@pytest.mark.parametrize("at", range(len(SAMPLE.moves)))
def test_each_step_of_the_sample_was_open_on_its_day_with_who_and_why(at: int) -> None:
    move = SAMPLE.moves[at]
    opened = stand(PROCEDURE, SAMPLE.moves[:at], FEATURES, move.day).opened(move.step)
    assert opened is not None and move.role in opened.roles
    assert opened.step.basis.cite("zh") and opened.step.basis.cite("en") and opened.step.basis.flag("en")
    assert set(opened.papers) <= set(move.papers)


def test_a_main_step_left_out_bars_what_rests_on_it() -> None:
    may_be_left_out = {"reporter-accepted", "complain", "answer-complaint"}  # its clock shows; a right not used
    for at, move in enumerate(SAMPLE.moves):
        again = any(other.step == move.step for other in (*SAMPLE.moves[:at], *SAMPLE.moves[at + 1 :]))
        if move.step in may_be_left_out or again or move.step == "archive":
            continue
        without = SAMPLE.moves[:at] + SAMPLE.moves[at + 1 :]
        assert check_history(PROCEDURE, without, FEATURES), move.step


# What the interface promises, by article


def test_no_decision_without_notice_a_recorded_defence_and_an_answer_to_each_point() -> None:
    decide = next_move("decide")
    assert ids(up_to("recommend"), decide) and ids(up_to("notice"), decide) and ids(up_to("statement"), decide)
    assert ids(up_to("answer-points"), decide) == []
    assert "《关于实行党政领导干部问责的暂行规定》第十四条" in cited(reasons(up_to("notice"), "decide", decide.day))


def test_a_notice_sets_the_time_to_answer() -> None:
    notice = next_move("notice")
    assert ids(up_to("recommend"), replace(notice, until=None)) == ["until"]
    assert ids(up_to("recommend"), replace(notice, until=D("2026-03-20"))) == ["until"]


def test_a_new_notice_wants_a_new_defence() -> None:
    again = (
        *up_to("answer-points"),
        next_move("notice", day=D("2026-04-13"), receipt=D("2026-04-13"), until=D("2026-04-24")),
    )
    assert "before" in ids(again, next_move("decide", day=D("2026-04-20")))


def test_nobody_who_did_not_speak_is_decided_on_before_his_time_is_over() -> None:
    silent = next_move("statement", outcome="not-given", papers=(), role="handler")
    assert ids(up_to("notice"), silent) == ["early"]
    late = replace(silent, day=D("2026-04-11"))
    assert ids(up_to("notice"), late) == []
    assert ids((*up_to("notice"), late), next_move("decide")) == []


def test_a_defence_never_makes_it_heavier() -> None:
    decide = next_move("decide")
    history = up_to("answer-points")
    assert ids(history, replace(decide, measures=("suspension",))) == ["heavier", "heavier"]
    assert "heavier" in ids(
        history, replace(decide, band="especially-serious", measures=("public-apology",), reason="理由")
    )
    assert ids(history, replace(decide, measures=("public-apology", "circulated-criticism"))) == []
    heavier = next_move("recommend", day=D("2026-04-14"), measures=("suspension",))
    assert ids(history, heavier) == ["heavier"]  # no new facts were found
    found = (*history, next_move("inquire", day=D("2026-04-13")), next_move("determine", day=D("2026-04-13")))
    assert ids(found, heavier) == []


def test_a_measure_outside_its_band_needs_a_reason() -> None:
    outside = next_move("recommend", band="light", measures=("public-apology",))
    assert ids(up_to("determine"), outside) == ["measure"]
    assert ids(up_to("determine"), replace(outside, reason="理由")) == []
    assert ids(up_to("determine"), replace(outside, measures=("flogging",))) == ["measure"]


def test_a_complaint_in_time_is_open_and_a_day_later_refused() -> None:
    served = up_to("report-execution")
    assert ids(served, next_move("complain")) == []  # 6 May 2026, the last day
    late = next_move("complain", day=D("2026-05-07"), receipt=D("2026-05-07"))
    assert ids(served, late) == ["late"]
    assert "《关于实行党政领导干部问责的暂行规定》第二十二条" in cited(reasons(served, "complain", late.day))


def test_who_decided_before_does_not_answer_the_complaint_and_it_is_never_worse() -> None:
    answer = next_move("answer-complaint")
    history = up_to("complain")
    assert ids(history, replace(answer, relations=("decided-before",))) == ["relation"]
    assert "heavier" in ids(history, replace(answer, band="serious", measures=("suspension",)))


def test_a_person_managed_elsewhere_can_only_be_recommended_to_the_superior_unit() -> None:
    features = {**FEATURES, "managed-here": False}
    checked = (*up_to("check"), next_move("determine", day=D("2026-02-02")))
    assert "before" in [r.id for r in reasons(checked, "open", D("2026-02-06"), features)]
    opened = stand(PROCEDURE, checked, features, D("2026-02-06")).opened("recommend-upward")
    assert opened is not None and opened.step.basis.modality.zh == "可以"
    assert opened.step.basis.anchors == ("15",) and opened.step.basis.provenance == "text"


def test_what_is_not_established_is_asked_for_and_never_taken_as_no() -> None:
    features = {name: value for name, value in FEATURES.items() if name != "managed-here"}
    found = reasons(up_to("check"), "open", D("2026-02-06"), features)
    assert [refusal.id for refusal in found] == ["unknown"]
    standing = stand(PROCEDURE, up_to("check"), features, D("2026-02-06"))
    assert "managed-here" in [feature.id for feature in standing.questions]


def test_elected_persons_first_go_through_the_statutory_procedure() -> None:
    features = {**FEATURES, "elected": True}
    execute = next_move("execute")
    assert ids(up_to("serve"), execute, features) == ["before"]
    statutory = Move("statutory", execute.day, "handler")
    assert ids((*up_to("serve"), statutory), execute, features) == []


def test_a_direct_decision_takes_the_place_of_inquiry_and_recommendation_only() -> None:
    start = (*up_to("open"), next_move("determine", day=D("2026-02-09")))
    direct = Move("direct", D("2026-02-10"), "decider", band="light", measures=("admonishing-talk",), reason="事实清楚")
    assert ids(start, direct) == []
    assert ids(start, replace(direct, reason="")) == ["reason"]
    told = (*start, direct, next_move("notice", day=D("2026-02-11"), receipt=D("2026-02-11"), until=D("2026-02-20")))
    decide = next_move("decide", day=D("2026-02-24"), band="light", measures=("admonishing-talk",))
    assert "before" in ids(told, decide)  # the defence is still heard
    heard = (*told, next_move("statement", day=D("2026-02-12")), next_move("answer-points", day=D("2026-02-13")))
    assert ids(heard, decide) == []


@pytest.mark.parametrize("outcome", ["not-made-out", "not-competent"])
@pytest.mark.parametrize(
    "step", ["lead", "check", "open", "inquire", "recommend", "notice", "statement", "answer-points"]
)
def test_a_case_can_be_closed_at_any_point_before_the_decision(step: str, outcome: str) -> None:
    history = up_to(step)
    close = Move("close", history[-1].day, "head", outcome, papers=("no-action-notice",), reason="不成立")
    assert ids(history, close) == []
    archive = Move("archive", close.day + timedelta(1), "handler")
    assert ids((*history, close), archive) == ["before"]  # a real-name reporter is told the result first
    told = Move("reporter-result", archive.day, "handler", papers=("feedback",))
    assert ids((*history, close, told), archive) == []
    assert ids((*history, close), archive, {**FEATURES, "named-report": False}) == []


def test_after_the_decision_it_is_served_not_closed() -> None:
    close = Move("close", D("2026-04-16"), "head", "not-made-out", papers=("no-action-notice",), reason="不成立")
    assert ids(up_to("decide"), close) == ["before"]


@pytest.mark.parametrize("step", ["lead", "inquire", "serve", "archive"])
def test_referral_runs_beside_everything(step: str) -> None:
    history = up_to(step)
    refer = Move("refer", history[-1].day, "head", "to-judiciary", papers=("referral-letter",))
    assert ids(history, refer) == []
    assert stand(PROCEDURE, (*history, refer), FEATURES, refer.day).stage == history[-1].step


def test_a_report_about_the_own_head_goes_up_within_five_working_days_and_is_not_checked_here() -> None:
    features = {**FEATURES, "about-own-head": True}
    standing = stand(PROCEDURE, up_to("lead"), features, D("2026-01-20"))
    assert standing.opened("check") is None and standing.opened("pass-up") is not None
    [run] = [run for run in standing.clocks if run.id == "pass-up"]
    assert (run.due, run.state, run.upward, run.shown_to) == (D("2026-01-19"), "overdue", True, ("superior",))


def test_publication_may_be_withheld_with_a_reason() -> None:
    publish = next_move("publish")
    history = up_to("file-personal")
    assert ids(history, replace(publish, reason=" ")) == ["reason"]
    assert ids(history, replace(publish, outcome="published", reason="")) == []


def test_wrong_role_too_few_people_a_missing_paper_and_an_excluded_relation_are_named() -> None:
    history = up_to("open")
    inquire = next_move("inquire", day=D("2026-02-10"))
    assert ids(history, replace(inquire, role="decider")) == ["role"]
    assert ids(history, replace(inquire, actors=1)) == ["actors"]
    assert ids(history, replace(inquire, relations=("close-relative",))) == ["relation"]
    assert ids(up_to("determine"), next_move("recommend", papers=("recommendation",))) == ["paper"]
    assert ids(up_to("decide"), next_move("serve", receipt=None)) == ["receipt"]
    assert ids(history, Move("flog", D("2026-02-10"), "head")) == ["step"]


def test_a_revoked_decision_is_corrected_before_the_archive() -> None:
    revoked = (*up_to("complain"), next_move("answer-complaint", outcome="revoke", band="", measures=()))
    on = D("2026-08-03")
    assert any("纠正" in refusal.message.zh for refusal in reasons(revoked, "archive", on))
    correct = Move("correct", on, "decider", papers=("correction",), reason="撤销")
    assert ids(revoked, correct) == []
    assert stand(PROCEDURE, (*revoked, correct), FEATURES, on).opened("archive") is not None


def test_what_was_decided_stands_until_it_is_varied_or_revoked() -> None:
    def measures(history: tuple[Move, ...]) -> tuple[str, ...] | None:
        found = stand(PROCEDURE, history, FEATURES, history[-1].day).decided
        return found.measures if found else None

    assert measures(up_to("answer-points")) is None  # a recommendation decides nothing
    assert measures(up_to("complain")) == ("public-apology",)
    assert measures(SAMPLE.moves) == ("written-self-examination",)
    upheld = next_move("answer-complaint", outcome="uphold", band="", measures=())
    assert measures((*up_to("complain"), upheld)) == ("public-apology",)
    assert measures((*up_to("complain"), replace(upheld, outcome="revoke"))) is None


# What is wrong with a procedure, or with a history, its author is told

FRAME = (LIBRARY.root / "dehong/procedure.md").read_text(encoding="utf-8")


def spoilt(folder: Path, old: str, new: str, file: str = "dehong/procedure.md") -> str:
    """What is said of the shipped procedure when one of its files says something else."""
    shutil.copytree(LIBRARY.root, folder / "law", ignore=shutil.ignore_patterns("cases", "calendar"))
    path = folder / "law" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Problems) as refused:
        read_procedure(Library(folder / "law"), "dehong")
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("须 inquire\n", "须 inquiry\n", "no step or feature is called `inquiry`\n     → did you mean `inquire`?"),
        ("文书 notice\n", "文书 notices\n", "no paper is called `notices`"),
        ("由 受理人\n", "由 受理员\n", "`受理员` is not in the vocabulary `办理角色`"),
        ("期满 answer 若", "期满 answers 若", "no clock is called `answers`"),
        ("须 check\n核对", "须 managed-here 且 elect\n核对", "no step or feature is called `elect`"),
        ("```step check\n", "```step elected\n", "`elected` is a feature and a step"),
        ("层 central\n", "层 centre\n", "no instrument `centre` in this folder"),
        ("标题 告知书 / notice\n", "", "no layer says what the paper `notice` is called"),
        ("性质 权利\n", "", "no layer says all of the clock `answer`"),
        ("```procedure dehong", "```procedure other", "is the procedure of `other`"),
    ],
)
def test_a_procedure_that_is_not_whole_is_refused_with_the_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert said in spoilt(tmp_path, old, new)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_done_to_the_lines_of_a_procedure_gives_a_procedure_or_problems(data: st.DataObject) -> None:
    lines = FRAME.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        other = lines[data.draw(st.integers(0, len(lines) - 1))]
        words = lines[at].split(" ")
        lines[at] = data.draw(
            st.sampled_from(
                ["", other, f"{lines[at]} {other}", " ".join(words[::-1]), " ".join(words[1:]), lines[at] + "若"]
            )
        )
    try:
        source = source_of("\n".join(lines).encode(), "dehong/procedure.md")
        frames = [stated for stated in source.stated if isinstance(stated, Frame)]
        changed = replace(PROCEDURE, frame=source, frame_text=frames[0]) if frames else PROCEDURE
        stand(changed, SAMPLE.moves[:9], FEATURES, D("2026-04-01"))
    except Problems as refused:
        assert refused.problems


# Layers


def test_what_layers_say_differently_is_shown_beside_what_decides() -> None:
    clock = PROCEDURE.on(D("2026-04-17")).clocks["complaint"]
    assert clock.term and clock.term.in_("zh") == "15日" and clock.basis.instrument == "central"
    assert {basis.instrument: text.zh for text, basis in clock.also_said} == {"party": "1个月", "supervision": "1个月"}
    measures = PROCEDURE.on(D("2026-04-17")).measures
    assert measures.ranked[0].basis.instrument == "dehong-interim"
    assert [measure.title.zh for measure in measures.others["central"]][-1] == "免职"


def test_a_step_follows_the_version_in_force_on_its_own_day() -> None:
    assert "letter" not in PROCEDURE.on(D("2018-12-31")).steps and "letter" in PROCEDURE.on(D("2019-01-01")).steps
    assert PROCEDURE.on(D("2018-12-31")).steps["inquire"].actors is None
    assert PROCEDURE.on(D("2019-09-01")).steps["inquire"].actors is not None
    assert PROCEDURE.digest(D("2018-12-31")) != PROCEDURE.digest(D("2019-01-01"))


def test_optional_layers_can_be_left_out_and_others_not() -> None:
    bare = read_procedure(LIBRARY, "dehong", without=("reports", "leads", "party", "sanctions", "supervision"))
    assert not any(basis.optional for step in bare.on(D("2026-04-17")).steps.values() for basis in step.bases)
    with pytest.raises(Problems, match=r"L085 .*`central` is no optional layer"):
        read_procedure(LIBRARY, "dehong", without=("central",))


def test_every_number_says_where_it_comes_from_and_how_far_it_was_checked() -> None:
    table = PROCEDURE.on(D("2026-04-17"))
    for clock in table.clocks.values():
        assert clock.basis.provenance in {"text", "copy", "known", "missing"} and clock.basis.cite("zh")
        assert clock.term is None or clock.basis.modality.zh
        assert clock.term is None or clock.basis.provenance != "missing"
    assert {gap.id for gap in table.unheld("complaint")} >= {"问责程序", "原文"}


# The calendar of clocks


def test_a_later_notice_moves_open_clocks_only() -> None:
    from wenze.law.days import Calendar, Entry
    from wenze.law.rules import Bilingual

    announced = D("2026-05-20")
    extra = tuple(
        Entry(D("2026-04-01") + timedelta(n), True, Bilingual("假", "holiday"), announced, "通知") for n in range(90)
    )
    calendar = PROCEDURE.calendar
    changed = replace(PROCEDURE, calendar=Calendar((*calendar.entries, *extra), calendar.announced))
    for on in (D("2026-05-19"), D("2026-05-29"), D("2026-07-01")):
        before = stand(PROCEDURE, SAMPLE.moves, FEATURES, on).clocks
        after = stand(changed, SAMPLE.moves, FEATURES, on).clocks
        for one, other in zip(before, after, strict=True):
            closed = (one.ended_by and one.ended_by.day < announced) or one.due < announced
            assert one == other if closed or on < announced else other.due >= one.due


def test_an_extension_is_counted_from_the_start() -> None:
    history = up_to("inquire")
    extend = Move("extend", history[-1].day, "head", reason="案情复杂")
    runs = [stand(PROCEDURE, moves, FEATURES, extend.day).clocks for moves in (history, (*history, extend))]
    [one], [other] = [[run for run in each if run.id == "inquiry"] for each in runs]
    assert (one.due, other.due) == (D("2026-05-07"), D("2026-08-05"))


# A second, fictitious procedure


HARBOUR = read_procedure(Library(ROOT / "tests/instruments"), "harbour")
LOG = Move("log", D("2022-03-01"), "watch")
SURVEY = Move("survey", D("2022-03-02"), "surveyor")
RULE = Move("rule", D("2022-03-03"), "council", "acted-on", band="gross", measures=("ashore",))
TELL = Move("tell", D("2022-03-04"), "watch", papers=("ruling",), receipt=D("2022-03-04"))


def test_a_second_procedure_runs_with_its_own_steps_roles_periods_and_measures() -> None:
    history = (LOG, SURVEY, RULE, TELL)
    assert check_history(HARBOUR, history, {}) == ()
    [run] = stand(HARBOUR, history, {}, D("2022-03-05")).clocks
    assert (run.id, run.due) == ("protest", D("2022-03-14"))  # six working days, no holidays announced
    assert run.provisional
    late = Move("protest", D("2022-03-15"), "owner")
    assert [r.id for r in refusals(stand(HARBOUR, history, {}, late.day), late)] == ["late"]
    moor = Move("moor", D("2022-03-15"), "watch")
    assert check_history(HARBOUR, (*history, moor), {}) == ()
    [effect] = HARBOUR.on(TELL.day).measures.effects(RULE.measures, RULE.day)
    assert (effect.effect.id, effect.until) == ("no-pilot", D("2022-06-03"))


def test_its_later_version_asks_more_and_gives_more_time() -> None:
    later = tuple(replace(move, day=move.day.replace(year=2023)) for move in (LOG, SURVEY, RULE))
    found = check_history(HARBOUR, later, {})
    assert [refusal.id for _, refusal in found] == ["unknown", "actors"]
    clock = HARBOUR.on(D("2023-01-01")).clocks["protest"]
    assert clock.term and clock.term.in_("en") == "9 working days"
    assert [text.en for text, _ in clock.also_said] == ["30 calendar days"]  # the optional layer, of lower rank


def test_nothing_of_a_procedure_stands_in_the_sources() -> None:
    own: dict[str, str] = {}
    for procedure, days in ((PROCEDURE, PROCEDURE.days), (HARBOUR, HARBOUR.days)):
        for table in map(procedure.on, days):
            words = [table.roles]
            titles = [title for each in words for title in each.values()]
            titled = (*table.steps.values(), *table.clocks.values(), *table.papers.values(), *table.measures.ranked)
            own |= {title.zh: "title" for title in titles} | {each.title.zh: "title" for each in titled}
            ids = (*table.steps, *table.papers, *table.clocks, *(each.id for each in table.measures.ranked))
            own |= {id: "id" for id in ids if "-" in id}
    ordinary = {
        "本人",
        "证人",
        "回避",
        "处置",
        "复议",
        "同意",
        "公开",
        "认定",
        "申诉",
        "决定",
        "维持",
        "举报人",
        "上级机关",
    }
    sources = {
        path: path.read_text(encoding="utf-8")
        for package in ("law", "page", "cli")
        for path in (ROOT / "src/wenze" / package).rglob("*.py")
    }
    found = [
        (path.name, word)
        for path, text in sources.items()
        for word in own
        if word and word not in ordinary and (f'"{word}"' in text or (not word.isascii() and word in text))
    ]
    assert found == []


def test_a_name_is_cleared_after_a_lead_was_settled() -> None:
    lead = next_move("lead")
    history = (lead, Move("check", lead.day, "handler"), Move("settle", lead.day, "head", reason="说明属实"))
    clear = Move("clear-name", lead.day, "head", papers=("clearing",))
    assert ids(history, clear) == []


def test_a_review_may_vary_the_measures_and_never_makes_them_heavier() -> None:
    served = up_to("serve")
    (day, decided) = (served[-1].day, next(move for move in served if move.step == "decide"))
    history = (
        *served,
        Move("complain", day, "respondent", papers=("complaint",), receipt=day),
        Move("answer-complaint", day, "decider", outcome="uphold", papers=("complaint-decision",), reason="维持"),
        Move("review-up", day, "respondent", receipt=day),
    )
    vary = Move("answer-review", day, "superior", outcome="vary", reason="另行处理", band="light")
    lighter = replace(vary, measures=("written-self-examination",))
    heavier = replace(vary, band="especially-serious", measures=("proposed-removal",))
    assert decided.measures and "heavier" in ids(history, heavier)
    assert ids(history, lighter) == []
    assert stand(PROCEDURE, (*history, lighter), FEATURES, day).opened("serve")


def test_of_a_step_that_is_not_in_force_it_is_certain_that_it_was_not_taken() -> None:
    """Conditions name steps of optional and of later layers; without those the rest stands, and no name is unknown."""
    without = read_procedure(LIBRARY, "dehong", without=("supervision", "leads"))
    day = SAMPLE.moves[-1].day
    assert {"answer-review", "settle"} & without.on(day).steps.keys() == set()
    served = up_to("serve")
    assert stand(without, served, FEATURES, served[-1].day).opened("execute")
    assert reasons(up_to("lead"), "clear-name", SAMPLE.moves[0].day)
