"""Single pairs: ordinary vectors, scores put where the formulas saturate, and tiny vectors."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.kernels.cases import Floats, Pair, Words
from tests.kernels.strategies.numbers import MODERATE, SCALES, dtypes, rows, shapes, words

# Each row's score is put near one of two levels: a lead of 20, 40 and 600, saturation on
# both sides, the ends of float32's and float64's exponential, and where it is subnormal.
LEVELS = (
    (20.0, 0.0),
    (0.0, -20.0),
    (40.0, 0.0),
    (0.0, -40.0),
    (600.0, 0.0),
    (30.0, -30.0),
    (88.0, -103.0),
    (745.0, -745.0),
    (-710.0, -725.0),
)
HUGE = {np.dtype(np.float64): (1e300, 2.0**500), np.dtype(np.float32): (1e36, 2.0**60)}
TINY = {np.dtype(np.float64): 2.0**-1060, np.dtype(np.float32): 2.0**-140}


@st.composite
def softmax_pairs(draw: Any, moderate: bool = False) -> Pair:
    n, d = draw(shapes)
    dtype = draw(dtypes)
    kinds = (
        ["ordinary", "levels"]
        if moderate
        else ["ordinary", "levels", "levels", "levels", "huge", "tiny"]
    )
    kind = draw(st.sampled_from(kinds))
    scales = MODERATE if moderate else SCALES
    U, v = draw(rows(n, d, scales)), draw(rows(1, d, scales))[0]
    o = draw(st.integers(0, n - 1))
    if kind == "levels":
        v = v if v.any() else np.ones(d)
        U = scored(v, U, draw(targets(n, o, draw(st.sampled_from(LEVELS)))))
    if kind == "huge":
        v, U = draw(huge(v, n, o, dtype))
    if kind == "tiny":
        v = v * TINY[dtype]
        U = U * draw(st.sampled_from([1.0, TINY[dtype]]))
    return Pair(v.astype(dtype), o, U.astype(dtype))


@st.composite
def targets(draw: Any, n: int, o: int, levels: tuple[float, float]) -> Floats:
    """A score for every row: o alone on the upper or lower level, or each row where it likes."""
    high, low = levels
    pattern = draw(st.sampled_from(["o leads", "o trails", "free"]))
    if pattern == "free":
        picks = draw(st.lists(st.booleans(), min_size=n, max_size=n))
        return np.where(picks, high, low)
    scores = np.full(n, low if pattern == "o leads" else high)
    scores[o] = high + low - scores[o]
    return scores


@st.composite
def huge(draw: Any, v: Floats, n: int, o: int, dtype: Any) -> tuple[Floats, Floats]:
    """Scores so large that a rounding of one would outweigh everything are exact ones.

    Only one column of U counts, and v has a power of two there.
    """
    top, tilt = HUGE[dtype]
    j = draw(st.integers(0, len(v) - 1))
    v = v * tilt
    v[j] = draw(st.sampled_from([tilt, -tilt]))
    U = np.zeros((n, len(v)))
    U[:, j] = draw(targets(n, o, (top, -top))) / v[j]
    return v, U


def scored(v: Floats, U: Floats, scores: Floats) -> Floats:
    """U with one column moved, so that each row's score is about the one wanted."""
    j = int(np.argmax(np.abs(v)))
    U = U.copy()
    U[:, j] = 0
    U[:, j] = (scores - U @ v) / v[j]
    return U


@st.composite
def negatives(draw: Any, n: int, o: int) -> Words:
    """None, repeats, all equal, and o itself among them or alone."""
    drawn = draw(words(n, (0, 1, 2, 3, 5, 6)))
    hits = draw(st.sampled_from(["perhaps", "perhaps", "once", "always"]))
    if hits == "always":
        drawn[:] = o
    return np.append(drawn, o) if hits == "once" else drawn


@st.composite
def sampling_pairs(draw: Any, moderate: bool = False) -> Pair:
    pair = draw(softmax_pairs(moderate))
    return Pair(pair.v, pair.o, pair.U, draw(negatives(len(pair.U), pair.o)))


def pairs(moderate: bool = False) -> st.SearchStrategy[Pair]:
    """A pair for either loss."""
    return st.one_of(softmax_pairs(moderate), sampling_pairs(moderate))
