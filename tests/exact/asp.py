"""A law and a case as an answer-set program: every answer set is one completion of what is unknown.

Written from the parsed source as rules with variables R, A, E (respondent, act, event; "" where there is none); clingo
does the grounding, so nothing of the engine's or the oracle's grounding is used. What is unknown is a choice, a
constraint of the law is an integrity constraint, and positions that are not recorded are chosen heights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from exact.oracle import Oracle
from exact.unknown import LETTERS
from wenze.law.case import Case
from wenze.law.rules import Constraint, Exemption, Node, Op, Rule, Scope

_FRAME = """
place(R,A,E) :- someone(R), something(A), some_event(E).
someone("";R) :- respondent(R).  someone("").
something("";A) :- act(A).  something("").
some_event("";E) :- event(E).  some_event("").
above(By,A,X,Y) :- height(By,A,X,H), height(By,A,Y,G), H > G.
"""


def program(oracle: Oracle) -> str:
    """The whole program. `oracle` serves for the states of facts and for what a condition depends on only."""
    return "\n".join([_FRAME, *_Encoder(oracle).lines()])


def quoted(word: str) -> str:
    return '"' + word + '"'


class _Encoder:
    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.case: Case = oracle.case
        self.numbers: dict[int, int] = {}
        self.written: list[str] = []

    def lines(self) -> list[str]:
        self.written += self._entities()
        self.written += self._known()
        self.written += self._positions(
            "order", {pair: participation.order for pair, participation in self.case.participations.items()}
        )
        self.written += self._positions("rank", self._ranks())
        for reading, option in self.oracle.options.items():
            self.written.append(f"chosen({quoted(reading)},{quoted(option)}).")
        for rule in self.oracle.rules.values():
            self._rule(rule)
        for exception in self.oracle.exceptions.values():
            self._exception(exception)
        for constraint in {one.id: one for one, _ in self.oracle.bound}.values():
            self._constraint(constraint)
        return self.written

    def _entities(self) -> Iterator[str]:
        case = self.case
        yield from (f"respondent({quoted(one)})." for one in (*case.units, *case.posts))
        yield from (f"act({quoted(one)})." for one in case.acts)
        yield from (f"event({quoted(one)})." for one in case.events)
        yield from (f"part({quoted(respondent)},{quoted(act)})." for respondent, act in case.participations)
        yield from (f"occurs({quoted(act.id)},{quoted(event)})." for act in case.acts.values() for event in act.events)

    def _known(self) -> Iterator[str]:
        for key in self.oracle.instances():
            letters = LETTERS[self.oracle.facts[key.name].scope]
            at = dict(zip(letters, key.entities, strict=True))
            atom = f"fact({quoted(key.name)},{','.join(quoted(at.get(letter, '')) for letter in 'RAE')})"
            known = self.oracle.known(key)
            if known is not False:
                yield f"{atom}." if known else f"{{{atom}}}."

    def _ranks(self) -> dict[tuple[str, str], int | None]:
        ranks = self.oracle.words("职级")
        posts = self.case.posts
        of = {pair: posts[pair[0]].rank for pair in self.case.participations if pair[0] in posts}
        return {pair: len(ranks) - ranks.index(rank) if rank else None for pair, rank in of.items()}

    def _positions(self, by: str, recorded: Mapping[tuple[str, str], int | None]) -> Iterator[str]:
        """Recorded heights far apart; unrecorded ones chosen anywhere below, between, above or beside them."""
        step = 1 + sum(height is None for height in recorded.values())
        highest = max((height for height in recorded.values() if height is not None), default=0)
        for (respondent, act), height in recorded.items():
            atom = f"height({quoted(by)},{quoted(act)},{quoted(respondent)}"
            if height is None:
                yield f"1 {{{atom},1..{(highest + 1) * step})}} 1."
            else:
                yield f"{atom},{height * step})."

    def _rule(self, rule: Rule) -> None:
        name = quoted(rule.id)
        place = "respondent(R), act(A), part(R,A)" if rule.scope is Scope.PARTICIPATION else 'respondent(R), A = ""'
        gates = "".join(f", {self._node(self.oracle.definitions[gate.name].condition)}" for gate in rule.gates)
        body = self._node(rule.condition)
        against = {one.id: self._applies(one) for one in self.oracle.against(rule.id)}
        self.written.append(f'gate({name},R,A) :- {place}, E = ""{gates}.')
        spared = "".join(f", not {atom}" for atom in against.values())
        self.written.append(f'rule({name},R,A) :- gate({name},R,A), E = "", {body}{spared}.')
        relieving = [against[one.id] for one in self.oracle.against(rule.id) if not one.replaced_by]
        for one in self.oracle.against(rule.id):
            if one.replaced_by:
                rest = "".join(f", not {atom}" for atom in relieving)
                self.written.append(
                    f"instead({name},{quoted(one.id)},R,A) :- "
                    f'gate({name},R,A), E = "", {body}, {against[one.id]}{rest}.'
                )

    def _applies(self, exception: Exemption) -> str:
        return f"exception({quoted(exception.id)},R,{'A' if exception.scope is Scope.PARTICIPATION else quoted('')})"

    def _exception(self, exception: Exemption) -> None:
        act = 'something(A), A != ""' if exception.scope is Scope.PARTICIPATION else 'A = ""'
        others = "".join(f", not {self._applies(other)}" for other in self.oracle.against(exception.id))
        condition = self._node(exception.condition)
        self.written.append(
            f'exception({quoted(exception.id)},R,A) :- respondent(R), {act}, E = "", {condition}{others}.'
        )

    def _constraint(self, constraint: Constraint) -> None:
        letters = {letter for part in constraint.parts for letter in self._letters(part)}
        places = [
            words if letter in letters else f'{letter} = ""'
            for letter, words in (("R", "respondent(R)"), ("A", "act(A)"), ("E", "event(E)"))
        ]
        places += ["part(R,A)"] if {"R", "A"} <= letters else []
        places += ["occurs(A,E)"] if {"A", "E"} <= letters else []
        parts = [self._node(part) for part in constraint.parts]
        where = ", ".join(places)
        if constraint.kind == "implies":
            self.written.append(f":- {where}, {parts[0]}, not {parts[1]}.")
        elif constraint.kind == "exclusive":
            self.written.append(f":- {where}, {', '.join(parts)}.")
        else:
            self.written.append(f":- {where}, 2 {{{'; '.join(parts)}}}.")

    def _letters(self, node: Node) -> Iterable[str]:
        if node.op is Op.FACT:
            yield from LETTERS[self.oracle.facts[node.name].scope]
        for child in node.children:
            yield from self._letters(child)

    def _node(self, node: Node) -> str:
        """The atom that says that a condition holds at R, A, E; its rules are written once."""
        if id(node) not in self.numbers:
            self.numbers[id(node)] = len(self.numbers)
            number = self.numbers[id(node)]
            for body in self._bodies(node, number):
                self.written.append(f"n({number},R,A,E) :- place(R,A,E){body and ', '}{body}.")
        return f"n({self.numbers[id(node)]},R,A,E)"

    def _bodies(self, node: Node, number: int) -> Iterator[str]:
        """What makes a condition hold, one body for each way."""
        if node.op is Op.FACT:
            yield self._fact(node.name)
        elif node.op is Op.TRUE:
            yield ""
        elif node.op is Op.SEE:
            yield self._node(self.oracle.definitions[node.name].condition)
        elif node.op is Op.HOLDS:
            for rule in self.oracle.rules.values():
                if node.name == rule.id or node.name in rule.groups:
                    yield f"rule({quoted(rule.id)},R,{'A' if rule.scope is Scope.PARTICIPATION else quoted('')})"
        elif node.op in {Op.SOME, Op.EVERY}:
            yield from self._quantified(node, number)
        elif node.op in {Op.HIGHEST, Op.LAST}:
            yield self._extreme(node, number)
        else:
            yield from self._joined(node, [self._node(child) for child in node.children], number)

    def _joined(self, node: Node, parts: list[str], number: int) -> Iterator[str]:
        if node.op is Op.ALL:
            yield ", ".join(parts)
        elif node.op is Op.ANY:
            yield from parts
        elif node.op is Op.NOT:
            yield f"not {parts[0]}"
        elif node.op is Op.CHOOSE:
            yield from (
                f"chosen({quoted(node.name)},{quoted(option)}), {part}"
                for option, part in zip(node.options, parts, strict=True)
            )
        elif node.op is Op.AT_LEAST:
            members = "; ".join(f"{index} : {part}" for index, part in enumerate(parts))
            yield f"{node.count} #count {{{members}}}"

    def _fact(self, name: str) -> str:
        letters = LETTERS[self.oracle.facts[name].scope]
        return f"fact({quoted(name)},{','.join(letter if letter in letters else quoted('') for letter in 'RAE')})"

    def _quantified(self, node: Node, number: int) -> Iterator[str]:
        child = self._node(node.children[0])
        if node.over == "events":
            one, there = "occurs(A,E2)", child.replace("R,A,E)", "R,A,E2)")
        else:
            one = "part(R2,A)" + (", R2 != R" if node.except_self else "")
            there = child.replace("R,A,E)", "R2,A,E)")
        outside = self._outside(node, number)
        if node.op is Op.SOME:
            yield f"{one}, {there}"
            yield outside
        else:
            self.written.append(f"fails({number},R,A,E) :- place(R,A,E), {one}, not {there}.")
            yield f"not fails({number},R,A,E), not {outside}"

    def _extreme(self, node: Node, number: int) -> str:
        child, by = self._node(node.children[0]), quoted("rank" if node.op is Op.HIGHEST else "order")
        other = child.replace("R,A,E)", "R2,A,E)")
        self.written.append(
            f"overtopped({number},R,A,E) :- place(R,A,E), part(R2,A), R2 != R, {other}, above({by},A,R2,R)."
        )
        return f"{child}, not overtopped({number},R,A,E), not {self._outside(node, number)}"

    def _outside(self, node: Node, number: int) -> str:
        """That somebody not listed decides: a choice, for each of the entities on which the condition depends."""
        depends = set(self.oracle.needs(node.children[0]))
        if node.op in {Op.HIGHEST, Op.LAST}:
            depends |= {"R"}
        else:
            depends -= {"E" if node.over == "events" else "R"}
        depends.add("A")
        at = ",".join(letter if letter in depends else quoted("") for letter in "RAE")
        self.written.append(f"{{unlisted({number},{at})}} :- place(R,A,E).")
        self.written.append(
            f"outside({number},R,A,E) :- place(R,A,E), unlisted({number},{at}), not {self._fact(node.complete)}."
        )
        return f"outside({number},R,A,E)"
