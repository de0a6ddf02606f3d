"""Checks on the law itself (`wenze check`): what a drafter should look at, the words no condition quotes, and the conditions and
readings no scenario depends on. Findings are no problems: the law runs.
"""

from wenze.law.lint.coverage import Coverage, coverage
from wenze.law.lint.exercise import Exercise, Idle, exercise
from wenze.law.lint.finding import Finding
from wenze.law.lint.findings import FINDINGS, findings, too_large

__all__ = ["FINDINGS", "Coverage", "Exercise", "Finding", "Idle", "coverage", "exercise", "findings", "too_large"]
