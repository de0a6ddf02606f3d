"""Code on planes gives over arrays what it gives on whole numbers, by NumPy and by machine code, wherever blocks and vectors end."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenze.docket import kernel
from wenze.docket.kernel import Kernel, Words
from wenze.law import Code, Library, Shape, emit
from wenze.law.library import shipped
from wenze.law.planes import compiled

WORD = (1 << 64) - 1
NEVER = 1 << 62  # words: machine code never pays


@st.composite
def codes(draw: st.DrawFn) -> Code:
    """Steps over what went before; outputs are any planes, the constants, the inputs and the same one twice among them."""
    inputs = draw(st.integers(1, 4))
    steps = []
    for number in range(draw(st.integers(0, 12))):
        earlier = st.integers(0, 1 + inputs + number)
        steps.append((draw(st.sampled_from("&|-")), draw(earlier), draw(earlier)))
    outputs = draw(st.lists(st.integers(0, 1 + inputs + len(steps)), min_size=1, max_size=6))
    return Code(tuple(range(inputs)), tuple(steps), tuple(outputs))


def random_words(code: Code, length: int, seed: int) -> Words:
    return np.random.default_rng(seed).integers(0, WORD, (len(code.inputs), length), np.uint64, True)


def by_whole_numbers(code: Code, words: Words) -> list[list[int]]:
    run = compiled(code)
    found = [list(run([int(plane[at]) for plane in words], WORD)) for at in range(words.shape[1])]
    return [[word[row] for word in found] for row in range(len(code.outputs))]


@given(codes(), st.integers(0, 9), st.integers(0, 1 << 32))
def test_every_word_of_every_output_is_what_the_code_says(code: Code, length: int, seed: int) -> None:
    words = random_words(code, length, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "BLOCK", 4)  # so that some lengths end on a block and some do not
        made = Kernel(code, pays=NEVER)
        once = made.run(list(words))
        twice = made.run_parallel(list(words), np.empty((len(code.outputs), length), np.uint64), 2)
    assert once.tolist() == by_whole_numbers(code, words)
    assert np.array_equal(once, twice)


@given(codes(), st.sampled_from([0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65]), st.integers(0, 1 << 32))
def test_machine_code_says_the_same(code: Code, length: int, seed: int) -> None:
    words, out = random_words(code, length, seed), np.full((len(code.outputs), length + 2), 7, np.uint64)
    made = Kernel(code, pays=0)
    assert made.compile()
    assert made.run(list(words)).tolist() == by_whole_numbers(code, words)
    made.run(list(words), out[:, 1:-1])
    assert np.array_equal(out[:, 1:-1], Kernel(code, pays=NEVER).run(list(words)))
    assert (out[:, [0, -1]] == 7).all()  # nothing is written beside an output
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "BLOCK", 16)
        assert np.array_equal(made.run_parallel(list(words), np.empty_like(out[:, 1:-1]), 2), out[:, 1:-1])


TWO = Code(("a", "b"), (("&", 2, 3), ("-", 2, 3)), (4, 5, 3, 1, 0))


@pytest.mark.parametrize("pays", [0, NEVER])
def test_arrays_that_do_not_lie_in_one_piece_are_read_and_written_all_the_same(pays: int) -> None:
    words = random_words(TWO, 200, 1)
    spread = np.zeros((200, 5), np.uint64)
    Kernel(TWO, pays).run([plane[::-2] for plane in words], spread[::2].T)
    assert spread[::2].T.tolist() == by_whole_numbers(TWO, words[:, ::-2])
    assert not spread[1::2].any()


@pytest.mark.parametrize("pays", [0, NEVER])
def test_words_that_begin_at_any_byte_are_read_all_the_same(pays: int) -> None:
    words = random_words(TWO, 20, 2)
    shifted = [np.frombuffer(b"123" + plane.tobytes(), np.uint64, offset=3) for plane in words]
    assert Kernel(TWO, pays).run(shifted).tolist() == by_whole_numbers(TWO, words)


@pytest.mark.parametrize("pays", [0, NEVER])
def test_planes_that_do_not_fit_are_refused(pays: int) -> None:
    made, words = Kernel(TWO, pays), random_words(TWO, 20, 3)
    for inputs, out in (
        ([words[0], words[1][:19]], np.empty((5, 20), np.uint64)),
        ([words[0]], np.empty((5, 20), np.uint64)),
        (list(words), np.empty((4, 20), np.uint64)),
        (list(words), np.empty((5, 19), np.uint64)),
    ):
        with pytest.raises(ValueError, match="inputs"):
            made.run(inputs, out)
    kept = np.zeros((5, 20), np.uint64)
    kept.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        made.run(list(words), kept)
    assert not kept.any()


def test_machine_code_of_the_shipped_regulation_says_what_numpy_says() -> None:
    law = Library(shipped()).law("dehong")
    code = emit(law, Shape(1, 1), {one.id: one.default for one in law.readings.values()}).code
    words = random_words(code, 21, 6)
    known = [plane & words[number - 1] for number, plane in enumerate(words)]
    assert np.array_equal(Kernel(code, pays=0).run(known), Kernel(code, pays=NEVER).run(known))


def test_machine_code_is_made_when_the_work_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Code] = []
    monkeypatch.setattr(kernel, "Machine", lambda code, order: made.append(code))
    worked, words = Kernel(TWO, pays=50), random_words(TWO, 20, 4)
    for expected in (0, 0, 1, 1):
        worked.run(list(words))
        assert len(made) == expected


def test_without_llvm_numpy_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llvmlite", None)  # as if it were not installed
    made, words = Kernel(TWO, pays=0), random_words(TWO, 20, 5)
    assert not made.compile()
    assert made.run(list(words)).tolist() == by_whole_numbers(TWO, words)
