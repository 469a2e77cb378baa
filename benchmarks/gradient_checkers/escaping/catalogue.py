"""All of them: which kernel, of which subject, and whether the contract covers what shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gradient_checkers.escaping import blocks, kept, narrow, plain, thresholds
from benchmarks.gradient_checkers.kernel import Kernel
from benchmarks.gradient_checkers.subject import CBOW, SAMPLING, SAMPLING_BATCH, SOFTMAX, Subject

HOMEWORK = Path(__file__).parents[3] / "examples" / "homework.md"
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
        (blocks.score_blocks, SOFTMAX, "coordinates", (blocks.no_tail, 8), (blocks.no_tail, 16),
         (blocks.first_alone, 8), (blocks.second_lost, 64)),
        (blocks.row_blocks, SOFTMAX, "rows", (blocks.no_tail, 8), (blocks.one_short, 32),
         (blocks.last_twice, 16), (blocks.first_alone, 256)),
        (blocks.word_blocks, SOFTMAX, "words", (blocks.no_tail, 128), (blocks.last_twice, 64),
         (blocks.second_lost, 1024)),
        (blocks.draw_blocks, SAMPLING, "samples", (blocks.no_tail, 8), (blocks.last_twice, 8),
         (blocks.first_alone, 32), (blocks.one_short, 16)),
        (blocks.pair_blocks, SAMPLING_BATCH, "pairs", (blocks.no_tail, 16),
         (blocks.last_twice, 32), (blocks.first_alone, 128)),
        (blocks.residual_blocks, SQUARES, "residuals", (blocks.no_tail, 8),
         (blocks.one_short, 64), (blocks.last_twice, 128)),
    )  # fmt: skip
    found = []
    for make, subject, what, *each in faults:
        for split, block in each:
            name = f"{what} in blocks of {block}, {split.__name__}"
            found.append(
                _escape(subject, name, lambda m=make, s=split, b=block: m(s, b))  # type: ignore[misc]
            )
    found += [
        _escape(SOFTMAX, "unrolled by 4, no tail", lambda: blocks.unrolled(4, tail=False)),
        _escape(SOFTMAX, "unrolled by 16, no tail", lambda: blocks.unrolled(16, tail=False)),
        _escape(SOFTMAX, "normaliser of 32 words at a time", lambda: blocks.tree_sum(32)),
    ]
    return found


def _narrow() -> list[Escape]:
    return [
        _escape(SAMPLING, "samples as int8", lambda: narrow.words_as("int8")),
        _escape(SAMPLING, "samples as uint8", lambda: narrow.words_as("uint8")),
        _escape(SOFTMAX, "outside word as int8", lambda: narrow.outside_as("int8")),
        _escape(SOFTMAX, "outside word as uint8", lambda: narrow.outside_as("uint8")),
        _escape(SAMPLING, "counts as int8", lambda: narrow.counts_as("int8")),
        _escape(SAMPLING, "counts as uint8", lambda: narrow.counts_as("uint8")),
        _escape(SOFTMAX, "flat places as int8", lambda: narrow.flat_as("int8")),
        _escape(SOFTMAX, "flat places as uint8", lambda: narrow.flat_as("uint8")),
        _escape(SAMPLING_BATCH, "centers as int8", lambda: narrow.centers_as("int8")),
        _escape(SAMPLING_BATCH, "centers as uint8", lambda: narrow.centers_as("uint8")),
        _escape(CBOW, "context as int8", lambda: narrow.context_as("int8")),
        _escape(SAMPLING, "number of samples as int8", lambda: narrow.length_as("int8")),
        _escape(SOFTMAX, "half precision from 1000 words", lambda: narrow.half_from(1000)),
        _escape(SOFTMAX, "single precision from 64 coordinates", lambda: narrow.single_from(64)),
        _escape(SAMPLING, "samples as int16", lambda: narrow.words_as("int16"), covered=False),
        _escape(SOFTMAX, "half precision from 10000 words", lambda: narrow.half_from(10_000),
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
        thresholds.softmax_where, thresholds.sampling_where, thresholds.batch_where
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
        _escape(SOFTMAX, "v is zero", lambda: thresholds.early_return(right=False)),
        _escape(SOFTMAX, "v is minus zero", lambda: thresholds.minus_zero(right=False)),
        _escape(SOFTMAX, "v is subnormal", lambda: thresholds.flushed(right=False)),
        _escape(SOFTMAX, "U above 1e30",
                lambda: soft(lambda v, o, U: bool(U.dtype == np.float64 and (U > 1e30).any()))),
        _escape(SOFTMAX, "U capped at a million", lambda: thresholds.capped(1e6)),
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
        _escape(SOFTMAX, "rows above a length of 8", lambda: thresholds.shortened(8.0)),
        _escape(SOFTMAX, "rows that begin and end alike", lambda: thresholds.scored_once),
        _escape(SOFTMAX, "cached by memory above 16 words",
                lambda: kept.by_key(kept.memory_key, most=16)),
        _escape(SAMPLING, "more than 64 different samples", lambda: narrow.slots(64)),
        _escape(SQUARES, "a penalty below a hundredth", lambda: thresholds.penalty_from(0.01)),
    ]  # fmt: skip


ESCAPING = [*_blocked(), *_narrow(), *_kept(), *_thresholds(), *_found_last()]

_TWIN_MAKERS: list[tuple[Subject, str, Make]] = [
    (SOFTMAX, "coordinates in blocks", lambda: blocks.score_blocks(blocks.whole, 8)),
    (SOFTMAX, "rows in blocks", lambda: blocks.row_blocks(blocks.whole, 16)),
    (SOFTMAX, "words in blocks", lambda: blocks.word_blocks(blocks.whole, 64)),
    (SAMPLING, "samples in blocks", lambda: blocks.draw_blocks(blocks.whole, 8)),
    (SAMPLING_BATCH, "pairs in blocks", lambda: blocks.pair_blocks(blocks.whole, 32)),
    (SQUARES, "residuals in blocks", lambda: blocks.residual_blocks(blocks.whole, 8)),
    (SOFTMAX, "unrolled by 4, with its tail", lambda: blocks.unrolled(4, tail=True)),
    (SAMPLING, "samples as int32", lambda: narrow.words_as("int32")),
    (SOFTMAX, "outside word as int16", lambda: narrow.outside_as("int16")),
    (SAMPLING, "counts as int32", lambda: narrow.counts_as("int32")),
    (SOFTMAX, "flat places as int32", lambda: narrow.flat_as("int32")),
    (SAMPLING_BATCH, "centers as int32", lambda: narrow.centers_as("int32")),
    (CBOW, "context as int32", lambda: narrow.context_as("int32")),
    (SAMPLING, "buffer cleared", lambda: kept.growing_buffer(cleared=True)),
    (SOFTMAX, "scores in a buffer", lambda: kept.score_buffer(whole=False)),
    (SOFTMAX, "cached by all bytes", lambda: kept.by_key(kept.bytes_key)),
    (SOFTMAX, "counts its calls", lambda: kept.after_calls(500, wrong=0.0)),
    (SAMPLING, "draws a number and leaves it", lambda: kept.drawing(right=True)),
    (SAMPLING, "cache that is emptied", lambda: kept.full_cache(64, cleared=True)),
    (SOFTMAX, "zero asked for", lambda: thresholds.early_return(right=True)),
    (SQUARES, "least squares", lambda: plain.least_squares),
    (CBOW, "mean of a context", lambda: plain.cbow),
]
TWINS = [_of(subject, what.replace(" ", "_"), what, make) for subject, what, make in _TWIN_MAKERS]
