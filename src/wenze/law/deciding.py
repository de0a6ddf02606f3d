"""Which clause of a rule keeps it from being made out: gates first, then conditions from the top down, then exceptions.

Writes down for many cases at once what `Reason.deciding` shows of one: the conditions of a rule as a tree, each with the code that says
where it holds and where it does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wenze.law.decide import deep
from wenze.law.emit import Conditions, Emitter
from wenze.law.instrument import Law
from wenze.law.planes import Code
from wenze.law.rules import Bilingual, Node, Op
from wenze.law.shape import Shape, Target, act, respondent
from wenze.law.variables import Function, Here


@dataclass(frozen=True, slots=True)
class Part:
    """One condition: its name, where it is written, its two planes among the outputs of the code, and its parts.

    `each`: it holds only where all its parts do, so that the first that does not is what decides.
    """

    title: Bilingual
    place: str
    true: int
    false: int
    each: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Deciding:
    """The conditions of one target, a root for each participant, and their code."""

    code: Code
    roots: tuple[Part, ...]


def emit_deciding(law: Law, shape: Shape, options: Mapping[str, str], target: Target) -> Deciding:
    """The conditions of a target and where they hold, for acts of a shape."""
    with deep():
        return _Writer(Emitter(law, shape, options), law).deciding(target)


class _Writer:
    def __init__(self, emitter: Emitter, law: Law) -> None:
        self._law = law
        self._participants = emitter.shape.participants
        self._evaluation = emitter.evaluation
        self._chosen = emitter.chosen
        self._functions: list[Function] = []  # two outputs each

    def deciding(self, target: Target) -> Deciding:
        roots = tuple(self._rule(target, Here(respondent(slot), act(0))) for slot in range(self._participants))
        written = Conditions(self._evaluation, self._functions)
        return Deciding(written.planes.code([plane for pair in written.under_all for plane in pair]), roots)

    def _rule(self, target: Target, here: Here) -> Part:
        if target.guard:
            return self._condition(target.guard.condition, here)
        rule = target.rule
        if rule is None:
            raise AssertionError(f"{target.name}: neither a rule nor a guard")
        parts = [
            self._named(
                self._law.definitions[gate.name].title,
                str(gate.place),
                self._law.definitions[gate.name].condition,
                here,
            )
            for gate in rule.gates
        ]
        parts.append(self._condition(rule.condition, here))
        for exception in self._law.overriding.get(rule.id, ()):
            applies = self._evaluation.exception(exception, here.respondent, here.act)
            true, false = self._settled(applies)
            parts.append(Part(exception.title, str(exception.place), false, true, False, ()))
        return Part(
            rule.title,
            str(rule.place),
            *self._settled(self._evaluation.conclusion(rule, here.respondent, here.act)[1]),
            True,
            tuple(parts),
        )

    def _named(self, title: Bilingual, place: str, condition: Node, here: Here) -> Part:
        inner = self._condition(condition, here)
        return Part(title, place, inner.true, inner.false, True, (inner,) if inner.parts else ())

    def _condition(self, node: Node, here: Here) -> Part:
        true, false = self._settled(self._evaluation.ground(node, here))
        return Part(
            self._title(node),
            str(node.place),
            true,
            false,
            node.op is not Op.ANY,
            tuple(self._parts(node, here)),
        )

    def _parts(self, node: Node, here: Here) -> Iterator[Part]:
        if node.op is Op.ALL:
            yield from (self._condition(child, here) for child in node.children)
        elif node.op is Op.SEE:
            yield self._condition(self._law.definitions[node.name].condition, here)
        elif node.op is Op.CHOOSE:
            option = self._evaluation.options[node.name]
            yield self._condition(node.children[node.options.index(option)], here)

    def _settled(self, function: Function) -> tuple[int, int]:
        self._functions.append(self._chosen(function))
        return 2 * len(self._functions) - 2, 2 * len(self._functions) - 1

    def _title(self, node: Node) -> Bilingual:
        """The words of the text it encodes, else the name of what it speaks of."""
        if node.op is Op.FACT:
            return Bilingual(node.name, self._law.facts[node.name].english)
        if node.op is Op.SEE:
            return self._law.definitions[node.name].title
        if node.op is Op.CHOOSE:
            return Bilingual(f"依解读 {node.name}", f"by the reading {node.name}")
        quoted = "".join(f"「{quote.words}」" for quote in node.quotes)
        if quoted:
            return Bilingual(quoted, quoted)
        names = {Op.ANY: ("任一", "any of these"), Op.ALL: ("全部", "all of these"), Op.NOT: ("非", "not")}
        zh, en = names.get(node.op, (str(node.op), str(node.op)))
        inner = "、".join(child.name for child in node.children if child.name)
        return Bilingual(f"{zh} {inner}".strip(), f"{en} {inner}".strip())
