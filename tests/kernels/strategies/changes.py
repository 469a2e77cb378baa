"""Cases together with a change to make to them: a new order, a shift, a rotation, a cut."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.kernels.cases import Batch, Floats, Pair, Window
from tests.kernels.strategies.numbers import dtypes, grid, rows, shapes
from tests.kernels.strategies.pairs import negatives, pairs, sampling_pairs
from tests.kernels.strategies.sums import batches, windows


@st.composite
def whole_numbers(draw: Any, sampled: bool | None = None) -> Pair:
    """Multiples of five, small enough that shifts and 3-4-5 rotations stay exact."""
    (n, d), dtype = draw(shapes), draw(dtypes)
    shrink = draw(st.sampled_from([1.0, 2.0**-3, 2.0**-7]))
    v, U = draw(grid(1, d, 6))[0] * 5 * shrink, draw(grid(n, d, 6)) * 5
    o = draw(st.integers(0, n - 1))
    drawn = draw(negatives(n, o)) if draw(st.booleans()) else None
    if sampled is not None:
        drawn = draw(negatives(n, o)) if sampled else None
    return Pair(v.astype(dtype), o, U.astype(dtype), drawn)


@st.composite
def relabelled(draw: Any) -> tuple[Pair, list[int]]:
    pair = draw(pairs())
    return pair, draw(st.permutations(range(len(pair.U))))


@st.composite
def rotated(draw: Any) -> tuple[Pair, list[int], list[int]]:
    pair = draw(whole_numbers())
    d = len(pair.v)
    signs = draw(st.lists(st.sampled_from([-1, 1]), min_size=d, max_size=d))
    return pair, draw(st.permutations(range(d))), signs


@st.composite
def scaled(draw: Any) -> tuple[Pair, int]:
    """Exponents that keep float32 in range as well."""
    return draw(pairs(moderate=True)), draw(st.integers(-30, 30))


@st.composite
def shifted(draw: Any) -> tuple[Pair, Floats]:
    pair = draw(whole_numbers(sampled=False))
    return pair, draw(grid(1, len(pair.v), 40))[0].astype(pair.U.dtype)


@st.composite
def drawn_again(draw: Any) -> tuple[Pair, int, int]:
    pair = draw(sampling_pairs())
    return pair, draw(st.integers(0, len(pair.U) - 1)), draw(st.integers(2, 4))


@st.composite
def swappable(draw: Any) -> Pair:
    pair = draw(sampling_pairs())
    k = draw(st.integers(0, len(pair.U) - 1))
    return Pair(pair.v, pair.o, pair.U, np.array([k]))


@st.composite
def moved(draw: Any) -> tuple[Pair, Floats, Floats]:
    """Another v and another U to compare with, near or far."""
    pair = draw(pairs(moderate=True))
    step = draw(st.sampled_from([2.0**-20, 0.25, 1.0, 16.0]))
    v = pair.v + step * draw(rows(1, len(pair.v)))[0]
    U = pair.U + step * draw(rows(*pair.U.shape))
    return pair, v.astype(pair.v.dtype), U.astype(pair.U.dtype)


@st.composite
def cut(draw: Any) -> tuple[Window, int]:
    window = draw(windows())
    return window, draw(st.integers(0, len(window.outside)))


@st.composite
def reordered(draw: Any) -> tuple[Batch, list[int]]:
    batch = draw(batches())
    return batch, draw(st.permutations(range(len(batch.centers))))
