"""Who may open which URL: the one table. What has no row is refused; another unit's case does not exist (404).

Plain data: `gate` holds every request against it, and a test asks every URL as every role in every relation to a case.
A row names the roles that may (any of them suffices) and, where the URL names a case, the relations to that case that may.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a staff user does. The last three keep the system and read no case."""

    INTAKE = "intake"
    HANDLER = "handler"
    REVIEWER = "reviewer"  # legal reviewer
    DECIDER = "decider"  # member of the collective that decides
    HEAD = "head"  # of the unit
    AUDITOR = "auditor"  # reads what was done, does nothing
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


class Relation(StrEnum):
    """How a user stands to one case. The last two open nothing."""

    UNIT = "unit"  # the case is with the user's unit
    HANDLER = "handler"  # assigned to the user
    REVIEWER = "reviewer"  # assigned to the user for legal review
    MEMBER = "member"  # of the collective that decides it
    RECUSED = "recused"
    OUTSIDE = "outside"  # the case is with another unit


KEEPERS = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDIT})
STAFF = frozenset(Role)
CASE_STAFF = STAFF - KEEPERS
ACTING = CASE_STAFF - {Role.AUDITOR}
INVOLVED = frozenset(Relation) - {Relation.RECUSED, Relation.OUTSIDE}


@dataclass(frozen=True, slots=True)
class Row:
    """`roles` None: anybody, also who is not logged in. `relations` None: the URL names no case.

    `fresh`: only shortly after password and code were given (again). `page`: the name of the page of the case where the file
    it answers with is asked for; a browser that gets a file stays where it is.
    """

    roles: frozenset[Role] | None
    relations: frozenset[Relation] | None = None
    fresh: bool = False
    page: str = ""


ANYBODY = Row(None)
ANY_STAFF = Row(STAFF)

TABLE: dict[str, Row] = {
    "language": ANYBODY,
    "verify": ANYBODY,
    "offices:login": ANYBODY,
    "offices:logout": ANYBODY,
    "offices:confirm": ANY_STAFF,
    "offices:home": ANY_STAFF,
    "cases:desk": Row(CASE_STAFF),
    "cases:list": Row(CASE_STAFF),
    "cases:lead": Row(frozenset({Role.INTAKE})),
    **dict.fromkeys(
        (
            "cases:case",
            "cases:facts",
            "cases:determination",
            "cases:determination-page",
            "cases:defence",
            "cases:decision",
            "cases:record",
        ),
        Row(CASE_STAFF, INVOLVED),
    ),
    "cases:evidence": Row(CASE_STAFF, INVOLVED, page="cases:facts"),
    "cases:export": Row(CASE_STAFF, INVOLVED, fresh=True, page="cases:record"),
    **dict.fromkeys(
        ("cases:admit", "cases:finding", "cases:particular", "cases:step", "cases:work"), Row(ACTING, INVOLVED)
    ),
    **dict.fromkeys(("cases:fresh-step", "cases:fresh-work"), Row(ACTING, INVOLVED, fresh=True)),
    "offices:places": ANY_STAFF,
    "offices:relations": Row(CASE_STAFF),
    "offices:staff": Row(frozenset({Role.SECURITY, Role.AUDIT})),
    "offices:change-role": Row(frozenset({Role.SECURITY}), fresh=True),
    "offices:put-out": Row(frozenset({Role.SECURITY}), fresh=True),
}
"""By the name of the URL, with its namespace."""


def allows(row: Row, roles: frozenset[Role], relations: frozenset[Relation] = frozenset()) -> bool:
    """Whether a user with these roles, standing in these relations to the case (if the URL names one), may."""
    if row.roles is None:
        return True
    if not row.roles & roles:
        return False
    return row.relations is None or bool(row.relations & relations & INVOLVED)
