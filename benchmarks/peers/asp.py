"""clingo: the rules as an answer-set program grounded once; known facts as assumptions, what is open as a free choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import clingo

from peers.rules import Rules, Term
from peers.terms import answers

LACKS = "no reasons, no readings; states of open facts by two enumerations of consequences"


class Clingo:
    def __init__(self, rules: Rules) -> None:
        self._facts = {name: clingo.Function(name) for name in rules.facts}
        self._names = list(answers(rules))
        self._control = clingo.Control(["--warn=none"])
        self._control.add("base", [], "\n".join(_program(rules)))
        self._control.ground([("base", [])])

    def answer(self, facts: Mapping[str, bool]) -> Mapping[str, bool]:
        return self._consequences(facts, "auto")

    def bounds(self, facts: Mapping[str, bool]) -> tuple[Mapping[str, bool], Mapping[str, bool]]:
        """What must and what can hold, with facts that are not given open: the cautious and the brave consequences."""
        return self._consequences(facts, "cautious"), self._consequences(facts, "brave")

    def _consequences(self, facts: Mapping[str, bool], mode: str) -> Mapping[str, bool]:
        self._control.configuration.solve.enum_mode = mode
        self._control.configuration.solve.models = 1 if mode == "auto" else 0
        shown: set[str] = set()
        with self._control.solve(
            assumptions=[(self._facts[name], value) for name, value in facts.items()], yield_=True
        ) as handle:
            for model in handle:
                shown = {symbol.name for symbol in model.symbols(shown=True)}
        return {name: name in shown for name in self._names}


def _program(rules: Rules) -> Iterator[str]:
    for name in rules.facts:
        yield f"{{{name}}}."
    for number, ways in enumerate(rules.bound):
        bodies = (" , ".join(word if value else f"not {word}" for word, value in way.items()) for way in ways)
        for body in bodies:
            yield f"w{number} :- {body}."
        yield f":- not w{number}."
    for name, term in {**rules.definitions, **answers(rules)}.items():
        yield from _rule(name, term)
    for name in answers(rules):
        yield f"#show {name}/0."


def _rule(name: str, term: Term) -> Iterator[str]:
    if term.op in {"fact", "see", "not", "true", "false"}:
        yield f"{name} :- {_literal(term)}."
        return
    parts = []
    for number, part in enumerate(term.parts):
        if part.op in {"all", "any", "at-least"}:
            yield from _rule(f"{name}_{number}", part)
            parts.append(f"{name}_{number}")
        elif part.op == "not" and part.parts[0].op in {"all", "any", "at-least"}:
            yield from _rule(f"{name}_{number}", part.parts[0])
            parts.append(f"not {name}_{number}")
        else:
            parts.append(_literal(part))
    if term.op == "all":
        yield f"{name} :- {', '.join(parts)}."
    elif term.op == "any":
        for part in parts:
            yield f"{name} :- {part}."
    else:
        members = "; ".join(f"{number} : {part}" for number, part in enumerate(parts))
        yield f"{name} :- {term.count} #count {{{members}}}."


def _literal(term: Term) -> str:
    if term.op == "not":
        return f"not {term.parts[0].name}"
    return {"true": "#true", "false": "#false"}.get(term.op, term.name)
