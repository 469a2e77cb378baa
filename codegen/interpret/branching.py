"""Every way that a run can go, and values by cases: trees that split by conditions.

A choice is made at each fork, and the run is repeated for others. What a kernel returns has to be
right on every path, possible or not: which word leads is chosen freely, so that a result which is
right for each choice does not depend on the scores.

Conditions are numbers; they are met in order from the root, each at most once on a way down, so
that two trees are combined case by case. A split whose two sides are equal is dropped.

A term and its negative are conditions of their own. That neither is at least zero cannot be. That
both are says that the term p is zero; two values are equal there if, with exp(p) = 1, the
numerator of their difference is a multiple of p.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from random import Random
from typing import Generic, TypeAlias, TypeVar, overload

from flint import fmpq_mpoly

from derivations.proof.field import Branch, Field, Value

T = TypeVar("T")
Leaf_co = TypeVar("Leaf_co", bound=bool | Value, covariant=True)
Leaf = TypeVar("Leaf", bound=bool | Value)
A = TypeVar("A", bound=bool | Value)
B = TypeVar("B", bound=bool | Value)
C = TypeVar("C", bound=bool | Value)


@dataclass
class Path:
    """The choices of one run: ``planned`` ones first, zero after them."""

    planned: tuple[int, ...] = ()
    taken: list[int] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)

    def choose(self, ways: int) -> int:
        """A number below ``ways``."""
        if ways == 1:
            return 0
        place = len(self.taken)
        choice = self.planned[place] if place < len(self.planned) else 0
        self.taken.append(choice)
        self.ways.append(ways)
        return choice

    def following(self) -> Path | None:
        """The next path in order, if there is one."""
        for place in reversed(range(len(self.taken))):
            if self.taken[place] + 1 < self.ways[place]:
                return Path((*self.taken[:place], self.taken[place] + 1))
        return None


@dataclass
class Coverage:
    """How many runs were made, and whether they were all there are."""

    runs: int = 0
    all_paths: bool = True


def every_path(run: Callable[[Path], T], most: int, covered: Coverage) -> Iterator[T]:
    """``run`` on every path; on ``most`` of them drawn by a fixed seed where there are more.

    How many there are is read off the first run.
    """
    path: Path | None = Path()
    random = Random(0)
    for number in range(most):
        assert path is not None
        covered.runs += 1
        yield run(path)
        if number == 0 and prod(path.ways) > most:
            covered.all_paths = False
        if covered.all_paths:
            path = path.following()
            if path is None:
                return
        else:
            path = Path(tuple(random.randrange(ways) for ways in path.ways))
    covered.all_paths = covered.all_paths and path is None


MOST_CASES = 512
SYMBOLS_IN_TURN = 7
Holds = Mapping[int, bool]


class Refused(Exception):
    """An operation that has no exact meaning here, or none that is known yet."""


@dataclass(frozen=True, slots=True)
class Split(Generic[Leaf_co]):
    """One tree where a condition, by number, holds, and one where it does not."""

    condition: int
    yes: Tree[Leaf_co]
    no: Tree[Leaf_co]


Tree: TypeAlias = Split[Leaf] | Leaf


@overload
def combined(state: State, how: Callable[[A], Leaf], tree: Tree[A], /) -> Tree[Leaf]: ...
@overload
def combined(
    state: State, how: Callable[[A, B], Leaf], one: Tree[A], other: Tree[B], /
) -> Tree[Leaf]: ...
@overload
def combined(
    state: State, how: Callable[[A, B, C], Leaf], which: Tree[A], yes: Tree[B], no: Tree[C], /
) -> Tree[Leaf]: ...
def combined(state: State, how: Callable[..., Leaf], *trees: Tree[bool | Value]) -> Tree[Leaf]:
    """The function of leaves applied under all conditions; cases that agree are one."""
    for tree in trees:
        if isinstance(tree, Split):
            break
    else:
        return how(*trees)
    first = min(tree.condition for tree in trees if isinstance(tree, Split))
    sides = [_sides(tree, first) for tree in trees]
    if first in state.decided:
        decided = 0 if state.decided[first] else 1
        return combined(state, how, *(side[decided] for side in sides))
    yes = combined(state, how, *(side[0] for side in sides))
    no = combined(state, how, *(side[1] for side in sides))
    if same(state, yes, no):
        return yes
    if leaves(yes) + leaves(no) > MOST_CASES:
        raise Refused(f"a number with more than {MOST_CASES} cases")
    return Split(first, yes, no)


def _sides(tree: Tree[Leaf], condition: int) -> tuple[Tree[Leaf], Tree[Leaf]]:
    """What a tree is where a condition holds, which no split is above, and where it does not."""
    if isinstance(tree, Split) and tree.condition == condition:
        return tree.yes, tree.no
    return tree, tree


def same(state: State, left: Tree[bool | Value], right: Tree[bool | Value]) -> bool:
    """Whether two trees have equal leaves under the same conditions."""
    if isinstance(left, Split) or isinstance(right, Split):
        return (
            isinstance(left, Split)
            and isinstance(right, Split)
            and left.condition == right.condition
            and same(state, left.yes, right.yes)
            and same(state, left.no, right.no)
        )
    return state.equal(left, right)


def leaves(tree: Tree[bool | Value]) -> int:
    """How many cases a tree has."""
    return leaves(tree.yes) + leaves(tree.no) if isinstance(tree, Split) else 1


def either(holds: bool, yes: Leaf, no: Leaf) -> Leaf:
    """The one or the other, for leaves."""
    return yes if holds else no


class State:
    """The state of one symbolic execution: its field, the path condition so far, the path."""

    def __init__(self, field: Field, path: Path) -> None:
        self.field = field
        self.path = path
        self.conditions: list[Value] = []
        self.decided: dict[int, bool] = {}
        self.made = 0

    def equal(self, left: bool | Value, right: bool | Value) -> bool:
        """Whether two leaves of trees are the same."""
        if isinstance(left, bool) or isinstance(right, bool):
            return left is right
        if left is right:
            return True
        if left.denominator == right.denominator:
            return bool(left.numerator == right.numerator)
        return self.field.is_zero(self.subtract(left, right))

    def subtract(self, left: Value, right: Value) -> Value:
        """The difference in the field."""
        if left.denominator == right.denominator:
            return Value(left.numerator - right.numerator, left.denominator)
        return self.field.add(left, self.negative(right))

    def negative(self, value: Value) -> Value:
        """The same with the other sign."""
        return Value(-value.numerator, value.denominator)

    def divide(self, left: Value, right: Value) -> Value:
        """The quotient in the field."""
        return self.field.multiply(left, self.field.power(right, -1))

    def reduced(self, value: Value) -> Value:
        """The same in lowest terms."""
        if self.field.is_zero(value):
            return self.field.constant(0)
        return self.field.power(self.field.power(value, -1), -1)

    def fresh(self, name: str) -> Value:
        """A symbol of this name, the next of a few that are taken in turn."""
        self.made += 1
        return self.field.parameter((name, (self.made % SYMBOLS_IN_TURN,)))

    def at_least_zero(self, value: Value) -> Tree[bool]:
        """The tree of whether a value is at least zero."""
        if self.field.is_zero(value):
            return True
        value = self.reduced(value) if value.denominator else value
        if self.field.signs and (sign := self._known_sign(value)) is not None:
            return sign >= 0
        if value.numerator.is_constant() and not value.denominator:
            return value.numerator.leading_coefficient() > 0
        number = next((n for n, known in enumerate(self.conditions) if known == value), None)
        if number is None:
            number = len(self.conditions)
            self.conditions.append(value)
        return self.decided.get(number, Split(number, True, False))

    def _known_sign(self, value: Value) -> int | None:
        """The sign of a value, where it is certain or assumed."""
        try:
            return self.field.sign(value)
        except Branch:
            return None

    def decide(self, tree: Tree[bool]) -> bool:
        """Whether a condition holds on this path: both ways are gone in turn."""
        while isinstance(tree, Split):
            if tree.condition not in self.decided:
                self.decided[tree.condition] = self.path.choose(2) == 0
            tree = tree.yes if self.decided[tree.condition] else tree.no
        return bool(tree)

    def surely_positive(self, value: Value) -> bool:
        """Whether it is a quotient of sums of positive things with positive coefficients."""
        parts = [value.numerator, *(self.field.irreducible[n] for n, _ in value.denominator)]
        exponentials = set(self.field.arguments)
        if self.field.above_zero and self._known_sign(value) == 1:
            return True
        return all(
            all(q > 0 for q in part.coeffs())
            and all(n in exponentials for n, degree in enumerate(part.degrees()) if degree > 0)
            for part in parts
        )

    def conditions_of(self, tree: Tree[Value]) -> Tree[bool]:
        """The tree of whether each leaf of a tree is at least zero."""
        if not isinstance(tree, Split):
            return self.at_least_zero(tree)
        which = Split(tree.condition, True, False)
        sides = (self.conditions_of(tree.yes), self.conditions_of(tree.no))
        return combined(self, either, which, *sides)


def cases(tree: Tree[Value]) -> Iterator[tuple[Holds, Value]]:
    """Each leaf of a tree, and the conditions that it stands under."""
    if not isinstance(tree, Split):
        yield {}, tree
        return
    for side, holds in ((tree.yes, True), (tree.no, False)):
        for conditions, value in cases(side):
            yield {tree.condition: holds, **conditions}, value


def differing(
    state: State, got: Tree[Value], want: Tree[Value]
) -> tuple[Value, Value, Holds] | None:
    """Two values of the first case in which two trees differ, and that case, if there is one."""
    for wanted, right in cases(want):
        for found, value in cases(restricted(got, wanted)):
            holds = {**wanted, **found}
            if not state.equal(value, right) and not _excused(state, holds, value, right):
                return value, right, holds
    return None


def restricted(tree: Tree[Leaf], holds: Holds) -> Tree[Leaf]:
    """The tree where some conditions are known."""
    if not isinstance(tree, Split):
        return tree
    if tree.condition in holds:
        return restricted(tree.yes if holds[tree.condition] else tree.no, holds)
    return Split(tree.condition, restricted(tree.yes, holds), restricted(tree.no, holds))


def _excused(state: State, holds: Holds, value: Value, want: Value) -> bool:
    """Whether the case cannot be, or says that terms are zero, and the values are equal there."""
    known = {**state.decided, **holds}
    pairs = list(_opposites(state, known))
    if any(known[number] is known[other] is False for number, other in pairs):
        return True
    zeros = [state.conditions[n].numerator for n, other in pairs if known[n] and known[other]]
    return bool(zeros) and _vanishes(state, state.subtract(value, want).numerator, zeros)


def _opposites(state: State, known: Holds) -> Iterator[tuple[int, int]]:
    zero = state.field.constant(0)
    for number in known:
        for other in known:
            if number < other:
                left, right = (state.conditions[n] for n in (number, other))
                if state.equal(state.field.add(left, right), zero):
                    yield number, other


def _vanishes(state: State, difference: fmpq_mpoly, terms: list[fmpq_mpoly]) -> bool:
    """Whether a numerator is zero wherever the terms are: sure where it says so."""
    either = [*terms, *(-term for term in terms)]
    ones: dict[str | int, int] = {
        f"t{n}": 1
        for n, argument in state.field.arguments.items()
        if not argument.denominator and argument.numerator in either
    }
    rest = difference.subs(ones)
    for term in terms:
        _, rest = divmod(rest, term)
    return bool(rest.is_zero())
