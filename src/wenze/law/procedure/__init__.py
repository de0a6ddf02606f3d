"""Procedure and measures as law: which steps are open, for whom, which are refused and why, which clocks run until when.

`read_procedure` puts the layers together, `stand` answers for a history and a day, `refusals` for one move. Reads no clock;
chooses nothing. The written form is described in `docs/language.md`, section 7.
"""

from wenze.law.procedure.asjson import history_schema, history_to_json
from wenze.law.procedure.basis import FLAGS, Basis
from wenze.law.procedure.clocks import ClockState
from wenze.law.procedure.compose import Layer, Procedure, read_procedure
from wenze.law.procedure.histories import History, history_of, read_histories
from wenze.law.procedure.measures import Band, Effect, EffectState, Ground, Measure, Measures
from wenze.law.procedure.standing import OpenStep, Refusal, RefusedStep, Standing, check_history, refusals, stand
from wenze.law.procedure.table import Clock, Feature, Paper, Requirement, Said, Step, Table, Unheld
from wenze.law.procedure.wording import condition, required

__all__ = [
    "FLAGS",
    "Band",
    "Basis",
    "Clock",
    "ClockState",
    "Effect",
    "EffectState",
    "Feature",
    "Ground",
    "History",
    "Layer",
    "Measure",
    "Measures",
    "OpenStep",
    "Paper",
    "Procedure",
    "Refusal",
    "RefusedStep",
    "Requirement",
    "Said",
    "Standing",
    "Step",
    "Table",
    "Unheld",
    "check_history",
    "condition",
    "history_of",
    "history_schema",
    "history_to_json",
    "read_histories",
    "read_procedure",
    "refusals",
    "required",
    "stand",
]
