"""Any case of some participants and events, for questions about two laws at once; and answers under which something holds.

Every fact is a variable, true or false: what a law reads from the records of a case (data) is one variable for each
comparison, held together by what records can be. Two laws ground on one store of expressions, so what they say alike is
one expression. A participant or event not listed meets nothing: whoever is to be reckoned with is listed. Knows no
finding and no page.

Two models of "any case" stand side by side on purpose. `lint.abstract` may leave open what a real case decides (the
unlisted, the rules of a group, who stands higher): it must never say "can never hold" wrongly, and may miss it. Here every
answer becomes an example that is written down as a case and comes out as said, so nothing may be left open. One model
for both would have a switch at each of these places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from wenze.law.case import Act, Case, Event, FactKey, Participation, Post
from wenze.law.decide import FALSE, TRUE
from wenze.law.establish import Established, Status
from wenze.law.evaluate import Evaluation
from wenze.law.formula import Formulas
from wenze.law.instrument import Law
from wenze.law.lint.walk import Block, rests_on, trees
from wenze.law.rules import Bilingual, Comparison, Node, Op, Place, Scope
from wenze.law.tree import leaves
from wenze.law.variables import Above, Function, Here, ReadingOf

ACT = "A1"
LISTS = ("participation.parts", "participation.claims")
OF_POSTS = ("respondent.role", "respondent.rank", "respondent.mode")  # a unit has none of these
SORT = "respondent.sort"
RANKS = "职级"
_BEFORE = "before"  # the span before the first day a law names


class Size(NamedTuple):
    """How many take part in the act, and how many events follow it."""

    participants: int
    events: int


class Read(NamedTuple):
    """What a law reads from the records: a comparison with an attribute of entities."""

    source: Comparison
    entities: tuple[str, ...]


class Held(NamedTuple):
    """That a rule holds for a respondent, where a condition asks for it; `side` is "" where both laws say the same."""

    rule: str
    respondent: str
    side: str


Variable = FactKey | Read | Above | ReadingOf | Held
Answers = dict[Variable, int]


def respondents(size: Size) -> tuple[str, ...]:
    return tuple(f"R{number}" for number in range(1, size.participants + 1))


def events(size: Size) -> tuple[str, ...]:
    return tuple(f"V{number}" for number in range(1, size.events + 1))


def any_case(law: Law, size: Size) -> Case:
    """A case of this size of which nothing is recorded."""
    here = Place("any", 1)
    posts, of_act = respondents(size), events(size)
    return Case(
        id="any",
        title=Bilingual("任何案件", "any case"),
        instrument=law.id,
        place=here,
        posts={id_: Post(id_, id_, here) for id_ in posts},
        acts={ACT: Act(ACT, ACT, here, events=of_act)},
        events={id_: Event(id_, id_, here) for id_ in of_act},
        participations={(id_, ACT): Participation(id_, ACT, here) for id_ in posts},
    )


class Anything(Evaluation):
    """The evaluation of one law on any case of a size."""

    def __init__(self, law: Law, size: Size, options: Mapping[str, str], formulas: Formulas) -> None:
        super().__init__(law, any_case(law, size), options, formulas)
        self.expressions = formulas

    def place_variables(self) -> None:
        """In the order of the source, what is asked of several side by side."""
        entities: dict[Scope, list[tuple[str, ...]]] = {
            Scope.CASE: [()],
            Scope.RESPONDENT: [(one,) for one in self.case.posts],
            Scope.ACT: [(ACT,)],
            Scope.PARTICIPATION: list(self.case.participations),
            Scope.EVENT: [(one,) for one in self.case.events],
            Scope.OUTCOME: [(ACT, event) for event in self.case.events],
        }
        for op, name in self.law.spoken_order:
            if op is Op.CHOOSE:
                self.formulas.variable(ReadingOf(name), len(self.law.readings[name].option_ids))
            else:
                for instance in entities[self.law.facts[name].scope]:
                    self.literal(FactKey(name, instance))

    def fact(self, key: FactKey) -> Established:
        return Established(key, Status.OPEN)

    def literal(self, key: FactKey) -> int:
        source = self.law.facts[key.name].source
        return self.formulas.literal(Read(source, key.entities) if source else key)

    def _unlisted(self, node: Node, here: Here) -> tuple[int, FactKey]:
        return FALSE, self.key(node.complete, here)

    def constrained_facts(self) -> Function:
        """Nothing in particular, of every fact a constraint speaks of."""
        here = [Here(respondent, ACT, event) for respondent in self.case.posts for event in (*self.case.events, "")]
        names = {node.name for one in self.law.constraints for part in one.parts for node in leaves(part) if node.name}
        keys = {self.key(name, one) for name in names for one in here}
        return Function(TRUE, frozenset(key for key in keys if "" not in key.entities))

    def constrained(self, function: Function) -> tuple[int, ...]:
        """What the law's constraints, and that an order is an order, allow for the facts a function speaks of."""
        return self.constraints.around(function.mentions)[0]


class Given(Anything):
    """The same with the holding of rules that ask for no other rule given: a question like any other, asked once where
    both laws agree. A rule so given applies at least: its gate holds."""

    def __init__(
        self, law: Law, size: Size, options: Mapping[str, str], formulas: Formulas, side: Callable[[str], str]
    ) -> None:
        self._side = side
        self._asking = asking_rules(law)
        super().__init__(law, size, options, formulas)

    def holds(self, name: str, here: Here) -> Function:
        ways, mentions = [], set[FactKey | Above]()
        for rule in self.law.rules_of[name]:
            gate, whole = self.conclusion(self.law.rules[rule], here.respondent, here.act)
            if rule in self._asking:
                ways.append(whole.node)
                mentions |= whole.mentions
            else:
                side = self._side(rule)
                for twin in ("old", "new") if side else ():  # side by side, so that diagrams stay small
                    self.formulas.literal(Held(rule, here.respondent, twin))
                held = self.formulas.literal(Held(rule, here.respondent, side))
                ways.append(self.formulas.both(gate.node, held))
                mentions |= gate.mentions
        return Function(self.formulas.any(ways), frozenset(mentions))


def asking_rules(law: Law) -> frozenset[str]:
    """The rules that ask whether another one holds."""
    below = rests_on(law)
    return frozenset(rule for rule in law.rules if sum(one.kind == "rule" for one in below[Block("rule", rule)]) > 1)


def complete_lists(law: Law) -> frozenset[str]:
    """The facts that say a list is complete."""
    return frozenset(node.complete for root in trees(law).values() for node in leaves(root) if node.complete)
