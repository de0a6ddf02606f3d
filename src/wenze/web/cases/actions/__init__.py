"""What is done on a case: one function for each step and each piece of work, all through one door.

Views enter here. Loading this package fills the tables of the door.
"""

from wenze.web.cases.actions import after, aside, collective, hearing, inquiry, lead, proposal
from wenze.web.cases.actions.door import (
    STEPS,
    TAKES,
    WHILE,
    WHOSE,
    WORK,
    WORKS,
    NotOpen,
    NotYours,
    Refused,
    Stale,
    procedure,
    reason,
    standings,
)

__all__ = [
    "STEPS",
    "TAKES",
    "WHILE",
    "WHOSE",
    "WORK",
    "WORKS",
    "NotOpen",
    "NotYours",
    "Refused",
    "Stale",
    "after",
    "aside",
    "collective",
    "hearing",
    "inquiry",
    "lead",
    "procedure",
    "proposal",
    "reason",
    "standings",
]
