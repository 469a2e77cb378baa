"""One number of a run: an element of the exact field, or one for each side of a condition.

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
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from codegen.execute.paths import Path
from codegen.execute.refused import Refused
from derivations.proof.field import Field, Value

MOST_CASES = 512
MOST_PARTS = 4096  # of a fraction that a float stands for


@dataclass(frozen=True, slots=True)
class Split:
    """One tree where a condition, by number, holds, and one where it does not."""

    condition: int
    yes: Any
    no: Any


class World:
    """What the numbers of one run share: the field, the conditions met so far, the path."""

    def __init__(self, field: Field, path: Path) -> None:
        self.field = field
        self.path = path
        self.conditions: list[Value] = []
        self.decided: dict[int, bool] = {}
        self.minus_one = field.constant(-1)

    def number(self, entry: Any) -> Number:
        """The number that an entry of an array is."""
        entry = plain(entry)
        if isinstance(entry, Number):
            return entry
        if isinstance(entry, Condition):
            return Number(self, mapped(self, lambda holds: self.field.constant(int(holds)), entry))
        return Number(self, self.field.constant(entry))

    def equal(self, left: Any, right: Any) -> bool:
        """Whether two leaves of trees are the same."""
        if isinstance(left, bool):
            return left is right
        if left is right:
            return True
        return self.field.is_zero(self.subtract(left, right))

    def subtract(self, left: Value, right: Value) -> Value:
        """The difference in the field."""
        return self.field.add(left, self.field.multiply(self.minus_one, right))

    def divide(self, left: Value, right: Value) -> Value:
        """The quotient in the field."""
        return self.field.multiply(left, self.field.power(right, -1))

    def at_least_zero(self, value: Value) -> Any:
        """The tree of whether a value is at least zero."""
        if self.field.is_zero(value):
            return True
        if value.numerator.is_constant() and not value.denominator:
            return value.numerator.leading_coefficient() > 0
        number = next((n for n, known in enumerate(self.conditions) if known == value), None)
        if number is None:
            number = len(self.conditions)
            self.conditions.append(value)
        return self.decided.get(number, Split(number, True, False))

    def decide(self, tree: Any) -> bool:
        """Whether a condition holds on this path: both ways are gone in turn."""
        while isinstance(tree, Split):
            if tree.condition not in self.decided:
                self.decided[tree.condition] = self.path.choose(2) == 0
            tree = tree.yes if self.decided[tree.condition] else tree.no
        return bool(tree)

    def surely_positive(self, value: Value) -> bool:
        """Whether it is a quotient of sums of exponentials with positive coefficients."""
        parts = [value.numerator, *(self.field.irreducible[n] for n, _ in value.denominator)]
        exponentials = set(self.field.arguments)
        return all(
            all(q > 0 for q in part.coeffs())
            and all(n in exponentials for n, degree in enumerate(part.degrees()) if degree > 0)
            for part in parts
        )


def plain(entry: Any) -> Any:
    """A number, a condition, or a rational number; anything else is refused."""
    if isinstance(entry, Number | Condition | int | Fraction):
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


def combined(world: World, how: Callable[..., Any], *trees: Any) -> Any:
    """The function of leaves applied under all conditions; cases that agree are one."""
    splits = [tree.condition for tree in trees if isinstance(tree, Split)]
    if not splits:
        return how(*trees)
    first = min(splits)

    def side(name: str) -> Any:
        parts = [
            getattr(tree, name) if isinstance(tree, Split) and tree.condition == first else tree
            for tree in trees
        ]
        return combined(world, how, *parts)

    if first in world.decided:
        return side("yes" if world.decided[first] else "no")
    yes, no = side("yes"), side("no")
    if same(world, yes, no):
        return yes
    if leaves(yes) + leaves(no) > MOST_CASES:
        raise Refused(f"a number with more than {MOST_CASES} cases")
    return Split(first, yes, no)


def same(world: World, left: Any, right: Any) -> bool:
    """Whether two trees have equal leaves under the same conditions."""
    if isinstance(left, Split) or isinstance(right, Split):
        return (
            isinstance(left, Split)
            and isinstance(right, Split)
            and left.condition == right.condition
            and same(world, left.yes, right.yes)
            and same(world, left.no, right.no)
        )
    return world.equal(left, right)


def leaves(tree: Any) -> int:
    """How many cases a tree has."""
    return leaves(tree.yes) + leaves(tree.no) if isinstance(tree, Split) else 1


def mapped(world: World, how: Callable[..., Any], *of: Any) -> Any:
    """``how`` of the leaves of numbers and conditions."""
    return combined(world, how, *(each.tree for each in of))


class Condition:
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
        trees = (self.tree, world.number(yes).tree, world.number(no).tree)
        return Number(world, combined(world, _either, *trees))


def _either(holds: bool, yes: Any, no: Any) -> Any:
    return yes if holds else no


class Number:
    """An exact number; arithmetic that is not defined here raises."""

    __slots__ = ("tree", "world")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, world: World, tree: Any) -> None:
        self.world, self.tree = world, tree

    def _new(self, how: Callable[..., Value], *of: Number) -> Number:
        return Number(self.world, mapped(self.world, how, self, *of))

    def __add__(self, other: Any) -> Any:
        return self._binary(self.world.field.add, other)

    def __sub__(self, other: Any) -> Any:
        return self._binary(self.world.subtract, other)

    def __mul__(self, other: Any) -> Any:
        return self._binary(self.world.field.multiply, other)

    def __truediv__(self, other: Any) -> Any:
        return self._binary(self.world.divide, other)

    def _binary(self, how: Callable[[Value, Value], Value], other: Any) -> Any:
        return self._new(how, self.world.number(other))

    def __radd__(self, other: Any) -> Any:
        return self.world.number(other) + self

    def __rsub__(self, other: Any) -> Any:
        return self.world.number(other) - self

    def __rmul__(self, other: Any) -> Any:
        return self.world.number(other) * self

    def __rtruediv__(self, other: Any) -> Any:
        return self.world.number(other) / self

    def __neg__(self) -> Number:
        return self._new(lambda value: self.world.field.multiply(self.world.minus_one, value))

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

    def __ge__(self, other: Any) -> Any:
        return _at_least_zero(self - other)

    def __le__(self, other: Any) -> Any:
        return _at_least_zero(other - self)

    def __lt__(self, other: Any) -> Any:
        return ~_at_least_zero(self - other)

    def __gt__(self, other: Any) -> Any:
        return ~_at_least_zero(other - self)

    def __eq__(self, other: object) -> Any:
        raise Refused("whether two numbers are equal")

    def __float__(self) -> float:
        raise Refused("a symbol as a float")

    __int__ = __index__ = __float__  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise Refused("a number as a truth value")


def _at_least_zero(number: Number) -> Condition:
    return Condition(number.world, _conditions(number.world, number.tree))


def _conditions(world: World, tree: Any) -> Any:
    if not isinstance(tree, Split):
        return world.at_least_zero(tree)
    which = Split(tree.condition, True, False)
    sides = (_conditions(world, tree.yes), _conditions(world, tree.no))
    return combined(world, _either, which, *sides)
