"""Arrays whose numbers are of a domain: one class for all, which the text takes for NumPy's.

An array holds parallel plain arrays of one shape, its ``parts``, and a ``note``: what is known of
it as a whole. What moves entries (an index, a transpose) is done to every part alike; what
computes with them is looked up in the one table below, whose rules ask the domain; so are NumPy's
functions that make arrays, and the runtime's sums of rows by word. Nothing is ever turned into
plain floats: what no rule names is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple, NoReturn, Self

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

Plain = NDArray[Any]


class Domain:
    """What stands for the numbers of a run; what it does not say is refused.

    Rules get arrays of the domain, and what `lifted` makes of anything else.
    """

    dtype: np.dtype[Any]
    models: tuple[str, ...] = ()  # functions of the package that are taken by what they say

    def refused(self, what: str) -> Exception:
        """The error that says so of an operation."""
        raise NotImplementedError

    def lifted(self, value: Any) -> Array:
        """Constants as an array of the domain."""
        raise NotImplementedError

    def given(self, array: Plain) -> Array:
        """What a kernel is called with, as an array of the domain."""
        return self.lifted(array)

    def made(self, array: Plain) -> Any:
        """What a function that makes arrays has made."""
        return array

    def entrywise(self, name: str, *given: Array) -> Any:
        """NumPy's function of that name, of every entry."""
        raise self.refused(f"np.{name}")

    def chosen(self, condition: Any, yes: Any, no: Any) -> Array:
        """``np.where``."""
        raise self.refused("np.where")

    def total(self, rows: Array) -> Array:
        """The sums along the last axis."""
        raise self.refused("np.sum")

    def contracted(self, left: Array, right: Array) -> Array:
        """The inner products along the last axis, the others broadcast together."""
        raise self.refused("np.matmul")

    def leading(self, rows: Array) -> Any:
        """A place along the last axis at which it is largest."""
        raise self.refused("np.argmax")

    def largest(self, rows: Array) -> Array:
        """The largest numbers along the last axis."""
        raise self.refused("np.maximum.reduce")

    def runs(self, rows: Array, starts: Any, axis: int) -> Array:
        """The sums of runs along an axis."""
        raise self.refused("np.add.reduceat")

    def sums_at(self, places: Plain, numbers: Array, length: int) -> Array:
        """``np.bincount``: the sum of the numbers at each place."""
        raise self.refused("np.bincount")

    def row_sums(self, words: Plain, terms: Sequence[tuple[Plain, Array | None, Array]]) -> Array:
        """Rows (n, d), each times its number, added up by word: a row for each of the words."""
        raise self.refused("row sums")

    def halves(self, array: Array) -> Any:
        """``np.frexp``."""
        raise self.refused("np.frexp")

    def finite(self, array: Array) -> NDArray[np.bool_]:
        """Whether each entry is finite: a number that may not be is refused where it arises."""
        return np.ones(array.shape, bool)

    def is_product_finite(self, left: Array, right: Array) -> bool:
        """Whether an inner product is finite of which nothing else is asked."""
        return bool(np.all(self.finite(left)) and np.all(self.finite(right)))

    def holds(self, condition: Array) -> bool:
        """Whether a single condition holds."""
        raise self.refused("numbers as a condition")

    def converted(self, array: Array, dtype: np.dtype[Any]) -> Array:
        """The array with numbers of another dtype."""
        raise self.refused(f"a conversion of {self.dtype} to {dtype}")

    def written(self, out: Array, result: Array) -> Array:
        """``out``, which a result is written to."""
        for part, new in zip(out.parts, self.lifted(result).parts, strict=True):
            part[...] = new
        return out

    def put(self, array: Array, key: Any, value: Any) -> None:
        """``array[key] = value``."""
        for part, new in zip(array.parts, self.lifted(value).parts, strict=True):
            part[key] = new if new.ndim else new[()]

    def place(self, key: Any) -> Any:
        """An index as NumPy takes it."""
        return key

    def note_of(self, arrays: Sequence[Array]) -> Any:
        """What is known of an array whose entries are those of others, moved."""
        return None

    def note_at(self, array: Array, key: Any) -> Any:
        """What is known of the array at an index."""
        return None


