"""Arrays that count roundings, for bounds that hold whatever the numbers are.

The entries are sums of terms, and ``count`` bounds the roundings in any term of any entry: the
computed entry is within ``count`` u (to first order) of what exact arithmetic makes of the
computed scores, relatively to the sum of the terms' absolute values. Where all terms have one
``sign`` (1 or -1) that sum is the value's own size; it has to be wherever something is divided by
it or its logarithm is taken. ``scores`` counts the roundings of the inner products themselves,
whose effect on a result is the condition in B.

The counts depend on shapes alone. The numbers, and the ``sizes`` of their terms, are carried
along so that one can look whether the size that a bound is relative to is the one meant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from codegen.rounding.hypotheses import Hypotheses

INPUT, SCORE, LAG, FUNCTION = "input", "score", "lag", "function"


class Uncounted(Exception):
    """An operation after which counting says nothing: a cancellation, or one without a rule."""


@dataclass(frozen=True)
class Count:
    """How many roundings; ``is_shifted`` where an exponential of a rounded difference is in it."""

    role: str
    roundings: float = 0
    sign: int | None = None
    scores: float = 0
    is_shifted: bool = False

    def after(self, more: float, *others: Count, sign: int | None = None) -> Count:
        """A function of this and others, in which so many roundings were added to the most."""
        every = (self, *others)
        return Count(
            FUNCTION,
            max(each.roundings for each in every) + more,
            sign,
            max(each.scores for each in every),
            any(each.is_shifted for each in every),
        )

    def times(self, other: Count, more: float) -> Count:
        """A product or a quotient: the counts of both, and more."""
        sign = self.sign * other.sign if self.sign and other.sign else None
        both = self.after(0, other, sign=sign)
        return Count(
            both.role,
            self.roundings + other.roundings + more,
            both.sign,
            both.scores,
            both.is_shifted,
        )


class Counted(NDArrayOperatorsMixin):
    """Numbers, the sizes of their terms, and one count for all entries."""

    def __init__(self, numbers: Any, sizes: Any, count: Count, h: Hypotheses) -> None:
        self.numbers = np.asarray(numbers, float)
        self.sizes = np.asarray(sizes, float)
        self.count = count
        self.h = h
        self.dtype = h.dtype
        self.leaders: list[Any] = []

    shape = property(lambda self: self.numbers.shape)
    ndim = property(lambda self: self.numbers.ndim)
    size = property(lambda self: self.numbers.size)
    nbytes = property(lambda self: self.size * self.dtype.itemsize)
    T = property(lambda self: self.each(lambda array: array.T))

    def each(self, function: Callable[..., Any], count: Count | None = None) -> Counted:
        """The same done to the numbers and to their sizes."""
        found = function(self.numbers), function(self.sizes)
        return Counted(*found, count or self.count, self.h)

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, key: Any) -> Counted:
        found = self.each(lambda array: array[key])
        parts = key if type(key) is tuple else (key,)
        if any(part is leader for part in parts for leader in self.leaders):
            found.count = Count(SCORE, sign=1, scores=self.count.scores)  # the largest
        return found

    def __setitem__(self, key: Any, value: Any) -> None:
        new = counted(value, self.h)
        if isinstance(value, Counted):
            sign = self.count.sign if new.count.sign == self.count.sign else None
            self.count = self.count.after(0, new.count, sign=sign)
        elif value != 0:
            raise Uncounted(f"an entry is set to {value}")
        self.numbers, self.sizes = self.numbers.copy(), self.sizes.copy()
        self.numbers[key], self.sizes[key] = new.numbers, new.sizes

    def __array__(self, *_: Any, **__: Any) -> NDArray[Any]:
        raise Uncounted("a plain array would lose the counts")

    def __float__(self) -> float:
        return float(self.numbers)

    def take(self, words: Any, axis: int) -> Counted:
        return self.each(lambda array: array.take(words, axis=axis))

    def transpose(self, *axes: int) -> Counted:
        return self.each(lambda array: array.transpose(*axes))

    def sum(self, axis: int | None = None) -> Counted:
        length = self.size if axis is None else self.shape[axis]
        count = self.count.after(max(0, length - 1), sign=self.count.sign)
        return self.each(lambda array: array.sum(axis=axis), count)

    def argmax(self, axis: int | None = None) -> NDArray[np.intp]:
        leader = np.asarray(self.numbers.argmax(axis=axis))
        self.leaders.append(leader)
        return leader

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or ufunc not in RULES or options:
            raise Uncounted(f"no rule for np.{ufunc.__name__}")
        return RULES[ufunc](self.h, *inputs)

    def __array_function__(self, function: Any, _: Any, inputs: Any, options: Any) -> Any:
        if function not in FUNCTIONS:
            raise Uncounted(f"no rule for np.{function.__name__}")
        return FUNCTIONS[function](self.h, *inputs, **options)


def counted(value: Any, h: Hypotheses) -> Counted:
    """A constant: a whole number."""
    if isinstance(value, Counted):
        return value
    if not isinstance(value, int):
        raise Uncounted(f"no rule for {value!r}")
    return Counted(value, abs(value), Count(FUNCTION, sign=int(np.sign(value)) or None), h)


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
    return Counted(numbers, x.sizes + y.sizes, x.count.after(1, y.count, sign=sign), h)


def _subtract(h: Hypotheses, left: Any, right: Any) -> Counted:
    return _add(h, left, _negative(h, right) if isinstance(right, Counted) else -right)


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
    if x.count.role not in (SCORE, LAG):
        raise Uncounted("an exponential of what is no score")
    is_shifted = x.count.role == LAG
    count = Count(FUNCTION, 2 * h.exp_ulps, 1, x.count.scores, is_shifted)
    return Counted(np.exp(x.numbers), np.exp(x.numbers), count, h)


def _log1p(h: Hypotheses, x: Counted) -> Counted:
    if x.count.sign != 1:
        raise Uncounted("log1p of what may be negative")
    return x.each(np.log1p, x.count.after(2 * h.log1p_ulps, sign=1))


def _minimum(h: Hypotheses, x: Counted, zero: Any) -> Counted:
    if x.count.role != SCORE or zero != 0:
        raise Uncounted("a minimum other than of a score and 0")
    numbers = np.minimum(x.numbers, 0)
    return Counted(numbers, -numbers, Count(FUNCTION, 0, -1, x.count.scores), h)


def _absolute(h: Hypotheses, x: Counted) -> Counted:
    if x.count.role != SCORE:
        raise Uncounted("the absolute value of what is no score")
    return Counted(abs(x.numbers), x.sizes, Count(SCORE, scores=x.count.scores), h)


def _where(h: Hypotheses, condition: Any, left: Any, right: Any) -> Counted:
    x, y = counted(left, h), counted(right, h)
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


RULES: dict[Any, Callable[..., Any]] = {
    np.add: _add,
    np.subtract: _subtract,
    np.multiply: _multiply,
    np.divide: _divide,
    np.negative: _negative,
    np.absolute: _absolute,
    np.minimum: _minimum,
    np.exp: _exp,
    np.log1p: _log1p,
    np.greater_equal: lambda h, x, y: x.numbers >= y,
    np.isfinite: lambda h, x: np.ones(x.shape, bool),
    np.matmul: _matmul,
}

FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.where: _where,
    np.einsum: _einsum,
    np.vdot: lambda h, x, y: 0.0,  # asked whether it is finite, as all is taken to be
    np.shape: lambda h, x: x.shape,
    np.ndim: lambda h, x: x.ndim,
}
