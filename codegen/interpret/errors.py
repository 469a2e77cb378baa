"""The domain of numbers with errors: one number, arrays of them, and what is assumed of arithmetic.

What the bounds assume of the arithmetic: named hypotheses, one record for each precision.

H1  + - * / sqrt and conversions are rounded to nearest with gradual underflow (IEEE 754); negation,
    absolute value, minimum, comparison and selection are exact.
H2  exp(x) is within ``exp_ulps`` of the exact value in units in the last place, wherever that is
    in range; exp(0) is 1.
H3  log1p(x) is within ``log1p_ulps`` likewise, for x >= -1/2; log1p(0) is 0.
H4  A sum of n terms is n - 1 additions in some order, an inner product of length n is n products
    and n - 1 additions, any of them fused. So a product of matrices is not of Strassen's kind, and
    not in a lower precision.

A unit in the last place is the spacing of floats at the exact value, and no smaller than the
smallest subnormal. H2 and H3 are measured (`codegen.rounding.scalar_core`), not
proved: NumPy states no bound. With NumPy 2.4.6 on x86-64, with AVX-512, with AVX2 and with neither,
the worst was

    float64, sampled points      exp 0.72    log1p 0.70
    float32, every float         exp 2.54    log1p 1.96    (AVX-512; the others less, at points)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TypeVar

import numpy as np
from flint import arb
from numpy.typing import ArrayLike, NDArray

from codegen.interpret.array import Array, Domain, Integers, Plain, Term, held
from codegen.interpret.branching import Path


@dataclass(frozen=True)
class Hypotheses:
    """H1 to H4 for one dtype, with the bounds of H2 and H3 in ulp."""

    dtype: np.dtype[np.floating]
    exp_ulps: float
    log1p_ulps: float

    @cached_property
    def u(self) -> arb:
        """The unit roundoff: half a spacing of floats at 1."""
        return arb(float(np.finfo(self.dtype).eps)) / 2

    @cached_property
    def subnormal(self) -> arb:
        """The smallest number above 0."""
        return arb(float(np.finfo(self.dtype).smallest_subnormal))

    @cached_property
    def normal(self) -> arb:
        """The smallest number of full precision."""
        return arb(float(np.finfo(self.dtype).smallest_normal))

    @cached_property
    def largest(self) -> arb:
        """The largest finite number."""
        return arb(float(np.finfo(self.dtype).max))


FLOAT64 = Hypotheses(np.dtype(np.float64), exp_ulps=1, log1p_ulps=1)
FLOAT32 = Hypotheses(np.dtype(np.float32), exp_ulps=3, log1p_ulps=2)
ASSUMED = (FLOAT64, FLOAT32)


# A real number together with all that rounding can make of it.
#
# A `Number` stands for an exact ``value`` (a ball around it) and for every computed value
#
#     value + sum over j of linear[j] eps_j + rest_,     |eps_j| <= 1, |rest_| <= rest.
#
# The eps_j are errors made once and carried on: what a score and an exponential are off by. Where
# such an error reaches a result twice, as in z - z or e / (1 + e), it cancels here as it does in
# the floats. All other errors are added up in ``rest``, in absolute value. Every rule below holds
# for all values of the eps, to all orders: what is not linear in them goes to the rest. An
# operation is the exact operation, its errors, one rounding.
#
# Sums and inner products are under H4: in any order, fused or not. A term of a sum of n passes
# through n - 1 additions at most, whatever their order, so that the sum is off by gamma(n - 1)
# times the sum of the terms' magnitudes, gamma(k) = k u / (1 - k u); a product is one rounding
# more, and may underflow. Higham, Accuracy and Stability of Numerical Algorithms, sections 3.1
# and 4.2. Terms that are exactly zero are added without a rounding.


ZERO, ONE = arb(0), arb(1)
_symbols = count()


class Unbounded(Exception):
    """No bound can be given: the computed value may overflow, or a divisor may be zero."""


@dataclass(frozen=True, eq=False)
class Number:
    """An exact value and the errors that the computed one may have."""

    value: arb
    linear: dict[int, arb] = field(default_factory=dict)
    rest: arb = ZERO

    @cached_property
    def deviation(self) -> arb:
        """A bound on the distance of the computed from the exact value."""
        return sum((abs(each) for each in self.linear.values()), self.rest).upper()

    @cached_property
    def magnitude(self) -> arb:
        """A bound on the absolute value of the computed value."""
        return (self.value.abs_upper() + self.deviation).upper()

    @property
    def is_exact(self) -> bool:
        """Whether the computed value is the exact one."""
        return not self.linear and self.rest.is_zero()

    def is_exactly(self, number: int) -> bool:
        """Whether it is this number, computed and exact."""
        return bool(self.is_exact and self.value == number)

    @property
    def is_sure_power_of_two(self) -> bool:
        """Whether a product with it is exact but for underflow."""
        if not (self.is_exact and self.value.is_exact()):
            return False
        mantissa = abs(int(self.value.man_exp()[0]))
        return mantissa & (mantissa - 1) == 0

    def sign(self) -> int | None:
        """1 where exact and computed value are both >= 0, -1 where both are < 0, else None."""
        if self.value.lower() >= self.deviation:
            return 1
        return -1 if self.value.upper() < -self.deviation else None


def with_new_error(value: arb, linear: dict[int, arb], rest: arb, error: arb) -> Number:
    """The number with an error of its own, to be carried on as one."""
    if error.is_zero():
        return Number(value, linear, rest)
    return Number(value, {**linear, next(_symbols): error}, rest)


def rounded(h: Hypotheses, value: arb, linear: dict[int, arb], rest: arb) -> Number:
    """The result of one operation that is rounded to nearest: off by half a spacing of floats.

    Raises Unbounded if it may overflow.
    """
    before = in_range(h, Number(value, linear, rest.upper()))
    if before.is_exactly(0):
        return before
    error = half_spacing(h, before.magnitude).max(h.subnormal / 2)
    return Number(value, linear, (rest + error).upper())


def half_spacing(h: Hypotheses, magnitude: arb) -> arb:
    """What rounding costs a number no larger than this, at full precision: u times a power of two.

    A power of two is a float itself, so that below it the spacing of its lower side counts.
    """
    if magnitude.is_zero():
        return ZERO
    mantissa, exponent = magnitude.man_exp()
    return h.u * arb(2) ** (int(exponent) + (int(mantissa) - 1).bit_length() - 1)


def in_range(h: Hypotheses, number: Number) -> Number:
    """The number, unless rounding to nearest may take it past the largest float."""
    if not number.magnitude <= h.largest * (1 + h.u / 2):
        raise Unbounded("a result may be out of range")
    return number


def combined(
    left: dict[int, arb], right: dict[int, arb], by_left: arb, by_right: arb
) -> dict[int, arb]:
    """by_left times one linear form plus by_right times the other."""
    result = {each: by_left * factor for each, factor in left.items()}
    for each, factor in right.items():
        result[each] = result.get(each, ZERO) + by_right * factor
    return {each: factor for each, factor in result.items() if not factor.is_zero()}


def add(h: Hypotheses, x: Number, y: Number) -> Number:
    """x + y. A sum in the subnormal range is exact, and so is x + 0."""
    value = x.value + y.value
    linear = combined(x.linear, y.linear, ONE, ONE)
    rest = (x.rest + y.rest).upper()
    before = in_range(h, Number(value, linear, rest))
    if x.is_exactly(0) or y.is_exactly(0) or before.magnitude <= h.normal:
        return before
    return Number(value, linear, (rest + half_spacing(h, before.magnitude)).upper())


def subtract(h: Hypotheses, x: Number, y: Number) -> Number:
    """x - y. A number less itself is 0: one `Number` is one computed value."""
    if x is y:
        return Number(ZERO)
    return add(h, x, negative(h, y))


def negative(_: Hypotheses, x: Number) -> Number:
    """-x, exactly."""
    return Number(-x.value, {each: -factor for each, factor in x.linear.items()}, x.rest)


def product(x: Number, y: Number) -> Number:
    """x y before it is rounded: (x + dx) (y + dy) = x y + x dy + y dx + dx dy."""
    linear = combined(x.linear, y.linear, y.value, x.value)
    rest = abs(x.value) * y.rest + abs(y.value) * x.rest + x.deviation * y.deviation
    return Number(x.value * y.value, linear, rest.upper())


def is_product_exact(x: Number, y: Number) -> bool:
    """Whether the product of both needs no rounding: with 0, 1 or -1."""
    return any(each.is_exactly(number) for each in (x, y) for number in (0, 1, -1))


def multiply(h: Hypotheses, x: Number, y: Number) -> Number:
    """x y."""
    exact = product(x, y)
    if is_product_exact(x, y):
        return exact
    if x.is_sure_power_of_two or y.is_sure_power_of_two:
        lost = h.subnormal / 2
        return in_range(h, Number(exact.value, exact.linear, (exact.rest + lost).upper()))
    return rounded(h, exact.value, exact.linear, exact.rest)


def divide(h: Hypotheses, x: Number, y: Number) -> Number:
    """x / y = q: (x + dx) / (y + dy) - q = (dx - q dy) / y - (dx - q dy) dy / (y (y + dy))."""
    if y.is_exactly(1):
        return x
    if y.is_exact and y.value.is_exact() and not y.value.is_finite() and x.value.is_finite():
        return Number(ZERO)  # by an infinite number that is given, not one that overflowed
    least = (y.value.abs_lower() - y.deviation).lower()
    if not least > 0:
        raise Unbounded("a divisor may be zero")
    value = x.value / y.value
    numerator = Number(
        ZERO, combined(x.linear, y.linear, ONE, -value), (x.rest + abs(value) * y.rest).upper()
    )
    linear = {each: factor / y.value for each, factor in numerator.linear.items()}
    rest = numerator.rest + numerator.deviation * y.deviation / least
    return rounded(h, value, linear, (rest / abs(y.value)).upper())


def square(h: Hypotheses, x: Number, power: Number) -> Number:
    """x ** 2, a product; no other power is known."""
    if not power.is_exactly(2):
        raise TypeError("the only power with a bound is 2")
    return multiply(h, x, x)


def exp(h: Hypotheses, x: Number) -> Number:
    """exp(x): e^x (1 + dx + (e^dx - 1 - dx)), then H2. The error of H2 is carried on as one."""
    if x.is_exactly(0):
        return Number(ONE)
    value = x.value.exp()
    deviation = x.deviation
    rest = value * (x.rest + (deviation.expm1() - deviation))
    linear = {each: value * factor for each, factor in x.linear.items()}
    result = in_range(h, Number(value, linear, rest.upper()))
    return with_new_error(value, linear, result.rest, h.exp_ulps * ulp(h, value * deviation.exp()))


def log1p(h: Hypotheses, x: Number) -> Number:
    """log1p(x + dx) = log1p(x) + log1p(q), q = dx / (1 + x), |log1p(q) - q| by q^2; then H3.

    Raises Unbounded where x may be below -1/2: H3 says nothing of that.
    """
    if x.is_exactly(0):
        return x
    if not x.value.lower() - x.deviation >= -0.5:
        raise Unbounded("log1p of what may be below -1/2")
    value = x.value.log1p()
    linear = {each: factor / (1 + x.value) for each, factor in x.linear.items()}
    relative = (x.deviation / (1 + x.value)).upper()
    if not relative < 1:
        raise Unbounded("log1p of what may be -1")
    beyond = relative**2 / (2 * (1 - relative))
    rest = (x.rest / (1 + x.value) + beyond).upper()
    reached = Number(value, linear, rest).magnitude
    return with_new_error(value, linear, rest, h.log1p_ulps * ulp(h, reached))


def sqrt(h: Hypotheses, x: Number) -> Number:
    """sqrt(x + dx) = sqrt(x) + dx / (2 sqrt(x)) + r, |r| <= dx^2 / (8 (x - |dx|)^(3/2)).

    Raises Unbounded where x may be 0, at which the slope is not finite.
    """
    if x.is_exactly(0) or x.is_exactly(1):
        return x
    least = (x.value.lower() - x.deviation).lower()
    if not least > 0:
        raise Unbounded("the square root of what may be 0")
    value = x.value.sqrt()
    linear = {each: factor / (2 * value) for each, factor in x.linear.items()}
    beyond = x.deviation**2 / (8 * least * least.sqrt())
    return rounded(h, value, linear, (x.rest / (2 * value) + beyond).upper())


def ulp(h: Hypotheses, value: arb) -> arb:
    """The spacing of floats at a value, or at any that its ball holds: the largest."""
    largest = value.abs_upper()
    if largest.is_zero():
        return h.subnormal
    mantissa, exponent = largest.man_exp()
    binade = arb(2) ** (int(exponent) + int(mantissa).bit_length() - 1)
    return (2 * h.u * binade).max(h.subnormal)


def absolute(_: Hypotheses, x: Number) -> Number:
    """|x|, exactly; where the sign is open, errors are no longer carried but added up."""
    sign = x.sign()
    if sign is None:
        return Number(abs(x.value), {}, x.deviation)
    return x if sign > 0 else negative(_, x)


def minimum(h: Hypotheses, x: Number, y: Number) -> Number:
    """The smaller of both, exactly."""
    sign = subtract_exactly(x, y).sign()
    if sign is None:
        return Number(x.value.min(y.value), {}, x.deviation.max(y.deviation))
    return y if sign > 0 else x


def maximum(h: Hypotheses, x: Number, y: Number) -> Number:
    """The larger of both, exactly; where rounding leaves open which, off by the larger error e:
    x + dx and y + dy are at most max(x, y) + e, and one of them is at least max(x, y) - e.
    """
    sign = subtract_exactly(x, y).sign()
    if sign is None:
        return Number(x.value.max(y.value), {}, x.deviation.max(y.deviation))
    return x if sign > 0 else y


def converted(h: Hypotheses, x: Number) -> Number:
    """A number of another dtype, rounded once to this one; one that this dtype holds is as it was.

    H1 says so of conversions: off by half a spacing of floats here, whatever x was off by before.
    """
    if x.is_exact and arb(float(h.dtype.type(float(x.value)))) == x.value:
        return x
    return rounded(h, x.value, x.linear, x.rest)


def subtract_exactly(x: Number, y: Number) -> Number:
    """x - y, not rounded: to compare."""
    return Number(
        x.value - y.value, combined(x.linear, y.linear, ONE, -ONE), (x.rest + y.rest).upper()
    )


def either(is_first: bool | None, x: Number, y: Number) -> Number:
    """What is computed as x or as y; exactly it is x or y as said, or, if None, one of both."""
    apart = (x.value - y.value).abs_upper()
    rest = (apart + x.deviation.max(y.deviation)).upper()
    if is_first is None:
        return Number(x.value.union(y.value), {}, rest)
    return Number(x.value if is_first else y.value, {}, rest)


def total(h: Hypotheses, terms: Sequence[Number]) -> Number:
    """The sum of the terms, in any order."""
    present = [term for term in terms if not term.is_exactly(0)]
    return _sum(h, present, gamma(h, len(present) - 1), ZERO, is_new=False)


def inner(h: Hypotheses, pairs: Sequence[tuple[Number, Number]]) -> Number:
    """The sum of the products of the pairs, in any order, fused or not.

    If the factors are exact, as the inputs are, its error is carried on as one.
    """
    products = [(product(x, y), is_product_exact(x, y)) for x, y in pairs]
    present = [(term, is_exact) for term, is_exact in products if not term.is_exactly(0)]
    roundings = len(present) - all(is_exact for _, is_exact in present)
    relative = gamma(h, roundings)
    lost = sum(not is_exact for _, is_exact in present) * h.subnormal / 2 * (1 + relative)
    is_new = all(x.is_exact and y.is_exact for x, y in pairs)
    return _sum(h, [term for term, _ in present], relative, lost, is_new)


def gamma(h: Hypotheses, roundings: int) -> arb:
    """What so many roundings in a row can do to a term, relatively."""
    if roundings <= 0:
        return ZERO
    together = roundings * h.u
    if not together < 1:
        raise Unbounded(f"a sum of {roundings + 1} terms in {h.dtype}")
    return (together / (1 - together)).upper()


def _sum(h: Hypotheses, terms: Sequence[Number], relative: arb, lost: arb, is_new: bool) -> Number:
    value, rest, size = ZERO, ZERO, ZERO
    linear: dict[int, arb] = {}
    for term in terms:
        value += term.value
        rest += term.rest
        size += term.magnitude
        linear = combined(linear, term.linear, ONE, ONE)
    error = (relative * size + lost).upper()
    in_range(h, Number((size + error).upper()))  # no partial sum is larger, in whatever order
    if is_new:
        return with_new_error(value, linear, rest.upper(), error)
    return Number(value, linear, (rest + error).upper())


# The domain of numbers with errors: what rounding can make of everything that is computed.
#
# Numbers are given without errors: arrays of the dtype, and single whole numbers. Where rounding
# leaves open which entry is largest, a run is repeated with each of those that may be.


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
    difference = subtract_exactly(x, y)
    sign = difference.sign()
    if sign is not None:
        return Comparison(sign > 0, is_sure=True)
    exact = Number(difference.value).sign()
    return Comparison(None if exact is None else exact > 0, is_sure=False)


# a function of the hypotheses and of numbers for each of NumPy's, by its name
FUNCTIONS: dict[str, Callable[..., Number | Comparison]] = {
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "negative": negative,
    "absolute": absolute,
    "minimum": minimum,
    "maximum": maximum,
    "power": square,
    "exp": exp,
    "log1p": log1p,
    "sqrt": sqrt,
    "greater_equal": at_least,
}


class Numbers(Array):
    """Arrays of `Number`, or of comparisons of them."""

    __slots__ = ()
    parts: tuple[NDArray[np.object_], ...]

    @property
    def entries(self) -> NDArray[np.object_]:
        """The numbers."""
        return self.parts[0]

    def numbers(self) -> list[Number]:
        """One after the other."""
        found: list[Number] = self.parts[0].ravel().tolist()
        return found


@dataclass(frozen=True)
class Errors(Domain[Numbers]):
    """Numbers of one dtype; in double, they may have come from a ``narrow`` one and become such."""

    h: Hypotheses
    narrow: Hypotheses | None = None
    models = ("row_sums", "matrix_of")

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """What the code sees."""
        return self.h.dtype

    def refused(self, what: str) -> Exception:
        """What has no rule."""
        return TypeError(f"no rule for {what}")

    def array(self, parts: tuple[Plain, ...], note: object = None) -> Numbers:
        """An array of these parts."""
        return Numbers(self, parts)

    def lifted(self, value: ArrayLike) -> Numbers:
        """Numbers without errors: arrays of the dtype, and single whole numbers.

        Another Python float is refused: it was rounded before, out of sight. So is an array of
        another dtype, with which NumPy would compute in a third.
        """
        h = self.h
        if isinstance(value, Numbers):
            if value.dtype != h.dtype:
                raise TypeError(f"no rule for numbers of {value.dtype} among {h.dtype}")
            return value
        if isinstance(value, int | float):
            if value != int(value):
                raise TypeError(f"{value!r} was computed out of sight")
            if abs(value) * h.u >= 0.5:
                raise TypeError(f"{h.dtype} does not hold {value}")
            return self.array((held(Number(arb(value))),))
        array = np.asarray(value)
        if array.dtype != h.dtype:
            raise TypeError(f"no rule for an array of {array.dtype} among {h.dtype}")
        entries = np.empty(array.size, object)
        entries[:] = [Number(arb(each)) for each in array.reshape(-1).tolist()]
        return self.array((entries.reshape(array.shape),))

    def entrywise(self, name: str, *given: Numbers) -> Numbers:
        """The function of every entry, and its errors."""
        how = FUNCTIONS.get(name)
        if how is None:
            raise self.refused(f"np.{name}")
        of_each = np.frompyfunc(lambda *numbers: how(self.h, *numbers), len(given), 1)
        return self.array((held(of_each(*(each.entries for each in given))),))

    def where(self, condition: ArrayLike, yes: ArrayLike, no: ArrayLike) -> Numbers:
        """The one or the other; what is computed as either, where rounding decides."""

        def one(is_first: bool | Comparison, x: Number, y: Number) -> Number:
            if isinstance(is_first, Comparison):
                if not is_first.is_sure:
                    return either(is_first.exactly, x, y)
                is_first = bool(is_first.exactly)
            return x if is_first else y

        holds = condition.entries if isinstance(condition, Numbers) else condition
        sides = (self.lifted(each).entries for each in (yes, no))
        return self.array((held(np.frompyfunc(one, 3, 1)(holds, *sides)),))

    def total(self, rows: Numbers) -> Numbers:
        """Sums in any order."""
        return self.array((along(rows.entries, lambda row: total(self.h, row)),))

    def contracted(self, left: Numbers, right: Numbers) -> Numbers:
        """Inner products in any order, fused or not."""
        one, other = np.broadcast_arrays(left.entries, right.entries)
        result = np.empty(one.shape[:-1], object)
        for at in np.ndindex(result.shape):
            result[at] = inner(self.h, list(zip(one[at], other[at], strict=True)))
        return self.array((result,))

    def argmax(self, rows: Numbers) -> Integers:
        """A place that may be that of the largest as computed: each has a run of its own."""
        return along(rows.entries, _leading).astype(np.intp)[()]

    def bincount(self, places: Integers, numbers: Numbers, length: int) -> Numbers:
        """Sums in double, whatever the dtype: n numbers by n - 1 additions, in any order.

        The conversion to double is exact. So each sum is off by gamma(n - 1) times the sum of
        sizes, with the unit roundoff of double, and carries on what the numbers were off by.
        """
        is_double = self.h.dtype == FLOAT64.dtype
        h = self.h if is_double else FLOAT64
        entries = np.empty(length, object)
        for place in range(length):
            entries[place] = total(h, list(numbers.entries[places == place]))
        return Numbers(self if is_double else Errors(FLOAT64, self.h), (entries,))

    def is_product_finite(self, left: Numbers, right: Numbers) -> bool:
        """Only where a bound says so; if it is not, every product is looked at."""
        try:
            inner(self.h, list(zip(left.entries, right.entries, strict=True)))
        except Unbounded:
            return False
        return True

    def converted(self, array: Numbers, dtype: np.dtype[np.generic]) -> Numbers:
        """Rounded once to the dtype that the numbers came from."""
        narrow = self.narrow
        if narrow is None or dtype != narrow.dtype:
            return super().converted(array, dtype)
        entries = np.frompyfunc(lambda number: converted(narrow, number), 1, 1)(array.entries)
        return Numbers(Errors(narrow), (held(entries),))

    def row_sums(self, words: Integers, terms: Sequence[Term[Numbers]]) -> Numbers:
        """For each of the words, in order: inner products of numbers and entries, in any order."""
        found: dict[int, list[tuple[Number, Sequence[Number]]]] = {int(word): [] for word in words}
        for places, numbers, rows in terms:
            for n, word in enumerate(places):
                number = Number(ONE) if numbers is None else numbers.entries[n]
                found[int(word)].append((number, rows.entries[n]))
        width = terms[0][2].shape[-1]
        values = np.empty((len(words), width), object)
        for place, pairs in enumerate(found.values()):
            for i in range(width):
                values[place, i] = inner(self.h, [(number, row[i]) for number, row in pairs])
        return self.array((values,))


def lifted(value: ArrayLike, h: Hypotheses) -> Numbers:
    """Numbers without errors."""
    return Errors(h).lifted(value)


def with_errors(entries: Plain, h: Hypotheses) -> Numbers:
    """Numbers that have errors already."""
    return Numbers(Errors(h), (entries,))


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


def _leading(row: Sequence[Number]) -> int:
    least = max((each.value - each.deviation).lower() for each in row)
    return choose([n for n, each in enumerate(row) if not each.value + each.deviation < least])


def along(entries: Plain, function: Callable[[Sequence[Number]], Number | int]) -> Plain:
    """The function of each row along the last axis."""
    result = np.empty(entries.shape[:-1], object)
    for at in np.ndindex(result.shape):
        result[at] = function(list(entries[at]))
    return result
