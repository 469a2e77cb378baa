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
from types import EllipsisType, SimpleNamespace
from typing import Generic, NamedTuple, NoReturn, Self, SupportsIndex, TypeAlias, TypeVar

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike, DTypeLike, NDArray

A = TypeVar("A", bound="Array")  # the arrays of a domain
Plain = NDArray[np.generic]
Integers = NDArray[np.intp]
Indices = NDArray[np.integer | np.bool_]
Axis = int | tuple[int, ...] | None


class Locations:
    """Integers that index an array, and what a domain knows of them."""

    def __init__(self, places: Integers) -> None:
        self.places = places


OneIndex: TypeAlias = SupportsIndex | slice | EllipsisType | Indices | None
Index: TypeAlias = OneIndex | tuple[OneIndex, ...]
Key: TypeAlias = OneIndex | Locations | tuple[OneIndex | Locations, ...]


def index_of(key: Key) -> Index:
    """An index as NumPy takes it."""
    if isinstance(key, tuple):
        return tuple(part.places if isinstance(part, Locations) else part for part in key)
    return key.places if isinstance(key, Locations) else key


class Domain(Generic[A]):
    """What stands for the numbers of a run; what it does not say is refused.

    Rules get arrays of the domain, and what `lifted` makes of anything else.
    """

    models: tuple[str, ...] = ()  # functions of the package that are taken by what they say

    def refused(self, what: str) -> Exception:
        """The error that says so of an operation."""
        raise NotImplementedError

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """What the code takes the numbers for."""
        raise NotImplementedError

    def lifted(self, value: ArrayLike) -> A:
        """Constants as an array of the domain."""
        raise NotImplementedError

    def array(self, parts: tuple[Plain, ...], note: object = None) -> A:
        """An array of these parts."""
        raise NotImplementedError

    def given(self, array: Plain) -> A:
        """What a kernel is called with, as an array of the domain."""
        return self.lifted(array)

    def made(self, array: Plain) -> A | Plain:
        """What a function that makes arrays has made."""
        return array

    def entrywise(self, name: str, *given: A) -> ArrayLike:
        """NumPy's function of that name, of every entry."""
        raise self.refused(f"np.{name}")

    def where(self, condition: ArrayLike, yes: ArrayLike, no: ArrayLike) -> A:
        """``np.where``."""
        raise self.refused("np.where")

    def total(self, rows: A) -> A:
        """The sums along the last axis."""
        raise self.refused("np.sum")

    def contracted(self, left: A, right: A) -> A:
        """The inner products along the last axis, the others broadcast together."""
        raise self.refused("np.matmul")

    def argmax(self, rows: A) -> Integers | Locations:
        """A place along the last axis at which it is largest."""
        raise self.refused("np.argmax")

    def max(self, rows: A) -> A:
        """The largest numbers along the last axis."""
        raise self.refused("np.maximum.reduce")

    def reduceat(self, rows: A, starts: Integers, axis: int) -> A:
        """The sums of runs along an axis."""
        raise self.refused("np.add.reduceat")

    def bincount(self, places: Integers, numbers: A, length: int) -> A:
        """``np.bincount``: the sum of the numbers at each place."""
        raise self.refused("np.bincount")

    def row_sums(self, words: Integers, terms: Sequence[Term[A]]) -> A:
        """Rows (n, d), each times its number, added up by word: a row for each of the words."""
        raise self.refused("row sums")

    def frexp(self, array: A) -> tuple[None, A]:
        """``np.frexp``."""
        raise self.refused("np.frexp")

    def isfinite(self, array: A) -> NDArray[np.bool_]:
        """Whether each entry is finite: a number that may not be is refused where it arises."""
        return np.ones(array.shape, bool)

    def is_product_finite(self, left: A, right: A) -> bool:
        """Whether an inner product is finite of which nothing else is asked."""
        return bool(np.all(self.isfinite(left)) and np.all(self.isfinite(right)))

    def holds(self, condition: A) -> bool:
        """Whether a single condition holds."""
        raise self.refused("numbers as a condition")

    def converted(self, array: A, dtype: np.dtype[np.generic]) -> A:
        """The array with numbers of another dtype."""
        raise self.refused(f"a conversion of {self.dtype} to {dtype}")

    def written(self, out: A, result: A) -> A:
        """``out``, which a result is written to."""
        for part, new in zip(out.parts, self.lifted(result).parts, strict=True):
            part[...] = new
        return out

    def put(self, array: A, key: Key, value: ArrayLike) -> None:
        """``array[key] = value``."""
        for part, new in zip(array.parts, self.lifted(value).parts, strict=True):
            part[index_of(key)] = new if new.ndim else new[()]

    def note_of(self, arrays: Sequence[A]) -> object:
        """What is known of an array whose entries are those of others, moved."""
        return None

    def note_at(self, array: A, key: Key) -> object:
        """What is known of the array at an index."""
        return None


