"""A determination as plain JSON that can be derived again: the receipt, and what differs when it is.

Byte-identical for the same input on every supported Python: sorted keys, no floats, no clock. Knows no file but what it is given.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NoReturn

from wenze.law.case import FactKey
from wenze.law.casefile.cases import case_from_json, case_to_json
from wenze.law.casefile.check import check_case
from wenze.law.conclude import Conclusion
from wenze.law.determine import Determination, InForce, determine
from wenze.law.evaluate import State
from wenze.law.folding import Json, Table, Unfolded, is_table
from wenze.law.instrument import Law
from wenze.law.missing import Direction, Question
from wenze.law.problems import Problem, Problems
from wenze.law.reasons import Reason, reasons
from wenze.law.rules import Op, Place

FORMAT = "wenze-receipt/2"
_FIRST = "wenze-receipt/1"  # every tree in full, and what is missing also where nobody has looked
_ROLES = ("circumstances", "responsibilities", "competences", "channels")


def canonical(value: Any) -> bytes:
    """JSON in its one canonical form: UTF-8, sorted keys, no spaces. TypeError for floats."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a receipt holds no floats")
    children = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    for child in children:
        _refuse_floats(child)


def digest(receipt: Mapping[str, Any]) -> str:
    """SHA-256 of a receipt without its own digest."""
    return hashlib.sha256(canonical({key: value for key, value in receipt.items() if key != "digest"})).hexdigest()


def receipt(determination: Determination, engine: str, format: str = FORMAT) -> Json:
    """Everything needed to derive a determination again, and what it said. `engine` is the version of the program.

    Reasons stand once each in a table; a conclusion and a reason name theirs by number. The first `format` has every tree in full.
    """
    law = determination.law
    told = None if format == _FIRST else Table()
    made: Json = {
        "format": format,
        "engine": engine,
        "on": determination.on.isoformat(),
        "instrument": _instrument(law),
        "case": case_to_json(determination.case),
        "readings": [_in_force(one) for one in determination.in_force],
        "facts": [_fact(determination, key) for key in _spoken_of(determination)],
        **{role: [_conclusion(determination, one, told) for one in getattr(determination, role)] for role in _ROLES},
        "reliance": [
            {
                "guard": one.guard.id,
                "rule": one.conclusion.rule.id,
                "respondent": one.conclusion.respondent,
                "act": one.conclusion.act,
                "answer": one.answer,
            }
            for one in determination.reliance
        ],
        "notes": [
            {"note": one.note.id, "respondent": one.respondent, "act": one.act, "open": one.open}
            for one in determination.notes
        ],
        "contradictions": [[_key(key) for key in conflict] for conflict in determination.contradictions],
        "alternatives": [[_name(one), _name(other)] for one, other in determination.alternatives],
    }
    if told is not None:
        made["reasons"] = told.entries
    made["digest"] = digest(made)
    return made


def _instrument(law: Law) -> Json:
    return {
        "id": law.id,
        "title": list(law.title),
        "in_force": law.in_force.isoformat(),
        "files": [{"name": source.file, "sha256": source.digest} for source in law.sources],
        "sha256": law.digest,
        "rules_sha256": law.rules_digest,
    }


def _in_force(one: InForce) -> Json:
    return {
        "reading": one.reading,
        "option": one.option,
        "ground": one.ground,
        "by": one.by,
        "since": one.since.isoformat() if one.since else None,
        "source": one.source,
    }


def _key(key: FactKey) -> Json:
    return {"name": key.name, "entities": list(key.entities)}


def _name(conclusion: Conclusion) -> Json:
    return {"rule": conclusion.rule.id, "respondent": conclusion.respondent, "act": conclusion.act}


def _spoken_of(determination: Determination) -> list[FactKey]:
    keys = {
        key
        for one in determination.all()
        for key in (one.function.mentions | one.gate.mentions)
        if isinstance(key, FactKey)
    }
    return sorted(keys)


def _fact(determination: Determination, key: FactKey) -> Json:
    found = determination.evaluation.fact(key)
    return {
        **_key(key),
        "status": str(found.status),
        "contested": found.contested,
        "supporting": list(found.supporting),
        "opposing": list(found.opposing),
        "ignored": list(found.ignored),
        "found": found.finding is not None and not found.incomplete,
        "recorded": found.read,
    }


