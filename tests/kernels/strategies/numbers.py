"""Entries of vectors and rows, from integers (ties, zeros) to full mantissas and subnormals."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.kernels.cases import Floats, Words

SCALES = (1e-3, 0.1, 1 / 3, 1.0, 2.7, 30.0, 250.0)
MODERATE = (1e-3, 0.1, 1 / 3, 1.0, 2.7)
# N = 1, d = 1, N = d, wide and tall, and one shape that is larger than a SIMD register.
SHAPES = ((1, 1), (1, 3), (2, 2), (3, 3), (4, 1), (2, 4), (4, 2), (5, 3), (9, 5))

dtypes = st.sampled_from([np.dtype(np.float64), np.dtype(np.float64), np.dtype(np.float32)])
shapes = st.sampled_from(SHAPES)


def grid(n: int, d: int, bound: int) -> st.SearchStrategy[Floats]:
    """An (n, d) array of integers, as float64."""
    entries = st.lists(st.integers(-bound, bound), min_size=n * d, max_size=n * d)
    return entries.map(lambda numbers: np.array(numbers, dtype=np.float64).reshape(n, d))


@st.composite
def rows(draw: Any, n: int, d: int, scales: tuple[float, ...] = SCALES) -> Floats:
    """An (n, d) array: full mantissas, short ones, integers, or few distinct rows."""
    flavour = draw(st.sampled_from(["normal", "normal", "rough", "integer", "repeated"]))
    if flavour == "normal":
        random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        normal: Floats = random.normal(size=(n, d)) * draw(st.sampled_from(scales))
        return normal
    if flavour == "integer":
        whole: Floats = draw(grid(n, d, 3))
        return whole
    if flavour == "rough":
        rough: Floats = draw(grid(n, d, 4000)) / 1024 * draw(st.sampled_from(scales))
        return rough
    pool: Floats = draw(grid(2, d, 5)) * draw(st.sampled_from(scales))
    picks = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    chosen: Floats = pool[np.array(picks, dtype=int)]
    return chosen


@st.composite
def words(draw: Any, n: int, lengths: tuple[int, ...]) -> Words:
    """Words below n: any, or one of them again and again."""
    length = draw(st.sampled_from(lengths))
    different = 1 if draw(st.sampled_from([False, False, False, True])) else length
    some = draw(st.lists(st.integers(0, n - 1), min_size=different, max_size=different))
    return as_words((some * length)[:length])


def as_words(numbers: list[int]) -> Words:
    return np.array(numbers, dtype=np.int64)
