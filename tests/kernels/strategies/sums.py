"""Windows and batches: empty ones, repeated centres, repeated outside words, c in its window."""

from typing import Any

from hypothesis import strategies as st

from tests.kernels.cases import Batch, Case, Floats, Pair, Window, Words
from tests.kernels.strategies.numbers import MODERATE, SCALES, as_words, rows, words
from tests.kernels.strategies.pairs import pairs, softmax_pairs


@st.composite
def windows(draw: Any, moderate: bool = False) -> Window:
    pair = draw(softmax_pairs(moderate))
    n = len(pair.U)
    c = draw(st.integers(0, n - 1))
    outside = draw(words(n, (0, 1, 2, 3, 4)))
    V = draw(centre_rows(pair, c, moderate))
    return Window(c, outside, V, pair.U, draw(drawn(n, outside)))


@st.composite
def batches(draw: Any, moderate: bool = False) -> Batch:
    pair = draw(softmax_pairs(moderate))
    n = len(pair.U)
    centers = draw(words(n, (0, 1, 2, 3, 4, 5)))
    outsides = as_words(
        draw(st.lists(st.integers(0, n - 1), min_size=len(centers), max_size=len(centers)))
    )
    home = int(centers[0]) if len(centers) else 0
    V = draw(centre_rows(pair, home, moderate))
    return Batch(V, pair.U, centers, outsides, draw(drawn(n, outsides)))


@st.composite
def centre_rows(draw: Any, pair: Pair, c: int, moderate: bool) -> Floats:
    """V with the pair's own centre vector in row c."""
    n, d = pair.U.shape
    V: Floats = draw(rows(n, d, MODERATE if moderate else SCALES)).astype(pair.U.dtype)
    V[c] = pair.v
    return V


@st.composite
def drawn(draw: Any, n: int, outsides: Words) -> Words | None:
    """No negatives (the softmax), or K for each outside word, among them perhaps itself."""
    if draw(st.sampled_from([True, False, False])):
        return None
    K = draw(st.sampled_from([0, 1, 2, 3, 3]))
    table: Words = draw(words(n, (len(outsides) * K,))).reshape(len(outsides), K)
    if K and draw(st.sampled_from([False, False, True])):
        table[:, 0] = outsides
    return table


def cases(moderate: bool = False) -> st.SearchStrategy[Case]:
    """Anything that a kernel is called with."""
    return st.one_of(pairs(moderate), windows(moderate), batches(moderate))
