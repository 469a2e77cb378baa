"""Our kernels as compiled loops, argument checks included; compiled before they are timed."""

from __future__ import annotations

from functools import partial

from benchmarks.batch import by_us
from benchmarks.batch.contender import Contender
from benchmarks.batch.targets import COMPILED
from generated.compiled import naive_softmax, negative_sampling

CONTENDERS = {
    "softmax": (
        Contender(
            COMPILED,
            "rows, dense",
            partial(by_us.softmax, kernels=naive_softmax),
            by_us.read_batch,
            entries=lambda size: 3 * size.B * size.N,
            ours=True,
        ),
    ),
    "sampling": (
        Contender(
            COMPILED,
            "rows, rows",
            partial(by_us.sampling, kernels=negative_sampling),
            by_us.read_batch,
            ours=True,
        ),
    ),
    "softmax_pair": (
        Contender(
            COMPILED,
            "rows, dense",
            partial(by_us.softmax_pair, kernels=naive_softmax),
            by_us.read_pair,
            ours=True,
        ),
    ),
    "sampling_pair": (
        Contender(
            COMPILED,
            "rows, dense",
            partial(by_us.sampling_pair, kernels=negative_sampling),
            by_us.read_pair,
            ours=True,
        ),
    ),
}
