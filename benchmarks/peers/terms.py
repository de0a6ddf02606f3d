"""Terms written out: as infix text for languages that have and, or and not, and by levels for those without definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from peers.rules import Rules, Term


def infix(term: Term, words: tuple[str, str, str], name: Callable[[Term], str], truth: tuple[str, str]) -> str:
    """A term as text. `words`: and, or, not; `truth`: true, false; `name` writes facts and definitions."""
    conjunction, disjunction, negation = words
    if term.op in {"fact", "see"}:
        return name(term)
    if term.op in {"true", "false"}:
        return truth[term.op == "false"]
    parts = [infix(part, words, name, truth) for part in term.parts]
    if term.op == "not":
        return f"{negation}({parts[0]})"
    if term.op == "at-least":
        parts = ["(" + f" {conjunction} ".join(chosen) + ")" for chosen in combinations(parts, term.count)]
    return "(" + f" {conjunction if term.op == 'all' else disjunction} ".join(parts) + ")"


def expanded(term: Term, definitions: Mapping[str, Term]) -> Term:
    """A term in which every definition is written out."""
    if term.op == "see":
        return expanded(definitions[term.name], definitions)
    return term._replace(parts=tuple(expanded(part, definitions) for part in term.parts))


def levels(rules: Rules) -> list[dict[str, Term]]:
    """The definitions, and last the conclusions, so that each level speaks of facts and earlier levels only."""
    depth: dict[str, int] = {}
    for name, term in rules.definitions.items():
        depth[name] = 1 + max((depth[seen] for seen in _seen(term)), default=-1)
    found: list[dict[str, Term]] = [{} for _ in range(1 + max(depth.values(), default=-1))]
    for name, level in depth.items():
        found[level][name] = rules.definitions[name]
    return [*found, answers(rules)]


def answers(rules: Rules) -> dict[str, Term]:
    """What is asked: for each conclusion whether it applies (`a…`) and whether it holds (`c…`)."""
    asked = {}
    for identifier, (_, applies, holds) in rules.conclusions.items():
        asked |= {f"a{identifier[1:]}": applies, identifier: holds}
    return asked


def _seen(term: Term) -> Iterator[str]:
    if term.op == "see":
        yield term.name
    for part in term.parts:
        yield from _seen(part)
