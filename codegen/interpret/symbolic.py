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
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NoReturn, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codegen.interpret.array import Array, Domain, Integers, Plain, held
from codegen.interpret.branching import Refused, Split, State, Tree, combined, either
from derivations.proof.field import Value

MOST_PARTS = 4096  # of a fraction that a float stands for


class Entry:
    """What an entry of an exact array can be: a number, a condition, a step on the way to one."""

    __slots__ = ()


# what a number is computed with; of NumPy's arrays a single entry as well
Operand: TypeAlias = "Entry | Fraction | float | np.generic | Plain | None"


class Condition(Entry):
    """Whether something holds, on every side of the conditions met so far."""

    __slots__ = ("state", "tree")

    def __init__(self, state: State, tree: Tree[bool]) -> None:
        self.state, self.tree = state, tree

    def __bool__(self) -> bool:
        return self.state.decide(self.tree)

    def _with(self, how: Callable[[bool, bool], bool], other: Condition | bool) -> Condition:
        tree = other.tree if isinstance(other, Condition) else bool(other)
        return Condition(self.state, combined(self.state, how, self.tree, tree))

    def __and__(self, other: Condition | bool) -> Condition:
        return self._with(operator.and_, other)

    def __or__(self, other: Condition | bool) -> Condition:
        return self._with(operator.or_, other)

    def __invert__(self) -> Condition:
        return Condition(self.state, combined(self.state, operator.not_, self.tree))

    __rand__, __ror__ = __and__, __or__

    def choose(self, yes: Operand, no: Operand) -> Number:
        """``yes`` where it holds, ``no`` elsewhere."""
        state = self.state
        sides = number(state, yes).tree, number(state, no).tree
        return Number(state, combined(state, either, self.tree, *sides))


class Number(Entry):
    """An exact number; arithmetic that is not defined here raises."""

    __slots__ = ("state", "tree")

    def __init__(self, state: State, tree: Tree[Value]) -> None:
        self.state, self.tree = state, tree

    def _new(self, how: Callable[[Value], Value]) -> Number:
        return Number(self.state, combined(self.state, how, self.tree))

    def __add__(self, other: Operand) -> Number:
        return self._binary(self.state.field.add, other)

    def __sub__(self, other: Operand) -> Number:
        return self._binary(self.state.subtract, other)

    def __mul__(self, other: Operand) -> Number:
        return self._binary(self.state.field.multiply, other)

    def __truediv__(self, other: Operand) -> Number:
        return self._binary(self.state.divide, other)

    def _binary(self, how: Callable[[Value, Value], Value], other: Operand) -> Number:
        state, left = self.state, self.tree
        right = other.tree if type(other) is Number else number(state, other).tree
        if isinstance(left, Split) or isinstance(right, Split):
            return Number(state, combined(state, how, left, right))
        return Number(state, how(left, right))

    def __radd__(self, other: Operand) -> Number:
        return number(self.state, other) + self

    def __rsub__(self, other: Operand) -> Number:
        return number(self.state, other) - self

    def __rmul__(self, other: Operand) -> Number:
        return number(self.state, other) * self

    def __rtruediv__(self, other: Operand) -> Number:
        return number(self.state, other) / self

    def __neg__(self) -> Number:
        return self._new(self.state.negative)

    def __pow__(self, exponent: Operand) -> Number:
        power = plain(exponent)
        if isinstance(power, Entry) or power != int(power):
            raise Refused("a power whose exponent is no whole number")
        return self._new(lambda value: self.state.field.power(value, int(power)))

    def __rpow__(self, base: Operand) -> Number:
        raise Refused("a power whose exponent is no whole number")

    def __abs__(self) -> Number:
        return (self >= 0).choose(self, -self)

    def exp(self) -> Number:
        """The exponential."""
        return self._new(self.state.field.exp)

    def tanh(self) -> Number:
        """The hyperbolic tangent, by exponentials."""
        return 1 - 2 / (1 + (2 * self).exp())

    def sqrt(self) -> Number:
        """The square root."""
        return self._new(self.state.field.sqrt)

    def reduced(self) -> Number:
        """The same in lowest terms."""
        return self._new(self.state.reduced)

    def log(self) -> Number:
        """The logarithm of a number that is positive for sure."""
        return self._new(self._log)

    def log1p(self) -> Number:
        """The logarithm of one more."""
        return (self + 1).log()

    def _log(self, value: Value) -> Value:
        if not self.state.surely_positive(value):
            raise Refused("the logarithm of a number that may not be positive")
        return self.state.field.log(value)

    def __ge__(self, other: Operand) -> Condition:
        return at_least_zero(self - other)

    def __le__(self, other: Operand) -> Condition:
        return at_least_zero(number(self.state, other) - self)

    def __lt__(self, other: Operand) -> Condition:
        return ~at_least_zero(self - other)

    def __gt__(self, other: Operand) -> Condition:
        return ~at_least_zero(number(self.state, other) - self)

    def __eq__(self, other: object) -> NoReturn:
        raise Refused("whether two numbers are equal")

    def _no_other(self) -> NoReturn:
        raise Refused("a symbol as a float, a whole number or a truth value")

    __float__ = __int__ = __index__ = __bool__ = _no_other


