"""Arrays of numbers with errors, which the emitted code takes for NumPy arrays.

They answer NumPy's protocols for the operations that kernels use, each by its rule. What has no
rule is refused by name: nothing is ever turned into plain floats, where errors would be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from flint import arb
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from codegen.rounding import arithmetic
from codegen.rounding.choices import choose
from codegen.rounding.hypotheses import Hypotheses
from codegen.rounding.number import Number, Unbounded
from codegen.rounding.sums import inner, total

Objects = NDArray[Any]


class Rounded(NDArrayOperatorsMixin):
    """An array of `Number`, of a floating dtype as far as the code can see."""

    def __init__(self, entries: Objects, h: Hypotheses) -> None:
        self.entries = entries
        self.h = h
        self.dtype = h.dtype

    shape = property(lambda self: self.entries.shape)
    ndim = property(lambda self: self.entries.ndim)
    size = property(lambda self: self.entries.size)
    nbytes = property(lambda self: self.size * self.dtype.itemsize)
    T = property(lambda self: self._like(self.entries.T))

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, key: Any) -> Rounded:
        return self._like(self.entries[key])

    def __setitem__(self, key: Any, value: Any) -> None:
        new = lifted(value, self.h).entries
        self.entries[key] = new if new.ndim else new[()]

    def __array__(self, *_: Any, **__: Any) -> NDArray[Any]:
        raise TypeError("numbers with errors would lose them in a plain array")

    def __float__(self) -> float:
        number: Number = self.entries.item()
        return float(number.value)

    def take(self, words: Any, axis: int) -> Rounded:
        return self._like(self.entries.take(words, axis=axis))

    def transpose(self, *axes: int) -> Rounded:
        return self._like(self.entries.transpose(*axes))

    def reshape(self, *shape: Any) -> Rounded:
        return self._like(self.entries.reshape(*shape))

    def astype(self, dtype: Any) -> Rounded:
        if np.dtype(dtype) != self.dtype:
            raise TypeError(f"no rule to convert {self.dtype} to {dtype}")
        return self

    def sum(self, axis: int | None = None) -> Rounded:
        entries = self.entries.reshape(-1) if axis is None else np.moveaxis(self.entries, axis, -1)
        return self._like(_along(entries, lambda row: total(self.h, row)))

    def argmax(self, axis: int | None = None) -> Any:
        entries = self.entries.reshape(-1) if axis is None else np.moveaxis(self.entries, axis, -1)
        found = _along(entries, leading)
        return found.astype(np.intp)[()]

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        into = options.pop("out", None)
        rule = UFUNCS.get(ufunc)
        if method != "__call__" or rule is None or options:
            raise TypeError(f"no rule for np.{ufunc.__name__}, {method}, {options}")
        result = rule(self.h, *(lifted(each, self.h) for each in inputs))
        if into is not None:
            into[0].entries[...] = result.entries
            return into[0]
        return result

    def __array_function__(self, function: Any, _: Any, inputs: Any, options: Any) -> Any:
        rule = FUNCTIONS.get(function)
        if rule is None:
            raise TypeError(f"no rule for np.{function.__name__}")
        return rule(self.h, *inputs, **options)

    def _like(self, entries: Any) -> Rounded:
        if not isinstance(entries, np.ndarray):
            entries = _scalar(entries)
        return Rounded(entries, self.h)


@dataclass(frozen=True)
class Comparison:
    """What is true exactly, None if that is open; and whether it is sure to be computed so."""

    exactly: bool | None
    is_sure: bool

    def __bool__(self) -> bool:
        raise TypeError("a comparison that rounding may change, used as a condition")


def lifted(value: Any, h: Hypotheses) -> Rounded:
    """Numbers without errors: arrays of the dtype, and single whole numbers.

    Another Python float is refused: it was rounded before, out of sight. So is an array of
    another dtype, with which NumPy would compute in a third.
    """
    if isinstance(value, Rounded):
        return value
    if isinstance(value, int | float):
        if value != int(value):
            raise TypeError(f"{value!r} was computed out of sight")
        if abs(value) * h.u >= 0.5:
            raise TypeError(f"{h.dtype} does not hold {value}")
        return Rounded(_scalar(Number(arb(value))), h)
    array = np.asarray(value)
    if array.dtype != h.dtype:
        raise TypeError(f"no rule for an array of {array.dtype} among {h.dtype}")
    entries = np.empty(array.size, object)
    entries[:] = [Number(arb(each)) for each in array.reshape(-1).tolist()]
    return Rounded(entries.reshape(array.shape), h)


def leading(row: Objects) -> int:
    """A place of the row that may be the largest as computed: each has a run of its own."""
    least = max((each.value - each.deviation).lower() for each in row)
    return choose([n for n, each in enumerate(row) if not each.value + each.deviation < least])


def _scalar(number: Any) -> Objects:
    entries = np.empty((), object)
    entries[()] = number
    return entries


def _along(entries: Objects, function: Callable[[Any], Any]) -> Objects:
    """The function of each row along the last axis."""
    result = np.empty(entries.shape[:-1], object)
    for place in np.ndindex(result.shape):
        result[place] = function(entries[place])
    return result


def _elementwise(function: Callable[..., Any]) -> Callable[..., Rounded]:
    def rule(h: Hypotheses, *inputs: Rounded) -> Rounded:
        def one(*numbers: Number) -> Any:
            return function(h, *numbers)

        result = np.frompyfunc(one, len(inputs), 1)(*(each.entries for each in inputs))
        return Rounded(result if isinstance(result, np.ndarray) else _scalar(result), h)

    return rule


def _at_least(h: Hypotheses, left: Rounded, right: Rounded) -> NDArray[Any]:
    """left >= right: a `Comparison` of each entry."""
    return _elementwise(lambda _, x, y: _compared(arithmetic.subtract_exactly(x, y)))(
        h, left, right
    ).entries


def _compared(difference: Number) -> Comparison:
    sign = difference.sign()
    if sign is not None:
        return Comparison(sign > 0, is_sure=True)
    exact = Number(difference.value).sign()
    return Comparison(None if exact is None else exact > 0, is_sure=False)


def _where(h: Hypotheses, condition: Any, left: Any, right: Any) -> Rounded:
    def one(is_left: bool | Comparison, x: Number, y: Number) -> Number:
        if isinstance(is_left, Comparison):
            if not is_left.is_sure:
                return arithmetic.either(is_left.exactly, x, y)
            is_left = bool(is_left.exactly)
        return x if is_left else y

    found = np.frompyfunc(one, 3, 1)(condition, lifted(left, h).entries, lifted(right, h).entries)
    return Rounded(found if isinstance(found, np.ndarray) else _scalar(found), h)


def contracted(h: Hypotheses, left: Objects, right: Objects) -> Rounded:
    """The inner products along the last axis, the others broadcast together."""
    left, right = np.broadcast_arrays(left, right)
    result = np.empty(left.shape[:-1], object)
    for place in np.ndindex(result.shape):
        result[place] = inner(h, list(zip(left[place], right[place], strict=True)))
    return Rounded(result, h)


def _matmul(h: Hypotheses, left: Rounded, right: Rounded) -> Rounded:
    if right.ndim == 1:
        return contracted(h, left.entries, right.entries)
    columns = np.moveaxis(right.entries, -2, -1)
    if left.ndim == 1:
        return contracted(h, left.entries, columns)
    return contracted(h, left.entries[..., :, np.newaxis, :], columns[..., np.newaxis, :, :])


def _einsum(h: Hypotheses, subscripts: str, left: Any, right: Any) -> Rounded:
    """Two arrays, each letter once in each: their inner products over what is not kept."""
    names, kept = subscripts.split("->")
    axes = kept + "".join(sorted(set(names) - set(kept) - {","}))
    sides = [
        _on_axes(lifted(each, h).entries, own, axes)
        for each, own in zip((left, right), names.split(","), strict=True)
    ]
    first, second = np.broadcast_arrays(*sides)
    shape = (*first.shape[: len(kept)], prod(first.shape[len(kept) :]))
    return contracted(h, first.reshape(shape), second.reshape(shape))


def _on_axes(entries: Objects, own: str, axes: str) -> Objects:
    ordered = entries.transpose([own.index(name) for name in axes if name in own])
    return ordered[tuple(slice(None) if name in own else np.newaxis for name in axes)]


def _is_finite(h: Hypotheses, array: Rounded) -> NDArray[np.bool_]:
    return np.ones(array.shape, bool)  # a number that may overflow is refused where it arises


def _vdot(h: Hypotheses, left: Rounded, right: Rounded) -> float:
    """Only asked whether it is finite; if it is not, every product is looked at."""
    try:
        pairs = zip(left.entries.reshape(-1), right.entries.reshape(-1), strict=True)
        return float(inner(h, list(pairs)).value)
    except Unbounded:
        return float("inf")


UFUNCS: dict[Any, Callable[..., Any]] = {
    np.add: _elementwise(arithmetic.add),
    np.subtract: _elementwise(arithmetic.subtract),
    np.multiply: _elementwise(arithmetic.multiply),
    np.divide: _elementwise(arithmetic.divide),
    np.negative: _elementwise(arithmetic.negative),
    np.absolute: _elementwise(arithmetic.absolute),
    np.minimum: _elementwise(arithmetic.minimum),
    np.power: _elementwise(arithmetic.square),
    np.exp: _elementwise(arithmetic.exp),
    np.log1p: _elementwise(arithmetic.log1p),
    np.greater_equal: _at_least,
    np.isfinite: _is_finite,
    np.matmul: _matmul,
}

FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.where: _where,
    np.einsum: _einsum,
    np.vdot: _vdot,
    np.shape: lambda _, array: array.shape,
    np.ndim: lambda _, array: array.ndim,
    np.diagonal: lambda h, array: Rounded(np.diagonal(array.entries), h),
    np.broadcast_to: lambda h, array, shape: Rounded(np.broadcast_to(array.entries, shape), h),
}
