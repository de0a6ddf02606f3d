"""Conditions without effect: never or always met, changing nothing where they stand; idle readings, exceptions, notes
and guards.

Every answer is exact for the abstract case and for all readings at once. Knows no item of the law in particular.
"""

from __future__ import annotations

from collections.abc import Iterator

from wenze.law.lint.abstract import ACT, ANYWHERE, HERE, SELF, Abstract
from wenze.law.lint.finding import Finding, called, listed
from wenze.law.lint.walk import Block, Spot, fixed, put, spots, trees
from wenze.law.rules import Bilingual, Exemption, Node, Note, Op, Reading, Rule
from wenze.law.variables import Function, ReadingOf

_WRITTEN_ELSEWHERE = {Op.SEE, Op.HOLDS, Op.TRUE, Op.FALSE}


def idle_conditions(case: Abstract) -> Iterator[Finding]:
    """F001 never met, F002 always met, F003 without effect where it stands; of each only the outermost."""
    for block, root in trees(case.law).items():
        reported: list[tuple[int, ...]] = []
        for spot in spots(block, root):
            if any(spot.path[: len(path)] == path for path in reported):
                continue
            finding = _constant(case, spot) or _without_effect(case, spot, root)
            if finding:
                reported.append(spot.path)
                yield finding


def _constant(case: Abstract, spot: Spot) -> Finding | None:
    node = spot.node
    if node.op in _WRITTEN_ELSEWHERE:
        return None
    words, function = called(node), case.ground(node, ANYWHERE)
    if case.never(function):
        zh, en = f"条件`{words.zh}`在任何案件中都不可能具备", f"the condition `{words.en}` can never be met"
        return Finding("F001", node.place, Bilingual(zh, en))
    if case.always(function):
        zh, en = f"条件`{words.zh}`在任何案件中都具备", f"the condition `{words.en}` is always met"
        return Finding("F002", node.place, Bilingual(zh, en))
    return None


def _without_effect(case: Abstract, spot: Spot, root: Node) -> Finding | None:
    """Whether the block says the same with the condition taken as always met, or as never met."""
    if not spot.path or spot.node.op in {Op.TRUE, Op.FALSE}:
        return None
    before = _in_place(case, spot.block, root)
    if case.never(before):
        return None  # said by F004
    for value in (spot.neutral, not spot.neutral):
        changed = case.keep(put(root, spot.path, fixed(spot.node.place, value)))
        if case.same(before, _in_place(case, spot.block, changed)):
            words = called(spot.node)
            taken = Bilingual("总是具备", "always met") if value else Bilingual("总不具备", "never met")
            zh = f"条件`{words.zh}`在此处不起作用:当作{taken.zh},结果相同"
            en = f"the condition `{words.en}` changes nothing here: taken as {taken.en}, the result is the same"
            return Finding("F003", spot.node.place, Bilingual(zh, en))
    return None


def _in_place(case: Abstract, block: Block, root: Node) -> Function:
    """What a block says with `root` as its condition: a rule together with its gate."""
    if block.kind == "define":
        return case.ground(root, ANYWHERE)
    if block.kind == "rule":
        gate, _ = case.conclusion(case.law.rules[block.id], SELF, ACT)
        return case.both(gate, case.ground(root, HERE))
    return case.ground(root, HERE)


def idle_rules(case: Abstract) -> Iterator[Finding]:
    """F004: rules that no case fulfils although each of their conditions can be met."""
    for rule in case.law.rules.values():
        gate, whole = case.conclusion(rule, SELF, ACT)
        if case.never(whole) and not case.never(case.ground(rule.condition, HERE)):
            why = _why_never(case, rule, gate)
            zh, en = (
                f"规则`{rule.id}`在任何案件中都不可能成立:{why.zh}",
                f"the rule `{rule.id}` can never be made out: {why.en}",
            )
            yield Finding("F004", rule.place, Bilingual(zh, en))


def _why_never(case: Abstract, rule: Rule, gate: Function) -> Bilingual:
    if case.never(gate):
        return Bilingual("其适用条件不可能同时具备", "its gates can never be met together")
    if case.never(case.both(gate, case.ground(rule.condition, HERE))):
        return Bilingual("其适用条件和条件相互排斥", "its gates and its condition exclude each other")
    return Bilingual("例外总是推翻它", "an exception always defeats it")


# Readings


def idle_readings(case: Abstract) -> Iterator[Finding]:
    """F020: readings whose options never make a difference to anything."""
    mattering: set[str] = set()
    for function in _everything(case):
        mattering |= set(_mattering(case, function, mattering))
    for reading in case.law.readings.values():
        if reading.id not in mattering:
            asked = any(node.node.op is Op.CHOOSE and node.node.name == reading.id for node in _all_spots(case))
            why = Bilingual("各选项的结果总是相同", "its options always give the same") if asked else _NOT_ASKED
            zh, en = f"解读`{reading.id}`不影响任何结论:{why.zh}", f"the reading `{reading.id}` never matters: {why.en}"
            yield Finding("F020", reading.place, Bilingual(zh, en), _options(reading))


