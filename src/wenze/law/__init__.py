"""What a regulation says, and what follows from it for a case. Reads no clock, no database, no settings.

Others enter here only. The files of this package are the stages of a pipeline; `docs/language.md` describes what goes in.
"""

from wenze.law.case import Act, Case, Event, Expectation, FactKey
from wenze.law.casefile import case_from_json, case_schema, case_to_json, check_case, read_cases
from wenze.law.compare import Change, Comparison, Example, case_of, compare, in_words
from wenze.law.compile import Law, compile_sources
from wenze.law.conclude import Conclusion, in_reading_order
from wenze.law.decide import TooLarge
from wenze.law.determine import Determination, determine, readings_in_force
from wenze.law.evaluate import State
from wenze.law.expect import Met, check_case_expectations
from wenze.law.explain import Words
from wenze.law.library import Library, shipped
from wenze.law.lint import FINDINGS, Exercise, Finding, coverage, exercise, findings, too_large
from wenze.law.missing import Direction, Missing
from wenze.law.parse import read_source
from wenze.law.problems import Problem, Problems
from wenze.law.reasons import Reason, reasons
from wenze.law.receipt import canonical, read_receipt, receipt, recheck
from wenze.law.rules import Bilingual, Node, Place, Reading, Rule
from wenze.law.text import anchor_of, cite, cite_all, half_width, on_screen, places_of

__all__ = [
    "FINDINGS",
    "Act",
    "Bilingual",
    "Case",
    "Change",
    "Comparison",
    "Conclusion",
    "Determination",
    "Direction",
    "Event",
    "Example",
    "Exercise",
    "Expectation",
    "FactKey",
    "Finding",
    "Law",
    "Library",
    "Met",
    "Missing",
    "Node",
    "Place",
    "Problem",
    "Problems",
    "Reading",
    "Reason",
    "Rule",
    "State",
    "TooLarge",
    "Words",
    "anchor_of",
    "canonical",
    "case_from_json",
    "case_of",
    "case_schema",
    "case_to_json",
    "check_case",
    "check_case_expectations",
    "cite",
    "cite_all",
    "compare",
    "compile_sources",
    "coverage",
    "determine",
    "exercise",
    "findings",
    "half_width",
    "in_reading_order",
    "in_words",
    "on_screen",
    "places_of",
    "read_cases",
    "read_receipt",
    "read_source",
    "readings_in_force",
    "reasons",
    "receipt",
    "recheck",
    "shipped",
    "too_large",
]
