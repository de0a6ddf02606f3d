"""datalogic-py (JSONLogic in Rust): it has no definitions, so every conclusion is written out whole, in one template."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import datalogic_py

from peers.rules import Rules, Term
from peers.terms import answers, expanded

LACKS = "an unknown counts as false, no readings, no reasons"


class DataLogic:
    def __init__(self, rules: Rules) -> None:
        written = {name: _written(expanded(term, rules.definitions)) for name, term in answers(rules).items()}
        self._rule = datalogic_py.Engine(templating=True).compile(written)

    def answer(self, facts: Mapping[str, bool]) -> Mapping[str, bool]:
        return self._rule.evaluate(dict(facts))


def _written(term: Term) -> Any:  # Any: JSON
    if term.op == "fact":
        return {"var": term.name}
    if term.op in {"true", "false"}:
        return term.op == "true"
    parts = [_written(part) for part in term.parts]
    if term.op == "not":
        return {"!": parts}
    if term.op == "at-least":
        return {"or": [{"and": list(chosen)} for chosen in combinations(parts, term.count)]}
    return {"and" if term.op == "all" else "or": parts}
