"""The pages of cases: they read a situation, hand what was typed to an act, and lay out what came of it."""

from wenze.web.cases.views.acts import fresh_step, fresh_work, step, work
from wenze.web.cases.views.case import (
    decision,
    defence,
    determination,
    determination_page,
    export,
    facts,
    record,
)
from wenze.web.cases.views.desk import desk, listing, new_lead
from wenze.web.cases.views.particulars import admit, download, finding, particular
from wenze.web.cases.views.progress import overview

__all__ = [
    "admit",
    "decision",
    "defence",
    "desk",
    "determination",
    "determination_page",
    "download",
    "export",
    "facts",
    "finding",
    "fresh_step",
    "fresh_work",
    "listing",
    "new_lead",
    "overview",
    "particular",
    "record",
    "step",
    "work",
]