def at_least_zero(of: Number) -> Condition:
    """Whether the number is at least zero."""
    return Condition(of.state, of.state.conditions_of(of.tree))


def number(state: State, entry: object) -> Number:
    """The number that an entry of an array is."""
    known = plain(entry)
    if isinstance(known, Number):
        return known
    if isinstance(known, Condition):
        tree = combined(state, lambda holds: state.field.constant(int(holds)), known.tree)
        return Number(state, tree)
    if isinstance(known, Entry):
        raise Refused(f"{type(known).__name__} as a number")
    return Number(state, state.field.constant(known))


def plain(entry: object) -> Entry | Fraction | int:
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


Real: TypeAlias = Number | Fraction | int
Side = TypeVar("Side", bound=Operand)


class Overflowed(Entry):
    """A product that is not finite."""


class Largest(Entry):
    """The largest of some numbers, of which only the exponent may be asked."""

    def __init__(self, state: State) -> None:
        self.state = state


class Exponent(Entry):
    """A whole number e, by the number 2 to the e."""

    __slots__ = ("power",)

    def __init__(self, power: Number) -> None:
        self.power = power

    def __neg__(self) -> Exponent:
        return Exponent(1 / self.power)

    def __add__(self, other: object) -> Exponent:
        if not isinstance(other, Exponent):
            raise Refused("an exponent and a number added")
        return Exponent(self.power * other.power)


def scaled(number: Real, exponent: Operand) -> Number:
    """ldexp: the number times a power of two, in lowest terms."""
    if not isinstance(exponent, Exponent):
        raise Refused("ldexp of a number and something other than an exponent")
    return (number * exponent.power).reduced()


def _any_exponent(entry: Operand) -> Exponent:
    if not isinstance(entry, Largest):
        raise Refused("frexp of something other than a largest number")
    return Exponent(Number(entry.state, entry.state.fresh("2^")))


def real(entry: Operand) -> Real:
    """A number, by cases or not; of a condition 1 where it holds and 0 elsewhere."""
    known = plain(entry)
    if isinstance(known, Number | Fraction | int):
        return known
    if isinstance(known, Condition):
        return number(known.state, known)
    raise Refused(f"{type(known).__name__} as a number")


def divided(left: Operand, right: Operand) -> Number | Fraction:
    """The quotient; of whole numbers, too."""
    above, below = real(left), real(right)
    return above / below if isinstance(above, Number) else Fraction(above) / below


