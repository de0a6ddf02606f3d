"""Code on the bitmaps of columns says what code on planes says, whatever lies under nulls, behind the end and before the beginning."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from docket.test_kernel import NEVER, codes
from wenze.docket.columns import bitmaps_of, planes_of
from wenze.docket.inputs import Bitmap, on_bitmaps
from wenze.docket.kernel import Kernel
from wenze.law import Above, Code, FactKey, Input

FACTS = (FactKey("a", ("R1",)), FactKey("b", ("R1",)))
ABOVE = Above("rank", "", "R1", "R2")
INPUTS = (Input(FACTS[0], 0), Input(ABOVE, 1), Input(FACTS[0], 1), Input(FACTS[1], 0))


@given(codes(), st.lists(st.sampled_from([True, False, None]), max_size=150), st.integers(0, 70), st.data())
def test_bitmaps_give_what_planes_give(code: Code, values: list[bool | None], start: int, data: st.DataObject) -> None:
    code = Code(INPUTS[: len(code.inputs)], code.steps, code.outputs)
    start = min(start, len(values))
    length = len(values) - start
    columns = {}
    for fact in FACTS:
        shuffled = data.draw(st.permutations(values))
        under = data.draw(st.booleans())  # what lies in a column under a null
        valid = pa.array([one is not None for one in shuffled], pa.bool_()).buffers()[1]
        plain = pa.array([under if one is None else one for one in shuffled], pa.bool_()).buffers()[1]
        columns[fact] = pa.Array.from_buffers(pa.bool_(), len(values), [valid, plain])
    above = np.random.default_rng(start).integers(0, 1 << 64, -(-length // 64), np.uint64)
    maps, planes = {}, {Input(ABOVE, 1): above}
    for fact, column in columns.items():
        maps[Bitmap(fact, False)], maps[Bitmap(fact, True)] = bitmaps_of(column, start, length)
        planes[Input(fact, 1)], planes[Input(fact, 0)] = planes_of(column, start, length)
    other = on_bitmaps(code)
    assert all(isinstance(one, Bitmap) or one == Input(ABOVE, 1) for one in other.inputs)
    expected = Kernel(code, NEVER).run([planes[one] for one in code.inputs])
    found = Kernel(other, NEVER).run([{**maps, **planes}[one] for one in other.inputs])
    assert np.array_equal(found, expected)
