"""What NumPy's operations do to arrays that count: one rule each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from codegen.rounding import known
from codegen.rounding.count import CLIPPED, FUNCTION, INPUT, LAG, SCORE, Count, Uncounted
from codegen.rounding.counted import Counted, counted
from codegen.rounding.hypotheses import Hypotheses
from codegen.rounding.remaining import Remaining, remaining


def _add(h: Hypotheses, left: Any, right: Any) -> Counted:
    x, y = counted(left, h), counted(right, h)
    numbers = x.numbers + y.numbers
    sign = x.count.sign if x.count.sign == y.count.sign else None
    if sign is None and not (isinstance(left, Counted) and isinstance(right, Counted)):
        raise Uncounted("a constant less a function of the scores cancels")
    if x.count.role == y.count.role == SCORE:
        leader = x.count.sign or y.count.sign  # nothing is larger than the leader
        lag = Count(LAG, 1, leader, max(x.count.scores, y.count.scores))
        return Counted(numbers, abs(numbers), lag, h)
    found = Counted(numbers, x.sizes + y.sizes, x.count.after(1, y.count, sign=sign), h)
    for constant, other in ((left, y), (right, x)):
        if type(constant) is int and constant == 1:
            found.known = known.with_one(other.known)
    return found


def _subtract(h: Hypotheses, left: Any, right: Any) -> Counted | Remaining:
    if not isinstance(right, Counted):
        return _add(h, left, -right)
    if isinstance(left, Counted) and known.is_sum_with(left.known, right.known):
        return remaining(left, right)
    found = _add(h, left, _negative(h, right))
    if isinstance(left, Counted):
        found.known = known.less(left.leaders, left.shape, right.known, right.shape)
    return found


def _negative(h: Hypotheses, x: Counted) -> Counted:
    sign = -x.count.sign if x.count.sign else None
    return Counted(-x.numbers, x.sizes, replace(x.count, sign=sign), h)


def _multiply(h: Hypotheses, left: Any, right: Any) -> Counted:
    x, y = counted(left, h), counted(right, h)
    return Counted(x.numbers * y.numbers, x.sizes * y.sizes, x.count.times(y.count, 1), h)


def _divide(h: Hypotheses, left: Any, right: Any) -> Counted:
    x, y = counted(left, h), counted(right, h)
    if y.count.sign is None:
        raise Uncounted("a divisor that may have cancelled")
    return Counted(x.numbers / y.numbers, x.sizes / y.sizes, x.count.times(y.count, 1), h)


def _exp(h: Hypotheses, x: Counted) -> Counted:
    if x.count.role not in (SCORE, LAG, CLIPPED):
        raise Uncounted("an exponential of what is no score")
    is_shifted = x.count.role == LAG
    count = Count(FUNCTION, 2 * h.exp_ulps, 1, x.count.scores, is_shifted)
    found = Counted(np.exp(x.numbers), np.exp(x.numbers), count, h)
    found.known = known.weights(x.known)
    return found


def _log1p(h: Hypotheses, x: Counted) -> Counted:
    if x.count.sign != 1:
        raise Uncounted("log1p of what may be negative")
    return x.each(np.log1p, x.count.after(2 * h.log1p_ulps, sign=1))


def _minimum(h: Hypotheses, x: Counted, zero: Any) -> Counted:
    if x.count.role != SCORE or zero != 0:
        raise Uncounted("a minimum other than of a score and 0")
    numbers = np.minimum(x.numbers, 0)
    return Counted(numbers, -numbers, Count(CLIPPED, 0, -1, x.count.scores), h)


def _absolute(h: Hypotheses, x: Counted) -> Counted:
    if x.count.role != SCORE:
        raise Uncounted("the absolute value of what is no score")
    return Counted(abs(x.numbers), x.sizes, Count(SCORE, scores=x.count.scores), h)


def _where(h: Hypotheses, condition: Any, left: Any, right: Any) -> Counted:
    if isinstance(right, Remaining):
        right = right.elsewhere(condition)
    x, y = counted(left, h), counted(right, h)
    condition = np.asarray(condition)
    sign = x.count.sign if x.count.sign == y.count.sign else None
    numbers, sizes = (
        np.where(condition, *both) for both in ((x.numbers, y.numbers), (x.sizes, y.sizes))
    )
    return Counted(numbers, sizes, x.count.after(0, y.count, sign=sign), h)


def inner_count(left: Count, right: Count, length: int) -> Count:
    """An inner product: a score if both sides are inputs, whose roundings are the scores'."""
    if left.role == right.role == INPUT:
        return Count(SCORE, scores=length)
    return left.times(right, length)


def _matmul(h: Hypotheses, x: Counted, y: Counted) -> Counted:
    count = inner_count(x.count, y.count, x.shape[-1])
    return Counted(x.numbers @ y.numbers, x.sizes @ y.sizes, count, h)


def _einsum(h: Hypotheses, subscripts: str, x: Counted, y: Counted) -> Counted:
    names, kept = subscripts.split("->")
    first, second = names.split(",")
    lengths = dict(zip(first + second, x.shape + y.shape, strict=True))
    length = prod(lengths[name] for name in set(first + second) - set(kept))
    numbers = np.einsum(subscripts, x.numbers, y.numbers)
    sizes = np.einsum(subscripts, x.sizes, y.sizes)
    return Counted(numbers, sizes, inner_count(x.count, y.count, length), h)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "negative": _negative,
    "absolute": _absolute,
    "minimum": _minimum,
    "exp": _exp,
    "log1p": _log1p,
    "greater_equal": lambda h, x, y: x.numbers >= y,
    "isfinite": lambda h, x: np.ones(x.shape, bool),
    "matmul": _matmul,
    "where": _where,
    "einsum": _einsum,
    "vdot": lambda h, x, y: 0.0,  # asked whether it is finite, as all is taken to be
    "shape": lambda h, x: x.shape,
    "ndim": lambda h, x: x.ndim,
}