def _conclusion(determination: Determination, conclusion: Conclusion, told: Table | None) -> Json:
    reason = reasons(determination.evaluation, conclusion)
    made: Json = {
        **_name(conclusion),
        "anchor": conclusion.rule.anchor,
        "kind": conclusion.kind,
        "modalities": list(conclusion.modalities),
        "state": str(conclusion.state),
        "or_not_applicable": conclusion.outcome.gate_open,
        "depends": list(conclusion.outcome.depends),
        "options": {
            reading: {option: str(state) for option, state in states.items()}
            for reading, states in determination.options(conclusion).items()
        },
        "combinations": [
            {"options": dict(options), "state": str(state)} for options, state in determination.combinations(conclusion)
        ],
        "wider_than_mildest": list(determination.rests_on_wider(conclusion)),
        "heavier_than_before": list(determination.heavier(conclusion)),
        "exceptions": [{"exception": exception.id, "state": str(state)} for exception, state in conclusion.exceptions],
        "replaced_by": conclusion.replaced_by.id if conclusion.replaced_by else None,
        "tree": _tree(reason) if told is None else _number(reason, told),
    }
    # What nobody has looked at lacks everything, in more ways than can be listed: on a case almost empty that took most of a minute.
    if conclusion.state is State.OPEN and (told is None or determination.touched(conclusion)):
        needed = determination.missing(conclusion)
        made["missing"] = {
            "made_out": _direction(needed.for_it),
            "not_made_out": _direction(needed.against_it),
            "ask": [_question(question) for question in needed.ask],
            "beyond": needed.beyond,
            "no_longer_needed": [_key(key) for key in needed.idle],
        }
    return made


def _question(question: Question) -> Json:
    if isinstance(question, FactKey):
        return _key(question)
    return {"above": question.by, "act": question.act, "first": question.first, "second": question.second}


def _direction(direction: Direction) -> Json:
    return {
        "sets": [
            [{**_question(question), "holds": holds} for question, holds in answers] for answers in direction.sets
        ],
        "longer": direction.longer,
    }


def _number(reason: Reason, told: Table) -> int:
    """The number of a reason in the table. Where it stands in its tree is not part of it, and what it has not is left out."""
    made = _node(reason)
    del made["id"]
    for key in ("name", "quotes"):
        if not made[key]:
            del made[key]
    children = [_number(child, told) for child in _told_below(reason)]
    return told.number({**made, "children": children} if children else made)


def _tree(reason: Reason) -> Json:
    made = _node(reason)
    children = [_tree(child) for child in _told_below(reason)]
    return {**made, "children": children} if children else made


def _node(reason: Reason) -> Json:
    made: Json = {
        "id": reason.id,
        "op": str(reason.kind),
        "name": reason.name,
        "anchor": reason.anchor,
        "state": str(reason.state),
        "quotes": [{"words": cited.words, "anchor": cited.anchor} for cited in reason.quotes],
    }
    found = reason.established
    if found:
        made["fact"] = _key(found.key)
    if reason.kind == Op.CHOOSE and reason.node:
        made["options"] = list(reason.node.options)
    return made


def _told_below(reason: Reason) -> tuple[Reason, ...]:
    """A rule another rule speaks of has its own conclusion in the receipt; its tree is not written twice."""
    return () if reason.kind == "rule" and "/" in reason.id else reason.children


def read_receipt(raw: bytes, file: str) -> Json:
    """A receipt read from a file: JSON without floats, with everything `recheck` needs. Raises Problems."""
    try:
        made = json.loads(raw, parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_once)
        canonical(made)
    except RecursionError as error:
        raise _refused(file, "not a receipt: it is nested too deep") from error
    except _Twice as error:
        raise _refused(
            file, f"the key `{error}` is given twice in one object: readers may see another value"
        ) from error
    except ValueError as error:
        raise _refused(file, "not a receipt: not JSON of text and whole numbers in UTF-8") from error
    if not isinstance(made, dict) or made.get("format") not in (FORMAT, _FIRST):
        raise _refused(file, f"the format is neither `{FORMAT}` nor `{_FIRST}`")
    missing = _SHAPES.keys() - made.keys()
    if missing:
        raise _refused(file, f"the receipt has no `{'`, `'.join(sorted(missing))}`")
    damaged = sorted(key for key, shape in _SHAPES.items() if not isinstance(made[key], shape))
    if not damaged and not (
        isinstance(made["instrument"].get("id"), str) and _is_day(made["instrument"].get("in_force"))
    ):
        damaged = ["instrument"]
    if made["format"] == FORMAT and not is_table(made.get("reasons"), _roots(made)):
        damaged.append("reasons")
    if damaged:
        raise _refused(file, f"the receipt is damaged at `{'`, `'.join(damaged)}`")
    return made


