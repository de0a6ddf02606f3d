"""Random users try random steps: none unlawful succeeds, none lawful is refused, and the stage is always what the record says.

The model is written from the procedure as people tell it (domain words below), not from the table of steps the program reads.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from itertools import pairwise
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from wenze.web.cases.actions import Refused, standings
from wenze.web.cases.actions.collective import AGAINST, FOR, open_motion
from wenze.web.journal.reader import history

from .world import POST, PROPOSED, Desk, investigated, opened, prefecture, ruled

HANDLERS = {"handler", "handler2"}
FOR_THE_RESPONDENT = HANDLERS | {
    "intake"
}  # what a respondent says is taken down by whoever handles the case, or at the desk
DECIDERS = {"decider1", "decider2", "decider3", "decider4", "decider5", "chair"}
PEOPLE = sorted(HANDLERS | DECIDERS | {"intake", "reviewer", "head", "auditor", "stranger", "superior1"})


class Model:
    """What was done, in the order it was done, and what follows for what may be done next."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = [("lead", ""), ("check", ""), ("open", ""), ("inquire", "")]
        self.now = 0  # counts everything that happens
        self.when: Counter[str] = Counter()  # the last time of what order matters for
        self.points = 0
        self.answered: set[int] = set()
        self.votes: dict[str, str] | None = None  # None: nothing is before the collective

    def did(self, what: str, outcome: str = "", *, main: bool = True) -> None:
        self.now += 1
        self.when[what] = self.now
        if main:
            self.done.append((what, outcome))

    def last(self, step: str) -> int:
        return max((place for place, (name, _) in enumerate(self.done) if name == step), default=-1)

    def outcome(self, step: str) -> str:
        return self.done[self.last(step)][1] if self.last(step) >= 0 else ""

    @property
    def over(self) -> bool:
        return any(step in ("close", "archive") for step, _ in self.done)

    @property
    def undecided(self) -> bool:
        """No decision, or the last one sent the case back."""
        return not self.over and self.outcome("decide") in ("", "returned")

    @property
    def with_the_committee(self) -> bool:
        return self.last("recommend") >= 0

    @property
    def all_answered(self) -> bool:
        return len(self.answered) == self.points

    def can_recommend(self) -> bool:
        return self.undecided and self.last("determine") > self.last("inquire")

    def can_decide(self) -> bool:
        """Told after the recommendation, heard after being told, answered after being heard."""
        order = [self.last(step) for step in ("decide", "recommend", "notice", "statement", "answer-points")]
        return self.undecided and order[1] >= 0 and all(one < other for one, other in pairwise(order))

    def affirmed(self, step: str) -> bool:
        """By somebody, after the last determination and the last answer."""
        return self.when[f"affirm {step}"] > max(self.when["determine"], self.when["answer"])

    def may(self, who: str, what: str) -> bool:
        """Whether this person may do this now."""
        heads = {"head"} | ({"chair"} if self.with_the_committee else set())
        deciders = DECIDERS if self.with_the_committee else set()
        reviewing = HANDLERS | {"reviewer"}
        return {
            "inquire": lambda: who in HANDLERS and self.undecided,
            "determine": lambda: who in reviewing and self.undecided,
            "recommend": lambda: (
                who in HANDLERS and self.can_recommend() and self.affirmed("recommend") and self.all_answered
            ),
            "notice": lambda: who in HANDLERS and self.undecided and self.last("recommend") >= 0,
            "statement": lambda: who in FOR_THE_RESPONDENT and self.undecided and self.last("notice") >= 0,
            "answer-points": lambda: (
                who in reviewing
                and self.undecided
                and self.last("statement") > self.last("notice") >= 0
                and self.all_answered
            ),
            "affirm recommend": lambda: (
                who in reviewing | deciders | heads and (self.can_recommend() or self.can_decide())
            ),
            "affirm decide": lambda: (
                who in reviewing | deciders | heads and (self.can_recommend() or self.can_decide())
            ),
            "answer": lambda: (
                who in reviewing
                and bool(self.points)
                and (self.can_decide() or (self.undecided and self.last("statement") > self.last("notice") >= 0))
            ),
            "put-to-vote": lambda: who in HANDLERS | heads | deciders and self.can_decide() and self.all_answered,
            "vote": lambda: who in deciders and self.can_decide() and self.votes is not None and who not in self.votes,
            "decide": lambda: (
                who in deciders
                and self.can_decide()
                and self.votes is not None
                and len(self.votes) == len(DECIDERS)
                and (not self.carried or (self.affirmed("decide") and self.all_answered))
            ),
            "close": lambda: (
                who in heads | deciders
                and not self.over
                and self.outcome("decide") in ("", "returned", "not-accountable")
            ),
            "serve": lambda: (
                who in HANDLERS and not self.over and self.outcome("decide") == "accountable" and self.last("serve") < 0
            ),
            "execute": lambda: who in HANDLERS and not self.over and self.last("execute") < self.last("serve"),
            "archive": lambda: who in HANDLERS and self.done[-1][0] == "close",
        }[what]()

    @property
    def carried(self) -> bool:
        choices = list((self.votes or {}).values())
        return 2 * choices.count(FOR) > len(choices)


WHAT = [
    "inquire",
    "determine",
    "recommend",
    "notice",
    "statement",
    "answer-points",
    "affirm recommend",
    "affirm decide",
    "answer",
    "put-to-vote",
    "vote",
    "decide",
    "close",
    "serve",
    "execute",
    "archive",
]


