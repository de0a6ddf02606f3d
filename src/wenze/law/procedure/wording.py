"""A condition of a step in words, Chinese and English, by templates; titles come from the table."""

from __future__ import annotations

from wenze.law.procedure.table import Table
from wenze.law.rules import Bilingual
from wenze.law.steps import ALWAYS, Alternatives, Atom


def condition(table: Table, said: Alternatives) -> Bilingual:
    """`A 且 B,或者 C` with the titles of what it names."""
    parts = [[_atom(table, atom) for atom in part] for part in said]
    return Bilingual(
        ",或者".join("并且".join(atom.zh for atom in part) for part in parts),
        ", or ".join(" and ".join(atom.en for atom in part) for part in parts),
    )


def required(table: Table, said: Alternatives, when: Alternatives) -> Bilingual:
    """What must hold, and when."""
    what = condition(table, said)
    if when == ALWAYS:
        return Bilingual(f"须{what.zh}", f"required: {what.en}")
    case = condition(table, when)
    return Bilingual(f"{case.zh}的,须{what.zh}", f"where {case.en}, required: {what.en}")


def _atom(table: Table, atom: Atom) -> Bilingual:
    if atom.kind == "own":
        outcome = table.outcomes[atom.outcome]
        return _not(atom, f"结果为“{outcome.zh}”", f"the outcome is “{outcome.en}”")
    if atom.kind == "ended":
        return _not(atom, "案件已经终结", "the case has ended")
    if atom.kind == "feature":
        title = table.features[atom.name].title
        return Bilingual(f"{'不属于' if atom.negated else '属于'}“{title.zh}”", f"{'not ' * atom.negated}“{title.en}”")
    if atom.kind in {"lapsed", "within"}:
        title = table.clocks[atom.name].title
        if (atom.kind == "lapsed") == atom.negated:
            return Bilingual(f"“{title.zh}”尚未届满", f"“{title.en}” is still running")
        return Bilingual(f"“{title.zh}”已经届满", f"“{title.en}” is over")
    return _done(table, atom)


def _done(table: Table, atom: Atom) -> Bilingual:
    title = table.steps[atom.name].title
    zh, en = f"已经“{title.zh}”", f"“{title.en}” has been done"
    if atom.since:
        since = table.steps[atom.since].title
        zh, en = f"在最近一次“{since.zh}”之后{zh}", f"{en} after the last “{since.en}”"
    if atom.outcome:
        outcome = table.outcomes[atom.outcome]
        zh, en = f"{zh}(结果为“{outcome.zh}”)", f"{en} with the outcome “{outcome.en}”"
    if atom.negated and not atom.since and not atom.outcome:
        return Bilingual(f"尚未“{title.zh}”", f"“{title.en}” has not been done")
    return _not(atom, zh, en)


def _not(atom: Atom, zh: str, en: str) -> Bilingual:
    return Bilingual(f"并非{zh}", f"it is not so that {en}") if atom.negated else Bilingual(zh, en)