class Array(NDArrayOperatorsMixin):
    """An array of a domain's numbers; each domain has a class of its own."""

    __slots__ = ("domain", "note", "parts")

    def __init__(self, domain: Domain[Self], parts: tuple[Plain, ...], note: object = None) -> None:
        self.domain, self.parts, self.note = domain, parts, note

    @property
    def entries(self) -> Plain:
        """The first of the parts, which has the numbers."""
        return self.parts[0]

    @property
    def dtype(self) -> np.dtype[np.generic]:
        return self.domain.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        return self.parts[0].shape

    @property
    def ndim(self) -> int:
        return self.parts[0].ndim

    @property
    def size(self) -> int:
        return self.parts[0].size

    @property
    def nbytes(self) -> int:
        return self.size * self.dtype.itemsize

    @property
    def T(self) -> Self:
        return self.transpose()

    def moved(self, how: Callable[[Plain], Plain]) -> Self:
        """The same done to every part: to where entries are, not to the entries."""
        parts = tuple(held(how(part), part.dtype) for part in self.parts)
        return self.domain.array(parts, self.domain.note_of((self,)))

    def __getitem__(self, key: Key) -> Self:
        index = index_of(key)
        parts = tuple(held(part[index], part.dtype) for part in self.parts)
        return self.domain.array(parts, self.domain.note_at(self, key))

    def __setitem__(self: Self, key: Key, value: ArrayLike) -> None:
        self.domain.put(self, key, value)

    def __len__(self) -> int:
        return len(self.parts[0])

    def __iter__(self) -> Iterator[Self]:
        return (self[n] for n in range(len(self)))

    def __array__(self, *_: object, **__: object) -> NoReturn:
        raise self.domain.refused("a plain array of numbers")

    def __bool__(self: Self) -> bool:
        return self.domain.holds(self)

    def __float__(self) -> NoReturn:
        raise self.domain.refused("a number as a float")

    def item(self, *place: SupportsIndex) -> object:
        """One number."""
        return self.entries.item(*place)

    def take(self, words: Integers, axis: int | None = None) -> Self:
        return self.moved(lambda part: part.take(words, axis=axis))

    def transpose(self, *axes: int) -> Self:
        return self.moved(lambda part: part.transpose(*axes))

    def reshape(self, *shape: SupportsIndex | tuple[SupportsIndex, ...]) -> Self:
        lengths = [n for one in shape for n in (one if isinstance(one, tuple) else (one,))]
        return self.moved(lambda part: part.reshape(lengths))

    def ravel(self) -> Self:
        return self.reshape(-1)

    def copy(self) -> Self:
        return self.moved(lambda part: part.copy())

    def fill(self, number: ArrayLike) -> None:
        self[...] = number

    def astype(self, dtype: DTypeLike, copy: bool = True) -> Self:
        if np.dtype(dtype) != self.dtype:
            return self.domain.converted(self, np.dtype(dtype))
        return self.copy() if copy else self

    def sum(self, axis: Axis = None, **options: object) -> Self:
        return self._reduced(np.add, axis=axis, **options)

    def max(self, axis: Axis = None) -> Self:
        return self._reduced(np.maximum, axis=axis)

    def _reduced(self, ufunc: np.ufunc, **options: object) -> Self:
        found = self._answer_of(ufunc, "reduce", (self,), options)
        assert isinstance(found, type(self))
        return found

    def argmax(self: Self, axis: int | None = None) -> Integers | Locations:
        return _argmax(self.domain, self, axis)

    def argmin(self: Self, axis: int | None = None) -> Integers | Locations:
        return _argmin(self.domain, self, axis)

    def __array_ufunc__(
        self,
        ufunc: np.ufunc,
        method: str,
        *given: object,
        out: tuple[Self | None, ...] = (None,),
        **options: object,
    ) -> object:
        to = out[0]
        if to is not None and to.ndim == 0 and to is given[0]:
            to = None  # a number is replaced, as in NumPy; an array is changed
        result = self._answer_of(ufunc, method, given, options)
        if to is None:
            return result
        if not isinstance(result, type(self)):
            raise self.domain.refused(f"np.{ufunc.__name__} with out=")
        return self.domain.written(to, result)

    def _answer_of(
        self,
        ufunc: np.ufunc,
        method: str,
        given: tuple[object, ...],
        options: Mapping[str, object],
    ) -> object:
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        asked = {}
        for option, value in options.items():
            if option in ("axis", "keepdims"):
                asked[option] = value
            elif not (
                (option == "where" and value is True) or (option == "dtype" and value is None)
            ):
                raise self.domain.refused(f"np.{name} with {option}=")
        return self._answer(name, given, asked)

    def __array_function__(
        self,
        func: Callable[..., object],
        types: Iterable[type],
        args: Iterable[object],
        kwargs: Mapping[str, object],
    ) -> object:
        return self._answer(func.__name__, tuple(args), kwargs)

    def _answer(
        self, name: str, given: tuple[object, ...], options: Mapping[str, object]
    ) -> object:
        rule = OPERATIONS.get(name)
        if rule is None:
            raise self.domain.refused(f"np.{name}")
        return rule(self.domain, *given, **options)


