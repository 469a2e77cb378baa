"""Pairs of words: small ones chosen to hurt, large ones, long sums, and a word that leads."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from benchmarks.accuracy.implementation import DTYPES
from tests.kernels.cases import Floats, Pair

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
