"""The domain of numbers with errors: what rounding can make of everything that is computed.

Numbers are given without errors: arrays of the dtype, and single whole numbers. Where rounding
leaves open which entry is largest, a run is repeated with each of those that may be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from flint import arb

from codegen.interpret import running_errors as of_numbers
from codegen.interpret.array import Array, Domain, Plain, held
from codegen.interpret.branching import Path
from codegen.interpret.hypotheses import FLOAT64, Hypotheses
from codegen.interpret.running_errors import Number, Unbounded, converted, inner, total

T = TypeVar("T")
MOST = 64  # runs
_path: ContextVar[Path] = ContextVar("path")


@dataclass(frozen=True)
class Comparison:
    """What is true exactly, None if that is open; and whether it is sure to be computed so."""

    exactly: bool | None
    is_sure: bool

    def __bool__(self) -> bool:
        raise TypeError("a comparison that rounding may change, used as a condition")


def at_least(_: Hypotheses, x: Number, y: Number) -> Comparison:
    """Whether x >= y."""
    difference = of_numbers.subtract_exactly(x, y)
    sign = difference.sign()
    if sign is not None:
        return Comparison(sign > 0, is_sure=True)
    exact = Number(difference.value).sign()
    return Comparison(None if exact is None else exact > 0, is_sure=False)


# a function of the hypotheses and of numbers for each of NumPy's, by its name
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": of_numbers.add,
    "subtract": of_numbers.subtract,
    "multiply": of_numbers.multiply,
    "divide": of_numbers.divide,
    "negative": of_numbers.negative,
    "absolute": of_numbers.absolute,
    "minimum": of_numbers.minimum,
    "maximum": of_numbers.maximum,
    "power": of_numbers.square,
    "exp": of_numbers.exp,
    "log1p": of_numbers.log1p,
    "sqrt": of_numbers.sqrt,
    "greater_equal": at_least,
}


@dataclass(frozen=True)
class Errors(Domain):
    """Numbers of one dtype; in double, they may have come from a ``narrow`` one and become such."""

    h: Hypotheses
    narrow: Hypotheses | None = None
    models = ("row_sums", "matrix_of")

    @property
    def dtype(self) -> np.dtype[Any]:  # type: ignore[override]  # of the hypotheses
        """What the code sees."""
        return self.h.dtype

    def refused(self, what: str) -> Exception:
        """What has no rule."""
        return TypeError(f"no rule for {what}")

    def lifted(self, value: Any) -> Array:
        """Numbers without errors: arrays of the dtype, and single whole numbers.

        Another Python float is refused: it was rounded before, out of sight. So is an array of
        another dtype, with which NumPy would compute in a third.
        """
        h = self.h
        if isinstance(value, Array):
            if value.dtype != h.dtype:
                raise TypeError(f"no rule for numbers of {value.dtype} among {h.dtype}")
            return value
        if isinstance(value, int | float):
            if value != int(value):
                raise TypeError(f"{value!r} was computed out of sight")
            if abs(value) * h.u >= 0.5:
                raise TypeError(f"{h.dtype} does not hold {value}")
            return Array(self, (held(Number(arb(value))),))
        array = np.asarray(value)
        if array.dtype != h.dtype:
            raise TypeError(f"no rule for an array of {array.dtype} among {h.dtype}")
        entries = np.empty(array.size, object)
        entries[:] = [Number(arb(each)) for each in array.reshape(-1).tolist()]
        return Array(self, (entries.reshape(array.shape),))

    def entrywise(self, name: str, *given: Array) -> Any:
        """The function of every entry, and its errors."""
        how = FUNCTIONS.get(name)
        if how is None:
            raise self.refused(f"np.{name}")
        of_each = np.frompyfunc(lambda *numbers: how(self.h, *numbers), len(given), 1)
        return Array(self, (held(of_each(*(each.entries for each in given))),))

    def chosen(self, condition: Any, yes: Any, no: Any) -> Array:
        """The one or the other; what is computed as either, where rounding decides."""

        def one(is_first: bool | Comparison, x: Number, y: Number) -> Number:
            if isinstance(is_first, Comparison):
                if not is_first.is_sure:
                    return of_numbers.either(is_first.exactly, x, y)
                is_first = bool(is_first.exactly)
            return x if is_first else y

        holds = condition.entries if isinstance(condition, Array) else condition
        sides = (self.lifted(each).entries for each in (yes, no))
        return Array(self, (held(np.frompyfunc(one, 3, 1)(holds, *sides)),))

    def total(self, rows: Array) -> Array:
        """Sums in any order."""
        return Array(self, (along(rows.entries, lambda row: total(self.h, row)),))

    def contracted(self, left: Array, right: Array) -> Array:
        """Inner products in any order, fused or not."""
        one, other = np.broadcast_arrays(left.entries, right.entries)
        result = np.empty(one.shape[:-1], object)
        for at in np.ndindex(result.shape):
            result[at] = inner(self.h, list(zip(one[at], other[at], strict=True)))
        return Array(self, (result,))

    def leading(self, rows: Array) -> Any:
        """A place that may be that of the largest as computed: each has a run of its own."""
        return along(rows.entries, _leading).astype(np.intp)[()]

    def sums_at(self, places: Plain, numbers: Array, length: int) -> Array:
        """Sums in double, whatever the dtype: n numbers by n - 1 additions, in any order.

        The conversion to double is exact. So each sum is off by gamma(n - 1) times the sum of
        sizes, with the unit roundoff of double, and carries on what the numbers were off by.
        """
        is_double = self.h.dtype == FLOAT64.dtype
        h = self.h if is_double else FLOAT64
        entries = np.empty(length, object)
        for place in range(length):
            entries[place] = total(h, list(numbers.entries[places == place]))
        return Array(self if is_double else Errors(FLOAT64, self.h), (entries,))

    def is_product_finite(self, left: Array, right: Array) -> bool:
        """Only where a bound says so; if it is not, every product is looked at."""
        try:
            inner(self.h, list(zip(left.entries, right.entries, strict=True)))
        except Unbounded:
            return False
        return True

    def converted(self, array: Array, dtype: np.dtype[Any]) -> Array:
        """Rounded once to the dtype that the numbers came from."""
        narrow = self.narrow
        if narrow is None or dtype != narrow.dtype:
            return super().converted(array, dtype)
        entries = np.frompyfunc(lambda number: converted(narrow, number), 1, 1)(array.entries)
        return Array(Errors(narrow), (held(entries),))

    def row_sums(self, words: Plain, terms: Sequence[tuple[Plain, Array | None, Array]]) -> Array:
        """For each of the words, in order: inner products of numbers and entries, in any order."""
        found: dict[int, list[tuple[Number, Any]]] = {int(word): [] for word in words}
        for places, numbers, rows in terms:
            for n, word in enumerate(places):
                number = Number(of_numbers.ONE) if numbers is None else numbers.entries[n]
                found[int(word)].append((number, rows.entries[n]))
        width = terms[0][2].shape[-1]
        values = np.empty((len(words), width), object)
        for place, pairs in enumerate(found.values()):
            for i in range(width):
                values[place, i] = inner(self.h, [(number, row[i]) for number, row in pairs])
        return Array(self, (values,))


def lifted(value: Any, h: Hypotheses) -> Array:
    """Numbers without errors."""
    return Errors(h).lifted(value)


def with_errors(entries: Plain, h: Hypotheses) -> Array:
    """Numbers that have errors already."""
    return Array(Errors(h), (entries,))


def choose(options: Sequence[int]) -> int:
    """One of the options; the others are taken by other runs."""
    return options[_path.get().choose(len(options))]


def all_runs(run: Callable[[], T]) -> list[T]:
    """The results of all ways to choose. Raises Unbounded if there are more than `MOST`."""
    results: list[T] = []
    path: Path | None = Path()
    while path is not None:
        if len(results) == MOST:
            raise Unbounded(f"rounding leaves more than {MOST} ways open")
        token = _path.set(path)
        try:
            results.append(run())
        finally:
            _path.reset(token)
        path = path.following()
    return results


def _leading(row: Plain) -> int:
    least = max((each.value - each.deviation).lower() for each in row)
    return choose([n for n, each in enumerate(row) if not each.value + each.deviation < least])


def along(entries: Plain, function: Callable[[Any], Any]) -> Plain:
    """The function of each row along the last axis."""
    result = np.empty(entries.shape[:-1], object)
    for at in np.ndindex(result.shape):
        result[at] = function(entries[at])
    return result