# of the words of a sum of rows: these, a number for each if there are any, a row for each
Term: TypeAlias = tuple[Integers, A | None, A]


def held(value: object, dtype: DTypeLike = object) -> Plain:
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


Rule = Callable[..., object]  # of the domain, and of what NumPy's function is called with
Moving = Callable[..., Plain]  # NumPy's, of an array or of several


def _entrywise(name: str) -> Rule:
    def rule(domain: Domain[A], *given: ArrayLike) -> ArrayLike:
        return domain.entrywise(name, *map(domain.lifted, given))

    return rule


def _moved(function: Moving) -> Rule:
    def rule(domain: Domain[A], array: A, *how: object, **options: object) -> A:
        return array.moved(lambda part: function(part, *how, **options))

    return rule


def _joined(function: Moving) -> Rule:
    def rule(domain: Domain[A], arrays: Sequence[ArrayLike], *how: object, **options: object) -> A:
        every = [domain.lifted(each) for each in arrays]
        parts = zip(*(each.parts for each in every), strict=True)
        found = tuple(function(list(part), *how, **options) for part in parts)
        return domain.array(found, domain.note_of(every))

    return rule


def _asked(function: Callable[..., object]) -> Rule:
    def rule(domain: Domain[A], *given: ArrayLike) -> object:
        return function(*(each.entries if isinstance(each, Array) else each for each in given))

    return rule


def _last(array: A, axis: Axis) -> A:
    """The array with the axis, or axes, as its last one; all of them where none is said."""
    axes = tuple(each % array.ndim for each in _axes(array, axis))
    if axes == (array.ndim - 1,):
        return array
    kept = [n for n in range(array.ndim) if n not in axes]
    shape = (*(array.shape[n] for n in kept), prod(array.shape[n] for n in axes))
    return array.transpose(*kept, *axes).reshape(shape)


