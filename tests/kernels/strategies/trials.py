"""Cases for what a kernel does with arrays: two calls in a row, float32, and broken numbers."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.kernels.cases import Case
from tests.kernels.properties.limits import Broken
from tests.kernels.strategies.pairs import pairs, sampling_pairs, softmax_pairs
from tests.kernels.strategies.sums import batches, windows


@st.composite
def same_shape_twice(draw: Any) -> tuple[Case, Case]:
    """Two cases of one kind, one shape and one dtype: what a reused workspace would serve."""
    kind = draw(st.sampled_from([softmax_pairs, sampling_pairs, windows, batches]))
    first: Any = draw(kind(moderate=True))
    return first, type(first)(**{name: other(x) for name, x in vars(first).items()})


def other(value: Any) -> Any:
    """Different numbers in the same places; words stay."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return (value[::-1] / 2 + 1).astype(value.dtype)
    return value


@st.composite
def broken(draw: Any, values: tuple[float, ...] = (np.nan,)) -> Broken:
    pair = draw(pairs(moderate=True))
    value = draw(st.sampled_from(values))
    i = draw(st.integers(0, len(pair.v) - 1))
    if draw(st.booleans()):
        return Broken(pair, "v", (i,), value)
    return Broken(pair, "U", (draw(st.sampled_from(pair.touched)), i), value)


def broken_by_infinity() -> st.SearchStrategy[Broken]:
    return broken((np.inf, -np.inf))


def in_float32(case: Case) -> Case:
    """The same case rounded to float32, where it is not already."""
    rounded = {name: single(value) for name, value in vars(case).items()}
    return type(case)(**rounded)


def single(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(np.float32)
    return value
