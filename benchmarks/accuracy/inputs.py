"""Where functions of one number are evaluated, and the pairs of words whose losses are.

A range is an interval of |x|, and both signs are drawn. Half of the points are uniform among the
floats of the range, so that subnormals and all exponents turn up, the other half are uniform in
value, which is dense where a result becomes subnormal. Pairs are small ones chosen to hurt, large
ones, long sums, and a word that leads.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.accuracy.implementations import DTYPES
from tests.kernels.cases import Floats, Pair

NAMES = ("tiny", "moderate", "tail", "subnormal", "saturated")
# exp(-|x|) is lost beside 1 from the third on, subnormal shortly after the fourth, 0 at the fifth
EDGES: dict[np.dtype[Any], tuple[float, ...]] = {
    np.dtype(np.float64): (0.0, 1e-8, 36.0, 700.0, 746.0, float(np.finfo(np.float64).max)),
    np.dtype(np.float32): (0.0, 1e-4, 17.0, 87.0, 104.0, float(np.finfo(np.float32).max)),
}
WHOLE: dict[np.dtype[Any], Any] = {np.dtype(np.float64): np.int64, np.dtype(np.float32): np.int32}


def points(name: str, dtype: np.dtype[np.floating], count: int, seed: int) -> Floats:
    """About `count` points of a range, its edges among them; with both infinities, the last."""
    place = NAMES.index(name)
    low, high = np.array(EDGES[dtype][place : place + 2], dtype)
    rng = np.random.default_rng([seed, place])
    first, last = np.array([low, high]).view(WHOLE[dtype]).tolist()
    by_bits = rng.integers(first, last, size=count // 2, dtype=WHOLE[dtype]).view(dtype)
    by_value = rng.uniform(low, high, size=count - count // 2).astype(dtype)
    edges = [low, high, np.nextafter(low, high), np.nextafter(high, low)]
    if place == len(NAMES) - 1:
        edges.append(np.array(np.inf, dtype))
    sizes = np.concatenate([by_bits, by_value, np.array(edges, dtype)])
    drawn: Floats = np.concatenate([sizes, -sizes])
    return rng.permutation(drawn)


N, D, K = 1000, 100, 20
WORDS = 10


def small(count: int) -> list[Pair]:
    """The cases of the kernel tests: saturated, huge, tiny and tied scores, repeated words.

    So many draws, of which equal ones are left out. Exits with what to install where
    Hypothesis is missing.
    """
    try:
        from tests.kernels.examples import examples
        from tests.kernels.properties import PROPERTIES
    except ModuleNotFoundError:
        sys.exit("the small cases are drawn by Hypothesis: pip install '.[dev]'")
    exact = next(each for each in PROPERTIES if each.name == "matches_the_exact_values")
    return list({_content(pair): pair for pair in examples(exact, count)}.values())


def _content(pair: Pair) -> tuple[object, ...]:
    drawn = None if pair.negatives is None else pair.negatives.tobytes()
    return pair.U.dtype, pair.U.shape, pair.U.tobytes(), pair.v.tobytes(), pair.o, drawn


def large(scales: tuple[float, ...], seed: int) -> Iterator[Pair]:
    """d = 100 and N = 1000: the outside word is any, or the leading one."""
    for dtype in DTYPES:
        for scale in scales:
            rng = np.random.default_rng(seed)
            U: Floats = (scale * rng.normal(size=(N, D))).astype(dtype)
            v: Floats = (scale * rng.normal(size=D)).astype(dtype)
            for o in (7, int(np.argmax(U @ v))):
                yield Pair(v, o, U)
                yield Pair(v, o, U, rng.integers(N, size=K))


def one_sided() -> Iterator[Pair]:
    """d = 100 and N = 1000: grad_v is a sum with one large term, the first, and the rest is lost.

    A term is 0.45 spacings of the sum so far, so that added one at a time all round down.
    """
    drawn = np.array([0, *range(2, N)])
    for dtype in DTYPES:
        u = float(np.finfo(dtype).eps) / 2
        v = np.full(D, 1e-5, dtype)
        for weight, first, o, negatives in ((1 / N, -1, 0, None), (0.5, 1, 1, drawn)):
            U = np.full((N, D), 0.45 * u / weight, dtype)
            U[0] = first
            yield Pair(v, o, U, negatives)


def confident(gap: float, dtype: np.dtype[np.floating]) -> Pair:
    """Ten words, of which the outside word leads by `gap`; no score has to be rounded."""
    U = np.zeros((WORDS, 1), dtype)
    U[0] = gap
    return Pair(np.ones(1, dtype), 0, U)