def _along(array: A, axis: Axis, keepdims: bool, how: Callable[[A], A]) -> A:
    found = how(_last(array, axis))
    if not keepdims:
        return found
    return found.moved(lambda part: np.expand_dims(part, _axes(array, axis)))


def _axes(array: Array, axis: Axis) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(array.ndim))
    return axis if isinstance(axis, tuple) else (axis,)


def _sum(domain: Domain[A], array: A, axis: Axis = None, keepdims: bool = False) -> A:
    return _along(array, axis, keepdims, domain.total)


def _reduced(domain: Domain[A], array: A, axis: Axis = 0, keepdims: bool = False) -> A:
    return _along(array, axis, keepdims, domain.total)


def _largest(domain: Domain[A], array: A, axis: Axis = 0, keepdims: bool = False) -> A:
    return _along(array, axis, keepdims, domain.max)


def _argmax(domain: Domain[A], array: A, axis: int | None = None) -> Integers | Locations:
    return domain.argmax(_last(array, axis))


def _argmin(domain: Domain[A], array: A, axis: int | None = None) -> Integers | Locations:
    return domain.argmax(_last(domain.lifted(domain.entrywise("negative", array)), axis))


def _matmul(domain: Domain[A], left: ArrayLike, right: ArrayLike) -> A:
    one, other = domain.lifted(left), domain.lifted(right)
    if other.ndim > 1:
        other = other.moved(lambda part: np.swapaxes(part, -2, -1))
        if one.ndim > 1:
            one = one.moved(lambda part: part[..., :, np.newaxis, :])
            other = other.moved(lambda part: part[..., np.newaxis, :, :])
    return domain.contracted(one, other)


def _dot(domain: Domain[A], left: ArrayLike, right: ArrayLike, out: A | None = None) -> A:
    if max(np.ndim(left), np.ndim(right)) > 2 or not min(np.ndim(left), np.ndim(right)):
        raise domain.refused("np.dot other than of vectors and matrices")
    found = _matmul(domain, left, right)
    return found if out is None else domain.written(out, found)


def _einsum(domain: Domain[A], subscripts: str, *given: ArrayLike) -> A:
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
        for name, length in zip(own, np.shape(each), strict=True)
    }
    over = tuple(lengths[name] for name in summed)

    def flat(part: Plain) -> Plain:
        own = np.broadcast_to(part, (*part.shape[: len(kept)], *over))
        return own.reshape(*part.shape[: len(kept)], prod(over))

    sides = [side.moved(flat) for side in sides]
    return domain.total(sides[0]) if len(sides) == 1 else domain.contracted(*sides)


def _on_axes(array: A, own: str, axes: str) -> A:
    places = [own.index(name) for name in axes if name in own]
    at = tuple(slice(None) if name in own else np.newaxis for name in axes)
    return array.moved(lambda part: part.transpose(places)[at])


def _vdot(domain: Domain[A], left: A, right: A) -> Unread:
    return Unread(domain.is_product_finite(left.ravel(), right.ravel()))


def _where(domain: Domain[A], condition: ArrayLike, yes: ArrayLike, no: ArrayLike) -> A:
    return domain.where(condition, yes, no)


def _finite(domain: Domain[A], array: A) -> object:
    return domain.isfinite(array)[()]


def _bincount(domain: Domain[A], places: ArrayLike, weights: A, minlength: int = 0) -> A:
    at = np.asarray(places, np.intp)
    return domain.bincount(at, weights, max(int(minlength), int(at.max(initial=-1)) + 1))


def _sums_of_runs(domain: Domain[A], array: A, starts: Integers, axis: int = 0) -> A:
    return domain.reduceat(array, starts, axis)


def _frexp(domain: Domain[A], array: A) -> tuple[None, A]:
    return domain.frexp(array)


