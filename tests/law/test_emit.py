"""The emitted code says of many cases what the evaluation says of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from datetime import date
from itertools import product

import pytest
from hypothesis import event, given

from exact.test_decide import TWO_VALUED, Expression, _formulas, expressions, plain
from exact.test_oracle import Trial, trials
from law.acts import SIZE, compared, state
from law.lamps import constraint, facts, rule
from law.lamps import law as lamps
from wenze.law import Library, determine, read_cases, shipped
from wenze.law.case import FactKey
from wenze.law.clauses import implicates
from wenze.law.condense import Condenser
from wenze.law.determine import Determination
from wenze.law.emit import Said, emit
from wenze.law.establish import Status
from wenze.law.evaluate import State
from wenze.law.formula import Formulas
from wenze.law.halves import Input
from wenze.law.planes import ALWAYS, NEVER, Planes, compiled
from wenze.law.shape import Given, Layout, Shape, entangled, reaches_outside

DAY = date(2026, 1, 31)


def agreed(determination: Determination) -> Counter[str]:
    """Holds every conclusion that the code decides against the determination."""
    seen = Counter[str]()
    for name, respondent, act, said, conclusion in compared(determination):
        outcome = conclusion.outcome
        where = f"{determination.case.id} {respondent} {act} {name}"
        if said.doubt:
            seen["in doubt"] += 1
            continue
        seen[state(said)] += 1
        assert state(said) is outcome.state, where
        assert bool(said.gate) is outcome.gate_open, where
        assert said.unsure or bool(said.robust) is (not outcome.depends), where
    return seen


@given(trials(ranked=True))
def test_random_law_says_the_same_in_code_as_in_evaluation(trial: Trial) -> None:
    case, law = trial.found.case, trial.found.law
    respondents, events = list(case.units) + list(case.posts), list(case.events)
    layout = Layout(
        tuple(
            tuple(respondents.index(one) for one, other in case.participations if other == name) for name in case.acts
        ),
        tuple(tuple(events.index(one) for one in act.events) for act in case.acts.values()),
    )
    outsiders = {one for one, _ in case.participations} != set(respondents)
    if entangled(law, layout) or (outsiders and reaches_outside(law)):
        event("an act does not stand alone")
        return
    for what in agreed(trial.found):
        event(what)


def test_the_real_regulation_says_the_same_in_code_as_in_evaluation() -> None:
    library = Library(shipped())
    law = library.law("dehong")
    small = [
        case
        for case in read_cases(library.cases("dehong"))
        if max(Counter(act for _, act in case.participations).values(), default=0) <= 2
    ]
    seen = sum((agreed(determine(law, case, DAY)) for case in small[::20]), Counter[str]())
    assert seen[State.MADE_OUT] > 5 and seen[State.NOT_MADE_OUT] > 100 and seen[State.NOT_APPLICABLE] > 100
    assert seen["in doubt"] < sum(seen.values()) / 5


@given(expressions)
def test_what_is_condensed_is_equal(expression: Expression) -> None:
    formulas = _formulas()
    node = expression.build(formulas)
    assert formulas.diagram(Condenser(formulas).condense(node)) == formulas.diagram(node)


@given(plain)
def test_the_prime_implicates_say_what_the_constraint_says_and_all_that_follows(expression: Expression) -> None:
    formulas = Formulas()
    found = implicates(formulas, expression.build(formulas))
    worlds = [dict(zip(TWO_VALUED, values, strict=True)) for values in product((0, 1), repeat=len(TWO_VALUED))]
    allowed = [world for world in worlds if expression.says(world)]
    for values in product((0, 1, None), repeat=len(TWO_VALUED)):
        clause = frozenset((name, value) for name, value in zip(TWO_VALUED, values, strict=True) if value is not None)
        follows = all(any(world[name] == value for name, value in clause) for world in allowed)
        assert follows == any(smaller <= clause for smaller in found)


def test_code_runs_on_numbers_of_any_width_and_leaves_out_what_nobody_asks_for() -> None:
    planes = Planes()
    a, b, c = (planes.input(name) for name in "abc")
    planes.both(a, c)
    asked = planes.without(planes.either(a, b), planes.both(a, b))
    code = planes.code([asked, ALWAYS, NEVER, a])
    assert code.inputs == ("a", "b") and len(code.steps) == 3
    assert compiled(code)([0b0011, 0b0101], 0b1111) == (0b0110, 0b1111, 0, 0b0011)


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_equal_steps_are_one_step(names: tuple[Hashable, Hashable]) -> None:
    planes = Planes()
    left, right = (planes.input(name) for name in names)
    assert planes.both(left, right) == planes.both(right, left)
    assert planes.either(left, left) == left and planes.without(left, left) == NEVER


@pytest.mark.parametrize("far", [False, True])
def test_a_constraint_on_what_nobody_asks_about_still_binds_what_is_asked(far: bool) -> None:
    """Not all three of a, b and c: that a and b both hold is impossible once c is known, and open before."""
    law = lamps(
        facts("灯.报 事实 行为", "灯.坏 事实 行为", "灯.远 事实 行为"),
        rule("乙", "全部\n  灯.报\n  灯.坏"),
        constraint("三者", "互斥\n  灯.远\n  全部\n    灯.报\n    灯.坏"),
    )
    made = emit(law, Shape(1, 0), {})
    shines = Input(FactKey("灯.远", ("A1",)), 1)
    said = Said(*compiled(made.code)([int(one == shines and far) for one in made.code.inputs], 1))
    assert shines in made.code.inputs and not said.doubt
    assert state(said) is (State.NOT_MADE_OUT if far else State.OPEN)


def test_what_depends_on_a_reading_whatever_is_tried_out_below_is_not_called_robust() -> None:
    """Who else acted is not recorded, so that it is tried out; which option favours an answer then hangs on what is tried."""
    law, shape = Library(shipped()).law("dehong"), Shape(3, 1)
    options = {one.id: one.default for one in law.readings.values()}
    states = {
        FactKey("名单.参与完整", ("A1",)): Status.PROVEN,
        FactKey("本人.作为", ("P1", "A1")): Status.DISPROVEN,
        FactKey("本人.作为", ("P3", "A1")): Status.DISPROVEN,
    }
    made = emit(law, shape, options)
    index = next(n for n, one in enumerate(made.asked) if (one.target.name, one.slot) == ("8.其他人员", 1))
    known = [states.get(name) is (Status.PROVEN if value else Status.DISPROVEN) for name, value in made.code.inputs]
    outputs = compiled(made.code)(list(map(int, known)), 1)
    said = Said(*outputs[SIZE * index : SIZE * index + SIZE])
    layout = Layout.of(shape)
    exact = Given(law, layout, options, states).said_of(made.asked[index].target, layout.participants[0][1], 0)
    assert exact.depends and not said.robust
