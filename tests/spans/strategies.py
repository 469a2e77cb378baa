"""Blocks that Hypothesis makes up: padding, words that repeat, scores at the ends of the range."""

from typing import Any
from zlib import crc32

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.kernels.cases import Pair
from tests.kernels.strategies.numbers import MODERATE, as_words, rows
from tests.kernels.strategies.pairs import softmax_pairs
from tests.kernels.strategies.sums import centre_rows
from tests.spans.case import Blocks, Floats, Words

DRAWS = (5, 2, 1, 0.3, 0)
# G, S, m and R: one block and several, windows of both sides, no block, no window at all
SHAPES = (
    (1, 2, 1, 2),
    (2, 2, 1, 1),
    (1, 3, 2, 3),
    (3, 1, 1, 2),
    (2, 1, 2, 3),
    (1, 1, 1, 1),
    (2, 3, 2, 2),
    (0, 2, 1, 2),
    (2, 2, 0, 1),
)
# sums of scores beyond this, each some dozen times, would leave the range of float32
LARGEST_SUM = 1e34


def integers(shape: tuple[int, ...], most: int) -> SearchStrategy[Words]:
    size = int(np.prod(shape))
    drawn = st.lists(st.integers(0, most), min_size=size, max_size=size)
    return drawn.map(lambda numbers: as_words(numbers).reshape(shape))


@st.composite
def layouts(draw: Any, U: Floats, least: int = 0) -> dict[str, Any]:
    """Words and windows: centers amid their contexts, as in a text, or any words at all."""
    # seeded by the vectors, too: Hypothesis alone tries a few layouts again and again
    rng = np.random.default_rng([draw(st.integers(0, 2**32 - 1)), crc32(U.tobytes())])
    N = len(U)
    shapes = [shape for shape in SHAPES if shape[0] >= least]
    G, S, m, R = shapes[rng.integers(len(shapes))]
    different = int(rng.integers(1, N, endpoint=True))
    contexts = rng.integers(N - different, N, (G, S + 2 * m))
    is_text = rng.random() < 0.6
    return {
        "centers": contexts[:, m : m + S].copy() if is_text else rng.integers(N, size=(G, S)),
        "contexts": contexts,
        "before": rng.integers(m + 1, size=(G, S)),
        "after": rng.integers(m + 1, size=(G, S)),
        "negatives": rng.integers(rng.choice([0, N - different]), N, (G, R)),
        "draws": rng.choice(DRAWS).item(),
    }


@st.composite
def blocks(draw: Any, moderate: bool = False, least: int = 0) -> Blocks:
    """Any blocks, no fewer than ``least``."""
    pair = draw(softmax_pairs(moderate))
    if pair.U.dtype == np.float32 and np.abs(pair.U @ pair.v).max() > LARGEST_SUM:
        pair = Pair(pair.v, pair.o, pair.U * np.float32(2.0**-20))
    given = draw(layouts(pair.U, least))
    home = int(given["centers"].flat[0]) if given["centers"].size else 0
    V = draw(centre_rows(pair, home, moderate))
    if draw(st.sampled_from([False, False, True])):
        V[...] = pair.v  # every center has the scores of this one
    return Blocks(V, pair.U, **given)


@st.composite
def few(draw: Any) -> Blocks:
    """So small that every draw of the samples, and of K fresh ones, can be gone through."""
    N, d, dtype = draw(st.integers(2, 3)), 2, draw(st.sampled_from([np.float64, np.float32]))
    V, U = (draw(rows(N, d, MODERATE)).astype(dtype) for _ in range(2))
    contexts, R = draw(integers((1, 3), N - 1)), draw(st.integers(1, 2))
    near = np.array([[1]])
    return Blocks(
        V,
        U,
        contexts[:, 1:2],
        contexts,
        draw(integers((1, 1), 1)),
        near,
        np.zeros((1, R), int),
        draw(st.integers(1, 2)),
    )


@st.composite
def ordinary(draw: Any) -> Blocks:
    """Vectors of ordinary size in double precision: a short step can be told from rounding."""
    N, d = draw(st.sampled_from([(1, 1), (2, 2), (4, 3)]))
    V, U = (draw(rows(N, d, (0.1, 1 / 3, 1.0))) for _ in range(2))
    return Blocks(V, U, **draw(layouts(U, 1)))