def _copyto(domain: Domain[A], out: A, value: ArrayLike) -> None:
    out[...] = value


def _append(domain: Domain[A], array: ArrayLike, more: ArrayLike) -> object:
    return _joined(np.concatenate)(domain, [np.ravel(array), np.ravel(more)])


def _zeros_like(domain: Domain[A], array: A) -> A | Plain:
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


# Stubs for what the text calls of NumPy and the runtime, on the numbers of a domain.


MAKING = ("array", "asarray", "ascontiguousarray", "empty", "full", "ones", "zeros")


def numpy_of(domain: Domain[A], **instead: Callable[..., object]) -> SimpleNamespace:
    """NumPy, its functions that make arrays told of a domain, and some replaced."""
    making = {name: _making(name, domain) for name in MAKING}
    return SimpleNamespace(**{**vars(np), **making, **instead})


def _making(name: str, domain: Domain[A]) -> Callable[..., Array | Plain]:
    real: Callable[..., Plain] = getattr(np, name)

    def made(first: object, *args: object, **kwargs: object) -> Array | Plain:
        if isinstance(first, Array):
            return first.copy() if name == "array" else first
        return domain.made(real(first, *args, **kwargs))

    return made


class Rows(NamedTuple, Generic[A]):
    """A row-sparse gradient of the domain's numbers."""

    rows: Integers
    values: A


# words of any shape, a number for each of them or for all, and rows
Listed: TypeAlias = tuple[ArrayLike, ArrayLike | None, A]


def _sums_by_word(domain: Domain[A], terms: Sequence[Listed[A]]) -> tuple[Integers, A]:
    """The words that are listed, and of each the sum of its rows, in any order."""
    words = np.unique(np.concatenate([np.ravel(each) for each, _, _ in terms])).astype(np.intp)
    each = [_for_each_word(domain, np.asarray(places), *more) for places, *more in terms]
    return words, domain.row_sums(words, each)


def _row_sums(domain: Domain[A]) -> Callable[..., Rows[A]]:
    """Rows added up by word."""
    return lambda *terms: Rows(*_sums_by_word(domain, terms))


def _for_each_word(
    domain: Domain[A], words: Integers, numbers: ArrayLike | None, rows: A
) -> Term[A]:
    """A term with a row, and a number if there are any, for each word."""
    alike = (1,) * (words.ndim - rows.ndim + 1)
    rows = rows.reshape((*rows.shape[:-1], *alike, rows.shape[-1]))
    shape = (*words.shape, rows.shape[-1])
    rows = rows.moved(lambda part: np.broadcast_to(part, shape).reshape(words.size, shape[-1]))
    if numbers is None:
        return words.reshape(-1), None, rows
    given = domain.lifted(numbers)
    given = given.moved(lambda part: np.broadcast_to(part, words.shape).reshape(-1))
    return words.reshape(-1), given, rows


def _matrix_of(domain: Domain[A]) -> Callable[..., A]:
    """The same as an (N, d) array."""

    def matrix_of(N: int, *terms: Listed[A]) -> A:
        words, sums = _sums_by_word(domain, terms)
        parts = []
        for part, zero in zip(sums.parts, domain.lifted(0).parts, strict=True):
            whole = np.empty((N, *part.shape[1:]), part.dtype)
            whole[...] = zero
            whole[words] = part
            parts.append(whole)
        return domain.array(tuple(parts), sums.note)

    return matrix_of


def _by_parts(domain: Domain[A]) -> Callable[..., object]:
    """The function of all places together: it takes each of them alone."""
    return lambda function, large, *alike: function(large, *alike)


def models_of(domain: Domain[A]) -> dict[str, Callable[..., object]]:
    """The domain's functions in place of the runtime's, by their names."""
    made = {"row_sums": _row_sums, "matrix_of": _matrix_of, "by_parts": _by_parts}
    return {name: made[name](domain) for name in domain.models}
