"""Every conclusion, note and guard of two laws: whether it can come out differently, and a smallest case that shows it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property
from typing import Any  # facts and comparisons of ranks are mentioned together

from wenze.law.case import FactKey
from wenze.law.compare.anything import ACT, Answers, Held, Read, Size, asking_rules, respondents
from wenze.law.compare.bench import (
    NOTHING,
    Bench,
    broken,
    chosen_of,
    kind_of,
    modality_is,
    negated,
    up_to,
)
from wenze.law.compare.declared import declared_differently
from wenze.law.compare.difference import ABSENT, MADE, NEVER, Change, Comparison, Example, Excluded
from wenze.law.compare.settings import pinned, shared_readings
from wenze.law.compare.shapes import Signs, same
from wenze.law.decide import FALSE, TooLarge, deep
from wenze.law.expect import functions_of, replacements
from wenze.law.instrument import Law
from wenze.law.lint.walk import Block, rests_on, trees
from wenze.law.rules import Op
from wenze.law.tree import leaves
from wenze.law.variables import Function, Here, ReadingOf

MOST = Size(
    4, 4
)  # more participants or events than this are not tried; `Comparison.bounded` says where that may matter
_ASKING = (Size(1, 0), Size(1, 1), Size(2, 1))  # for rules that ask whether others hold
_BUDGET = 4_000_000
_SMALL_BUDGET = 150_000  # nodes for each rule that asks for others: what is larger is said to be left open


def compare(old: Law, new: Law, old_options: Mapping[str, str], new_options: Mapping[str, str]) -> Comparison:
    """Every conclusion, note and guard that can come out differently. The options are those in force on each side."""
    with deep():
        made = _Comparing(old, new, old_options, new_options)
        changes = tuple(change for name in made.names for change in made.found(name))
        changes += tuple(made.remarks())
        excluded = tuple(made.excluded())
        declared = tuple(declared_differently(old, new, old_options, new_options))
        return Comparison(
            old=old,
            new=new,
            old_options=old_options,
            new_options=new_options,
            changes=changes,
            excluded=excluded,
            declared=declared,
            bounded=made.bounded,
            undecided=tuple(made.undecided),
            unmatched=made.unmatched,
        )


class _Comparing:
    """Everything that is compared, from the whole to the smallest example."""

    def __init__(self, old: Law, new: Law, old_options: Mapping[str, str], new_options: Mapping[str, str]) -> None:
        shared, self.unmatched = shared_readings(old, new, old_options, new_options)
        self._options = (old_options, new_options)
        self._laws = (pinned(old, old_options, shared), pinned(new, new_options, shared))
        self._varied = bool(shared) and old is not new
        self._signs = tuple(Signs(law) for law in self._laws)
        self._in_force = tuple(
            Signs(pinned(law, options, {})) for law, options in zip(self._laws, self._options, strict=True)
        )
        self._benches: dict[tuple[Size, bool], Bench] = {}
        self._found: dict[str, tuple[Change, ...]] = {}
        self.bounded: dict[str, Size] = {}
        self.undecided: dict[tuple[str, str, str], None] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Rules and what takes their place, of either law, in the order of the text."""
        found: dict[str, None] = {}
        for law in reversed(self._laws):
            for rule in law.rules:
                found[rule] = None
                found |= {f"{one}/{exception}": None for one, exception in replacements(law) if one == rule}
        return tuple(found)

    def bench(self, size: Size, asking: bool = False) -> Bench:
        """The bench of a size; for a rule that asks for others one of its own, since their functions are large."""
        key = (size, asking)
        if key not in self._benches:
            self._benches[key] = Bench(
                self._laws, self._options, size, self._differs, _SMALL_BUDGET if asking else _BUDGET
            )
        return self._benches[key]

    def _differs(self, rule: str) -> bool:
        """Whether a rule, with all it leads to, differs."""
        if not all(rule in law.rules for law in self._laws):
            return True
        block = Block("rule", rule)
        return self._signs[0].of(block) != self._signs[1].of(block) or (
            self._in_force[0].of(block) != self._in_force[1].of(block)
        )

    # Rules

    def found(self, name: str) -> tuple[Change, ...]:
        """The changes of one conclusion; those of the rules it asks for are found before."""
        if name not in self._found:
            self._found[name] = tuple(self._changes(name))
        return self._found[name]

    def _changes(self, name: str) -> Iterator[Change]:
        block = Block("rule", name.partition("/")[0])
        if not all(functions for functions in self._known(name)):
            yield from self._one_sided(name)
            return
        own = self._own(block)
        through = self._through(block)
        seen = set[tuple[str, str]]()
        for chosen, by, signs in ((True, "in-force", self._in_force), (False, "other-readings", self._signs)):
            if signs[0].of(block) == signs[1].of(block) or (not chosen and not self._varied):
                continue
            if self._asking(name) and seen:
                continue  # what it follows from differs in force already
            look = self._searched if self._asking(name) else self._proven
            for before, after, example in look(name, chosen):
                if (before, after) not in seen:
                    seen.add((before, after))
                    yield Change(name, "state", before, after, by, own, () if own else through, example)
        yield from self._consequences(name, own, () if own else through)

    def _known(self, name: str) -> list[bool]:
        rule, _, exception = name.partition("/")
        return [rule in law.rules and (not exception or (rule, exception) in replacements(law)) for law in self._laws]

    def _one_sided(self, name: str) -> Iterator[Change]:
        side = self._known(name).index(True)
        for size in up_to(self._enough(Block("rule", name.partition("/")[0]))):
            bench = self.bench(size)
            made = bench.states(bench.sides[side], name, True)
            if MADE in made and bench.can(made[MADE]):
                before, after = (MADE, ABSENT) if side == 0 else (ABSENT, MADE)
                yield Change(name, "state", before, after, "in-force", True, (), bench.example(made[MADE]))
                return

    def _own(self, block: Block) -> bool:
        """Whether the rule differs in itself, not only in rules whose holding it asks for."""
        return self._in_force[0].own(block) != self._in_force[1].own(block) or (
            self._signs[0].own(block) != self._signs[1].own(block)
        )

    def _through(self, block: Block) -> tuple[str, ...]:
        """The rules that differ in themselves on which a rule rests."""
        below = {one for law in self._laws for one in rests_on(law).get(block, ()) if one.kind == "rule"}
        shared = [one for one in self.names if Block("rule", one) in below and one in self._laws[0].rules]
        return tuple(
            one for one in shared if one in self._laws[1].rules and one != block.id and self._own(Block("rule", one))
        ) + tuple(one for one in self.names if Block("rule", one) in below and one not in shared)

    def _asking(self, name: str) -> bool:
        return any(name.partition("/")[0] in asking_rules(law) for law in self._laws)

    def _proven(self, name: str, chosen: bool) -> Iterator[tuple[str, str, Example]]:
        """The ways in which a rule that asks for no other can come out differently: all there are in cases so large that
        more cannot matter, each with an example of the smallest size."""
        sizes = up_to(self._enough(Block("rule", name.partition("/")[0])))
        for before, after in self._pairs(self.bench(sizes[0]), name, chosen):
            for bench in map(self.bench, sizes):
                both = self._between(bench, name, (before, after), chosen)
                if bench.can(both):
                    yield before, after, bench.example(both)
                    break

    def _searched(self, name: str, chosen: bool) -> Iterator[tuple[str, str, Example]]:
        """The same for a rule that asks for others: shown by a case, excluded because even with the others holding or
        not at will it cannot be, or left undecided."""
        self._forget_large()
        decided = _ASKING[-1]
        for pair in self._pairs(self.bench(_ASKING[0], asking=True), name, chosen):
            open_ = False
            for size in _ASKING:
                try:
                    bench = self.bench(size, asking=True)
                    given = self._as_found(bench, self._between(bench, name, pair, chosen, given=True))
                    possible = bench.can(given)
                    example = self._realised(bench, given, name, pair, chosen) if possible else None
                except TooLarge:
                    self._forget_large()
                    decided = min(decided, _ASKING[_ASKING.index(size) - 1])
                    break
                if example:
                    yield *pair, example
                    break
                open_ |= possible
            else:
                if open_:
                    self.undecided[name, *pair] = None
        self.bounded[name] = decided

    def _forget_large(self) -> None:
        self._benches = {key: bench for key, bench in self._benches.items() if not key[1]}

    def _pairs(self, bench: Bench, name: str, chosen: bool) -> tuple[tuple[str, str], ...]:
        """The states that may take one another's place."""
        old, new = (bench.states(side, name, chosen, side.given) for side in bench.sides)
        return tuple((before, after) for before in old for after in new if before != after)

    def _between(self, bench: Bench, name: str, pair: tuple[str, str], chosen: bool, given: bool = False) -> Function:
        """Where a conclusion has one state on the old side and another on the new."""
        old, new = (bench.states(side, name, chosen, side.given if given else None) for side in bench.sides)
        if NEVER in pair and old.get(NEVER, NOTHING).node == new.get(NEVER, NOTHING).node:
            return NOTHING  # the gate is the same
        return bench.both(old[pair[0]], new[pair[1]])

    def _as_found(self, bench: Bench, both: Function) -> Function:
        """With the rules asked for differing only in the ways they were found to."""
        f = bench.formulas
        parts = [both.node]
        for one in f.names(both.node):
            if isinstance(one, Held) and one.side == "old":
                twin = f.literal(one._replace(side="new"))
                ways = {(change.before == MADE, change.after == MADE) for change in self.found(one.rule)}
                ways |= {(a == MADE, b == MADE) for rule, a, b in self.undecided if rule == one.rule}
                if (True, False) not in ways:
                    parts.append(f.either(f.negate(f.literal(one)), twin))
                if (False, True) not in ways:
                    parts.append(f.either(f.negate(twin), f.literal(one)))
        return Function(f.all(parts), both.mentions)

    def _realised(
        self, bench: Bench, both: Function, name: str, states: tuple[str, str], chosen: bool
    ) -> Example | None:
        """A case with the rules asked for made out, or not, by facts: those of the examples of the rules that differ,
        everything that says nothing of the rule or of those that have to hold being answered no."""
        asked = bench.search.witness(both.node, bench.possible(both))
        holding = {one.rule for one, value in asked.items() if isinstance(one, Held) and value}
        near = self._near(bench, both, holding)
        full = self._between(bench, name, states, chosen)
        within = bench.possible(full, *(side.case.constrained_facts() for side in bench.sides))
        for seed in self._seeds(bench, asked):
            known = seed | self._as_in_force(bench, full, seed)
            known |= {
                one: bench.value(one)
                for one in bench.formulas.names(full.node)
                if isinstance(one, FactKey) and one not in near and one not in known
            }
            state = bench.search.given(full.node, within, known)
            guess: Answers = {
                one: value for one, value in asked.items() if one not in known and not isinstance(one, Held)
            }
            found = bench.search.fewest(*state, guess)
            if found is not None:
                return Example(bench.size, seed | found, "no")
        return None

    def _near(self, bench: Bench, both: Function, holding: set[str]) -> frozenset[Hashable]:
        """The questions of the rule itself and of rules that have to hold."""
        names = set(bench.formulas.names(both.node))
        for side in bench.sides:
            for rule in holding & side.law.rules.keys():
                for respondent in respondents(bench.size):
                    _, whole = side.case.conclusion(side.law.rules[rule], respondent, ACT)
                    names |= set(bench.formulas.names(whole.node))
        return frozenset(names)

    def _seeds(self, bench: Bench, asked: Answers) -> Iterator[Answers]:
        """What is known of cases in which the rules asked for come out differently."""
        differing = dict.fromkeys(one.rule for one in asked if isinstance(one, Held) and one.side)
        for rule in differing:
            for change in self.found(rule):
                small = change.example.size
                fits = small.participants <= bench.size.participants and small.events <= bench.size.events
                if change.what == "state" and fits:
                    yield {one: value for one, value in change.example.answers.items() if not isinstance(one, Read)}
        yield {}

    def _as_in_force(self, bench: Bench, full: Function, answers: Answers) -> Answers:
        """Every reading of which the answers say nothing, as it is in force."""
        names = [one for one in bench.formulas.names(full.node) if isinstance(one, ReadingOf)]
        return {one: bench.value(one) for one in names if one not in answers}

    def _enough(self, block: Block) -> Size:
        """So many participants and events that more cannot matter: one for each condition that looks for one, of those
        the two laws have together; at most MOST."""
        wanted = [1, 0]
        seen: set[Hashable] = set()
        for law, signs in zip(self._laws, self._signs, strict=True):
            roots = trees(law)
            for below in rests_on(law).get(block, ()):
                for node in leaves(roots[below]):
                    sign = signs.node(node)
                    if (node.over or node.op in {Op.HIGHEST, Op.LAST}) and sign not in seen:
                        seen.add(sign)
                        wanted[node.over == "events"] += 2 if node.except_self else 1
        if wanted[0] > MOST.participants or wanted[1] > MOST.events:
            self.bounded[block.id] = MOST
        return Size(min(wanted[0], MOST.participants), min(max(wanted[1], 0), MOST.events))

    def _consequences(self, name: str, own: bool, through: tuple[str, ...]) -> Iterator[Change]:
        """What follows where the rule is made out on both sides: the kind, and the modality."""
        rules = [law.rules[name.partition("/")[0]] for law in self._laws]
        conclusions = [rule.conclusion for rule in rules]
        kinds = [kind_of(law, name) for law in self._laws]
        if kinds[0] != kinds[1]:
            yield from self._differing(name, "kind", *[{kind: ()} for kind in kinds])
        modal = [
            [(m, self._in_force[i].definition(d)) for m, d, _ in one.otherwise] for i, one in enumerate(conclusions)
        ]
        if modal[0] != modal[1] or conclusions[0].modality != conclusions[1].modality:
            tables = [{**{m: () for m, _, _ in one.otherwise}, one.modality: ()} for one in conclusions]
            yield from self._differing(name, "modality", tables[0], tables[1])

    def _differing(self, name: str, what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
        own = self._own(Block("rule", name.partition("/")[0]))
        for before in old:
            for after in new:
                if before == after:
                    continue
                for size in up_to(self._enough(Block("rule", name.partition("/")[0]))):
                    bench = self.bench(size)
                    parts = []
                    for side, value in zip(bench.sides, (before, after), strict=True):
                        parts.append(bench.states(side, name, True).get(MADE, Function(FALSE, frozenset())))
                        if what == "modality":
                            parts.append(modality_is(bench, side, name, value))
                    both = bench.both(*parts)
                    if bench.can(both):
                        yield Change(name, what, before, after, "in-force", own, (), bench.example(both))
                        break

    # Notes and guards

    def remarks(self) -> Iterator[Change]:
        """Notes and guards whose own condition differs, the holding of other rules given."""
        for kind in ("note", "guard"):
            ids = [id_ for law in self._laws for id_ in (law.notes if kind == "note" else law.guards)]
            for id_ in dict.fromkeys(ids):
                block = Block(kind, id_)
                if any(block not in trees(law) for law in self._laws):
                    continue  # declared
                for chosen, by, signs in ((True, "in-force", self._in_force), (False, "other-readings", self._signs)):
                    if signs[0].own(block) != signs[1].own(block) and (chosen or self._varied):
                        found = list(self._remark(block, chosen, by))
                        yield from found
                        if found:
                            break

    def _remark(self, block: Block, chosen: bool, by: str) -> Iterator[Change]:
        for before, after in (("yes", "no"), ("no", "yes")):
            for size in up_to(self._enough(block)):
                bench = self.bench(size)
                parts = []
                for side, value in zip(bench.sides, (before, after), strict=True):
                    root = trees(side.law)[block]
                    function = side.given.ground(root, Here("R1", ACT))
                    function = chosen_of(side, function) if chosen else function
                    parts.append(function if value == "yes" else negated(bench, function))
                both = bench.both(*parts)
                if bench.can(both):
                    yield Change(block.id, block.kind, before, after, by, True, (), bench.example(both))
                    break

    # Constraints

    def excluded(self) -> Iterator[Excluded]:
        """Constraints of one side that the other side does not have in this form, where they exclude more cases."""
        tables = [{one.id: one for one in law.constraints} for law in self._laws]
        for index, by in enumerate(("old", "new")):
            other = 1 - index
            for id_, constraint in tables[index].items():
                if id_ in tables[other] and same(constraint, tables[other][id_]):
                    continue
                bench = self.bench(Size(2, 2))
                side = bench.sides[index]
                parts = [side.case.ground(part, Here("R1", ACT, "V1")) for part in constraint.parts]
                against = broken(bench, constraint.kind, parts)
                possible = bench.possible(against, sides=(other,))
                if bench.search.can(against.node, possible):
                    example = Example(bench.size, bench.search.example(against.node, possible))
                    yield Excluded(id_, by, tuple(self._bound(bench)), example)

    def _bound(self, bench: Bench) -> Iterator[str]:
        """The conclusions for which the two sides' constraints allow different cases."""
        for name in self.names:
            found = [functions_of(side.case, name, "R1", ACT) for side in bench.sides]
            mentions = [gate.mentions | whole.mentions for pair in found if pair for gate, whole in [pair]]
            function = Function(1, frozenset[Any]().union(*mentions))
            allowed = [bench.formulas.all(bench.possible(function, sides=(index,))) for index in (0, 1)]
            if allowed[0] != allowed[1] and any(
                bench.search.can(bench.formulas.both(allowed[one], bench.formulas.negate(allowed[1 - one])), ())
                for one in (0, 1)
            ):
                yield name
