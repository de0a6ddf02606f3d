"""Code on planes gives over arrays what it gives on whole numbers, wherever its blocks begin and end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenze.docket import kernel
from wenze.docket.kernel import Kernel
from wenze.law import Code
from wenze.law.planes import compiled

WORD = (1 << 64) - 1


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


@given(codes(), st.integers(0, 9), st.randoms(use_true_random=False))
def test_every_word_of_every_output_is_what_the_code_says(code: Code, length: int, random: object) -> None:
    words = np.random.default_rng(random.getrandbits(32)).integers(0, WORD, (len(code.inputs), length), np.uint64, True)  # type: ignore[attr-defined]  # hypothesis types it so
    run = compiled(code)
    expected = [list(run([int(plane[at]) for plane in words], WORD)) for at in range(length)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "BLOCK", 4)  # so that some lengths end on a block and some do not
        made = Kernel(code)
        once = made.run(list(words))
        twice = made.run_parallel(list(words), np.empty((len(code.outputs), length), np.uint64), 2)
    assert once.T.tolist() == expected
    assert np.array_equal(once, twice)
