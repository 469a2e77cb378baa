"""The scalar core: bounds over all floats, by running the emitted code on intervals.

Each function of one number z is the emitted code itself, or a kernel at the smallest size at
which it is that function. A ball of numbers z goes in, an exact value and an error come out; an
interval is halved until the error is within what is claimed: so many times u |value|, and where
that is less, half the smallest subnormal. The balls are a little wider than the intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from flint import arb, ctx

from codegen.interpret.array import Array
from codegen.interpret.errors import all_runs, lifted, with_errors
from codegen.interpret.hypotheses import Hypotheses
from codegen.interpret.running_errors import ZERO, Unbounded, with_new_error

Function = Callable[[Array, Array], Array]  # of z, and of 0
PRECISION = 96  # bits of the balls
DEEPEST = 40  # times that an interval is halved


@dataclass(frozen=True)
class Limit:
    """What is claimed: the error in units, on a range of z.

    Where it ``grows``, z comes with a rounding error, and the limit is that many times 1 + |z|.
    """

    units: float
    low: float
    high: float
    grows: bool = False


@dataclass(frozen=True)
class Proof:
    """How a claim about all floats was proved: intervals, and the largest bound on any of them.

    ``failed`` is an interval for which the claim is not proved.
    """

    intervals: int
    bound: float
    failed: tuple[float, float] | None

    @property
    def holds(self) -> bool:
        """Whether the claim is proved on every interval, of which there are some."""
        return self.failed is None and self.intervals > 0


def prove(function: Function, h: Hypotheses, claim: Limit) -> Proof:
    """Whether the error is within the limit for every z of its range, and at 0."""
    intervals, worst = 0, ZERO
    with ctx.workprec(PRECISION):
        waiting = [(start, end, 0) for start, end in _pieces(claim.low, claim.high, h)]
        while waiting:
            start, end, depth = waiting.pop()
            bound = _on(function, h, start, end, claim.grows)
            if bound is None or not bound <= claim.units:
                if depth == DEEPEST or start == end:
                    return Proof(intervals, float("inf"), (float(start), float(end)))
                middle = ((start + end) / 2).mid()
                waiting += [(start, middle, depth + 1), (middle, end, depth + 1)]
                continue
            intervals += 1
            worst = worst.max(bound)
    return Proof(intervals, float(worst), None)


def unit(h: Hypotheses, value: arb) -> arb:
    """What errors are counted in: u times the value, and at least half the smallest subnormal."""
    return (h.u * value.abs_lower()).max(h.subnormal / 2)


def _on(function: Function, h: Hypotheses, start: arb, end: arb, grows: bool) -> arb | None:
    """A bound over an interval, in units; None where there is none."""
    value = start if start == end else start.union(end)
    size = value.abs_upper() if grows else ZERO
    z = np.empty(1, object)
    z[0] = with_new_error(value, {}, ZERO, h.u * size)
    zero = lifted(np.zeros(1, h.dtype), h)
    scale = 1 + value.abs_lower() if grows else 1
    try:
        runs = all_runs(lambda: function(with_errors(z, h), zero).entries.reshape(-1)[0])
    except Unbounded:
        return None
    worst = ZERO
    for number in runs:
        worst = worst.max((number.deviation / (unit(h, number.value) * scale)).upper())
    return worst


def _pieces(low: float, high: float, h: Hypotheses) -> Iterator[tuple[arb, arb]]:
    """The range cut at 0 and at powers of two down to the smallest number, and 0 itself.

    At all of them from 2^-64 on; nothing happens below, where every function is flat.
    """
    yield ZERO, ZERO
    least = int(h.subnormal.man_exp()[1])
    sizes = [arb(2) ** k for k in (*range(least, -64, 16), *range(-64, 1025))]
    for sign in (1, -1):
        for ends in pairwise(sizes):
            start, end = sorted(sign * end for end in ends)
            start, end = start.max(arb(low)), end.min(arb(high))
            if start < end:
                yield start, end
