"""What a regulation says, and what follows from it for a case. Reads no clock, no database, no settings.

Others enter here only. The files of this package are the stages of a pipeline; `docs/language.md` describes what goes in.
"""

from wenze.law.case import Act, Case, Event, Expectation, FactKey
from wenze.law.casefile import case_from_json, case_schema, case_to_json, check_case, read_cases
from wenze.law.compare import Change, Comparison, Example, case_of, compare, in_words
from wenze.law.compile import Law, compile_sources
from wenze.law.conclude import Conclusion, in_reading_order
from wenze.law.days import Calendar, Day, Term, read_calendar
from wenze.law.decide import TooLarge
from wenze.law.determine import Determination, determine, readings_in_force
from wenze.law.emit import Asked, Program, Said, emit, emit_states
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
from wenze.law.establish import accepted_forms
from wenze.law.evaluate import State
from wenze.law.expect import Met, check_case_expectations
from wenze.law.explain import Words
from wenze.law.inquire import Inquiry, inquire
from wenze.law.library import Library, shipped
from wenze.law.lint import FINDINGS, Exercise, Finding, coverage, exercise, findings, too_large
from wenze.law.missing import Direction, Missing, Question
from wenze.law.parse import read_source
from wenze.law.planes import Code
from wenze.law.problems import Problem, Problems
from wenze.law.procedure import (
    Band,
    Basis,
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
    history_of,
    read_histories,
    read_procedure,
    refusals,
    required,
    stand,
)
from wenze.law.reasons import Reason, reasons
from wenze.law.receipt import canonical, read_receipt, receipt, recheck
from wenze.law.rules import Bilingual, Nature, Node, Place, Reading, Rule
from wenze.law.shape import Given, Layout, Shape, Target, entangled, of_pairs, reaches_outside, targets
from wenze.law.steps import Move, Provenance
from wenze.law.text import anchor_of, cite, cite_all, half_width, on_screen, places_of
from wenze.law.variables import Above

__all__ = [
    "FINDINGS",
    "Above",
    "Act",
    "Asked",
    "Band",
    "Basis",
    "Bilingual",
    "Calendar",
    "Case",
    "Change",
    "ClockState",
    "Code",
    "Comparison",
    "Conclusion",
    "Day",
    "Determination",
    "Direction",
    "EffectState",
    "Event",
    "Example",
    "Exercise",
    "Expectation",
    "FactKey",
    "Finding",
    "Given",
    "Ground",
    "History",
    "Inquiry",
    "Law",
    "Layout",
    "Library",
    "Measure",
    "Measures",
    "Met",
    "Missing",
    "Move",
    "Nature",
    "Node",
    "OpenStep",
    "Paper",
    "Place",
    "Problem",
    "Problems",
    "Procedure",
    "Program",
    "Provenance",
    "Question",
    "Reading",
    "Reason",
    "Refusal",
    "RefusedStep",
    "Rule",
    "Said",
    "Shape",
    "Standing",
    "State",
    "Step",
    "Table",
    "Target",
    "Term",
    "TooLarge",
    "Unheld",
    "Words",
    "accepted_forms",
    "anchor_of",
    "canonical",
    "case_from_json",
    "case_of",
    "case_schema",
    "case_to_json",
    "check_case",
    "check_case_expectations",
    "check_history",
    "cite",
    "cite_all",
    "compare",
    "compile_sources",
    "coverage",
    "determine",
    "emit",
    "emit_states",
    "entangled",
    "enter_claim",
    "enter_duty",
    "enter_evidence",
    "enter_finding",
    "enter_order",
    "enter_organ",
    "enter_part",
    "enter_piece",
    "enter_rank",
    "enter_record",
    "exercise",
    "findings",
    "half_width",
    "history_of",
    "in_reading_order",
    "in_words",
    "inquire",
    "of_pairs",
    "on_screen",
    "places_of",
    "reaches_outside",
    "read_calendar",
    "read_cases",
    "read_histories",
    "read_procedure",
    "read_receipt",
    "read_source",
    "readings_in_force",
    "reasons",
    "receipt",
    "recheck",
    "refusals",
    "required",
    "shipped",
    "stand",
    "targets",
    "too_large",
    "vocabulary_of",
]
