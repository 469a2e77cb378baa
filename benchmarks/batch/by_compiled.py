"""Our kernels as compiled loops, argument checks included; compiled before they are timed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from benchmarks.batch import by_us
from benchmarks.batch.targets import COMPILED
from generated.compiled import naive_softmax, negative_sampling

# the first of each part: what takes a workspace is of the softmax for NumPy alone
CONTENDERS = {
    part: (replace(own, name=COMPILED, prepare=partial(own.prepare, kernels=kernels)),)
    for part, (own, *_) in by_us.CONTENDERS.items()
    for kernels in [naive_softmax if part.startswith("softmax") else negative_sampling]
}
