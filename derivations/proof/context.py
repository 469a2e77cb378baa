"""What one proof knows: ranges of names, conditions on words, and a bound on its work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from sympy import Expr

from derivations.claim import Condition, Distinct, NotAmong, Unequal
from derivations.indices import IndexSet
from derivations.proof.fragment import OutsideFragment
from derivations.proof.terms import Index, Range, Total

MOST_STEPS = 3_000  # the largest claim here takes 260; 3,000 take seconds


@dataclass
class Context:
    """Handed to every step of one normal form; nothing here outlives it.

    ``sets`` are the declared index sets by range, ``ranges`` the range of each name,
    ``lists`` that of the entries of each list of words. ``by_cases`` says whether functions of
    deltas are taken apart by whether these hold.
    """

    unequal: set[frozenset[Index]] = field(default_factory=set)
    absent: set[tuple[Index, str]] = field(default_factory=set)
    distinct: set[str] = field(default_factory=set)
    sets: dict[Range, IndexSet] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)
    lists: dict[str, Range] = field(default_factory=dict)
    sizes: dict[Range, Total] = field(default_factory=dict)
    by_cases: bool = False
    steps: int = 0
    numbers: count[int] = field(default_factory=lambda: count(1))

    def fresh(self, extent: Range) -> str:
        """A name that nothing else has, for an index over ``extent``."""
        name = f"#{next(self.numbers)}"
        self.ranges[name] = extent
        return name

    def declare(self, space: IndexSet) -> Range:
        """The range of an index set."""
        extent = limits(space.lower, space.upper)
        self.sets[extent] = space
        return extent

    def assume(self, conditions: Iterable[Condition], read: object) -> None:
        """Take the conditions of a claim as given; ``read`` turns an index to data."""
        assert callable(read)
        for condition in conditions:
            match condition:
                case Unequal(left, right):
                    self.unequal.add(frozenset((read(left), read(right))))
                case NotAmong(word, words):
                    self.absent.add((read(word), words.name))
                case Distinct(words):
                    self.distinct.add(words.name)

    def differ(self, left: Index, right: Index) -> bool:
        """Whether the two are known to be different, whatever the names in them mean."""
        if left[0] == right[0] == "n":
            return bool(left != right)
        if frozenset((left, right)) in self.unequal:
            return True
        return any(
            (word, entry[1]) in self.absent
            for word, entry in ((left, right), (right, left))
            if entry[0] == "w"
        )

    def within(self, index: Index, extent: Range) -> bool:
        """Whether the index is known to be a member of the range."""
        if index[0] == "v":
            return self.ranges.get(index[1]) == extent
        if index[0] == "w":
            return self.lists.get(index[1]) == extent
        space = self.sets.get(extent)
        if space is None:
            return False
        center = index[1] == 0 and space.symmetric
        return center or (space.inhabited and space.lower == index[1])

    def spend(self) -> None:
        """Count one step of rewriting; refuse to go on for ever."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise OutsideFragment(f"no normal form within {MOST_STEPS} steps of rewriting")


def limits(lower: Expr, upper: Expr) -> Range:
    """The range of a sum with these bounds."""
    return (str(lower), str(upper))
