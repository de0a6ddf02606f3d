"""What is said of the participations of a group: planes of one bit an act, for each target and participant."""

from __future__ import annotations

from dataclasses import dataclass

from wenze.docket.columns import planes_of
from wenze.docket.groups import Batch
from wenze.docket.kernel import Words
from wenze.law import State, Target, of_pairs

PLANES = ("never", "made", "out", "clash", "gate", "robust")


@dataclass(frozen=True)
class Answer:
    """What is said of one target for one participant (from 0) of each act: planes, disjoint; nowhere of the first four: open."""

    target: Target
    slot: int
    never: Words
    made: Words
    out: Words
    clash: Words
    gate: Words
    robust: Words

    def plane(self, state: State, used: Words) -> Words:
        """Where a state is had, `used` being the acts there are."""
        known = {
            State.NOT_APPLICABLE: self.never,
            State.MADE_OUT: self.made,
            State.NOT_MADE_OUT: self.out,
            State.CONTRADICTORY: self.clash,
        }
        return known[state] if state in known else used & ~(self.never | self.made | self.out | self.clash)


@dataclass(frozen=True)
class GroupAnswers:
    """The answers of one group. `used`: the acts there are, as a plane."""

    batch: Batch
    answers: tuple[Answer, ...]
    used: Words

    def asked(self, answer: Answer) -> Words:
        """Where an answer counts: the pairs to evaluate, or every participation for responsibility."""
        return asked_of(self.batch, answer.target, answer.slot, self.used)


def asked_of(batch: Batch, target: Target, slot: int, used: Words) -> Words:
    """The acts of which a target is asked for one participant: where they are a pair to evaluate, or all for responsibility."""
    if not of_pairs(target):
        return used
    pairs = batch.tables["participations"].column("pair")
    return planes_of(pairs, slot * batch.group.acts, batch.group.acts)[0]
