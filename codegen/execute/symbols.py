"""Arrays of exact numbers: NumPy's own arrays of objects, restricted to what is exact.

Shapes, views, indexing, broadcasting and assignment are NumPy's. What is computed with entries
is what `entries.py` says; an operation that is not listed here or there is an error that names
it. Which entry is largest is a choice that the run is repeated for, see `codegen.interpret.paths`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from codegen.execute.entries import UFUNCS, chosen
from codegen.execute.entry import Entry
from codegen.execute.number import Number
from codegen.execute.overflow import exponents, finite, largest, scaled
from codegen.execute.refused import Refused
from codegen.execute.world import World
from codegen.interpret.answered import Answered, Rules


class Symbols(Answered, np.ndarray[Any, Any]):
    """An array whose entries are exact numbers, or whole numbers, or conditions."""

    def __getitem__(self, key: Any) -> Any:
        return symbolic(super().__getitem__(key))

    @property
    def rules(self) -> Rules:
        """Of plain arrays of objects."""
        return OPERATIONS

    def applied(self, rule: Callable[..., Any], *given: Any, **options: Any) -> Any:
        """What a rule makes of the plain arrays, as symbols."""
        result = rule(*_bared(given), **_bared(options))
        return tuple(map(symbolic, result)) if isinstance(result, tuple) else symbolic(result)

    def written(self, out: Any, result: Any) -> Any:
        """The entries take the place of those that were there."""
        np.copyto(bare(out), bare(result))
        return out

    def refused(self, what: str) -> Exception:
        """What is not exact."""
        return Refused(what)

    def argmax(self, axis: Any = None) -> Any:  # type: ignore[override]
        """A place along the axis: any of them, chosen for each place of the others."""
        return leaders(self, axis)

    def astype(self, dtype: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        """A copy; of symbols."""
        if np.dtype(dtype) != object:
            raise Refused(f"astype({np.dtype(dtype)}) of symbols")
        return self if kwargs.get("copy") is False else self.copy()


def bare(array: Any) -> Any:
    """The same memory as a plain array; a list of arrays, each so; anything else as it is."""
    if isinstance(array, np.ndarray):
        return array.view(np.ndarray)
    if isinstance(array, Entry):
        scalar = np.empty((), object)
        scalar[()] = array
        return scalar
    return array


def _bared(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(map(_bared, value))
    if isinstance(value, dict):
        return {name: _bared(each) for name, each in value.items()}
    return bare(value)


def symbolic(result: Any) -> Any:
    """Objects as an array of symbols; a single one cannot be written to, as in NumPy."""
    if isinstance(result, Entry):
        array = bare(result).view(Symbols)
        array.flags.writeable = False
        return array
    if type(result) is np.ndarray and result.dtype == object:
        return result.view(Symbols)
    return result


def single(array: Any) -> Any:
    """The only entry of an array of no axes; anything else as it is."""
    return array.item() if isinstance(array, Symbols) and array.ndim == 0 else array


def leaders(scores: Any, axis: int | None) -> Any:
    """The place of the largest entry, in all or along one axis, each chosen freely."""
    table = bare(scores).reshape(1, -1) if axis is None else np.moveaxis(bare(scores), axis, -1)
    if not table.shape[-1]:
        raise Refused("argmax of nothing")
    places = np.zeros(table.shape[:-1], np.intp)
    for at in np.ndindex(places.shape):
        places[at] = world_of(table).path.choose(table.shape[-1])
    return places[0] if axis is None else places


def world_of(array: Any) -> World:
    """The world of the numbers in an array."""
    for entry in np.asarray(array, object).flat:
        if isinstance(entry, Number):
            return entry.world
    raise Refused("a choice among constants")


def _where(condition: Any, yes: Any, no: Any) -> Any:
    return np.frompyfunc(chosen, 3, 1)(*map(bare, (condition, yes, no)))


def _bincount(places: Any, weights: Any = None, minlength: int = 0) -> Any:
    """NumPy's takes no objects as weights: the same sums."""
    sums = np.zeros(max(int(minlength), int(np.max(places, initial=-1)) + 1), object)
    for place, weight in zip(places, bare(weights), strict=True):
        sums[place] = sums[place] + weight
    return sums


class Unread:
    """A number that may be asked whether it is finite, and nothing else."""

    def __init__(self, finite: bool) -> None:
        self.finite = finite


def _vdot(left: Any, right: Any) -> Unread:
    return Unread(bool(np.all(finite(bare(left))) and np.all(finite(bare(right)))))


def _matmul(left: Any, right: Any) -> Any:
    return np.matmul(left.astype(object), right.astype(object))


def _sum(array: Any, **kept: Any) -> Any:
    return np.add.reduce(array, **kept)


def _sums_of_runs(array: Any, starts: Any, axis: int = 0) -> Any:
    return np.add.reduceat(array, starts, axis=axis)


# functions that move entries, or that NumPy builds from sums and products of objects
_OF_PLACES = (
    "append",
    "broadcast_to",
    "concatenate",
    "copyto",
    "diagonal",
    "diff",
    "dot",
    "einsum",
    "expand_dims",
    "may_share_memory",
    "moveaxis",
    "ndim",
    "ravel",
    "repeat",
    "reshape",
    "shape",
    "shares_memory",
    "stack",
    "sum",
    "swapaxes",
    "take",
    "transpose",
    "zeros_like",
)
OPERATIONS: dict[str, Callable[..., Any]] = {
    **UFUNCS,
    **{name: getattr(np, name) for name in _OF_PLACES},
    "matmul": _matmul,
    "add.reduce": _sum,
    "add.reduceat": _sums_of_runs,
    "maximum.reduce": largest,
    "isfinite": finite,
    "frexp": exponents,
    "ldexp": np.frompyfunc(scaled, 2, 1),
    "where": _where,
    "bincount": _bincount,
    "vdot": _vdot,
    "argmax": leaders,
}
