"""What NumPy's operations do to arrays of numbers with errors: one rule each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.rounding import arithmetic
from codegen.rounding.array import Objects, Rounded, lifted, scalar
from codegen.rounding.double import bincount
from codegen.rounding.hypotheses import Hypotheses
from codegen.rounding.number import Number, Unbounded
from codegen.rounding.sums import inner


@dataclass(frozen=True)
class Comparison:
    """What is true exactly, None if that is open; and whether it is sure to be computed so."""

    exactly: bool | None
    is_sure: bool

    def __bool__(self) -> bool:
        raise TypeError("a comparison that rounding may change, used as a condition")


def _elementwise(function: Callable[..., Any]) -> Callable[..., Rounded]:
    def rule(h: Hypotheses, *inputs: Any) -> Rounded:
        def one(*numbers: Number) -> Any:
            return function(h, *numbers)

        entries = (lifted(each, h).entries for each in inputs)
        result = np.frompyfunc(one, len(inputs), 1)(*entries)
        return Rounded(result if isinstance(result, np.ndarray) else scalar(result), h)

    return rule


def _at_least(h: Hypotheses, left: Any, right: Any) -> NDArray[Any]:
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
    return Rounded(found if isinstance(found, np.ndarray) else scalar(found), h)


def contracted(h: Hypotheses, left: Objects, right: Objects) -> Rounded:
    """The inner products along the last axis, the others broadcast together."""
    left, right = np.broadcast_arrays(left, right)
    result = np.empty(left.shape[:-1], object)
    for place in np.ndindex(result.shape):
        result[place] = inner(h, list(zip(left[place], right[place], strict=True)))
    return Rounded(result, h)


def _matmul(h: Hypotheses, left: Any, right: Any) -> Rounded:
    left, right = lifted(left, h), lifted(right, h)
    if right.ndim == 1:
        return contracted(h, left.entries, right.entries)
    columns = np.moveaxis(right.entries, -2, -1)
    if left.ndim == 1:
        return contracted(h, left.entries, columns)
    return contracted(h, left.entries[..., :, np.newaxis, :], columns[..., np.newaxis, :, :])


def _einsum(h: Hypotheses, subscripts: str, *given: Any) -> Rounded:
    """Each letter once in each array: over what is not kept, the sums of one, in any order (H4),
    or the inner products of two.
    """
    if len(given) > 2:
        raise TypeError(f"no rule for np.einsum of {len(given)} arrays")
    names, kept = subscripts.split("->")
    axes = kept + "".join(sorted(set(names) - set(kept) - {","}))
    sides = [
        _on_axes(lifted(each, h).entries, own, axes)
        for each, own in zip(given, names.split(","), strict=True)
    ]
    first, *others = np.broadcast_arrays(*sides)
    shape = (*first.shape[: len(kept)], prod(first.shape[len(kept) :]))
    if not others:
        return Rounded(first.reshape(shape), h).sum(axis=-1)
    return contracted(h, first.reshape(shape), others[0].reshape(shape))


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


OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": _elementwise(arithmetic.add),
    "subtract": _elementwise(arithmetic.subtract),
    "multiply": _elementwise(arithmetic.multiply),
    "divide": _elementwise(arithmetic.divide),
    "negative": _elementwise(arithmetic.negative),
    "absolute": _elementwise(arithmetic.absolute),
    "minimum": _elementwise(arithmetic.minimum),
    "maximum": _elementwise(arithmetic.maximum),
    "power": _elementwise(arithmetic.square),
    "exp": _elementwise(arithmetic.exp),
    "log1p": _elementwise(arithmetic.log1p),
    "sqrt": _elementwise(arithmetic.sqrt),
    "greater_equal": _at_least,
    "isfinite": _is_finite,
    "matmul": _matmul,
    "where": _where,
    "einsum": _einsum,
    "bincount": bincount,
    "vdot": _vdot,
    "shape": lambda _, array: array.shape,
    "ndim": lambda _, array: array.ndim,
    "diagonal": lambda h, array: Rounded(np.diagonal(array.entries), h),
    "broadcast_to": lambda h, array, shape: Rounded(np.broadcast_to(array.entries, shape), h),
}
