"""The engine's states are those an answer-set solver gives: another method and another grounding."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from exact.asp import program, quoted
from exact.test_oracle import Trial, told, trials
from wenze.law.conclude import Conclusion
from wenze.law.evaluate import State

clingo = pytest.importorskip("clingo", reason="clingo is not installed (extra `test`)")


class Solver:
    """An answer-set program, grounded once."""

    def __init__(self, text: str) -> None:
        self.control = clingo.Control(["--warn=none"])
        self.control.add("base", [], text)
        self.control.ground([("base", [])])

    def can(self, atoms: Mapping[str, bool]) -> bool:
        """Whether some answer set has and has not these atoms."""
        assumptions = []
        for text, value in atoms.items():
            symbol = clingo.parse_term(text)
            if self.control.symbolic_atoms[symbol] is not None:
                assumptions.append((symbol, value))
            elif value:
                return False  # it can never be derived
        return bool(self.control.solve(assumptions=assumptions).satisfiable)


def state(solver: Solver, conclusion: Conclusion) -> State:
    rule, respondent, act = quoted(conclusion.rule.id), quoted(conclusion.respondent), quoted(conclusion.act)
    gate = f"gate({rule},{respondent},{act})"
    whole = f"rule({rule},{respondent},{act})"
    if conclusion.replaced_by:
        whole = f"instead({rule},{quoted(conclusion.replaced_by.id)},{respondent},{act})"
    if not solver.can({gate: True}):
        return State.NOT_APPLICABLE
    if not solver.can({whole: False}):
        return State.MADE_OUT
    return State.OPEN if solver.can({whole: True}) else State.NOT_MADE_OUT


@given(st.one_of(trials(), trials(ranked=True)))
def test_every_state_is_the_one_an_answer_set_solver_gives(trial: Trial) -> None:
    solver = Solver(program(trial.oracle))
    if not solver.can({}):
        event("the facts of the case contradict")
        conflicts = trial.found.evaluation.constraints.conflicts()
        assert conflicts, trial.text
        assert {one.outcome.conflict for one in trial.found.all()} <= {*conflicts, ()}
        return
    assert not trial.found.evaluation.constraints.conflicts()
    for conclusion in trial.found.all():
        event(f"compared {conclusion.state}")
        assert conclusion.state == state(solver, conclusion), told(conclusion)
