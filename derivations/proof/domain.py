"""Domains of values that terms and index expressions are evaluated in.

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
