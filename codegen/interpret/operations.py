"""The one table: what each of NumPy's functions does to arrays of a domain, by its name.

A method of a ufunc is named with it: ``add`` and ``add.reduce``. What moves entries is NumPy's own,
done to every part; what computes is put in the terms of `Domain`: a function of every entry, a sum
or an inner product along the last axis. What the table does not name is refused, so that nothing
is computed that nobody has said what it means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.interpret.array import Array, Domain, Unread

Rule = Callable[..., Any]


def _entrywise(name: str) -> Rule:
    def rule(domain: Domain, *given: Any) -> Any:
        return domain.entrywise(name, *map(domain.lifted, given))

    return rule


def _moved(function: Callable[..., Any]) -> Rule:
    def rule(domain: Domain, array: Array, *how: Any, **options: Any) -> Array:
        return array.moved(lambda part: function(part, *how, **options))

    return rule


def _joined(function: Callable[..., Any]) -> Rule:
    def rule(domain: Domain, arrays: Any, *how: Any, **options: Any) -> Array:
        every = [domain.lifted(each) for each in arrays]
        parts = zip(*(each.parts for each in every), strict=True)
        found = tuple(function(list(part), *how, **options) for part in parts)
        return Array(domain, found, domain.note_of(every))

    return rule


def _asked(function: Callable[..., Any]) -> Rule:
    def rule(domain: Domain, *given: Any) -> Any:
        return function(*(each.entries if isinstance(each, Array) else each for each in given))

    return rule


def _last(array: Array, axis: Any) -> Array:
    """The array with the axis, or axes, as its last one; all of them where none is said."""
    axes = (
        tuple(range(array.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    )
    axes = tuple(each % array.ndim for each in axes)
    if axes == (array.ndim - 1,):
        return array
    kept = [n for n in range(array.ndim) if n not in axes]
    shape = (*(array.shape[n] for n in kept), prod(array.shape[n] for n in axes))
    return array.transpose(*kept, *axes).reshape(shape)


def _along(domain: Domain, array: Array, axis: Any, keepdims: bool, how: Rule) -> Array:
    found: Array = how(_last(array, axis))
    if not keepdims:
        return found
    axes = range(array.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return found.moved(lambda part: np.expand_dims(part, tuple(axes)))


def _sum(domain: Domain, array: Array, axis: Any = None, keepdims: bool = False) -> Array:
    return _along(domain, array, axis, keepdims, domain.total)


def _reduced(domain: Domain, array: Array, axis: Any = 0, keepdims: bool = False) -> Array:
    return _along(domain, array, axis, keepdims, domain.total)


def _largest(domain: Domain, array: Array, axis: Any = 0, keepdims: bool = False) -> Array:
    return _along(domain, array, axis, keepdims, domain.largest)


def _argmax(domain: Domain, array: Array, axis: int | None = None) -> Any:
    return domain.leading(_last(array, axis))


def _argmin(domain: Domain, array: Array, axis: int | None = None) -> Any:
    return domain.leading(_last(domain.entrywise("negative", array), axis))


def _matmul(domain: Domain, left: Any, right: Any) -> Array:
    left, right = domain.lifted(left), domain.lifted(right)
    if right.ndim > 1:
        right = right.moved(lambda part: np.swapaxes(part, -2, -1))
        if left.ndim > 1:
            left = left.moved(lambda part: part[..., :, np.newaxis, :])
            right = right.moved(lambda part: part[..., np.newaxis, :, :])
    return domain.contracted(left, right)


def _dot(domain: Domain, left: Any, right: Any, out: Array | None = None) -> Array:
    if max(np.ndim(left), np.ndim(right)) > 2 or not min(np.ndim(left), np.ndim(right)):
        raise domain.refused("np.dot other than of vectors and matrices")
    found = _matmul(domain, left, right)
    return found if out is None else domain.written(out, found)


def _einsum(domain: Domain, subscripts: str, *given: Any) -> Array:
    """Each letter once in each array: over what is not kept, the sums of one, or the inner
    products of two.
    """
    if len(given) > 2:
        raise domain.refused(f"np.einsum of {len(given)} arrays")
    names, kept = subscripts.split("->")
    summed = "".join(sorted(set(names) - set(kept) - {","}))
    sides = [
        _on_axes(domain.lifted(each), own, kept + summed)
        for each, own in zip(given, names.split(","), strict=True)
    ]
    lengths = {
        name: length
        for each, own in zip(given, names.split(","), strict=True)
        for name, length in zip(own, each.shape, strict=True)
    }
    over = tuple(lengths[name] for name in summed)

    def flat(part: NDArray[Any]) -> NDArray[Any]:
        own = np.broadcast_to(part, (*part.shape[: len(kept)], *over))
        return own.reshape(*part.shape[: len(kept)], prod(over))

    sides = [side.moved(flat) for side in sides]
    return domain.total(sides[0]) if len(sides) == 1 else domain.contracted(*sides)


def _on_axes(array: Array, own: str, axes: str) -> Array:
    places = [own.index(name) for name in axes if name in own]
    at = tuple(slice(None) if name in own else np.newaxis for name in axes)
    return array.moved(lambda part: part.transpose(places)[at])


def _vdot(domain: Domain, left: Array, right: Array) -> Unread:
    return Unread(domain.is_product_finite(left.ravel(), right.ravel()))


def _where(domain: Domain, condition: Any, yes: Any, no: Any) -> Array:
    return domain.chosen(condition, yes, no)


def _finite(domain: Domain, array: Array) -> Any:
    return domain.finite(array)[()]


def _bincount(domain: Domain, places: Any, weights: Array, minlength: int = 0) -> Array:
    places = np.asarray(places)
    length = max(int(minlength), int(places.max(initial=-1)) + 1)
    return domain.sums_at(places, weights, length)


def _sums_of_runs(domain: Domain, array: Array, starts: Any, axis: int = 0) -> Array:
    return domain.runs(array, starts, axis)


def _frexp(domain: Domain, array: Array) -> Any:
    return domain.halves(array)


def _copyto(domain: Domain, out: Any, value: Any) -> None:
    out[...] = value


def _append(domain: Domain, array: Any, more: Any) -> Array:
    found: Array = _joined(np.concatenate)(domain, [np.ravel(array), np.ravel(more)])
    return found


def _zeros_like(domain: Domain, array: Array) -> Any:
    return domain.made(np.zeros(array.shape, array.dtype))


def _entries(names: str) -> Iterator[tuple[str, Rule]]:
    return ((name, _entrywise(name)) for name in names.split())


OPERATIONS: dict[str, Rule] = {
    **dict(_entries("add subtract multiply divide power square negative positive absolute")),
    **dict(_entries("minimum maximum sign exp log log1p tanh sqrt ldexp")),
    **dict(_entries("greater_equal greater less_equal less")),
    **dict(_entries("bitwise_and bitwise_or logical_and invert")),
    **{
        name: _moved(getattr(np, name))
        for name in (
            "broadcast_to",
            "diagonal",
            "expand_dims",
            "moveaxis",
            "ravel",
            "repeat",
            "reshape",
            "swapaxes",
            "take",
            "take_along_axis",
            "transpose",
        )
    },
    **{name: _joined(getattr(np, name)) for name in ("concatenate", "stack")},
    **{
        name: _asked(getattr(np, name))
        for name in ("may_share_memory", "ndim", "shape", "shares_memory")
    },
    "append": _append,
    "copyto": _copyto,
    "zeros_like": _zeros_like,
    "sum": _sum,
    "add.reduce": _reduced,
    "add.reduceat": _sums_of_runs,
    "maximum.reduce": _largest,
    "argmax": _argmax,
    "argmin": _argmin,
    "matmul": _matmul,
    "dot": _dot,
    "einsum": _einsum,
    "vdot": _vdot,
    "where": _where,
    "isfinite": _finite,
    "bincount": _bincount,
    "frexp": _frexp,
}
