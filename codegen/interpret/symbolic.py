"""The domain of exact numbers: a number by cases, and what is exact of arrays of them.

One number of a run: an element of the exact field, or one for each side of a condition.

A condition is whether a term is at least zero. Absolute values, minima and `where` give a number
that has a value on either side of it; as soon as both values are equal in the field, the
condition is dropped. So a form like `where(z >= 0, 1, e) / (1 + e)`, `e = exp(-|z|)`, is proved
on both sides at the very place it is computed, and what follows has no cases any more.

A term and its negative are conditions of their own: at zero both hold, and each function of the
term is then taken on the side that its own comparison says.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.interpret.array import Array, Domain, Plain, held
from codegen.interpret.branching import Refused, Split, World, combined, either
from derivations.proof.field import Value

MOST_PARTS = 4096  # of a fraction that a float stands for


class Entry:
    """What an entry of an exact array can be: a number, a condition, a step on the way to one."""

    __slots__ = ()


class Condition(Entry):
    """Whether something holds, on every side of the conditions met so far."""

    __slots__ = ("tree", "world")

    def __init__(self, world: World, tree: Any) -> None:
        self.world, self.tree = world, tree

    def __bool__(self) -> bool:
        return self.world.decide(self.tree)

    def _with(self, how: Callable[[bool, bool], bool], other: Any) -> Condition:
        tree = other.tree if isinstance(other, Condition) else bool(other)
        return Condition(self.world, combined(self.world, how, self.tree, tree))

    def __and__(self, other: Any) -> Condition:
        return self._with(operator.and_, other)

    def __or__(self, other: Any) -> Condition:
        return self._with(operator.or_, other)

    def __invert__(self) -> Condition:
        return Condition(self.world, combined(self.world, operator.not_, self.tree))

    __rand__, __ror__ = __and__, __or__

    def choose(self, yes: Any, no: Any) -> Number:
        """``yes`` where it holds, ``no`` elsewhere."""
        world = self.world
        trees = (self.tree, number(world, yes).tree, number(world, no).tree)
        return Number(world, combined(world, either, *trees))


class Number(Entry):
    """An exact number; arithmetic that is not defined here raises."""

    __slots__ = ("tree", "world")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, world: World, tree: Any) -> None:
        self.world, self.tree = world, tree

    def _new(self, how: Callable[..., Value], *of: Number) -> Number:
        return Number(self.world, combined(self.world, how, self.tree, *(one.tree for one in of)))

    def __add__(self, other: Any) -> Number:
        return self._binary(self.world.field.add, other)

    def __sub__(self, other: Any) -> Number:
        return self._binary(self.world.subtract, other)

    def __mul__(self, other: Any) -> Number:
        return self._binary(self.world.field.multiply, other)

    def __truediv__(self, other: Any) -> Number:
        return self._binary(self.world.divide, other)

    def _binary(self, how: Callable[[Value, Value], Value], other: Any) -> Number:
        world, left = self.world, self.tree
        right = other.tree if type(other) is Number else number(world, other).tree
        if isinstance(left, Split) or isinstance(right, Split):
            return Number(world, combined(world, how, left, right))
        return Number(world, how(left, right))

    def __radd__(self, other: Any) -> Number:
        return number(self.world, other) + self

    def __rsub__(self, other: Any) -> Number:
        return number(self.world, other) - self

    def __rmul__(self, other: Any) -> Number:
        return number(self.world, other) * self

    def __rtruediv__(self, other: Any) -> Number:
        return number(self.world, other) / self

    def __neg__(self) -> Number:
        return self._new(self.world.negative)

    def __pow__(self, exponent: Any) -> Number:
        power = plain(exponent)
        if isinstance(power, Number | Condition) or power != int(power):
            raise Refused("a power whose exponent is no whole number")
        return self._new(lambda value: self.world.field.power(value, int(power)))

    def __rpow__(self, base: Any) -> Number:
        raise Refused("a power whose exponent is no whole number")

    def __abs__(self) -> Number:
        return (self >= 0).choose(self, -self)

    def exp(self) -> Number:
        """The exponential."""
        return self._new(self.world.field.exp)

    def tanh(self) -> Number:
        """The hyperbolic tangent, by exponentials."""
        return 1 - 2 / (1 + (2 * self).exp())

    def sqrt(self) -> Number:
        """The square root."""
        return self._new(self.world.field.sqrt)

    def reduced(self) -> Number:
        """The same in lowest terms."""
        return self._new(self.world.reduced)

    def log(self) -> Number:
        """The logarithm of a number that is positive for sure."""
        return self._new(self._log)

    def log1p(self) -> Number:
        """The logarithm of one more."""
        return (self + 1).log()

    def _log(self, value: Value) -> Value:
        if not self.world.surely_positive(value):
            raise Refused("the logarithm of a number that may not be positive")
        return self.world.field.log(value)

    def __ge__(self, other: Any) -> Condition:
        return at_least_zero(self - other)

    def __le__(self, other: Any) -> Condition:
        return at_least_zero(other - self)

    def __lt__(self, other: Any) -> Condition:
        return ~at_least_zero(self - other)

    def __gt__(self, other: Any) -> Condition:
        return ~at_least_zero(other - self)

    def __eq__(self, other: object) -> Any:
        raise Refused("whether two numbers are equal")

    def _no_other(self) -> Any:
        raise Refused("a symbol as a float, a whole number or a truth value")

    __float__ = __int__ = __index__ = __bool__ = _no_other


def at_least_zero(of: Number) -> Condition:
    """Whether the number is at least zero."""
    return Condition(of.world, of.world.conditions_of(of.tree))


def number(world: World, entry: Any) -> Number:
    """The number that an entry of an array is."""
    entry = plain(entry)
    if isinstance(entry, Number):
        return entry
    if isinstance(entry, Condition):
        tree = combined(world, lambda holds: world.field.constant(int(holds)), entry.tree)
        return Number(world, tree)
    return Number(world, world.field.constant(entry))


def plain(entry: Any) -> Any:
    """A number, a condition, or a rational number; anything else is refused."""
    if isinstance(entry, Entry):
        return entry
    if isinstance(entry, int | Fraction):
        return int(entry) if isinstance(entry, bool) else entry
    if entry is None:
        raise Refused("memory is read that nothing was written to")
    if hasattr(entry, "item"):
        return plain(entry.item())
    if isinstance(entry, float):
        return fraction(entry)
    raise Refused(f"{type(entry).__name__} as a number")


def fraction(number: float) -> Fraction:
    """The fraction of small numbers that a float is the rounding of, as 1 / n is of sizes."""
    try:
        nearest = Fraction(number).limit_denominator(MOST_PARTS)
    except (OverflowError, ValueError):
        raise Refused(f"{number} as an exact number") from None
    if float(nearest) != number:
        raise Refused(f"{number!r}, which is the rounding of no fraction of small numbers")
    return nearest


# The domain of exact numbers: NumPy's arrays of objects, restricted to what is exact.
#
# Entries are numbers of the field, whole numbers, or conditions. To admit another function of
# entries, say here what it means for exact ones. Which entry is largest is a choice that the run is
# repeated for, see `codegen.interpret.branching`.
#
# In one variant every inner product that a kernel hands to `guarded` is taken for overflowed: it
# becomes an entry that can be looked up and asked whether it is finite, and nothing else. What is
# computed in its place is run with exponents that are any whole numbers: symbols for the powers of
# two, seven taken in turn.


class Overflowed(Entry):
    """A product that is not finite."""


class Largest(Entry):
    """The largest of some numbers, of which only the exponent may be asked."""

    def __init__(self, world: World) -> None:
        self.world = world


class Exponent(Entry):
    """A whole number e, by the number 2 to the e."""

    __slots__ = ("power",)

    def __init__(self, power: Number) -> None:
        self.power = power

    def __neg__(self) -> Exponent:
        return Exponent(1 / self.power)

    def __add__(self, other: Any) -> Exponent:
        if not isinstance(other, Exponent):
            raise Refused("an exponent and a number added")
        return Exponent(self.power * other.power)


def scaled(number: Any, exponent: Any) -> Any:
    """ldexp: the number times a power of two, in lowest terms."""
    if not isinstance(exponent, Exponent):
        raise Refused("ldexp of a number and something other than an exponent")
    return (number * exponent.power).reduced()


def _any_exponent(entry: Any) -> Exponent:
    if not isinstance(entry, Largest):
        raise Refused("frexp of something other than a largest number")
    return Exponent(Number(entry.world, entry.world.fresh("2^")))


def divided(left: Any, right: Any) -> Any:
    """The quotient; of whole numbers, too."""
    left, right = plain(left), plain(right)
    return left / right if isinstance(left, Number) else Fraction(left) / right


def smaller(left: Any, right: Any) -> Any:
    """The smaller of two numbers: at equality either."""
    left, right = plain(left), plain(right)
    if not isinstance(right, Number) and right == 0:  # of a number and 0, by the number's sign
        left, right = right, left
    return chosen(right < left, right, left)


def larger(left: Any, right: Any) -> Any:
    """The larger of two numbers."""
    return -smaller(-plain(left), -plain(right))


def chosen(holds: Any, yes: Any, no: Any) -> Any:
    """What `where` takes for one entry."""
    return holds.choose(yes, no) if isinstance(holds, Condition) else (yes if holds else no)


def exponential(entry: Any) -> Any:
    """exp, of a whole number only where it is 0."""
    return _function("exp", entry, {0: 1})


def logarithm1p(entry: Any) -> Any:
    """log1p."""
    return _function("log1p", entry, {0: 0})


def logarithm(entry: Any) -> Any:
    """log."""
    return _function("log", entry, {1: 0})


def hyperbolic_tangent(entry: Any) -> Any:
    """tanh."""
    return _function("tanh", entry, {0: 0})


def root(entry: Any) -> Any:
    """sqrt of a number; of whole ones, 0 and 1."""
    return _function("sqrt", entry, {0: 0, 1: 1})


def sign(entry: Any) -> Any:
    """1, 0 or -1, by cases."""
    entry = plain(entry)
    return chosen(entry > 0, 1, chosen(entry < 0, -1, 0))


def _function(name: str, entry: Any, known: dict[int, int]) -> Any:
    entry = plain(entry)
    if isinstance(entry, Number):
        return getattr(entry, name)()
    if entry not in known:
        raise Refused(f"{name} of {entry}")
    return known[entry]


def _exact(how: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *entries: how(*map(plain, entries))


ELEMENTWISE: dict[str, tuple[int, Callable[..., Any]]] = {
    "add": (2, _exact(operator.add)),
    "subtract": (2, _exact(operator.sub)),
    "multiply": (2, _exact(operator.mul)),
    "divide": (2, divided),
    "power": (2, _exact(operator.pow)),
    "square": (1, lambda entry: plain(entry) ** 2),
    "negative": (1, _exact(operator.neg)),
    "positive": (1, plain),
    "absolute": (1, _exact(abs)),
    "minimum": (2, smaller),
    "maximum": (2, larger),
    "exp": (1, exponential),
    "log": (1, logarithm),
    "log1p": (1, logarithm1p),
    "tanh": (1, hyperbolic_tangent),
    "sqrt": (1, root),
    "sign": (1, sign),
    "ldexp": (2, scaled),
    "greater_equal": (2, _exact(operator.ge)),
    "greater": (2, _exact(operator.gt)),
    "less_equal": (2, _exact(operator.le)),
    "less": (2, _exact(operator.lt)),
    "bitwise_and": (2, operator.and_),
    "bitwise_or": (2, operator.or_),
    "logical_and": (2, operator.and_),
    "invert": (1, lambda entry: ~entry if isinstance(entry, Condition) else not entry),
}
UFUNCS = {name: np.frompyfunc(how, count, 1) for name, (count, how) in ELEMENTWISE.items()}
_CHOSEN = np.frompyfunc(chosen, 3, 1)
_EXPONENTS = np.frompyfunc(_any_exponent, 1, 1)
_LARGEST = np.frompyfunc(lambda entry: Largest(entry.world), 1, 1)
_FINITE = np.frompyfunc(lambda entry: not isinstance(entry, Overflowed), 1, 1)


class Exact(Domain):
    """Exact numbers, each by cases where a condition decides."""

    dtype = np.dtype(object)

    def refused(self, what: str) -> Exception:
        """What is not exact."""
        return Refused(what)

    def lifted(self, value: Any) -> Array:
        """Entries as they are: what each is will be seen when it is computed with."""
        if isinstance(value, Array):
            return value
        return Array(self, (held(value),))

    def made(self, array: Plain) -> Any:
        """What is made for objects is for symbols."""
        return Array(self, (array,)) if array.dtype == object else array

    def entrywise(self, name: str, *given: Array) -> Any:
        """The function of every entry."""
        how = UFUNCS.get(name)
        if how is None:
            raise Refused(f"np.{name}")
        return Array(self, (held(how(*(each.parts[0] for each in given))),))

    def chosen(self, condition: Any, yes: Any, no: Any) -> Array:
        """The one or the other, by cases where a condition decides."""
        parts = (self.lifted(each).parts[0] for each in (condition, yes, no))
        return Array(self, (held(_CHOSEN(*parts)),))

    def total(self, rows: Array) -> Array:
        """Sums of numbers, or of conditions as 0 and 1."""
        return Array(self, (held(np.add.reduce(rows.entries.astype(object), axis=-1)),))

    def contracted(self, left: Array, right: Array) -> Array:
        """By the product of matrices of objects, each of one row and one column."""
        one, other = (each.entries.astype(object) for each in (left, right))
        found = np.matmul(one[..., np.newaxis, :], other[..., :, np.newaxis])
        return Array(self, (held(found[..., 0, 0]),))

    def leading(self, rows: Array) -> Any:
        """Any place along the last axis, chosen for each place of the others."""
        table = rows.entries
        if not table.shape[-1]:
            raise Refused("argmax of nothing")
        places = np.zeros(table.shape[:-1], np.intp)
        for at in np.ndindex(places.shape):
            places[at] = world_of(table).path.choose(table.shape[-1])
        return places[()]

    def largest(self, rows: Array) -> Array:
        """Numbers of which only the exponent will be asked."""
        return Array(self, (held(_LARGEST(rows.entries.take(0, axis=-1))),))

    def halves(self, array: Array) -> Any:
        """Parts that nobody may read, and any exponents."""
        return None, Array(self, (held(_EXPONENTS(array.entries)),))

    def runs(self, rows: Array, starts: Any, axis: int) -> Array:
        """The sums of the entries of each run."""
        return Array(self, (np.add.reduceat(rows.entries, starts, axis=axis),))

    def sums_at(self, places: Plain, numbers: Array, length: int) -> Array:
        """The sum that its definition is, entry by entry."""
        sums = np.zeros(length, object)
        for place, number in zip(places, numbers.entries, strict=True):
            sums[place] = sums[place] + number
        return Array(self, (sums,))

    def holds(self, condition: Array) -> bool:
        """Both ways are gone in turn, see `World.decide`."""
        return bool(condition.item())

    def finite(self, array: Array) -> NDArray[np.bool_]:
        """Symbols stand for finite numbers; a product that overflowed is none."""
        return np.asarray(_FINITE(array.entries)).astype(bool)


def overflowed(products: Array) -> Array:
    """Products in place of which others will have to be taken."""
    lost = np.frompyfunc(lambda entry: Overflowed(), 1, 1)(products.entries)
    return Array(EXACT, (held(lost),))


def world_of(array: Any) -> World:
    """The world of the numbers in an array."""
    for entry in np.asarray(array, object).flat:
        if isinstance(entry, Number):
            return entry.world
    raise Refused("a choice among constants")


def symbolic(entries: Any) -> Array:
    """Numbers, or a single one, as an array."""
    return Array(EXACT, (held(entries),))


EXACT = Exact()


class csc_array:
    """A sparse matrix by its columns: ``data``, row numbers, and where each column starts."""

    def __init__(self, entries: tuple[Any, Any, Any], shape: tuple[int, int]) -> None:
        self.data, self.rows, self.starts = entries
        self.shape = shape
        fits = len(self.data) == len(self.rows) == self.starts[-1]
        if not fits or self.starts[0] != 0 or len(self.starts) != shape[1] + 1:
            raise ValueError("arrays that make no matrix by columns")
        if len(self.rows) and not 0 <= min(self.rows) <= max(self.rows) < shape[0]:
            raise ValueError("a row number out of range")

    def __matmul__(self, dense: Any) -> Any:
        if len(dense) != self.shape[1]:
            raise ValueError(f"a matrix of shape {self.shape} times {len(dense)} rows")
        dense, data = EXACT.lifted(dense).entries, EXACT.lifted(self.data).entries
        sums = np.zeros((self.shape[0], *dense.shape[1:]), object)
        for column, row in enumerate(dense):
            for n in range(self.starts[column], self.starts[column + 1]):
                place = self.rows[n]
                sums[place] = sums[place] + row * data[n]
        return EXACT.made(sums)
