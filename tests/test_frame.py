"""What lies in a frame, and how large it is."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from programs.frame import diagonal_length, inside, shortest_side

FRAME = ((-2.0, 3.0), (-1.0, 2.0))
# Points on a coarse lattice meet the frame's edges and corners often.
coordinates = st.integers(-12, 12).map(lambda quarter: quarter / 4) | st.floats(-6, 6)


@given(coordinates, coordinates)
def test_the_edge_belongs_to_the_frame(first, second):
    assert inside(np.array([first, second]), FRAME) == (-2 <= first <= 3 and -1 <= second <= 2)


def test_nan_is_nowhere():
    np.testing.assert_array_equal(inside(np.array([[np.nan, 0, 0], [0, np.nan, 0]]), FRAME), [False, False, True])


def test_its_size():
    assert diagonal_length(((0, 3), (1, 5))) == 5
    assert shortest_side(FRAME) == 3
