"""CEL in Rust (common-expression-language): it has no definitions, so one program a level, each a map of names to conditions."""

from __future__ import annotations

from collections.abc import Mapping

import cel

from peers.rules import Rules, Term
from peers.terms import infix, levels

LACKS = "no unknown (an error), no readings, no reasons"


class Cel:
    def __init__(self, rules: Rules) -> None:
        self._programs = [
            cel.compile("{" + ", ".join(f"'{name}': {_written(term)}" for name, term in level.items()) + "}")
            for level in levels(rules)
        ]

    def answer(self, facts: Mapping[str, bool]) -> Mapping[str, bool]:
        context = cel.Context(variables=dict(facts))
        for program in self._programs[:-1]:
            context.update(program.execute(context))
        return self._programs[-1].execute(context)


def _written(term: Term) -> str:
    return infix(term, ("&&", "||", "!"), lambda one: one.name, ("true", "false"))
