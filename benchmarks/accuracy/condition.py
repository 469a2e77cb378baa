"""The largest error of losses and gradients in units of u B, B the condition scale.

u is half a spacing of floats at 1; B is defined in `generated/__init__.py`. To u B comes what
underflow may cost, as in the accuracy promise that the kernels are tested against.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import ctx

from benchmarks.accuracy.implementation import Implementation
from tests.kernels.calls import Result
from tests.kernels.cases import Floats, Pair
from tests.kernels.oracle import WORKING, Answer, Balls, C, allowance, balls, oracle

PARTS = ("loss", "grad_v", "grad_U")
LIMIT = 16.0  # of u B, which the kernels of this project have to keep to
to_float: Callable[[Any], Any] = np.frompyfunc(float, 1, 1)


@dataclass(frozen=True)
class ConditionedError:
    """Errors of one implementation in one precision over a set of cases, at worst.

    `beyond` is the number of cases in which some part is further off than the limit.
    """

    cases: str
    loss: str
    dtype: str
    implementation: str
    count: int
    beyond: int
    worst: dict[str, float]


def conditioned_errors(
    cases: str, pairs: Iterable[Pair], implementations: Sequence[Implementation]
) -> Iterator[ConditionedError]:
    """One result for each loss, precision and implementation among the pairs."""
    found: dict[tuple[str, str, str], list[dict[str, float]]] = {}
    for pair in pairs:
        loss = "naive softmax" if pair.negatives is None else "negative sampling"
        exact, unit = _exact_and_unit(pair)
        for each in implementations:
            key = (loss, pair.U.dtype.name, each.name)
            errors = in_units(each.value_and_grad(pair), exact, unit)
            found.setdefault(key, []).append(errors)
    for key, rows in found.items():
        worst = {part: max(row[part] for row in rows) for part in PARTS}
        beyond = sum(max(row.values()) > LIMIT for row in rows)
        yield ConditionedError(cases, *key, len(rows), beyond, worst)


def in_units(got: Result, exact: Answer, unit: Answer) -> dict[str, float]:
    """The largest error of each part in its unit; infinite for a result that is not finite."""
    with ctx.workprec(WORKING):
        return {
            part: _largest(getattr(got, part), getattr(exact, part), getattr(unit, part))
            for part in PARTS
        }


def _exact_and_unit(pair: Pair) -> tuple[Answer, Answer]:
    """The exact answer, and u B with the cost of underflow. Not kept: a large one is large."""
    with ctx.workprec(WORKING):
        exact, scale = oracle.__wrapped__(pair)
        promised = allowance(pair, scale)
        return exact, Answer(*(part / C for _, part in promised.parts()))


def _largest(got: Any, exact: Balls, unit: Balls) -> float:
    ratios: Floats = np.asarray(to_float(abs(balls(np.asarray(got)) - exact) / unit), dtype=float)
    return float(np.where(np.isnan(ratios), np.inf, ratios).max(initial=0))