_NOT_ASKED = Bilingual("没有条件依它而定", "no condition is read by it")


def _options(reading: Reading) -> Bilingual:
    return Bilingual(
        "；".join(f"{id_}:{words.zh}" for id_, words in reading.options),
        "; ".join(f"{id_}: {words.en}" for id_, words in reading.options),
    )


def _all_spots(case: Abstract) -> Iterator[Spot]:
    for block, root in trees(case.law).items():
        yield from spots(block, root)


def _everything(case: Abstract) -> Iterator[Function]:
    """Every function somebody is shown: conclusions with what takes their place and their modality, notes, guards."""
    law = case.law
    for rule in law.rules.values():
        yield from case.conclusion(rule, SELF, ACT)
        yield from (case.replaced(rule, one, SELF, ACT) for one in law.overriding.get(rule.id, ()) if one.replaced_by)
        yield from (case.ground(law.definitions[name].condition, HERE) for _, name, _ in rule.conclusion.otherwise)
    for condition in (
        *(note.condition for note in law.notes.values()),
        *(guard.condition for guard in law.guards.values()),
    ):
        yield case.ground(condition, HERE)


def _mattering(case: Abstract, function: Function, known: set[str]) -> Iterator[str]:
    """The readings, besides those known to, whose options give different functions in some possible case."""
    d = case.diagrams
    possible = case.possible(function.mentions)
    for level in d.support(function.node):
        name = d.name(level)
        if isinstance(name, ReadingOf) and name.reading not in known:
            options = range(len(case.law.readings[name.reading].options))
            if len({d.both(d.fix(function.node, {level: option}), possible) for option in options}) > 1:
                yield name.reading


# Exceptions


def idle_exceptions(case: Abstract) -> Iterator[Finding]:
    """F021: exceptions that never apply. F022: exceptions that never meet what they override."""
    for exception in case.law.exceptions.values():
        if case.never(case.exception(exception, SELF, ACT)):
            zh, en = f"例外`{exception.id}`在任何案件中都不适用", f"the exception `{exception.id}` never applies"
            yield Finding("F021", exception.place, Bilingual(zh, en))
            continue
        targets = {target: name for name in exception.overrides for target in case.law.rules_of.get(name, (name,))}
        idle = [target for target in targets if not _meets(case, exception, target)]
        named = [target for target in idle if targets[target] == target]
        if idle and (named or len(idle) == len(targets)):
            them = listed(named or idle)
            zh = f"例外`{exception.id}`从不改变{them.zh}:两者不可能同时成立"
            en = f"the exception `{exception.id}` never changes {them.en}: they cannot hold together"
            yield Finding("F022", exception.place, Bilingual(zh, en))


def _meets(case: Abstract, exception: Exemption, target: str) -> bool:
    """Whether some case has the exception and what it overrides, the target's other exceptions not applying."""
    law = case.law
    others = [case.exception(one, SELF, ACT) for one in law.overriding.get(target, ()) if one.id != exception.id]
    if target in law.rules:
        rule = law.rules[target]
        gate, _ = case.conclusion(rule, SELF, ACT)
        own = case.both(gate, case.ground(rule.condition, HERE))
    else:
        own = case.ground(law.exceptions[target].condition, HERE)
    for other in others:
        own = case.but(own, other)
    return not case.never(case.both(own, case.exception(exception, SELF, ACT)))


# Notes and guards


def idle_remarks(case: Abstract) -> Iterator[Finding]:
    """F032: notes and guards that no determination can show."""
    law = case.law
    for note in law.notes.values():
        if note.about and _unseen(case, note):
            zh = f"提示`{note.id}`从不显示:其条件与所关于的规则不可能同时成立"
            en = f"the note `{note.id}` is never shown: its condition never holds together with a rule it is about"
            yield Finding("F032", note.place, Bilingual(zh, en))
    circumstances = {rule.id for rule in law.by_role("circumstance")}
    for guard in law.guards.values():
        if not circumstances & {rule for name in guard.about for rule in law.rules_of[name]}:
            zh, en = (
                f"保障`{guard.id}`从不显示:它不关于任何情形",
                f"the guard `{guard.id}` is never shown: it is about no circumstance",
            )
            yield Finding("F032", guard.place, Bilingual(zh, en))


def _unseen(case: Abstract, note: Note) -> bool:
    rules = [case.law.rules[rule] for name in note.about for rule in case.law.rules_of[name]]
    condition = case.ground(note.condition, HERE)
    if case.never(condition):
        return False  # said by F001 already
    for rule in rules:
        _, whole = case.conclusion(rule, SELF, ACT)
        instead = [
            case.replaced(rule, one, SELF, ACT) for one in case.law.overriding.get(rule.id, ()) if one.replaced_by
        ]
        if any(not case.never(case.both(condition, one)) for one in (whole, *instead)):
            return False
    return True
