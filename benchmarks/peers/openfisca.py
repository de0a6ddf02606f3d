"""OpenFisca: a variable of a person for each fact, definition and conclusion; a simulation of one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from itertools import combinations
from operator import and_, or_
from typing import Any

from openfisca_core.entities import Entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from peers.rules import Rules, Term
from peers.terms import answers

LACKS = "an unknown silently counts as false, no readings, a trace of variables but no conditions"


class OpenFisca:
    def __init__(self, rules: Rules) -> None:
        person = Entity("person", "persons", "", "")
        self._system = TaxBenefitSystem([person])
        self._asked = list(answers(rules))
        for name in rules.facts:
            self._system.add_variable(_variable(name, person, None))
        for name, term in {**rules.definitions, **answers(rules)}.items():
            self._system.add_variable(_variable(name, person, term))

    def answer(self, facts: Mapping[str, bool]) -> Mapping[str, bool]:
        simulation = SimulationBuilder().build_default_simulation(self._system)
        for name, value in facts.items():
            simulation.set_input(name, "2026", [value])
        return {name: bool(simulation.calculate(name, "2026")[0]) for name in self._asked}


def _variable(name: str, person: Entity, term: Term | None) -> type[Variable]:
    said: dict[str, Any] = {"value_type": bool, "entity": person, "definition_period": DateUnit.YEAR, "label": name}
    if term is not None:
        said["formula"] = _formula(term)
    return type(name, (Variable,), said)


def _formula(term: Term) -> Callable[..., Any]:
    def formula(person: Any, period: Any) -> Any:
        return _value(term, person, period)

    return formula


def _value(term: Term, person: Any, period: Any) -> Any:
    if term.op in {"fact", "see"}:
        return person(term.name, period)
    if term.op in {"true", "false"}:
        return term.op == "true"
    parts = [_value(part, person, period) for part in term.parts]
    if term.op == "not":
        return ~parts[0]
    if term.op == "at-least":
        return reduce(or_, (reduce(and_, chosen) for chosen in combinations(parts, term.count)))
    return reduce(and_ if term.op == "all" else or_, parts)
