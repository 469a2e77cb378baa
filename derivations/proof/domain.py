"""Domains of values that terms and index expressions are evaluated in, and dual numbers over them.

A dual number is a value and its tangent: differentiation by rule (forward mode), the second route
to every derivative.

Sines and cosines of multiples and sums of angles are calculated from tangents of half of them. With
t = tan(a/2), cos a = (1 - t^2) / (1 + t^2) and sin a = 2 t / (1 + t^2); for sums of angles
cos a + i sin a is multiplied (NIST Digital Library of Mathematical Functions, 4.21). These are
identities wherever t has a value, so that what is zero is zero there, and by continuity wherever
it has one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Generic, Protocol, TypeVar

from flint import arb
from sympy import Basic

from derivations.proof.fragment import NoValue, OutsideFragment

Key = tuple[str, tuple[int, ...]]  # a coordinate: what it is an entry of, and where
Scope = Mapping[Basic, object]
V = TypeVar("V")


Partials = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Family:
    """The entries of a matrix, or of one ``row`` of it, as an argument: by their places there."""

    base: str
    row: tuple[int, ...]
    places: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """An application as index notation writes it: all labels, and what the arrays are."""

    labels: tuple[int, ...]
    arrays: tuple[Family, ...]


@dataclass(frozen=True, slots=True)
class Application(Generic[V]):
    """An arbitrary function at some arguments, or a partial derivative of it there.

    The arguments are labels, and after them arrays: the entries row by row, of which a number
    has one. ``partials`` says for each derivative which entry of which argument it is by; they
    commute, so these are sorted.
    """

    function: str
    arguments: tuple[int | tuple[V, ...], ...]
    partials: Partials = ()
    written: Written | None = field(default=None, compare=False)

    def by(self, argument: int, entry: int) -> Application[V]:
        """The partial derivative by one entry of one argument."""
        return replace(self, partials=tuple(sorted((*self.partials, (argument, entry)))))


class Domain(Protocol[V]):
    """Values that can be added, multiplied, and so on.

    `arbitrary` gives applications with equal arguments one value. `sign` is 1, 0 or -1; a domain
    raises what it likes where it does not know. `apply` has the functions that are made of nothing
    else here.
    """

    def constant(self, value: Fraction | int) -> V: ...
    def parameter(self, key: Key) -> V: ...
    def arbitrary(self, application: Application[V]) -> V: ...
    def add(self, left: V, right: V) -> V: ...
    def multiply(self, left: V, right: V) -> V: ...
    def power(self, base: V, exponent: int) -> V: ...
    def exp(self, value: V) -> V: ...
    def log(self, value: V) -> V: ...
    def sign(self, value: V) -> int: ...
    def pi(self) -> V: ...
    def apply(self, primitive: Primitive, value: V) -> V: ...


class Slope(Protocol):
    """The derivative of a function where it has the value ``result``."""

    def __call__(self, domain: Domain[V], value: V, result: V, /) -> V: ...


@dataclass(frozen=True)
class Primitive:
    """A function that domains know by its name, by its values in balls, and by its derivative.

    ``odd`` says that f(-z) is -f(z), for every z of which it has a value.
    """

    name: str
    ball: Callable[[arb], arb]
    slope: Slope
    odd: bool = False


def _slope_of_root(domain: Domain[V], value: V, result: V, /) -> V:
    return domain.power(domain.multiply(domain.constant(2), result), -1)


def _slope_of_sign(domain: Domain[V], value: V, result: V, /) -> V:
    if domain.sign(value) == 0:
        raise NoValue("the derivative where a sign changes")
    return domain.constant(0)


ROOT, SIGN = "sqrt", "sign"
SQUARE_ROOT = Primitive(ROOT, arb.sqrt, _slope_of_root)
SIGNUM = Primitive(SIGN, arb.sgn, _slope_of_sign)


# Dual numbers: differentiation by rule (forward mode), the second route to every derivative.
#
# A pair carries a value and its tangent, the derivative by one coordinate; sums, products, powers,
# exponentials and logarithms follow the rules of calculus, exp(f)' = exp(f) f' above all, and an
# arbitrary function the chain rule. It is a domain over any other domain, so that derivatives nest.


@dataclass(frozen=True, slots=True)
class Pair(Generic[V]):
    """A value and its derivative."""

    value: V
    tangent: V


class Dual(Generic[V]):
    """The domain of pairs over ``base``: derivatives by the coordinate ``by``.

    With None for it no coordinate varies, only what is given as `varying`.
    """

    def __init__(self, base: Domain[V], by: Key | None) -> None:
        self.base, self.by = base, by
        self.zero = base.constant(0)

    def constant(self, value: Fraction | int) -> Pair[V]:
        return Pair(self.base.constant(value), self.zero)

    def lifted(self, value: V) -> Pair[V]:
        """A value that does not vary."""
        return Pair(value, self.zero)

    def varying(self, value: V) -> Pair[V]:
        """A value that the derivative is by."""
        return Pair(value, self.base.constant(1))

    def parameter(self, key: Key) -> Pair[V]:
        value = self.base.parameter(key)
        return self.varying(value) if key == self.by else self.lifted(value)

    def arbitrary(self, application: Application[Pair[V]]) -> Pair[V]:
        """The chain rule over all entries of all arguments; a label does not vary."""
        here: Application[V] = Application(
            application.function,
            tuple(
                each if isinstance(each, int) else tuple([pair.value for pair in each])
                for each in application.arguments
            ),
            application.partials,
            application.written,
        )
        tangent = self.zero
        for number, argument in enumerate(application.arguments):
            for entry, pair in enumerate(() if isinstance(argument, int) else argument):
                if pair.tangent is not self.zero:
                    partial = self.base.arbitrary(here.by(number, entry))
                    tangent = self._add(tangent, self._scale(pair.tangent, partial))
        return Pair(self.base.arbitrary(here), tangent)

    def add(self, left: Pair[V], right: Pair[V]) -> Pair[V]:
        return Pair(self.base.add(left.value, right.value), self._add(left.tangent, right.tangent))

    def _add(self, left: V, right: V) -> V:
        """The sum; most tangents are the constant zero, which costs nothing."""
        if left is self.zero:
            return right
        return left if right is self.zero else self.base.add(left, right)

    def _scale(self, tangent: V, by: V) -> V:
        return tangent if tangent is self.zero else self.base.multiply(tangent, by)

    def multiply(self, left: Pair[V], right: Pair[V]) -> Pair[V]:
        first = self._scale(left.tangent, right.value)
        second = self._scale(right.tangent, left.value)
        return Pair(self.base.multiply(left.value, right.value), self._add(first, second))

    def power(self, base: Pair[V], exponent: int) -> Pair[V]:
        domain = self.base
        value = domain.power(base.value, exponent)
        if base.tangent is self.zero or exponent == 0:
            return Pair(value, self.zero)
        outer = domain.multiply(domain.constant(exponent), domain.power(base.value, exponent - 1))
        return Pair(value, domain.multiply(outer, base.tangent))

    def exp(self, value: Pair[V]) -> Pair[V]:
        result = self.base.exp(value.value)
        return Pair(result, self._scale(value.tangent, result))

    def log(self, value: Pair[V]) -> Pair[V]:
        result = self.base.log(value.value)
        if value.tangent is self.zero:
            return Pair(result, self.zero)
        return Pair(result, self.base.multiply(value.tangent, self.base.power(value.value, -1)))

    def pi(self) -> Pair[V]:
        return self.lifted(self.base.pi())

    def apply(self, primitive: Primitive, value: Pair[V]) -> Pair[V]:
        result = self.base.apply(primitive, value.value)
        if value.tangent is self.zero:
            return Pair(result, self.zero)
        slope = primitive.slope(self.base, value.value, result)
        return Pair(result, self.base.multiply(value.tangent, slope))

    def sign(self, value: Pair[V]) -> int:
        """That of the value; none where this is zero and varies, since |z| has a kink there."""
        sign = self.base.sign(value.value)
        if sign == 0 and value.tangent is not self.zero:
            raise NoValue("the derivative where a sign changes")
        return sign


MOST_TURNS = 12  # of one angle


def quarter_turn(domain: Domain[V], number: int) -> tuple[V, V]:
    """That many right angles."""
    zero, one, minus = (domain.constant(each) for each in (0, 1, -1))
    return ((one, zero), (zero, one), (minus, zero), (zero, minus))[number % 4]


def multiple_angle(domain: Domain[V], tangent: V, times: int) -> tuple[V, V]:
    """So many times the angle of which the tangent of a half is given."""
    if abs(times) > MOST_TURNS:
        raise OutsideFragment(f"more than {MOST_TURNS} times an angle")
    one, square = domain.constant(1), domain.power(tangent, 2)
    below = domain.power(domain.add(one, square), -1)
    above = domain.add(one, domain.multiply(domain.constant(-1), square))
    twice = domain.multiply(domain.constant(2 if times > 0 else -2), tangent)
    once = domain.multiply(above, below), domain.multiply(twice, below)
    found = quarter_turn(domain, 0)
    for _ in range(abs(times)):
        found = angle_sum(domain, found, once)
    return found


def angle_sum(domain: Domain[V], one: tuple[V, V], other: tuple[V, V]) -> tuple[V, V]:
    """The sum of two angles."""
    (c, s), (d, t) = one, other
    product = domain.multiply
    minus = domain.multiply(domain.constant(-1), product(s, t))
    return domain.add(product(c, d), minus), domain.add(product(s, d), product(c, t))


def of_turn(domain: Domain[V], name: str, turn: tuple[V, V]) -> V:
    """The function of this name."""
    cosine, sine = turn
    match name:
        case "cos":
            return cosine
        case "sin":
            return sine
        case "tan":
            return domain.multiply(sine, domain.power(cosine, -1))
    raise ValueError(name)