GOALS = ("vote", "decide", "serve", "execute")  # far along the path: taken wherever they are lawful


class Office(RuleBasedStateMachine):
    """One case that was inquired into; each example begins there and leaves nothing behind."""

    desk: ClassVar[Desk]
    explored: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.here: Counter[str] = Counter()  # what was done in this example
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.stack.close()

    @rule(what=st.sampled_from(WHAT), who=st.sampled_from(PEOPLE), against=st.integers(0, 3))
    def anybody_tries_anything(self, what: str, who: str, against: int) -> None:
        self._try(what, who, against)

    @rule(seed=st.integers(0, 2**16), against=st.integers(0, 3))
    def somebody_does_what_is_lawful(self, seed: int, against: int) -> None:
        """So that long paths are walked, not only first steps: closing only when nothing else is left."""
        lawful = [(what, who) for what in WHAT for who in PEOPLE if self.model.may(who, what)]
        onward = [pair for pair in lawful if pair[0] not in ("close", "inquire")] or lawful
        if onward:
            kinds = sorted({what for what, _ in onward})
            least = min(kinds, key=lambda what: (what not in GOALS, self.here[what], WHAT.index(what)))
            chosen = [pair for pair in onward if pair[0] == (least if seed % 4 < 3 else kinds[seed // 4 % len(kinds)])]
            self._try(*chosen[seed % len(chosen)], against)

    def _try(self, what: str, who: str, against: int) -> None:
        lawful, before = self.model.may(who, what), self.desk.seen
        try:
            outcome = self._do(what, who, against)
        except Refused as refused:
            assert not lawful, f"{who} was refused {what}: {refused}\n{self.model.done}"
            assert self.desk.seen == before and refused.reasons
            self.explored["refused"] += 1
        else:
            assert lawful, f"{who} did {what} unlawfully\n{self.model.done}"
            self.explored[what] += 1
            self.here[what] += 1
            self._note(what, who, against, outcome)

    def _do(self, what: str, who: str, against: int) -> str:
        said: dict[str, Any] = {
            "inquire": {"reasons": "再取证", "actors": 2},
            "determine": {"reasons": "认定"},
            "recommend": {
                "proposed": PROPOSED,
                "papers": ("recommendation", "fact-material"),
                "to": self.desk.world.units["zw"],
            },
            "notice": {"facts": "告知", "papers": ("notice",), "until": self.desk.on, "receipt": self.desk.on},
            "statement": {"outcome": "heard", "points": ("一点",), "papers": ("statement-record",), "actors": 2},
            "answer": {"number": max(1, self.model.points), "accepted": False, "reasons": "不成立"},
            "put-to-vote": {"step": "decide", "proposed": PROPOSED},
            "decide": {"papers": ("minutes",)},
            "close": {"outcome": "not-made-out", "reasons": "不成立", "papers": ("no-action-notice",)},
            "serve": {"receipt": self.desk.on, "papers": ("decision", "service-receipt")},
            "execute": {"reasons": "已执行"},
        }.get(what, {})
        if what.startswith("affirm "):
            self.desk.affirm(what.removeprefix("affirm "), by=who)
            return ""
        if what == "vote":
            put = open_motion(self.desk.case, POST, "decide")
            choice = AGAINST if against == 0 else FOR
            said = {"motion": put.pk if put else 0, "choice": choice, "reasons": "理由"}
        if what in ("answer", "put-to-vote", "vote"):
            self.desk.work(what, who, **said)
            return ""
        return str(self.desk.step(what, who, **said).says.get("outcome", ""))

    def _note(self, what: str, who: str, against: int, outcome: str) -> None:
        model = self.model
        if what == "answer":
            model.answered.add(model.points)
        if what == "statement":
            model.points += 1
        if what == "put-to-vote":
            model.votes = {}
        if what == "vote" and model.votes is not None:
            model.votes[who] = AGAINST if against == 0 else FOR
        if what == "decide":
            assert outcome == ("accountable" if model.carried else "returned")
            model.votes = None
        model.did(what, outcome, main=what not in ("answer", "put-to-vote", "vote") and not what.startswith("affirm"))

    @invariant()
    def the_stage_is_what_the_record_says(self) -> None:
        entries = [entry.data["step"] for entry in history(f"case/{self.desk.case.reference}")]
        assert entries == [move.step for move in self.desk.case.moves.all()]
        steps = [step for step in entries if not step.startswith("work/")]
        standing = standings(self.desk.case, self.desk.on)[POST]
        assert (standing.ended or standing.stage) == steps[-1] == self.model.done[-1][0]


def explore(examples: int, steps: int) -> None:
    Office.desk = ruled(investigated(opened(prefecture())))
    Office.explored = Counter()
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),  # to shrink takes hours on real databases; the path is told anyway
        ),
    )
    print(f"\nexplored: {sum(Office.explored.values())} attempts: {dict(Office.explored.most_common())}")
    assert Office.explored["refused"] and Office.explored["determine"]


def test_no_illegal_step_succeeds_and_no_lawful_one_is_refused(database: str) -> None:
    explore(examples=4, steps=25)


@pytest.mark.long
def test_the_same_at_length(database: str) -> None:
    explore(examples=40, steps=60)
