"""Faults with deltas and with the conditions on words."""

from __future__ import annotations

from typing import Any

from derivations.proof import contraction
from derivations.proof.context import Context
from derivations.proof.members import (
    ListedIndex,
    NumberedIndex,
)
from derivations.proof.sums import Algebra
from derivations.proof.terms import (
    Delta,
    OfSum,
)
from tests.planting import Mutant
from tests.proof.fuzz.mutants.mutant import mutant

_within = Context.within
_differ = Context.differ
_assume = Context.assume
_classes = contraction.classes
_equated = Algebra._equated
_replaced = Algebra._replaced


def _solved_unguarded(groups: Any, binders: Any, context: Context) -> Any:
    ranges = {binder.index: binder.extent for binder in binders}
    for group in groups:
        for index in sorted(group, key=contraction._spelled):
            for value in sorted(group, key=lambda each: contraction._rank(each, frozenset())):
                if index in ranges and value != index and context.within(value, ranges[index]):
                    return index, value
    return None


def _any_number_is_within(self: Context, index: Any, extent: Any) -> bool:
    return isinstance(index, NumberedIndex) or _within(self, index, extent)


def _all_differ(self: Context, left: Any, right: Any) -> bool:
    return bool(left != right)


def _none_among(self: Context, left: Any, right: Any) -> bool:
    listed = isinstance(left, ListedIndex) != isinstance(right, ListedIndex)
    return _differ(self, left, right) or listed


def _unequal_by_half(self: Context, left: Any, right: Any) -> bool:
    known = set().union(*self.unequal)
    return _differ(self, left, right) or left in known or right in known


def _all_distinct(self: Context, conditions: Any, read: Any) -> None:
    _assume(self, conditions, read)
    self.distinct |= {"n", "near", "q", "next"}


def _distinct_drops_delta(equations: Any, context: Context) -> Any:
    """Two entries of a distinct list are never the same word."""
    for delta in equations:
        match delta:
            case Delta(ListedIndex(one), ListedIndex(other)) if one == other:
                if one in context.distinct:
                    return None
    return _classes(equations, context)


def _delta_lost(self: Algebra, groups: Any, binders: Any, product: Any, q: Any) -> Any:
    result = _equated(self, groups, binders, product, q)
    if result is None and contraction.solved(groups, binders, self.context) is None:
        others = tuple(pair for pair in product if not isinstance(pair[0], Delta))
        return self.term(binders, others, q)
    return result


def _not_below_the_bar(self: Algebra, atom: Any, exponent: Any, values: Any) -> Any:
    kept = isinstance(atom, OfSum)
    return self.atom(atom, exponent) if kept else _replaced(self, atom, exponent, values)


MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "capture: b = t used where t depends on b",
        2000,
        ((contraction, "solved", _solved_unguarded),),
    ),
    mutant("contraction without a look at the range", 100, ((Context, "within", lambda *_: True),)),
    mutant("every number is in range", 500, ((Context, "within", _any_number_is_within),)),
    mutant(
        "a delta is not applied below the bar", 50, ((Algebra, "_replaced", _not_below_the_bar),)
    ),
    mutant("a delta is dropped once used", 20, ((Algebra, "_equated", _delta_lost),)),
    mutant("conditions ignored", 300, ((Context, "assume", lambda *_: None),)),
    mutant("different names are taken to differ", 20, ((Context, "differ", _all_differ),)),
    mutant("no word is among those drawn", 100, ((Context, "differ", _none_among),)),
    mutant(
        "a condition on one word holds against all", 500, ((Context, "differ", _unequal_by_half),)
    ),
    mutant("draws are always distinct", 600, ((Context, "assume", _all_distinct),)),
    mutant(
        "distinct entries differ even at one place",
        1000,
        ((contraction, "classes", _distinct_drops_delta),),
    ),
)
