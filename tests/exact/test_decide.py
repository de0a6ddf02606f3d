"""Diagrams, expressions, prime implicants and conflicts against truth tables and brute force."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from wenze.law.bounds import Bounds, Group
from wenze.law.decide import FALSE, TRUE, Diagrams, TooLarge
from wenze.law.formula import Formulas
from wenze.law.lanes import Binding, Entries, Lanes, binding
from wenze.law.planes import Planes, compiled
from wenze.law.primes import Literals, prime_implicants, smallest_conflicts

ARITIES = {"a": 2, "b": 2, "c": 2, "d": 2, "e": 2, "x": 3, "y": 4}
TWO_VALUED = [name for name, arity in ARITIES.items() if arity == 2]

Values = Mapping[str, int]


@dataclass(frozen=True)
class Expression:
    """A function twice: how to build it in a store, and what it says of each assignment."""

    words: str
    build: Callable[[Diagrams | Formulas], int]
    says: Callable[[Values], bool]

    def __repr__(self) -> str:
        return self.words


def literal(name: str) -> Expression:
    return Expression(name, lambda store: store.literal(name), lambda values: bool(values[name]))


def constant(value: bool) -> Expression:
    return Expression(str(value), lambda store: TRUE if value else FALSE, lambda values: value)


def negated(part: Expression) -> Expression:
    return Expression(
        f"not {part}", lambda store: store.negate(part.build(store)), lambda values: not part.says(values)
    )


def joined(parts: list[Expression]) -> Expression:
    return Expression(
        f"all{parts}",
        lambda store: store.all([part.build(store) for part in parts]),
        lambda values: all(part.says(values) for part in parts),
    )


def any_of(parts: list[Expression]) -> Expression:
    return Expression(
        f"any{parts}",
        lambda store: store.any([part.build(store) for part in parts]),
        lambda values: any(part.says(values) for part in parts),
    )


def at_least(count: int, parts: list[Expression]) -> Expression:
    return Expression(
        f"{count}of{parts}",
        lambda store: store.at_least(count, [part.build(store) for part in parts]),
        lambda values: sum(part.says(values) for part in parts) >= count,
    )


def chosen(name: str, parts: list[Expression]) -> Expression:
    branches = parts[: ARITIES[name]]
    return Expression(
        f"{name}?{branches}",
        lambda store: store.choice(name, tuple(part.build(store) for part in branches)),
        lambda values: branches[values[name]].says(values),
    )


def _larger(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    lists = st.lists(parts, min_size=1, max_size=4)
    branches = st.lists(parts, min_size=4, max_size=4)
    return st.one_of(
        parts.map(negated),
        lists.map(joined),
        lists.map(any_of),
        st.builds(at_least, st.integers(0, 4), lists),
        st.builds(chosen, st.sampled_from(["x", "y"]), branches),
    )


leaves = st.one_of(st.sampled_from(TWO_VALUED).map(literal), st.booleans().map(constant))
expressions = st.recursive(leaves, _larger, max_leaves=14)
plain = st.recursive(
    leaves,
    lambda parts: st.one_of(
        parts.map(negated), st.lists(parts, max_size=4).map(joined), st.lists(parts, max_size=4).map(any_of)
    ),
    max_leaves=14,
)


def everything(names: Mapping[str, int] = ARITIES) -> Iterator[dict[str, int]]:
    for values in product(*(range(arity) for arity in names.values())):
        yield dict(zip(names, values, strict=True))


def store_in(order: tuple[str, ...] = tuple(ARITIES)) -> Diagrams:
    diagrams = Diagrams()
    for name in order:
        diagrams.variable(name, ARITIES[name])
    return diagrams


def says(diagrams: Diagrams, node: int, values: Values) -> bool:
    """Follow a diagram down."""
    while node not in (FALSE, TRUE):
        node = diagrams.children(node)[values[str(diagrams.name(diagrams.top(node)))]]
    return node == TRUE


@given(expressions, st.permutations(list(ARITIES)))
def test_a_diagram_says_what_the_truth_table_says_in_every_order_of_variables(
    expression: Expression, order: list[str]
) -> None:
    diagrams = store_in(tuple(order))
    node = expression.build(diagrams)
    assert all(says(diagrams, node, values) == expression.says(values) for values in everything())


@given(expressions, expressions)
def test_two_functions_are_equal_exactly_when_their_numbers_are(one: Expression, other: Expression) -> None:
    diagrams = store_in()
    same = all(one.says(values) == other.says(values) for values in everything())
    assert (one.build(diagrams) == other.build(diagrams)) == same


@given(expressions)
def test_the_support_is_what_the_function_really_depends_on(expression: Expression) -> None:
    diagrams = store_in()
    depends = {
        name
        for values in everything()
        for name, arity in ARITIES.items()
        if any(expression.says({**values, name: value}) != expression.says(values) for value in range(arity))
    }
    assert {diagrams.name(level) for level in diagrams.support(expression.build(diagrams))} == depends


@given(expressions, st.sets(st.sampled_from(list(ARITIES))))
def test_quantifying_and_fixing_speak_of_every_value(expression: Expression, names: set[str]) -> None:
    diagrams = store_in()
    node = expression.build(diagrams)
    levels = {diagrams.variable(name) for name in names}
    always, sometimes = diagrams.for_all(node, levels.__contains__), diagrams.exists(node, levels.__contains__)
    fixed = diagrams.fix(node, {level: 1 for level in levels})
    for values in everything():
        others = [
            expression.says({**values, **chosen}) for chosen in everything({name: ARITIES[name] for name in names})
        ]
        assert says(diagrams, always, values) == all(others)
        assert says(diagrams, sometimes, values) == any(others)
        assert says(diagrams, fixed, values) == expression.says({**values, **dict.fromkeys(names, 1)})


@given(expressions)
def test_an_example_satisfies_what_it_is_an_example_of(expression: Expression) -> None:
    diagrams = store_in()
    node = expression.build(diagrams)
    if node == FALSE:
        with pytest.raises(ValueError, match="contradiction"):
            diagrams.example(node)
    else:
        example = {str(diagrams.name(level)): value for level, value in diagrams.example(node).items()}
        assert expression.says({**dict.fromkeys(ARITIES, 0), **example})


def test_a_function_beyond_the_budget_is_refused_and_not_wrong() -> None:
    diagrams = Diagrams(budget=50)
    pairs = (
        [diagrams.literal(f"l{index}") for index in range(10)],
        [diagrams.literal(f"r{index}") for index in range(10)],
    )
    with pytest.raises(TooLarge, match="50 nodes"):
        diagrams.any(diagrams.both(left, right) for left, right in zip(*pairs, strict=True))


# Expressions, and forgetting variables as early as possible


def _kept(name: object) -> bool:
    return name in {"x", "y"}


def _formulas() -> Formulas:
    formulas = Formulas()
    for name, arity in ARITIES.items():
        formulas.variable(name, arity)
    return formulas


@given(expressions)
def test_an_expression_and_its_diagram_say_the_same(expression: Expression) -> None:
    formulas = _formulas()
    diagram = formulas.diagram(expression.build(formulas))
    assert diagram == expression.build(formulas.diagrams)


def _of(*names: str) -> st.SearchStrategy[Expression]:
    """Expressions over a few of the variables and the two that are kept."""
    return st.recursive(st.sampled_from([literal(name) for name in names]), _larger, max_leaves=5)


@st.composite
def _apart(draw: st.DrawFn) -> Expression:
    """Parts that share little, so that much is forgotten before they are joined."""
    parts = [draw(_of("a", "b")), draw(_of("c", "d", "e")), draw(_of("a", "c"))]
    return draw(st.sampled_from([joined(parts), any_of(parts), at_least(2, parts), negated(joined(parts))]))


_bound = st.sampled_from([("a", "b"), ("c", "d"), ("d", "e"), ("b", "c")]).flatmap(
    lambda names: st.sampled_from(
        [
            any_of([negated(literal(names[0])), literal(names[1])]),
            negated(joined([literal(names[0]), literal(names[1])])),
            any_of([literal(names[0]), literal(names[1])]),
        ]
    )
)


@given(
    st.one_of(expressions, _apart()), st.one_of(_apart(), expressions), st.lists(st.one_of(_bound, plain), max_size=3)
)
def test_what_is_forgotten_early_is_forgotten_exactly(
    one: Expression, other: Expression, within: list[Expression]
) -> None:
    """Where `one`, not `one` and `other` are possible under constraints, for each value of the variables kept."""
    formulas = _formulas()
    roots = one.build(formulas), other.build(formulas)
    constraints = formulas.apart([node for part in within if (node := part.build(formulas)) != TRUE])
    if FALSE in constraints or formulas.possible(formulas.all(constraints), lambda _: False) == FALSE:
        return  # nothing is possible: the engine does not ask further
    d = formulas.diagrams
    (first, second), binding = formulas.forget(roots, constraints, _kept)
    found = [
        formulas.project(d.both(binding, part), _kept)
        for part in (first, d.negate(first), second, d.negate(second), d.both(first, second))
    ]
    for kept in everything({"x": 3, "y": 4}):
        completions = ({**rest, **kept} for rest in everything(dict.fromkeys(TWO_VALUED, 2)))
        worlds = [values for values in completions if all(part.says(values) for part in within)]
        values = {**dict.fromkeys(ARITIES, 0), **kept}
        expected = [
            any(one.says(world) for world in worlds),
            any(not one.says(world) for world in worlds),
            any(other.says(world) for world in worlds),
            any(not other.says(world) for world in worlds),
            any(one.says(world) and other.says(world) for world in worlds),
        ]
        assert [says(d, node, values) for node in found] == expected


def test_a_constraint_is_forgotten_with_the_facts_that_no_longer_count() -> None:
    """`a` and `b` drop out of what they are asked in, their constraint must not stay: the whole cannot hold under the first option of x."""
    formulas = _formulas()
    a, b, c = (formulas.literal(name) for name in "abc")
    whichever = [formulas.any([formulas.all([one, c]), formulas.all([formulas.negate(one), c])]) for one in (a, b)]
    root = formulas.all([formulas.choice("x", (FALSE, TRUE, TRUE)), *whichever])
    never_both = formulas.negate(formulas.both(a, b))
    d = formulas.diagrams
    (left,), binding = formulas.forget((root,), (never_both,), _kept)
    possible = formulas.project(d.both(binding, left), _kept)
    assert [d.follow(possible, {d.variable("x"): option}) == TRUE for option in range(3)] == [False, True, True]


@given(expressions, st.integers(0, 2), st.integers(0, 3))
def test_a_choice_that_is_made_is_gone(expression: Expression, x: int, y: int) -> None:
    formulas = _formulas()
    node = formulas.resolve(expression.build(formulas), {"x": x, "y": y})
    assert not {"x", "y"} & set(formulas.names(node))
    diagram = formulas.diagram(node)
    for values in everything():
        assert says(formulas.diagrams, diagram, values) == expression.says({**values, "x": x, "y": y})


# Prime implicants and conflicts


def _implies(expression: Expression, literals: Mapping[str, int]) -> bool:
    return all(expression.says({**values, **literals}) for values in everything(dict.fromkeys(TWO_VALUED, 2)))


@given(plain, st.integers(0, 5))
def test_the_prime_implicants_are_all_smallest_sets_that_suffice(expression: Expression, most: int) -> None:
    diagrams = store_in(tuple(TWO_VALUED))
    expected: list[dict[str, int]] = []
    for size in range(most + 1):
        for names in combinations(TWO_VALUED, size):
            for values in product((0, 1), repeat=size):
                literals = dict(zip(names, values, strict=True))
                if not any(prime.items() <= literals.items() for prime in expected) and _implies(expression, literals):
                    expected.append(literals)
    found = prime_implicants(diagrams, expression.build(diagrams), most)
    assert len(found) == len(set(found))
    assert {_named(diagrams, literals) for literals in found} == {frozenset(prime.items()) for prime in expected}
    assert [len(literals) for literals in found] == sorted(len(literals) for literals in found)


def _named(diagrams: Diagrams, literals: Literals) -> frozenset[tuple[object, int]]:
    return frozenset((diagrams.name(level), value) for level, value in literals)


@given(expressions, st.dictionaries(st.sampled_from(list(ARITIES)), st.integers(0, 1)))
def test_the_smallest_conflicts_are_the_smallest_sets_that_leave_nothing(
    expression: Expression, known: dict[str, int]
) -> None:
    diagrams = store_in()
    expected: set[frozenset[tuple[str, int]]] = set()
    for size in range(len(known) + 1):
        for names in combinations(known, size):
            given_values = {name: known[name] for name in names}
            if not any(expression.says({**values, **given_values}) for values in everything()):
                expected.add(frozenset(given_values.items()))
        if expected:
            break
    levels = {diagrams.variable(name): value for name, value in known.items()}
    found = smallest_conflicts(diagrams, expression.build(diagrams), levels)
    assert {_named(diagrams, literals) for literals in found} == expected


# What is told operator by operator


@given(
    st.one_of(expressions, _apart()),
    st.lists(st.one_of(_bound, plain), max_size=3),
    st.one_of(st.none(), st.tuples(st.integers(0, 2), st.integers(0, 3))),
)
def test_what_is_told_at_once_is_exact(
    expression: Expression, within: list[Expression], chosen: tuple[int, int] | None
) -> None:
    """Where an expression must and where it can hold under constraints, for each value of the variables kept."""
    formulas = _formulas()
    node = expression.build(formulas)
    constraints = formulas.apart([one for part in within if (one := part.build(formulas)) != TRUE])
    if FALSE in constraints or any(formulas.possible(one, lambda _: False) == FALSE for one in constraints):
        return  # nothing is possible: the engine does not ask further
    groups = [Group(formulas.mask(one), formulas.ways(one)) for one in constraints if one != TRUE]
    chosen_values = dict(zip("xy", chosen, strict=True)) if chosen else {}
    bounds = Bounds(
        formulas, chosen_values, lambda name: next((one for one in groups if one.mask & formulas.bit(name)), None)
    )
    told = bounds.of(node)
    event("told" if told.told else "left untold")
    for kept in everything({"x": 3, "y": 4}):
        if not chosen_values.items() <= kept.items():
            continue
        completions = ({**rest, **kept} for rest in everything(dict.fromkeys(TWO_VALUED, 2)))
        answers = {expression.says(world) for world in completions if all(part.says(world) for part in within)}
        must, can = (
            says(formulas.diagrams, part, {**dict.fromkeys(ARITIES, 0), **kept}) for part in (told.must, told.can)
        )
        assert must <= all(answers) and can >= any(answers), "bounds hold, told or not"
        assert not told.told or (must, can) == (all(answers), any(answers))


@given(
    st.one_of(expressions, _apart()),
    st.lists(st.one_of(_bound, plain), max_size=3),
    st.dictionaries(st.sampled_from(TWO_VALUED), st.booleans(), max_size=4),
)
@example(
    joined([literal("a"), literal("b")]), [negated(joined([literal("a"), literal("b"), literal("c")]))], {"c": True}
)
@example(any_of([literal("a"), literal("b")]), [any_of([literal("a"), literal("b")])], {})
@example(  # what the constraint binds `c` to comes before it and is spoken of nowhere
    joined([literal("c"), negated(literal("c"))]), [any_of([negated(literal("b")), literal("c")])], {}
)
def test_what_is_told_beforehand_is_exact_whatever_is_known(
    expression: Expression, within: list[Expression], known: dict[str, bool]
) -> None:
    """The code, written before anything is known, and bounds reckoned of what is known."""
    formulas, planes = _formulas(), Planes()
    node = expression.build(formulas)
    constraints = [one for one in formulas.apart([part.build(formulas) for part in within]) if one != TRUE]
    groups = [(one, binding(formulas, one)) for one in constraints]
    lanes = Lanes(
        formulas, planes, lambda name: next((one for _, one in groups if one.group.mask & formulas.bit(name)), None)
    )
    choices = {"x": 3, "y": 4}
    lanes.declare(TWO_VALUED, choices)
    wire = lanes.of(node)
    event("told" if wire.told else "left untold")
    code = planes.code([wire.plane])
    entries = Entries(formulas, code, [(one, bound.group) for one, bound in groups], choices)
    values, violated = entries.values(known)
    rest = [
        world
        for world in everything(dict.fromkeys(TWO_VALUED, 2))
        if all(world[name] == value for name, value in known.items()) and all(part.says(world) for part in within)
    ]
    if FALSE in constraints or not rest:
        assert FALSE in constraints or violated, "what is known is impossible, and that is seen"
        return
    assert not violated
    some = {name: int(value) for name, value in known.items()}
    for kept in everything(choices):
        answers = {expression.says({**world, **kept}) for world in rest}
        in_force = [3 if kept[one.name] == one.value else 0 for one in entries.choices]
        (said,) = compiled(code)(entries.planes(values, 1, in_force), 3, 1)
        must, can = said & 1, said >> 1
        assert must <= all(answers) and can >= any(answers), "it holds, told or not"
        assert not wire.told or (must, can) == (all(answers), any(answers))
        bound = Bounds(formulas, kept, lambda name: _group(formulas, groups, name), some).of(node)
        assert not bound.told or (bound.must, bound.can) == (all(answers), any(answers))


def _group(formulas: Formulas, groups: list[tuple[int, Binding]], name: Hashable) -> Group | None:
    return next((one.group for _, one in groups if one.group.mask & formulas.bit(name)), None)


@pytest.mark.parametrize(
    ("words", "build"),
    [
        ("a or not a", lambda f: f.either(f.literal("a"), f.negate(f.literal("a")))),
        (
            "(a and b) or (not a and c) or (b and c)",
            lambda f: f.any(
                [
                    f.both(f.literal("a"), f.literal("b")),
                    f.both(f.negate(f.literal("a")), f.literal("c")),
                    f.both(f.literal("b"), f.literal("c")),
                ]
            ),
        ),
    ],
)
def test_a_fact_that_speaks_on_both_sides_is_tried_out(words: str, build: Callable[[Formulas], int]) -> None:
    formulas = _formulas()
    found = Bounds(formulas, {}, lambda name: None).of(build(formulas))
    assert found.told, words
    assert (found.must, found.can) == ((TRUE, TRUE) if words == "a or not a" else (FALSE, TRUE))
