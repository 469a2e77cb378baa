"""Arguments for the kernels: small arrays of few numbers, words that repeat, scores up to 800."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from numpy.typing import NDArray

SCALES = st.sampled_from([0.25, 1.0, 16.0])
DTYPES = st.sampled_from([np.float64, np.float32])


def array(draw: DrawFn, shape: tuple[int, ...], scale: float) -> NDArray[Any]:
    """Small integers times the scale."""
    size = int(np.prod(shape))
    numbers = draw(st.lists(st.integers(-4, 4), min_size=size, max_size=size))
    return np.array(numbers, np.float64).reshape(shape) * scale


def words(draw: DrawFn, below: int, least: int, most: int = 4) -> NDArray[Any]:
    return np.array(draw(st.lists(st.integers(0, below - 1), min_size=least, max_size=most)), int)


def size(draw: DrawFn, most: int = 3) -> int:
    return draw(st.integers(1, most))


@st.composite
def contexts(draw: DrawFn, sampled: bool = False) -> dict[str, Any]:
    N, d = size(draw), size(draw, 2)
    case: dict[str, Any] = {
        "context": words(draw, N, 1),
        "o": draw(st.integers(0, N - 1)),
        "V": array(draw, (N, d), draw(SCALES)),
        "U": array(draw, (N, d), draw(SCALES)),
    }
    return {**case, "negatives": words(draw, N, 0)} if sampled else case


@st.composite
def paths(draw: DrawFn) -> dict[str, Any]:
    M, d = size(draw), size(draw, 2)
    nodes = words(draw, M, 1)
    signs = draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=len(nodes), max_size=len(nodes)))
    return {
        "v": array(draw, (d,), draw(SCALES)),
        "nodes": nodes,
        "signs": np.array(signs),
        "Theta": array(draw, (M, d), draw(SCALES)),
    }


def parameters(draw: DrawFn, N: int, d: int) -> dict[str, Any]:
    scale = draw(SCALES)
    shapes = {"W": (N, d), "C": (N, d), "b": (N,), "c": (N,)}
    return {name: array(draw, shape, scale) for name, shape in shapes.items()}


@st.composite
def all_pairs(draw: DrawFn) -> dict[str, Any]:
    N, d = size(draw), size(draw)
    given = parameters(draw, N, d)
    return {**given, "weights": array(draw, (N, N), 0.125), "targets": array(draw, (N, N), 2.0)}


@st.composite
def some_pairs(draw: DrawFn) -> dict[str, Any]:
    N, d = size(draw), size(draw)
    given = parameters(draw, N, d)
    rows = words(draw, N, 0)
    P = len(rows)
    columns = words(draw, N, P, P)
    numbers = {"weights": array(draw, (P,), 0.125), "targets": array(draw, (P,), 2.0)}
    return {**given, "rows": rows, "columns": columns, **numbers}


@st.composite
def batches(draw: DrawFn) -> dict[str, Any]:
    B, d = size(draw), size(draw, 2)
    beta = draw(st.sampled_from([0.5, 1.0, 2.0, -1.0]))
    given = {"Q": array(draw, (B, d), draw(SCALES)), "K": array(draw, (B, d), draw(SCALES))}
    return {**given, "beta": np.array(beta)}


Strategy = SearchStrategy[dict[str, Any]]