class Array(NDArrayOperatorsMixin):
    """An array of a domain's numbers."""

    __slots__ = ("domain", "note", "parts")

    def __init__(self, domain: Domain, parts: tuple[Plain, ...], note: Any = None) -> None:
        self.domain, self.parts, self.note = domain, parts, note

    @property
    def entries(self) -> Plain:
        """The first of the parts, which has the numbers."""
        return self.parts[0]

    dtype = property(lambda self: self.domain.dtype)
    shape = property(lambda self: self.parts[0].shape)
    ndim = property(lambda self: self.parts[0].ndim)
    size = property(lambda self: self.parts[0].size)
    nbytes = property(lambda self: self.size * self.dtype.itemsize)
    T = property(lambda self: self.moved(np.transpose))

    def moved(self, how: Callable[[Any], Any]) -> Self:
        """The same done to every part: to where entries are, not to the entries."""
        parts = tuple(held(how(part), part.dtype) for part in self.parts)
        return type(self)(self.domain, parts, self.domain.note_of((self,)))

    def __getitem__(self, key: Any) -> Self:
        place = self.domain.place(key)
        parts = tuple(held(part[place], part.dtype) for part in self.parts)
        return type(self)(self.domain, parts, self.domain.note_at(self, key))

    def __setitem__(self, key: Any, value: Any) -> None:
        self.domain.put(self, key, value)

    def __len__(self) -> int:
        return len(self.parts[0])

    def __iter__(self) -> Iterator[Self]:
        return (self[n] for n in range(len(self)))

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise self.domain.refused("a plain array of numbers")

    def __bool__(self) -> bool:
        return self.domain.holds(self)

    def __float__(self) -> NoReturn:
        raise self.domain.refused("a number as a float")

    def item(self, *place: Any) -> Any:
        """One number."""
        return self.entries.item(*place)

    def take(self, words: Any, axis: int | None = None) -> Self:
        return self.moved(lambda part: part.take(words, axis=axis))

    def transpose(self, *axes: int) -> Self:
        return self.moved(lambda part: part.transpose(*axes))

    def reshape(self, *shape: Any) -> Self:
        return self.moved(lambda part: part.reshape(*shape))

    def ravel(self) -> Self:
        return self.reshape(-1)

    def copy(self) -> Self:
        return self.moved(lambda part: part.copy())

    def fill(self, number: Any) -> None:
        self[...] = number

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        if np.dtype(dtype) != self.dtype:
            return self.domain.converted(self, np.dtype(dtype))
        return self.copy() if copy else self

    def sum(self, axis: Any = None, **options: Any) -> Any:
        return np.add.reduce(self, axis=axis, **options)

    def max(self, axis: Any = None) -> Any:
        return np.maximum.reduce(self, axis=axis)

    def argmax(self, axis: int | None = None) -> Any:
        return np.argmax(self, axis=axis)

    def argmin(self, axis: int | None = None) -> Any:
        return np.argmin(self, axis=axis)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *given: Any, **options: Any) -> Any:
        out = options.pop("out", (None,))[0]
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        for option, value in tuple(options.items()):
            if (option == "where" and value is True) or (option == "dtype" and value is None):
                del options[option]  # the default
            elif option not in ("axis", "keepdims"):
                raise self.domain.refused(f"np.{name} with {option}=")
        if isinstance(out, Array) and out.ndim == 0 and out is given[0]:
            out = None  # a number is replaced, as in NumPy; an array is changed
        result = self._answer(name, given, options)
        return result if out is None else self.domain.written(out, result)

    def __array_function__(
        self, func: Any, types: Iterable[type], args: Iterable[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        return self._answer(func.__name__, tuple(args), kwargs)

    def _answer(self, name: str, given: tuple[Any, ...], options: Mapping[str, Any]) -> Any:

        rule = OPERATIONS.get(name)
        if rule is None:
            raise self.domain.refused(f"np.{name}")
        return rule(self.domain, *given, **options)


def held(value: Any, dtype: Any = object) -> Plain:
    """An array as it is; a single entry as one without axes."""
    if isinstance(value, np.ndarray):
        return value
    alone = np.empty((), dtype)
    alone[()] = value
    return alone


class Unread:
    """A number that may be asked whether it is finite, and nothing else."""

    def __init__(self, finite: bool) -> None:
        self.finite = finite


# The one table: what each of NumPy's functions does to arrays of a domain, by its name.
#
# A method of a ufunc is named with it: ``add`` and ``add.reduce``. What moves entries is NumPy's
# own, done to every part; what computes is put in the terms of `Domain`: a function of every
# entry, a sum or an inner product along the last axis. What the table does not name is refused,
# so that nothing is computed that nobody has said what it means.


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


# Stand-ins for what the text calls of NumPy and the runtime, on the numbers of a domain.


MAKING = ("array", "asarray", "ascontiguousarray", "empty", "full", "ones", "zeros")


class NumPy:
    """NumPy, its functions that make arrays told of a domain."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain

    def __getattr__(self, name: str) -> Any:
        real = getattr(np, name)
        if name not in MAKING:
            return real

        def made(first: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(first, Array):
                return first.copy() if name == "array" else first
            return self.domain.made(real(first, *args, **kwargs))

        return made


class Rows(NamedTuple):
    """A row-sparse gradient of the domain's numbers."""

    rows: NDArray[np.intp]
    values: Array


def _row_sums(domain: Domain) -> Callable[..., Rows]:
    """Rows added up by word, in any order."""

    def row_sums(*terms: tuple[Any, Any, Array]) -> Rows:
        words = np.unique(np.concatenate([np.ravel(each) for each, _, _ in terms])).astype(np.intp)
        each = [_for_each_word(domain, np.asarray(places), *more) for places, *more in terms]
        return Rows(words, domain.row_sums(words, each))

    return row_sums


def _for_each_word(
    domain: Domain, words: NDArray[Any], numbers: Any, rows: Array
) -> tuple[NDArray[Any], Array | None, Array]:
    """A term with a row, and a number if there are any, for each word."""
    alike = (1,) * (words.ndim - rows.ndim + 1)
    rows = rows.reshape((*rows.shape[:-1], *alike, rows.shape[-1]))
    shape = (*words.shape, rows.shape[-1])
    rows = rows.moved(lambda part: np.broadcast_to(part, shape).reshape(words.size, shape[-1]))
    if numbers is not None:
        given = domain.lifted(numbers)
        numbers = given.moved(lambda part: np.broadcast_to(part, words.shape).reshape(-1))
    return words.reshape(-1), numbers, rows


def _matrix_of(domain: Domain) -> Callable[..., Array]:
    """The same as an (N, d) array."""

    def matrix_of(N: int, *terms: tuple[Any, Any, Array]) -> Array:
        words, sums = _row_sums(domain)(*terms)
        parts = []
        for part, zero in zip(sums.parts, domain.lifted(0).parts, strict=True):
            whole = np.empty((N, *part.shape[1:]), part.dtype)
            whole[...] = zero
            whole[words] = part
            parts.append(whole)
        return Array(domain, tuple(parts), sums.note)

    return matrix_of


def _by_parts(domain: Domain) -> Callable[..., Any]:
    """The function of all places together: it takes each of them alone."""
    return lambda function, large, *alike: function(large, *alike)


MODELS: dict[str, Callable[[Domain], Callable[..., Any]]] = {
    "row_sums": _row_sums,
    "matrix_of": _matrix_of,
    "by_parts": _by_parts,
}
