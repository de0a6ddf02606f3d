"""zen-engine: one expression node of a JDM graph, each definition a line that later ones refer to as `$.name`."""

from __future__ import annotations

import json
from collections.abc import Mapping

import zen

from peers.rules import Rules, Term
from peers.terms import answers, infix

LACKS = "no unknown (an error), no readings, no article behind a line of its trace"


class Zen:
    def __init__(self, rules: Rules) -> None:
        lines = {**rules.definitions, **answers(rules)}
        expressions = [{"id": name, "key": name, "value": _written(term)} for name, term in lines.items()]
        nodes = [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "rules", "type": "expressionNode", "name": "rules", "content": {"expressions": expressions}},
            {"id": "out", "type": "outputNode", "name": "out"},
        ]
        edges = [
            {"id": "e1", "sourceId": "in", "targetId": "rules", "type": "edge"},
            {"id": "e2", "sourceId": "rules", "targetId": "out", "type": "edge"},
        ]
        self._decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def answer(self, facts: Mapping[str, bool]) -> Mapping[str, bool]:
        return self._decision.evaluate(dict(facts))["result"]

    def answer_with_trace(self, facts: Mapping[str, bool]) -> Mapping[str, bool]:
        return self._decision.evaluate(dict(facts), {"trace": True})["result"]


def _written(term: Term) -> str:
    return infix(
        term, ("and", "or", "not "), lambda one: one.name if one.op == "fact" else f"$.{one.name}", ("true", "false")
    )