def smaller(left: Operand, right: Operand) -> Real:
    """The smaller of two numbers: at equality either."""
    one, other = real(left), real(right)
    if not isinstance(other, Number) and other == 0:  # of a number and 0, by the number's sign
        one, other = other, one
    return chosen(other < one, other, one)


def larger(left: Operand, right: Operand) -> Real:
    """The larger of two numbers."""
    return -smaller(-real(left), -real(right))


def chosen(holds: Condition | bool, yes: Side, no: Side) -> Side | Number:
    """What `where` takes for one entry."""
    return holds.choose(yes, no) if isinstance(holds, Condition) else (yes if holds else no)


def exponential(entry: Operand) -> Real:
    """exp, of a whole number only where it is 0."""
    return _function(Number.exp, entry, {0: 1})


def logarithm1p(entry: Operand) -> Real:
    """log1p."""
    return _function(Number.log1p, entry, {0: 0})


def logarithm(entry: Operand) -> Real:
    """log."""
    return _function(Number.log, entry, {1: 0})


def hyperbolic_tangent(entry: Operand) -> Real:
    """tanh."""
    return _function(Number.tanh, entry, {0: 0})


def root(entry: Operand) -> Real:
    """sqrt of a number; of whole ones, 0 and 1."""
    return _function(Number.sqrt, entry, {0: 0, 1: 1})


def sign(entry: Operand) -> Real:
    """1, 0 or -1, by cases."""
    given = real(entry)
    return chosen(given > 0, 1, chosen(given < 0, -1, 0))


def _function(
    how: Callable[[Number], Number], entry: Operand, known: Mapping[Fraction | int, int]
) -> Number | int:
    given = real(entry)
    if isinstance(given, Number):
        return how(given)
    if given not in known:
        raise Refused(f"{how.__name__} of {given}")
    return known[given]


def _exact(how: Callable[..., object]) -> Callable[..., object]:
    return lambda *entries: how(*map(plain, entries))


