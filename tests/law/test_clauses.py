"""Clauses under values say what they said, and none of them contains another."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from wenze.law.clauses import Clause, _minimal, reduced

NAMES = "abcde"

literals = st.tuples(st.sampled_from(NAMES), st.integers(0, 1))
clause_sets = st.lists(st.frozensets(literals, min_size=1, max_size=4), max_size=8).map(_minimal)
values = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 1), max_size=3)


def hold(clauses: frozenset[Clause], world: dict[str, int]) -> bool:
    return all(any(world[str(name)] == value for name, value in clause) for clause in clauses)


@given(clause_sets, values)
def test_clauses_under_values_hold_where_they_held_before(clauses: frozenset[Clause], given_: dict[str, int]) -> None:
    left = reduced(clauses, given_)
    for bits in product((0, 1), repeat=len(NAMES)):
        world = {**dict(zip(NAMES, bits, strict=True)), **given_}
        assert hold(clauses, world) == (left is not None and hold(left, world))
    assert left is None or left == _minimal(left)
    assert left is None or not any(name in given_ for clause in left for name, _ in clause)
