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


@st.composite
def examples(draw: DrawFn, labels: bool = False) -> dict[str, Any]:
    n, d = size(draw), size(draw, 2)
    case = {"w": array(draw, (d,), 0.25), "X": array(draw, (n, d), draw(SCALES))}
    if labels:
        signs = draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=n, max_size=n))
        return {**case, "t": np.array(signs), "b": number(draw), "penalty": number(draw)}
    targets = draw(st.lists(st.sampled_from([0.0, 0.25, 1.0]), min_size=n, max_size=n))
    return {**case, "t": np.array(targets)}


def number(draw: DrawFn, least: int = -4) -> Any:
    return np.array(draw(st.integers(least, 4)) / 2)


@st.composite
def layers(draw: DrawFn) -> dict[str, Any]:
    n = size(draw, 4)
    case = {"x": array(draw, (n,), draw(SCALES)), "gain": array(draw, (n,), 0.5)}
    epsilon = np.array(draw(st.sampled_from([2.0, 0.125, 2.0**-10])))
    shift, upstream = array(draw, (n,), 0.5), array(draw, (n,), 0.25)
    return {**case, "shift": shift, "epsilon": epsilon, "upstream": upstream}


@st.composite
def heads(draw: DrawFn) -> dict[str, Any]:
    n, m, d, e = (size(draw, most) for most in (2, 3, 2, 2))
    case = {"Q": array(draw, (n, d), draw(SCALES)), "K": array(draw, (m, d), draw(SCALES))}
    scale, upstream = number(draw, 1), array(draw, (n, e), 0.25)
    return {**case, "V": array(draw, (m, e), 0.5), "scale": scale, "upstream": upstream}


Strategy = SearchStrategy[dict[str, Any]]
