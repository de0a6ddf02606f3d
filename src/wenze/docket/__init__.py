"""The determination of a single case for millions at once: facts in columns → results in columns, record by record the same.

Knows what `wenze.law` writes down of the law as code on planes, and nothing of the law itself. Needs NumPy and pyarrow (extra `docket`).
"""

from wenze.docket.answers import Answer, GroupAnswers
from wenze.docket.groups import Batch, Group
from wenze.docket.piles import Builder, building
from wenze.docket.results import Engine, Worked
from wenze.docket.rows import NotForDocket, case_rows
from wenze.docket.storage import Docket, Writer
from wenze.docket.tables import Tables
from wenze.docket.whole import DocketError

__all__ = [
    "Answer",
    "Batch",
    "Builder",
    "Docket",
    "DocketError",
    "Engine",
    "Group",
    "GroupAnswers",
    "NotForDocket",
    "Tables",
    "Worked",
    "Writer",
    "building",
    "case_rows",
]
