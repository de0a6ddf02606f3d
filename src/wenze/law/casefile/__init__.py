"""Case files: Markdown `case` blocks and JSON → Case and back, their JSON Schema, and what an instrument says of a case.

One table of records (`records`) drives reading, writing, schema and checks. Knows no law; `check_case` asks an instrument.
"""

from wenze.law.casefile.cases import (
    CASE_PROBLEMS,
    case_from_json,
    case_schema,
    case_to_json,
    check_case,
    parse_case_text,
    read_cases,
    read_cases_by_file,
)
from wenze.law.casefile.check import CaseVocabulary

__all__ = [
    "CASE_PROBLEMS",
    "CaseVocabulary",
    "case_from_json",
    "case_schema",
    "case_to_json",
    "check_case",
    "parse_case_text",
    "read_cases",
    "read_cases_by_file",
]
