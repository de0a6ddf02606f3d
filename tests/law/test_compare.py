"""Two versions of a law: every conclusion that can come out differently is named, and no other; each with a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from exact.generate import instruments
from law.worlds_of import TooMany, Tried, worlds
from wenze.law import Law, case_of, check_case, compare, compile_sources, determine, in_words
from wenze.law.compare import Change, Comparison
from wenze.law.compare.anything import Size
from wenze.law.expect import functions_of
from wenze.law.lint.walk import fixed, put, spots, trees, with_tree
from wenze.law.parse import source_of
from wenze.law.rules import Op
from wenze.law.tree import leaves
from wenze.law.variables import ReadingOf

REGULATION = Path(__file__).parents[2] / "regulations/dehong"
TEXT = (REGULATION / "2014-05-01.md").read_text(encoding="utf-8")
GUARDS = (REGULATION / "guards.md").read_bytes()


def law_of(text: str) -> Law:
    guards = source_of(GUARDS, "dehong/guards.md")
    return compile_sources([source_of(text.encode(), "dehong/2014-05-01.md"), guards])


LAW = law_of(TEXT)


def defaults(law: Law) -> dict[str, str]:
    return {reading.id: reading.default for reading in law.readings.values()}


def replaced(*words: tuple[str, str]) -> Law:
    """The regulation with some words changed."""
    text = TEXT
    for before, after in words:
        assert before in text, before
        text = text.replace(before, after, 1)
    return law_of(text)


def against(law: Law) -> Comparison:
    return compare(LAW, law, defaults(LAW), defaults(law))


# Examples are cases: the whole engine gives what a change says, before and after


def options_of(found: Comparison, change: Change, side: int) -> dict[str, str]:
    """The readings in force on a side, and those an example sets."""
    options = dict((found.old_options, found.new_options)[side])
    for name, value in change.example.answers.items():
        if isinstance(name, ReadingOf):
            both = [found.old.readings[name.reading].option_ids, found.new.readings[name.reading].option_ids]
            options[name.reading] = [option for option in both[0] if option in both[1]][value]
    return options


def states(found: Comparison, change: Change) -> tuple[str, str]:
    """What the engine says of the example of a change, under the old law and the new."""
    came: list[str] = []
    for side, law in enumerate((found.old, found.new)):
        case = case_of(found, change.example, law)
        assert check_case(case, law) == []
        made = determine(law, case, date(2024, 1, 1), options_of(found, change, side))
        functions = functions_of(made.evaluation, change.name, "R1", "A1")
        came.append(str(made.evaluation.outcome(*functions).state) if functions else "absent")
    return came[0], came[1]


def changed(found: Comparison) -> dict[str, set[tuple[str, str]]]:
    table: dict[str, set[tuple[str, str]]] = {}
    for change in found.changes:
        if change.what == "state":
            table.setdefault(change.name, set()).add((change.before, change.after))
    return table


def own(found: Comparison) -> set[str]:
    return {change.name for change in found.changes if change.own}


# The regulation with a word changed


def test_a_version_is_like_itself() -> None:
    found = compare(LAW, law_of(TEXT), defaults(LAW), defaults(LAW))
    assert (found.changes, found.excluded, found.declared, found.undecided) == ((), (), (), ())


def test_a_line_moved_and_a_title_changed_change_no_conclusion() -> None:
    found = against(
        replaced(("```rule 6.7\n", "说明。\n\n```rule 6.7\n"), ("标题 擅自举办大型活动", "标题 举办大型活动"))
    )
    assert not found.changes and not found.undecided
    assert [(one.kind, one.name, one.parts) for one in found.declared] == [("rule", "6.7", ("title",))]


@pytest.mark.parametrize(
    ("before", "after", "rule", "turn"),
    [
        ("```rule 6.4\n", None, "6.4", ("made-out", "absent")),
        ("  部署.重大", "  恒真", "6.1", ("not-made-out", "made-out")),
    ],
    ids=["rule removed", "leaf dropped"],
)
def test_a_changed_word_is_found_with_a_case(before: str, after: str | None, rule: str, turn: tuple[str, str]) -> None:
    if after is None:
        new = replace(LAW, rules={id_: one for id_, one in LAW.rules.items() if id_ != rule})
    else:
        new = replaced((before, after))
    alone = (_circumstances(LAW), _circumstances(new))
    found = compare(*alone, defaults(LAW), defaults(new))
    assert set(changed(found)) == {rule}
    assert turn in changed(found)[rule]
    assert all(states(found, change) == (change.before, change.after) for change in found.changes)


def _circumstances(law: Law) -> Law:
    """The law without the rules that follow from circumstances: for a quick look at those alone."""
    rules = {id_: rule for id_, rule in law.rules.items() if law.role_of(rule) == "circumstance"}
    exceptions = {id_: one for id_, one in law.exceptions.items() if any(name in rules for name in one.overrides)}
    return replace(law, rules=rules, exceptions=exceptions, notes={}, guards={})


@pytest.mark.long
def test_any_turned_into_all_no_longer_reaches_who_did_one_of_two(any_to_all: Comparison) -> None:
    assert own(any_to_all) == {"6.7"}
    assert changed(any_to_all)["6.7"] == {("made-out", "not-made-out")}
    words = " ".join(answer.zh for answer in in_words(any_to_all, any_to_all.changes[0].example))
    unapproved, unassessed = "有权的上级或者机关批准? 否", "社会稳定风险评估,至少在形式上? 否"
    assert (unapproved in words) != (unassessed in words)  # one of the two, whichever makes the smaller case


@pytest.mark.long
def test_what_follows_is_found_through_the_rule_that_differs(any_to_all: Comparison) -> None:
    following = {change.name: change.through for change in any_to_all.changes if not change.own}
    assert {"8.主要领导", "10.3", "12.问责", "15.建议"} <= set(following)
    assert set(following.values()) == {("6.7",)}


@pytest.mark.long
def test_every_example_comes_out_as_said_when_the_whole_engine_determines_it(any_to_all: Comparison) -> None:
    for change in any_to_all.changes:
        assert states(any_to_all, change) == (change.before, change.after), change.name


@pytest.fixture(scope="module")
def any_to_all() -> Comparison:
    conduct = "    取 两段后果 全部\n      行为 {}  「或者」"
    return against(replaced((conduct.format("任一"), conduct.format("全部"))))


def test_no_answer_of_an_example_can_be_left_out() -> None:
    old, new = _circumstances(LAW), _circumstances(replaced(("  部署.重大", "  恒真")))
    found = compare(old, new, defaults(LAW), defaults(LAW))
    change = found.changes[0]
    assert states(found, change) == (change.before, change.after)
    for left_out in change.example.answers:
        rest = {name: value for name, value in change.example.answers.items() if name != left_out}
        partly = replace(change, example=change.example._replace(answers=rest))
        assert states(found, partly) != (change.before, change.after), left_out


def test_two_settings_of_a_reading_differ_where_the_reading_is_asked() -> None:
    law = _circumstances(LAW)
    found = compare(law, law, defaults(law), defaults(law) | {"R-6.7-结构": "擅自即成立"})
    assert changed(found) == {"6.7": {("not-made-out", "made-out")}}
    assert [(one.name, one.how, one.parts) for one in found.declared] == [
        ("R-6.7-结构", "in-force", ("两段后果 → 擅自即成立",))
    ]
    assert all(states(found, change) == (change.before, change.after) for change in found.changes)


def test_a_change_that_only_another_reading_shows_is_said_to_be_one() -> None:
    old = _circumstances(LAW)
    new = _circumstances(replaced(("    取 擅自即成立 任一  「或者」", "    取 擅自即成立 全部  「或者」")))
    found = compare(old, new, defaults(old), defaults(new))
    assert {(change.name, change.by) for change in found.changes} == {("6.7", "other-readings")}
    assert all(states(found, change) == (change.before, change.after) for change in found.changes)


def test_a_day_moved_concerns_the_acts_between() -> None:
    words = ("行为.止 不早于 2014-05-01 |", "行为.止 不早于 2014-06-01 |")
    old, new = _circumstances(LAW), _circumstances(replaced(words))
    found = compare(old, new, defaults(old), defaults(new))
    assert set(changed(found)) == set(old.rules)
    act = case_of(found, found.changes[0].example, new).acts["A1"]
    assert act.end and date(2014, 5, 1) <= act.end < date(2014, 6, 1)


def test_a_constraint_taken_away_lets_in_the_cases_it_excluded() -> None:
    id_ = LAW.constraints[0].id
    new = replace(_circumstances(LAW), constraints=tuple(one for one in LAW.constraints if one.id != id_))
    found = compare(_circumstances(LAW), new, defaults(LAW), defaults(LAW))
    assert [(one.constraint, one.by) for one in found.excluded] == [(id_, "old")]
    assert found.excluded[0].example.answers


# Random instruments against every complete case


class Pair(NamedTuple):
    """Two laws to compare, shown as the text of the first and where the second differs."""

    text: str
    what: str
    old: Law
    new: Law
    old_options: Mapping[str, str]
    new_options: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Pair of\n{self.text}\n… with {self.what}"


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """An instrument and the same with one condition changed, or with other readings in force."""
    text, _, options = draw(instruments())
    law = compile_sources([source_of(text.encode(), "shi.md")])
    if options and draw(st.booleans()):
        others = {id_: draw(st.sampled_from(law.readings[id_].option_ids)) for id_ in options}
        return Pair(text, "other readings", law, law, options, others)
    every = [spot for block, root in trees(law).items() for spot in spots(block, root)]
    spot = draw(st.sampled_from(every))
    other = fixed(spot.node.place, draw(st.booleans()))
    if spot.node.op in {Op.ALL, Op.ANY}:
        other = replace(spot.node, op=Op.ANY if spot.node.op is Op.ALL else Op.ALL)
    elif spot.node.op is Op.SOME:
        other = replace(spot.node, op=Op.EVERY)
    changed_law = with_tree(law, spot.block, put(trees(law)[spot.block], spot.path, other))
    return Pair(text, f"{spot.block} {spot.path} {other.op}", law, changed_law, options, options)


@settings(
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(pairs())
def test_trying_every_complete_case_finds_the_same_differences(pair: Pair) -> None:
    old, new, old_options, new_options = pair.old, pair.new, pair.old_options, pair.new_options
    found = compare(old, new, old_options, new_options)
    said = {
        (one.name, one.before, one.after) for one in found.changes if one.what == "state" and one.by == "in-force"
    } - {(one.name, one.before, one.after) for one in found.changes if "/" in one.name}
    undecided = set(found.undecided)
    seen: set[tuple[str, str, str]] = set()
    for people, events in ((1, 0), (1, 1), (2, 0), (2, 1)):
        sides = Tried(old, people, events, old_options), Tried(new, people, events, new_options)
        try:
            for world in worlds(*sides):
                for rule in old.rules:
                    before, after = (side.state(rule, world) for side in sides)
                    if before != after:
                        seen.add((rule, before, after))
        except TooMany:
            event("too many complete cases")
    may_be_more = {name for name, size in found.bounded.items() if size < Size(2, 1)}
    missed = {one for one in seen - said - undecided if one[0] not in may_be_more}
    assert not missed, (missed, pair.text)
    event(f"{min(len(seen), 3)} differences, undecided: {bool(undecided)}")
    for change in found.changes:
        if change.what == "state" and "/" not in change.name:
            _really_differs(found, change)


def _really_differs(found: Comparison, change: Change) -> None:
    """Every complete case that has the answers of an example comes out as said."""
    size = change.example.size
    sides = [
        Tried(law, size.participants, size.events, options_of(found, change, side))
        for side, law in enumerate((found.old, found.new))
    ]
    wanted: dict[tuple[str, ...], bool] = {}
    for name, value in change.example.answers.items():
        if isinstance(name, ReadingOf):
            continue
        if hasattr(name, "source"):
            asked = f"{name.source.attribute} {name.source.operator} {'|'.join(name.source.values)}"
            wanted[asked, *name.entities] = bool(value)
        elif hasattr(name, "by"):
            wanted[name.by, name.first, name.second] = bool(value)
        else:
            wanted[name.name, *name.entities] = bool(value)
    met = 0
    lists = {node.complete for side in sides for root in trees(side.law).values() for node in leaves(root)}
    try:
        for world in worlds(*sides):
            rest_is_no = change.example.rest == "any" or all(
                value is (key[0] in lists) for key, value in world.items() if key not in wanted
            )
            if rest_is_no and all(world.get(key, value) == value for key, value in wanted.items()):
                met += 1
                assert (sides[0].state(change.name, world), sides[1].state(change.name, world)) == (
                    change.before,
                    change.after,
                ), change
    except TooMany:
        event("too many complete cases")
        return
    assert met, change
