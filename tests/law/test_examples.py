"""What examples settle is what trying every completion under every option gives, whatever was known before."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from wenze.law import examples
from wenze.law.decide import TRUE, Diagrams
from wenze.law.examples import Cases, Examples, Sought
from wenze.law.formula import Formulas
from wenze.law.parted import Held, Parting, Plane, changing, chosen, classes

FACTS, READINGS = "abcd", {"甲": 3, "乙": 2}
POINTS = [dict(zip(READINGS, point, strict=True)) for point in product(*map(range, READINGS.values()))]
CASES = 6

Tree = tuple[object, ...]

TREES = st.recursive(
    st.sampled_from(FACTS).map(lambda name: ("fact", name)),
    lambda parts: st.one_of(
        parts.map(lambda part: ("not", part)),
        st.tuples(st.sampled_from(["all", "any"]), parts, parts),
        st.tuples(st.just("甲"), parts, parts, parts),
        st.tuples(st.just("乙"), parts, parts),
    ),
    max_leaves=12,
)


def written(formulas: Formulas, tree: Tree) -> int:
    kind, *parts = tree
    if kind == "fact":
        return formulas.literal(parts[0])
    nodes = [written(formulas, part) for part in parts]  # type: ignore[arg-type]
    if kind == "not":
        return formulas.negate(nodes[0])
    if kind in READINGS:
        return formulas.choice(kind, tuple(nodes))
    return formulas.all(nodes) if kind == "all" else formulas.any(nodes)


def holds(tree: Tree, facts: dict[str, bool], options: dict[str, int]) -> bool:
    kind, *parts = tree
    if kind == "fact":
        return facts[str(parts[0])]
    said = [holds(part, facts, options) for part in parts]  # type: ignore[arg-type]
    if kind == "not":
        return not said[0]
    if kind in READINGS:
        return said[options[str(kind)]]
    return all(said) if kind == "all" else any(said)


def bounds(tree: Tree, known: dict[str, bool | None], options: dict[str, int]) -> tuple[bool, bool]:
    """Whether it must hold and whether it can, by trying everything."""
    ways = [(False, True) if known[name] is None else (known[name],) for name in FACTS]
    said = {holds(tree, dict(zip(FACTS, map(bool, way), strict=True)), options) for way in product(*ways)}
    return said == {True}, True in said


def point_of(diagrams: Diagrams, options: dict[str, int]) -> int:
    return diagrams.all(chosen(diagrams, name, option, READINGS[name]) for name, option in options.items())


KNOWN = st.lists(
    st.fixed_dictionaries({name: st.sampled_from([None, None, True, False]) for name in FACTS}),
    min_size=CASES,
    max_size=CASES,
)


@given(
    st.lists(TREES, min_size=2, max_size=2),
    KNOWN,
    st.sampled_from(POINTS),
    st.sampled_from([(0, 0), (1, 1), (2, 6)]),
    st.booleans(),
    st.booleans(),
)
def test_examples_say_what_trying_everything_says(
    trees: list[Tree],
    known: list[dict[str, bool | None]],
    liked: dict[str, int],
    rounds: tuple[int, int],
    any_change: bool,
    musts: bool,
) -> None:
    formulas, diagrams = Formulas(), Diagrams()
    for name, options in READINGS.items():
        diagrams.variable(name, options)
    half = (1 << CASES) - 1
    everywhere = half | half << CASES  # every case twice, asked about one condition each time

    def plane(name: object, value: int) -> int:
        bits = sum(1 << case for case, one in enumerate(known) if one[str(name)] is bool(value))
        return bits | bits << CASES

    parting = Parting(diagrams, everywhere)
    told = [
        parting.both(parting.everywhere(point_of(diagrams, point)), 1 << case)
        for case in range(2 * CASES)
        for point in POINTS
        if bounds(trees[case // CASES], known[case % CASES], point)[0]
    ]
    found, untold = settled(
        Examples(formulas, [written(formulas, tree) for tree in trees], (), diagrams),
        Cases(everywhere, plane, lambda question, order: 0, 1),
        [half, half << CASES],
        Sought(
            TRUE,
            {
                (name, one): chosen(diagrams, name, one, options)
                for name, options in READINGS.items()
                for one in range(options)
            },
            liked,
            any_change,
        ),
        rounds,
        Held(parting.any(told), everywhere) if musts else Held(0, everywhere),
    )

    def at(plane: Plane, case: int) -> Callable[[dict[str, int]], bool]:
        diagram = next((one for one, cases in classes(plane) if cases >> case & 1), 0)
        return lambda point: bool(
            diagrams.follow(diagram, {diagrams.variable(name): one for name, one in point.items()})
        )

    for case in range(2 * CASES):
        if untold >> case & 1:
            event("not told")
            continue
        tree, one = trees[case // CASES], known[case % CASES]
        wanted = [bounds(tree, one, point) for point in POINTS]
        must, can = at(found.must, case), at(found.can, case)
        assert (must(liked), can(liked)) == bounds(tree, one, liked)
        gate = case >= CASES  # of which only whether it can hold bears on anything
        hangs = len({can for _, can in wanted} if gate else set(wanted)) > 1
        changes = changing(found.can) | (0 if gate else changing(found.must))
        assert bool(changes >> case & 1) == hangs
        if not any_change:
            assert [(must(point), can(point)) for point in POINTS] == wanted
        event(f"hangs on the options: {hangs}")


def settled(
    made: Examples, cases: Cases, asked: list[int], sought: Sought, rounds: tuple[int, int], held: Held
) -> tuple[Held, int]:
    """From what is known of where it must hold and where it can; the second of two conditions is a gate."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examples, "_ROUNDS", rounds)
        return made.settle(cases, asked, held, sought, asked[1])