ELEMENTWISE: dict[str, tuple[int, Callable[..., object]]] = {
    "add": (2, _exact(operator.add)),
    "subtract": (2, _exact(operator.sub)),
    "multiply": (2, _exact(operator.mul)),
    "divide": (2, divided),
    "power": (2, _exact(operator.pow)),
    "square": (1, lambda entry: real(entry) ** 2),
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
_LARGEST = np.frompyfunc(lambda entry: Largest(entry.state), 1, 1)
_FINITE = np.frompyfunc(lambda entry: not isinstance(entry, Overflowed), 1, 1)


class Symbols(Array):
    """Exact numbers, or constants as NumPy has them."""

    __slots__ = ()


class Exact(Domain[Symbols]):
    """Exact numbers, each by cases where a condition decides."""

    dtype = np.dtype(object)

    def refused(self, what: str) -> Exception:
        """What is not exact."""
        return Refused(what)

    def array(self, parts: tuple[Plain, ...], note: object = None) -> Symbols:
        """An array of these parts."""
        return Symbols(self, parts)

    def lifted(self, value: ArrayLike) -> Symbols:
        """Entries as they are: what each is will be seen when it is computed with."""
        return value if isinstance(value, Symbols) else symbolic(value)

    def made(self, array: Plain) -> Symbols | Plain:
        """What is made for objects is for symbols."""
        return symbolic(array) if array.dtype == object else array

    def entrywise(self, name: str, *given: Symbols) -> Symbols:
        """The function of every entry."""
        how = UFUNCS.get(name)
        if how is None:
            raise Refused(f"np.{name}")
        return symbolic(how(*(each.parts[0] for each in given)))

    def where(self, condition: ArrayLike, yes: ArrayLike, no: ArrayLike) -> Symbols:
        """The one or the other, by cases where a condition decides."""
        parts = (self.lifted(each).parts[0] for each in (condition, yes, no))
        return symbolic(_CHOSEN(*parts))

    def total(self, rows: Symbols) -> Symbols:
        """Sums of numbers, or of conditions as 0 and 1."""
        return symbolic(np.add.reduce(rows.entries.astype(object), axis=-1))

    def contracted(self, left: Symbols, right: Symbols) -> Symbols:
        """By the product of matrices of objects, each of one row and one column."""
        one, other = (each.entries.astype(object) for each in (left, right))
        found = np.matmul(one[..., np.newaxis, :], other[..., :, np.newaxis])
        return symbolic(found[..., 0, 0])

    def argmax(self, rows: Symbols) -> Integers:
        """A place along the last axis, chosen for each place of the others."""
        table = rows.entries
        if not table.shape[-1]:
            raise Refused("argmax of nothing")
        places = np.zeros(table.shape[:-1], np.intp)
        for at in np.ndindex(places.shape):
            places[at] = state_of(table).path.choose(table.shape[-1])
        return places[()]

    def max(self, rows: Symbols) -> Symbols:
        """Numbers of which only the exponent will be asked."""
        return symbolic(_LARGEST(rows.entries.take(0, axis=-1)))

    def frexp(self, array: Symbols) -> tuple[None, Symbols]:
        """Parts that nobody may read, and any exponents."""
        return None, symbolic(_EXPONENTS(array.entries))

    def reduceat(self, rows: Symbols, starts: Integers, axis: int) -> Symbols:
        """The sums of the entries of each run."""
        return symbolic(np.add.reduceat(rows.entries, starts, axis=axis))

    def bincount(self, places: Integers, numbers: Symbols, length: int) -> Symbols:
        """The sum that its definition is, entry by entry."""
        sums = np.zeros(length, object)
        for place, number in zip(places, numbers.entries, strict=True):
            sums[place] = sums[place] + number
        return symbolic(sums)

    def holds(self, condition: Symbols) -> bool:
        """Both ways are gone in turn, see `State.decide`."""
        return bool(condition.item())

    def isfinite(self, array: Symbols) -> NDArray[np.bool_]:
        """Symbols stand for finite numbers; a product that overflowed is none."""
        return np.asarray(_FINITE(array.entries)).astype(bool)


def overflowed(products: Symbols) -> Symbols:
    """Products in place of which others will have to be taken."""
    lost = np.frompyfunc(lambda entry: Overflowed(), 1, 1)(products.entries)
    return symbolic(lost)


def state_of(array: Plain) -> State:
    """The state of the numbers in an array."""
    for entry in np.asarray(array, object).flat:
        if isinstance(entry, Number):
            return entry.state
    raise Refused("a choice among constants")


def symbolic(entries: ArrayLike | Entry) -> Symbols:
    """Numbers, or a single one, as an array."""
    return Symbols(EXACT, (held(entries),))


EXACT = Exact()


class csc_array:
    """A sparse matrix by its columns: ``data``, row numbers, and where each column starts."""

    def __init__(
        self, entries: tuple[ArrayLike, Integers, Integers], shape: tuple[int, int]
    ) -> None:
        given, self.rows, self.starts = entries
        self.data, self.shape = EXACT.lifted(given).entries, shape
        fits = len(self.data) == len(self.rows) == self.starts[-1]
        if not fits or self.starts[0] != 0 or len(self.starts) != shape[1] + 1:
            raise ValueError("arrays that make no matrix by columns")
        if len(self.rows) and not 0 <= min(self.rows) <= max(self.rows) < shape[0]:
            raise ValueError("a row number out of range")

    def __matmul__(self, dense: ArrayLike) -> Symbols:
        rows = EXACT.lifted(dense).entries
        if len(rows) != self.shape[1]:
            raise ValueError(f"a matrix of shape {self.shape} times {len(rows)} rows")
        sums = np.zeros((self.shape[0], *rows.shape[1:]), object)
        for column, row in enumerate(rows):
            for n in range(self.starts[column], self.starts[column + 1]):
                place = self.rows[n]
                sums[place] = sums[place] + row * self.data[n]
        return symbolic(sums)
