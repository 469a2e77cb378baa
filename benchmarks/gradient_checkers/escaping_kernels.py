"""Kernels made to escape a checker, each with its correct twin.

They are right wherever small inputs reach and wrong beyond: from a size on, in blocks, with narrow
integers, with what a call leaves behind, at special values, or after many calls. Those that are
wrong on inputs only that no contract here covers (ten thousand words, half precision) say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gradient_checkers import blocked
from benchmarks.gradient_checkers import blocked as kept
from benchmarks.gradient_checkers.blocked import (
    Array,
    batch,
    errors_of,
    least_squares,
    sampling,
    softmax,
)
from benchmarks.gradient_checkers.planted import (
    CBOW,
    SAMPLING,
    SAMPLING_BATCH,
    SOFTMAX,
    Kernel,
    Subject,
)

Test = Callable[[Array, int, Array], bool]


def softmax_where(test: Test, part: int = 2, by: float = 0.5) -> Callable[..., Any]:
    """One result of the softmax is a multiple of what is right, where a test holds."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        found = list(softmax(v_c, o, U))
        if test(v_c, o, U):
            found[part] = found[part] * U.dtype.type(by)
        return tuple(found)

    return kernel


def sampling_where(
    test: Callable[[Array, int, Array, Array], bool], part: int = 2, by: float = 0.5
) -> Callable[..., Any]:
    """The same of negative sampling."""

    def kernel(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
        found = list(sampling(v_c, o, U, negatives))
        if test(v_c, o, U, negatives):
            found[part] = found[part] * U.dtype.type(by)
        return tuple(found)

    return kernel


def batch_where(test: Callable[[int, int, int, int], bool], by: float = 0.5) -> Callable[..., Any]:
    """The gradient of a batch by U, where a test of its sizes (N, d, B, K) holds."""

    def kernel(V: Array, U: Array, centers: Array, outsides: Array, negatives: Array) -> Any:
        losses, by_V, by_U = batch(V, U, centers, outsides, negatives)
        if test(*U.shape, *negatives.shape):
            by_U = by_U * U.dtype.type(by)
        return losses, by_V, by_U

    return kernel


def early_return(*, right: bool) -> Callable[..., Any]:
    """Nothing is computed where v is zero; the gradient by v is not zero there, though."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        if v_c.any() or right:
            return softmax(v_c, o, U)
        return softmax(v_c, o, U)[0], np.zeros_like(v_c), np.zeros_like(U)

    return kernel


def minus_zero(*, right: bool) -> Callable[..., Any]:
    """The sign bit of v's first entry taken for the sign of a score."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, by_v, by_U = softmax(v_c, o, U)
        if not right and (v_c == 0).all() and np.signbit(v_c).all():
            by_v = -by_v
        return loss, by_v, by_U

    return kernel


def flushed(*, right: bool) -> Callable[..., Any]:
    """A vector of subnormal numbers taken for a missing one: the loss is 0."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, by_v, by_U = softmax(v_c, o, U)
        small = v_c.any() and float(np.abs(v_c).max()) < np.finfo(U.dtype).tiny
        return (loss * 0, by_v, by_U) if small and not right else (loss, by_v, by_U)

    return kernel


def shortened(most: float) -> Callable[..., Any]:
    """Rows longer than so much are brought to that length, as an embedding with max_norm does."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        lengths = np.sqrt((U * U).sum(axis=1, keepdims=True))
        by = np.where(lengths > most, most / np.where(lengths > most, lengths, 1), 1)
        return softmax(v_c, o, U * by.astype(U.dtype))

    return kernel


def scored_once(v_c: Array, o: int, U: Array) -> Any:
    """Rows that begin and end alike are taken for one."""
    seen: dict[Any, Any] = {}
    z = np.array([seen.setdefault((*row[:1], *row[-1:]), row @ v_c) for row in U], U.dtype)
    loss, errors = errors_of(z, o)
    return loss, U.T @ errors, np.outer(errors, v_c)


def penalty_from(least: float) -> Callable[..., Any]:
    """A penalty below so much is taken for none."""

    def kernel(X: Array, y: Array, w: Array, lam: Array) -> Any:
        return least_squares(X, y, w, lam if lam > least else lam * 0)

    return kernel


def capped(most: float) -> Callable[..., Any]:
    """Entries of U above a cap taken for rubbish."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, by_v, by_U = softmax(v_c, o, np.minimum(U, U.dtype.type(most)))
        return loss, by_v, by_U

    return kernel


# All of them: which kernel, of which subject, and whether the contract covers what shows it.


HOMEWORK = Path(__file__).parents[2] / "examples" / "homework.md"
SQUARES = Subject(
    ("J", "a.1"),
    {},
    {"X": (5, 4), "y": (5,), "w": (4,), "lam": ()},
    {"X": "X", "y": "y", "w": "w", "lam": "λ"},
    HOMEWORK,
    by=("w",),
)
Make = Callable[[], Callable[..., Any]]


@dataclass(frozen=True)
class Escape:
    """``covered``: some input within the contract shows it. ``twin`` names a correct one."""

    kernel: Kernel
    covered: bool = True


def _of(subject: Subject, name: str, what: str, make: Make) -> Kernel:
    return Kernel(name, what, subject, make)


def _escape(subject: Subject, what: str, make: Make, *, covered: bool = True) -> Escape:
    return Escape(_of(subject, what.replace(" ", "_"), what, make), covered)


def _blocked() -> list[Escape]:
    faults = (
        (blocked.score_blocks, SOFTMAX, "coordinates", (blocked.no_tail, 8), (blocked.no_tail, 16),
         (blocked.first_alone, 8), (blocked.second_lost, 64)),
        (blocked.row_blocks, SOFTMAX, "rows", (blocked.no_tail, 8), (blocked.one_short, 32),
         (blocked.last_twice, 16), (blocked.first_alone, 256)),
        (blocked.word_blocks, SOFTMAX, "words", (blocked.no_tail, 128), (blocked.last_twice, 64),
         (blocked.second_lost, 1024)),
        (blocked.draw_blocks, SAMPLING, "samples", (blocked.no_tail, 8), (blocked.last_twice, 8),
         (blocked.first_alone, 32), (blocked.one_short, 16)),
        (blocked.pair_blocks, SAMPLING_BATCH, "pairs", (blocked.no_tail, 16),
         (blocked.last_twice, 32), (blocked.first_alone, 128)),
        (blocked.residual_blocks, SQUARES, "residuals", (blocked.no_tail, 8),
         (blocked.one_short, 64), (blocked.last_twice, 128)),
    )  # fmt: skip
    found = []
    for make, subject, what, *each in faults:
        for split, block in each:
            name = f"{what} in blocks of {block}, {split.__name__}"
            found.append(
                _escape(subject, name, lambda m=make, s=split, b=block: m(s, b))  # type: ignore[misc]
            )
    found += [
        _escape(SOFTMAX, "unrolled by 4, no tail", lambda: blocked.unrolled(4, tail=False)),
        _escape(SOFTMAX, "unrolled by 16, no tail", lambda: blocked.unrolled(16, tail=False)),
        _escape(SOFTMAX, "normaliser of 32 words at a time", lambda: blocked.tree_sum(32)),
    ]
    return found


def _narrow() -> list[Escape]:
    return [
        _escape(SAMPLING, "samples as int8", lambda: kept.words_as("int8")),
        _escape(SAMPLING, "samples as uint8", lambda: kept.words_as("uint8")),
        _escape(SOFTMAX, "outside word as int8", lambda: kept.outside_as("int8")),
        _escape(SOFTMAX, "outside word as uint8", lambda: kept.outside_as("uint8")),
        _escape(SAMPLING, "counts as int8", lambda: kept.counts_as("int8")),
        _escape(SAMPLING, "counts as uint8", lambda: kept.counts_as("uint8")),
        _escape(SOFTMAX, "flat places as int8", lambda: kept.flat_as("int8")),
        _escape(SOFTMAX, "flat places as uint8", lambda: kept.flat_as("uint8")),
        _escape(SAMPLING_BATCH, "centers as int8", lambda: kept.centers_as("int8")),
        _escape(SAMPLING_BATCH, "centers as uint8", lambda: kept.centers_as("uint8")),
        _escape(CBOW, "context as int8", lambda: kept.context_as("int8")),
        _escape(SAMPLING, "number of samples as int8", lambda: kept.length_as("int8")),
        _escape(SOFTMAX, "half precision from 1000 words", lambda: kept.half_from(1000)),
        _escape(SOFTMAX, "single precision from 64 coordinates", lambda: kept.single_from(64)),
        _escape(SAMPLING, "samples as int16", lambda: kept.words_as("int16"), covered=False),
        _escape(SOFTMAX, "half precision from 10000 words", lambda: kept.half_from(10_000),
                covered=False),
    ]  # fmt: skip


def _kept() -> list[Escape]:
    return [
        _escape(SAMPLING, "buffer not cleared", lambda: kept.growing_buffer(cleared=False)),
        _escape(SOFTMAX, "normaliser over the whole buffer",
                lambda: kept.score_buffer(whole=True)),
        _escape(SOFTMAX, "cached by shape and sums", lambda: kept.by_key(kept.shape_and_sum)),
        _escape(SOFTMAX, "cached by shape and corner", lambda: kept.by_key(kept.shape_and_corner)),
        _escape(SOFTMAX, "cached by shape above 6 words",
                lambda: kept.by_key(kept.only_shape, most=6)),
        _escape(SOFTMAX, "larger from call 500", lambda: kept.after_calls(500, wrong=0.01)),
        _escape(SOFTMAX, "larger from call 256", lambda: kept.after_calls(256, wrong=1e-6)),
        _escape(SOFTMAX, "larger from call 100000", lambda: kept.after_calls(100_000, wrong=1.0),
                covered=False),
        _escape(SAMPLING, "every hundredth call", lambda: kept.every(100, wrong=0.5)),
        _escape(SAMPLING, "every 333rd call", lambda: kept.every(333, wrong=1e-5)),
        _escape(SOFTMAX, "counter of calls as int8", lambda: kept.counter_as("int8", wrong=True)),
        _escape(SOFTMAX, "dropout at one in a hundred", lambda: kept.rare_dropout(0.01)),
        _escape(SOFTMAX, "another NumPy random state", lambda: kept.seeded(numpy=True)),
        _escape(SOFTMAX, "another Python random state", lambda: kept.seeded(numpy=False)),
        _escape(SAMPLING, "one in two hundred at random", lambda: kept.drawing(right=False)),
        _escape(SAMPLING, "cache of 400 inputs", lambda: kept.full_cache(400, cleared=False),
                covered=False),
        _escape(SAMPLING, "cache of 64 inputs", lambda: kept.full_cache(64, cleared=False)),
    ]  # fmt: skip


def _thresholds() -> list[Escape]:
    soft, sampled, batched = (
        softmax_where, sampling_where, batch_where
    )  # fmt: skip
    return [
        _escape(SOFTMAX, "above 6 words", lambda: soft(lambda v, o, U: len(U) > 6)),
        _escape(SOFTMAX, "from 5 coordinates", lambda: soft(lambda v, o, U: len(v) >= 5, 1)),
        _escape(SAMPLING, "above 4 samples", lambda: sampled(lambda v, o, U, n: len(n) > 4)),
        _escape(SOFTMAX, "a multiple of 16 coordinates",
                lambda: soft(lambda v, o, U: len(v) % 16 == 0)),
        _escape(SOFTMAX, "a power of two above 8",
                lambda: soft(lambda v, o, U: len(U) > 8 and len(U) & (len(U) - 1) == 0)),
        _escape(SOFTMAX, "above 1000 words", lambda: soft(lambda v, o, U: len(U) > 1000, 0, 1.01)),
        _escape(SOFTMAX, "word above 200", lambda: soft(lambda v, o, U: o > 200)),
        _escape(SOFTMAX, "last of many words",
                lambda: soft(lambda v, o, U: len(U) > 16 and o == len(U) - 1, 1)),
        _escape(SAMPLING, "more samples than words",
                lambda: sampled(lambda v, o, U, n: len(n) > len(U) > 4)),
        _escape(SAMPLING, "256 samples and more",
                lambda: sampled(lambda v, o, U, n: len(n) >= 256, 0, 0.99)),
        _escape(SAMPLING_BATCH, "above 64 pairs", lambda: batched(lambda N, d, B, K: B > 64)),
        _escape(SAMPLING_BATCH, "as many pairs as words, above 8",
                lambda: batched(lambda N, d, B, K: B == N > 8)),
        _escape(SOFTMAX, "v is zero", lambda: early_return(right=False)),
        _escape(SOFTMAX, "v is minus zero", lambda: minus_zero(right=False)),
        _escape(SOFTMAX, "v is subnormal", lambda: flushed(right=False)),
        _escape(SOFTMAX, "U above 1e30",
                lambda: soft(lambda v, o, U: bool(U.dtype == np.float64 and (U > 1e30).any()))),
        _escape(SOFTMAX, "U capped at a million", lambda: capped(1e6)),
        _escape(SOFTMAX, "U is zero", lambda: soft(lambda v, o, U: not U.any(), 0, 2.0)),
        _escape(SOFTMAX, "a number of words divisible by 7 and 11",
                lambda: soft(lambda v, o, U: len(U) % 77 == 0), covered=False),
        _escape(SOFTMAX, "above 5000 words", lambda: soft(lambda v, o, U: len(U) > 5000),
                covered=False),
        _escape(SOFTMAX, "one value of v alone",
                lambda: soft(lambda v, o, U: bool(v[0] == 0.123456789)), covered=False),
    ]  # fmt: skip


def _found_last() -> list[Escape]:
    """Those of a last set that nobody had tuned to which were missed at first."""
    return [
        _escape(SOFTMAX, "rows above a length of 8", lambda: shortened(8.0)),
        _escape(SOFTMAX, "rows that begin and end alike", lambda: scored_once),
        _escape(SOFTMAX, "cached by memory above 16 words",
                lambda: kept.by_key(kept.memory_key, most=16)),
        _escape(SAMPLING, "more than 64 different samples", lambda: kept.slots(64)),
        _escape(SQUARES, "a penalty below a hundredth", lambda: penalty_from(0.01)),
    ]  # fmt: skip


ESCAPING = [*_blocked(), *_narrow(), *_kept(), *_thresholds(), *_found_last()]

_TWIN_MAKERS: list[tuple[Subject, str, Make]] = [
    (SOFTMAX, "coordinates in blocks", lambda: blocked.score_blocks(blocked.whole, 8)),
    (SOFTMAX, "rows in blocks", lambda: blocked.row_blocks(blocked.whole, 16)),
    (SOFTMAX, "words in blocks", lambda: blocked.word_blocks(blocked.whole, 64)),
    (SAMPLING, "samples in blocks", lambda: blocked.draw_blocks(blocked.whole, 8)),
    (SAMPLING_BATCH, "pairs in blocks", lambda: blocked.pair_blocks(blocked.whole, 32)),
    (SQUARES, "residuals in blocks", lambda: blocked.residual_blocks(blocked.whole, 8)),
    (SOFTMAX, "unrolled by 4, with its tail", lambda: blocked.unrolled(4, tail=True)),
    (SAMPLING, "samples as int32", lambda: kept.words_as("int32")),
    (SOFTMAX, "outside word as int16", lambda: kept.outside_as("int16")),
    (SAMPLING, "counts as int32", lambda: kept.counts_as("int32")),
    (SOFTMAX, "flat places as int32", lambda: kept.flat_as("int32")),
    (SAMPLING_BATCH, "centers as int32", lambda: kept.centers_as("int32")),
    (CBOW, "context as int32", lambda: kept.context_as("int32")),
    (SAMPLING, "buffer cleared", lambda: kept.growing_buffer(cleared=True)),
    (SOFTMAX, "scores in a buffer", lambda: kept.score_buffer(whole=False)),
    (SOFTMAX, "cached by all bytes", lambda: kept.by_key(kept.bytes_key)),
    (SOFTMAX, "counts its calls", lambda: kept.after_calls(500, wrong=0.0)),
    (SAMPLING, "draws a number and leaves it", lambda: kept.drawing(right=True)),
    (SAMPLING, "cache that is emptied", lambda: kept.full_cache(64, cleared=True)),
    (SOFTMAX, "zero asked for", lambda: early_return(right=True)),
    (SQUARES, "least squares", lambda: blocked.least_squares),
    (CBOW, "mean of a context", lambda: blocked.cbow),
]
TWINS = [_of(subject, what.replace(" ", "_"), what, make) for subject, what, make in _TWIN_MAKERS]
