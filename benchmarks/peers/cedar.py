"""Cedar (cedarpy): it has no definitions, so each conclusion is one policy written out whole; the policies that permit are the answer."""

from __future__ import annotations

from collections.abc import Mapping

import cedarpy

from peers.rules import Rules, Term
from peers.terms import answers, expanded, infix

LACKS = "an unknown only in a partial evaluation that leaves expressions, not states; no readings; names policies, no conditions"
_WHO = {"principal": 'U::"1"', "action": 'Action::"ask"', "resource": 'R::"1"'}


class Cedar:
    def __init__(self, rules: Rules) -> None:
        self._names = list(answers(rules))
        policies = [
            f'@id("{name}")\npermit(principal, action, resource) when {{ {_written(expanded(term, rules.definitions))} }};'
            for name, term in answers(rules).items()
        ]
        self._policies = cedarpy.PolicySet.from_str("\n".join(policies))
        self._entities = cedarpy.Entities.from_json_str("[]")

    def answer(self, facts: Mapping[str, bool]) -> Mapping[str, bool]:
        result = cedarpy.is_authorized({**_WHO, "context": dict(facts)}, self._policies, self._entities)
        permitting = set(result.diagnostics.id_annotations_by_reason.values())
        return {name: name in permitting for name in self._names}


def _written(term: Term) -> str:
    return infix(term, ("&&", "||", "!"), lambda one: f"context.{one.name}", ("true", "false"))
