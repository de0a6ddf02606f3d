"""What may not be relied on yet: the circumstances a safeguard holds back, and whatever is made out by nothing else.

Asked by everybody who says a state, so that no page leaves out a reservation which another makes. Decides no state: what is
made out by the text stays so.
"""

from __future__ import annotations

from wenze.law.conclude import Conclusion
from wenze.law.determine import Determination
from wenze.law.evaluate import State
from wenze.law.reasons import Reason, reasons
from wenze.law.rules import Op

_ONE_SUFFICES = {Op.ANY, Op.SOME, Op.HOLDS}


def reserved(determination: Determination, conclusion: Conclusion) -> bool:
    """Whether a conclusion made out, or all that makes it or may still make it out, may not be relied on yet."""
    if not determination.withheld:
        return False
    named = (conclusion.rule.id, conclusion.respondent, conclusion.act)
    return named in determination.withheld or _rests(determination, reasons(determination.evaluation, conclusion))


def reserved_within(determination: Determination, reason: Reason) -> bool:
    """The same of a conclusion that stands within the reasons of another."""
    return bool(determination.withheld) and reason.kind == "rule" and _rests(determination, reason)


def _rests(determination: Determination, reason: Reason) -> bool:
    """Whether a condition is met, or may be, only through circumstances that are withheld."""
    if reason.kind == "rule" and (reason.name, reason.here.respondent, reason.here.act) in determination.withheld:
        return True
    if reason.kind in {Op.NOT, Op.FACT} or reason.relieves:
        return False
    found = [_rests(determination, child) for child in _carrying(reason)]
    return bool(found) and (all(found) if reason.kind in _ONE_SUFFICES else any(found))


def _carrying(reason: Reason) -> tuple[Reason, ...]:
    """What makes a condition out; of one that is open, all that has not failed."""
    if reason.state is not State.OPEN:
        return reason.deciding()
    return tuple(one for one in reason.children if not one.relieves and one.state is not State.NOT_MADE_OUT)