_SHAPES = {"engine": str, "on": str, "instrument": dict, "case": dict, "readings": list, "digest": str}


class _Twice(ValueError):
    """A key written twice: which value a reader sees would depend on the reader."""


def _once(pairs: list[tuple[str, Any]]) -> Json:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _Twice(next(key for number, (key, _) in enumerate(pairs) if key in dict(pairs[:number])))
    return made


def _no_float(written: str) -> NoReturn:
    raise ValueError(f"a receipt holds no floats: {written}")


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _refused(file: str, message: str) -> Problems:
    return Problems(
        [Problem(Place(file, 1), "L090", message, "give the file that wenze determine --format json wrote")]
    )


def recheck(made: Json, law: Law, engine: str) -> list[str]:
    """Derive a receipt's determination again under `law` and say exactly what differs, one line each; empty when nothing does.

    Raises Problems when the case in it is none under that law: then nothing can be derived.
    """
    differences = []
    if digest(made) != made["digest"]:
        differences.append(
            f"digest: the receipt was changed after it was made (it says {made['digest'][:12]}…, its contents give {digest(made)[:12]}…)"
        )
    try:
        on = date.fromisoformat(made["on"])
        chosen = {one["reading"]: one["option"] for one in made["readings"] if one["ground"] == "chosen"}
        case = case_from_json(made["case"], "receipt")
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, Problems):
            raise
        raise _refused("receipt", f"the receipt is damaged: `{error}`") from error
    if case.instrument != law.id:
        return [*differences, *_differences(made["instrument"], _instrument(law), "instrument")]
    problems = check_case(case, law)
    if problems:
        raise Problems(problems)
    again = receipt(determine(law, case, on, chosen), engine, made["format"])
    found = list(_differences(_unfolded(made), _unfolded(again), ""))
    if not found:  # told otherwise, then: in another order, or with what no conclusion rests on
        found.extend(_differences(made.get("reasons"), again.get("reasons"), "reasons"))
    return differences + found


def _roots(made: Json) -> Iterator[Any]:
    for role in _ROLES:
        conclusions = made.get(role)
        for one in conclusions if isinstance(conclusions, list) else [None]:
            yield one.get("tree") if isinstance(one, Mapping) else None


def _unfolded(made: Json) -> Json:
    """A receipt for comparison: with its trees in place, however it is written, and without its digest and its table."""
    plain = {key: value for key, value in made.items() if key not in ("digest", "reasons")}
    if made["format"] == FORMAT:
        for role in _ROLES:
            plain[role] = [{**one, "tree": Unfolded(made["reasons"], one["tree"])} for one in made[role]]
    return plain


def _differences(then: Any, now: Any, path: str) -> Iterator[str]:
    where = path or "receipt"
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for key in sorted({*then, *now}):
            yield from _differences(then.get(key), now.get(key), f"{path}.{key}" if path else key)
    elif (
        isinstance(then, Sequence)
        and isinstance(now, Sequence)
        and not isinstance(then, str)
        and not isinstance(now, str)
    ):
        if len(then) != len(now):
            yield f"{where}: {len(then)} entries then, {len(now)} now"
        for index, (one, other) in enumerate(zip(then, now, strict=False)):
            yield from _differences(one, other, f"{path}[{_label(one, index)}]")
    elif then != now:
        yield f"{where}: {then!r} then, {now!r} now"


def _label(entry: Any, index: int) -> str:
    if isinstance(entry, Mapping):
        named = [
            str(entry[key])
            for key in ("rule", "respondent", "act", "reading", "name", "id", "note", "guard")
            if entry.get(key)
        ]
        if named:
            return " ".join(named)
    return str(index)
