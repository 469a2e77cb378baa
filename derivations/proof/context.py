"""What one proof knows: ranges of indices, conditions on words, sizes, and a bound on its work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count

from sympy import Expr

from derivations.claim import Condition, Distinct, NotAmong, Unequal
from derivations.indices import IndexSet
from derivations.language.data_conditions import (
    AtLeast,
    Between,
    Count,
    FullRank,
    OneOfTwo,
    Positive,
    PositiveDefinite,
    SumsTo,
    Symmetric,
)
from derivations.proof.fragment import OutsideFragment
from derivations.proof.members import (
    BoundIndex,
    FreeIndex,
    Index,
    ListedIndex,
    Range,
    Whole,
    apart,
    balanced,
    bound_in,
    surely_at_least,
)

MOST_STEPS = 3_000  # the largest claim here takes 260; 3,000 take seconds


def odds(name: str) -> str:
    """What the number t above zero is called, with x = (a + b t) / (1 + t) between a and b."""
    return f"odds of {name}"


@dataclass(frozen=True)
class AddedUp:
    """What entries add up to along an axis of an array, over a whole range."""

    axis: int
    extent: Range
    value: Fraction

    def beside(self, at: tuple[Index, ...]) -> tuple[Index, ...]:
        """Which vector an entry is of, where the array has several."""
        return (*at[: self.axis], *at[self.axis + 1 :])

    def is_along(self, at: tuple[Index, ...], index: BoundIndex, extent: Range) -> bool:
        """Whether an entry, summed over an index, is one of each of those."""
        others = self.beside(at)
        alone = all(index.number not in bound_in(each) for each in others)
        return at[self.axis] == index and alone and extent == self.extent


@dataclass
class Context:
    """Handed to every step of one normal form; nothing here outlives it.

    ``ranges`` has the range of each free or bound index, ``lists`` that of the entries of each
    list of words, ``inhabited`` those that are declared never to be empty, ``least`` the least
    value of each size, ``positive`` the names of numbers above zero, ``symmetric`` those of
    symmetric matrices, ``definite`` of positive definite ones, ``between`` what numbers are
    between, ``bits`` and ``signs`` what is 0 or 1 and -1 or 1, ``sums`` what the entries of vectors
    add up to over a range, or those of rows.
    ``by_cases`` says whether functions of deltas are taken apart by whether these hold, and
    ``has_cases`` afterwards whether there were any; so do ``by_half_angles`` and ``has_angles`` of
    sines and cosines, and ``by_values`` and ``has_values`` of functions of what is 0 or 1, or -1 or
    1, ``by_products`` and ``has_products`` of inverses of a matrix beside a column times a row.
    """

    unequal: set[frozenset[Index]] = field(default_factory=set)
    absent: set[tuple[Index, str]] = field(default_factory=set)
    distinct: set[str] = field(default_factory=set)
    positive: set[str] = field(default_factory=set)
    symmetric: set[str] = field(default_factory=set)
    definite: set[str] = field(default_factory=set)
    between: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    bits: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)
    sums: dict[str, AddedUp] = field(default_factory=dict)
    inhabited: set[Range] = field(default_factory=set)
    ranges: dict[Index, Range] = field(default_factory=dict)
    lists: dict[str, Range] = field(default_factory=dict)
    least: dict[str, int] = field(default_factory=dict)
    by_cases: bool = False
    has_cases: bool = False
    by_half_angles: bool = False
    has_angles: bool = False
    by_values: bool = False
    has_values: bool = False
    by_products: bool = False
    has_products: bool = False
    steps: int = 0
    numbers: count[int] = field(default_factory=lambda: count(1))

    def fresh(self, extent: Range) -> int:
        """A bound index that nothing else is, over ``extent``."""
        number = next(self.numbers)
        self.ranges[BoundIndex(number)] = extent
        return number

    def assume(
        self,
        conditions: Iterable[Condition],
        read: Callable[[Expr], Index],
        extent: Callable[[IndexSet], Range],
    ) -> None:
        """Take the conditions of a claim as given; ``read`` and ``extent`` make data of them."""
        for condition in conditions:
            match condition:
                case Unequal(left, right):
                    self.unequal.add(frozenset(balanced(read(left), read(right))))
                case NotAmong(word, words):
                    self.absent.add((read(word), words.name))
                case Distinct(words):
                    self.distinct.add(words.name)
                case Positive(of):
                    self.positive.add(of.name)
                case Between(of):
                    self.between[of.name] = condition.ends
                    self.positive.add(odds(of.name))
                case OneOfTwo(of, signs):
                    (self.signs if signs else self.bits).add(of.name)
                case Symmetric(of):
                    self.symmetric.add(of.name)
                case PositiveDefinite(of):
                    self.definite.add(of.name)
                case Count():
                    pass  # what is proved is proved of all real numbers
                case FullRank():
                    pass  # where an inverse has no value nothing is claimed
                case AtLeast(of, value):
                    self.least[of.name] = int(value)
                case SumsTo(of=of, space=space, value=value, axis=axis):
                    self.sums[of.name] = AddedUp(axis, extent(space), Fraction(int(value)))

    def differ(self, left: Index, right: Index) -> bool:
        """Whether the two are known to be different, whatever the names in them mean."""
        (first, gone), (second, more) = apart(left), apart(right)
        if first == second:
            return self._above(gone, more) or self._above(more, gone)
        if self.unequal and frozenset(balanced(left, right)) in self.unequal:
            return True
        if any(
            isinstance(entry, ListedIndex) and (word, entry.words) in self.absent
            for word, entry in ((left, right), (right, left))
        ):
            return True
        one, other = self.range_of(left), self.range_of(right)
        if one is None or other is None or one == other:
            return False
        return self._above(one.lower, other.upper) or self._above(other.lower, one.upper)

    def _above(self, number: Whole, other: Whole) -> bool:
        return surely_at_least(number - other, 1, self.least)

    def range_of(self, index: Index) -> Range | None:
        """The narrowest range known to have the index as a member."""
        base, offset = apart(index)
        match base:
            case None:
                return Range(offset, offset)
            case FreeIndex() | BoundIndex():
                extent = self.ranges.get(base)
            case ListedIndex(words, _):
                extent = self.lists.get(words)
        if extent is None or not offset.terms:
            return extent
        return Range(extent.lower + offset, extent.upper + offset)

    def within(self, index: Index, extent: Range) -> bool:
        """Whether the index is known to be a member of the range."""
        known = self.range_of(index)
        if known is None or known == extent:
            return known is not None
        one = known.lower if known.lower == known.upper else None
        if extent in self.inhabited and one in (extent.lower, extent.upper):
            return True
        above, below = known.lower - extent.lower, extent.upper - known.upper
        return surely_at_least(above, 0, self.least) and surely_at_least(below, 0, self.least)

    def never_empty(self, extent: Range) -> bool:
        """Whether the range has a member at all sizes."""
        return extent in self.inhabited or surely_at_least(
            extent.upper - extent.lower, 0, self.least
        )

    def size(self, extent: Range) -> Whole | None:
        """How many members the range has; None where that may be less than none."""
        size = extent.upper - extent.lower + Whole.number(1)
        return size if extent in self.inhabited or surely_at_least(size, 0, self.least) else None

    def spend(self) -> None:
        """Count one step of rewriting; refuse to go on for ever."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise OutsideFragment(f"no normal form within {MOST_STEPS} steps of rewriting")
