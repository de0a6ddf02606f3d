"""What a regulation says, and what follows from it for a case. Reads no clock, no database, no settings.

Others enter here only. The files of this package are the stages of a pipeline; `docs/language.md` describes what goes in.
A stage is loaded when something of it is first asked for: a program that determines one case starts without the rest.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # for those who read types; a test holds it and the table below together
    from wenze.law.across import Across, ManyTold, Recorded, Stands
    from wenze.law.case import Act, Case, Event, Expectation, FactKey
    from wenze.law.casefile import case_from_json, case_schema, case_to_json, check_case, read_cases, read_cases_by_file
    from wenze.law.compare import Answers, Change, Comparison, Example, answer_in_words, case_of, compare, in_words
    from wenze.law.compile import compile_sources
    from wenze.law.conclude import Conclusion, in_reading_order
    from wenze.law.days import Calendar, Day, Term, read_calendar
    from wenze.law.decide import TooLarge
    from wenze.law.deciding import Deciding, Part, emit_deciding
    from wenze.law.determine import Determination, determine, options_in_force, readings_in_force
    from wenze.law.drafting import Alike, Items, Needs, Turn, alike, asking, needs, opening, turns
    from wenze.law.emit import Program, Said, emit, emit_states
    from wenze.law.enter import (
        enter_claim,
        enter_duty,
        enter_evidence,
        enter_finding,
        enter_order,
        enter_organ,
        enter_part,
        enter_piece,
        enter_rank,
        enter_record,
        vocabulary_of,
    )
    from wenze.law.establish import Established, Status, accepted_forms
    from wenze.law.evaluate import Outcome, State
    from wenze.law.expect import Met, check_case_expectations
    from wenze.law.explain import Words
    from wenze.law.halves import Input
    from wenze.law.inquire import Inquiry, inquire
    from wenze.law.instrument import Law
    from wenze.law.kept import Kept
    from wenze.law.library import Library, shipped
    from wenze.law.lint.coverage import coverage
    from wenze.law.lint.exercise import Exercise, exercise
    from wenze.law.lint.finding import Finding
    from wenze.law.lint.findings import FINDINGS, findings, too_large
    from wenze.law.missing import Direction, Missing, Question
    from wenze.law.parse import read_source
    from wenze.law.parted import bits_of
    from wenze.law.planes import Code
    from wenze.law.problems import Problem, Problems
    from wenze.law.procedure import (
        FLAGS,
        Band,
        Basis,
        Clock,
        ClockState,
        EffectState,
        Ground,
        History,
        Measure,
        Measures,
        OpenStep,
        Paper,
        Procedure,
        Refusal,
        RefusedStep,
        Standing,
        Step,
        Table,
        Unheld,
        check_history,
        condition,
        history_of,
        history_schema,
        history_to_json,
        read_histories,
        read_procedure,
        refusals,
        required,
        stand,
    )
    from wenze.law.ready import Answer, Line, Ready, Told
    from wenze.law.reasons import Reason, of_exception, reasons
    from wenze.law.receipt import canonical, read_receipt, receipt, recheck
    from wenze.law.reservation import reserved
    from wenze.law.rules import Bilingual, Exemption, Nature, Node, Place, Reading, Rule
    from wenze.law.shape import (
        Given,
        Layout,
        Shape,
        Target,
        entangled,
        entity,
        fact_states,
        instance,
        of_pairs,
        reaches_outside,
        targets,
    )
    from wenze.law.steps import HistoryText, Move, Provenance, Statement
    from wenze.law.text import anchor_of, cite, cite_all, half_width, on_screen, places_of
    from wenze.law.variables import Above
    from wenze.law.written import Asking

_STAGES = {
    "across": "Across ManyTold Recorded Stands",
    "case": "Act Case Event Expectation FactKey",
    "casefile": "case_from_json case_schema case_to_json check_case read_cases read_cases_by_file",
    "compare": "Answers Change Comparison Example answer_in_words case_of compare in_words",
    "compile": "compile_sources",
    "conclude": "Conclusion in_reading_order",
    "days": "Calendar Day Term read_calendar",
    "decide": "TooLarge",
    "deciding": "Deciding Part emit_deciding",
    "determine": "Determination determine options_in_force readings_in_force",
    "drafting": "Alike Items Needs Turn alike asking needs opening turns",
    "emit": "Program Said emit emit_states",
    "enter": (
        "enter_claim enter_duty enter_evidence enter_finding enter_order enter_organ enter_part "
        "enter_piece enter_rank enter_record vocabulary_of"
    ),
    "establish": "Established Status accepted_forms",
    "evaluate": "Outcome State",
    "expect": "Met check_case_expectations",
    "explain": "Words",
    "halves": "Input",
    "inquire": "Inquiry inquire",
    "instrument": "Law",
    "kept": "Kept",
    "library": "Library shipped",
    "lint.coverage": "coverage",
    "lint.exercise": "Exercise exercise",
    "lint.finding": "Finding",
    "lint.findings": "FINDINGS findings too_large",
    "missing": "Direction Missing Question",
    "parse": "read_source",
    "parted": "bits_of",
    "planes": "Code",
    "problems": "Problem Problems",
    "procedure": (
        "FLAGS Band Basis Clock ClockState EffectState Ground History Measure Measures OpenStep Paper "
        "Procedure Refusal RefusedStep Standing Step Table Unheld check_history condition history_of "
        "history_schema history_to_json read_histories read_procedure refusals required stand"
    ),
    "ready": "Answer Line Ready Told",
    "reasons": "Reason of_exception reasons",
    "receipt": "canonical read_receipt receipt recheck",
    "reservation": "reserved",
    "rules": "Bilingual Exemption Nature Node Place Reading Rule",
    "shape": "Given Layout Shape Target entangled entity fact_states instance of_pairs reaches_outside targets",
    "steps": "HistoryText Move Provenance Statement",
    "text": "anchor_of cite cite_all half_width on_screen places_of",
    "variables": "Above",
    "written": "Asking",
}
_STAGE_OF = {name: stage for stage, names in _STAGES.items() for name in names.split()}
__all__ = list(_STAGE_OF)


def __getattr__(name: str) -> Any:  # Any: of every type; those who check types read the imports above
    if name not in _STAGE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_STAGE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_STAGE_OF)


class _Door(ModuleType):
    """Some functions bear the name of their stage. Python hangs a stage it has loaded under that name; others mean the function."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (isinstance(value, ModuleType) and name in _STAGE_OF):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Door
