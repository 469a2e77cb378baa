"""Protocol of a domain of values: what terms and index expressions are evaluated in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Generic, Protocol, TypeVar

from flint import arb
from sympy import Basic

from derivations.proof.fragment import NoValue

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
    def parameter(self, key: Hashable) -> V: ...
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
