"""Faults with names, deltas and divisions."""

from __future__ import annotations

from fractions import Fraction
from itertools import cycle
from typing import Any
from unittest.mock import patch

from derivations.indices import Index
from derivations.proof import contraction, division, normal_form, sums
from derivations.proof.context import Context
from derivations.proof.members import NOWHERE, BoundIndex, ListedIndex, NumberedIndex, Range, Whole
from derivations.proof.sums import Algebra
from derivations.proof.terms import (
    Atom,
    Delta,
    Exponential,
    Logarithm,
    OfSum,
    Parameter,
    Scalar,
    Term,
)
from tests.planting import Mutant, instead

# How a fault of the normal form is written down.


def mutant(meant: str, within: int, patches: tuple[tuple[object, str, object], ...]) -> Mutant:
    """A fault: within how many expressions it must show, what replaces what."""
    return Mutant(meant, tuple(instead(*patch) for patch in patches), within=within)


# Faults with names: capture, keys that say too little, sums that lose what they count.


_bound_spelled = BoundIndex.spelled
_renamed = Term.renamed
_whole = normal_form._Reader._whole
_read = normal_form._Reader.read
_FEW = cycle((1, 2, 3))


def _one_of_few_numbers(self: Context, extent: Any) -> int:
    number = next(_FEW)
    self.ranges[BoundIndex(number)] = extent
    return number


def _idle_dropped(self: Algebra, binders: Any, product: Any, q: Any) -> Any:
    used = {number for atom, _ in product for number in atom.bound}
    kept = tuple(binder for binder in binders if binder.index.number in used)
    return ((Term(kept, product), q),)


def _uses_left_behind(self: Term, fresh: Any, inside: Any = NOWHERE) -> Any:
    term = _renamed(self, fresh, inside)
    return Term(term.binders, tuple((_bound_anew(atom, fresh), q) for atom, q in term.factors))


def _bound_anew(atom: Any, fresh: Any) -> Any:
    def anew(term: Term) -> Term:
        binders = tuple(type(b)(BoundIndex(fresh(b.extent)), b.extent) for b in term.binders)
        return Term(binders, term.factors)

    match atom:
        case Exponential(term):
            return Exponential(anew(term))
        case OfSum(of):
            return type(atom)(tuple((anew(term), q) for term, q in of))
    return atom


def _bound_indices_alike(self: BoundIndex, levels: Any) -> str:
    return "b0\0" if self.number in levels else _bound_spelled(self, levels)


def _like_terms_replaced(self: Algebra, parts: Any) -> Any:
    collected = {term.key: (term, q) for part in parts for term, q in part}
    return tuple(collected.values())


def _sums_of_all(self: Any, node: Any) -> Any:
    """A bound N - 1 is read as N."""
    return Whole.size("N") if str(node) == "N - 1" else _whole(self, node)


def _sums_from_the_first(self: Any, node: Any) -> Any:
    return Whole.number(1) if node == 2 else _whole(self, node)


def _index_as_parameter(self: Any, node: Any, bound: Any) -> Any:
    if isinstance(node, Index):
        return self.algebra.atom(Scalar(node.name))
    return _read(self, node, bound)


def _indices_lost(self: Parameter, levels: Any) -> str:
    return f"x{self.base}\0)"


MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "bound names not made new when multiplying",
        50,
        ((Term, "renamed", lambda term, fresh, inside=NOWHERE: term),),
    ),
    mutant("nested names made new, their uses not", 20, ((Term, "renamed", _uses_left_behind),)),
    mutant("new names are not new", 100, ((Context, "fresh", _one_of_few_numbers),)),
    mutant("key without ranges", 800, ((Range, "spelled", ""),)),
    mutant("key with all bound names alike", 500, ((BoundIndex, "spelled", _bound_indices_alike),)),
    mutant("key of a parameter without indices", 20, ((Parameter, "_spelled", _indices_lost),)),
    mutant("like terms replace each other", 20, ((Algebra, "add", _like_terms_replaced),)),
    mutant(
        "idle binder dropped without its size",
        50,
        ((Algebra, "_summed_out", _idle_dropped),),
    ),
    mutant(
        "part of a range taken for all of it",
        200,
        ((normal_form._Reader, "_whole", _sums_of_all),),
    ),
    mutant(
        "a range from 2 taken for one from 1",
        200,
        ((normal_form._Reader, "_whole", _sums_from_the_first),),
    ),
    mutant(
        "an index read as a parameter", 500, ((normal_form._Reader, "read", _index_as_parameter),)
    ),
)


# Faults with deltas and with the conditions on words.


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


MUTANTS_OF_EQUATIONS: tuple[Mutant, ...] = (
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


# Faults with fractions, exponentials and logarithms.


ONE = Fraction(1)
NEVER_BOUND = property(lambda _: frozenset())
_common_factor = division.common_factor
_pieces = division._pieces
_by_case = Algebra._by_case
_exp = Algebra.exp
_inverse = Algebra.inverse
_log = Algebra.log
_power = Algebra.power
_cancelled = division.cancelled
_without = Algebra._without


def _left_in_the_rest(self: Algebra, found: Any, shared: Any) -> Any:
    _, outside, lead = _without(self, found, shared)
    return found, outside, lead


def _factor_of_some(found: Any, kinds: Any) -> Any:
    """Bound atoms are taken out as if they were free."""
    with patch.object(Atom, "bound", NEVER_BOUND):
        return _common_factor(found, kinds)


def _deltas_too(found: Any, kinds: Any) -> Any:
    return _common_factor(found, (*kinds, Delta))


def _cancelled_anywhere(binders: Any, product: Any) -> Any:
    with patch.object(Atom, "bound", NEVER_BOUND):
        return _cancelled(binders, product)


def _sign_of_exponent(self: Algebra, found: Any) -> Any:
    return _exp(self, self.scale(found, -ONE) if len(found) > 2 else found)


def _one_over_coefficient(self: Algebra, found: Any) -> Any:
    result = _inverse(self, found)
    return ((result[0][0], ONE),) if len(result) == 1 else result


def _inverse_term_by_term(self: Algebra, found: Any) -> Any:
    return self.add(_inverse(self, (one,)) for one in found)


def _logarithm_without_number(self: Algebra, found: Any) -> Any:
    result = _log(self, found)
    lost = Logarithm(self.constant(2))
    return tuple(pair for pair in result if all(atom != lost for atom, _ in pair[0].factors))


def _first_remainder_lost(quotient: Any, atom: Any, chosen: Any, p: Any) -> Any:
    return _pieces(quotient, atom, chosen, p)[:1]


def _remainder_added(quotient: Any, atom: Any, chosen: Any, p: Any) -> Any:
    pieces = _pieces(quotient, atom, chosen, p)
    return [(term, rest, abs(q)) for term, rest, q in pieces]


def _any_tail(denominator: Any, inverted: Any) -> Any:
    """As it once was: the tail may vanish, and may be turned back for ever."""
    without = [
        (term, q)
        for term, q in denominator
        if all(atom.key != inverted.key for atom, _ in term.factors)
    ]
    alone = len(without) == 1 < len(denominator) and not without[0][0].binders
    return without[0] if alone else None


def _power_without_base(self: Algebra, base: Any, exponent: int) -> Any:
    return _power(self, base, -1 if exponent < -1 else exponent)


def _other_case_twice(self: Algebra, function: Any, delta: Any, found: Any) -> Any:
    rest = function(contraction.where_it_fails(delta, found))
    one_minus = self.add((self.constant(1), self.scale(self.delta(delta.left, delta.right), -ONE)))
    return self.add((_by_case(self, function, delta, found), self.multiply(one_minus, rest)))


def _delta_held_everywhere(self: Algebra, function: Any, delta: Any, found: Any) -> Any:
    by_parts = ((contraction.without(delta, term) or term, q) for term, q in found)
    return function(self.add(self.term(term.binders, term.factors, q) for term, q in by_parts))


MUTANTS_OF_DIVISION: tuple[Mutant, ...] = (
    mutant("the case without a delta twice", 100, ((Algebra, "_by_case", _other_case_twice),)),
    mutant(
        "a delta inside a function holds", 100, ((Algebra, "_by_case", _delta_held_everywhere),)
    ),
    mutant(
        "lead cancelled though its index occurs elsewhere",
        500,
        ((sums, "cancelled", _cancelled_anywhere),),
    ),
    mutant("remainder of a division lost", 20, ((division, "_pieces", _first_remainder_lost),)),
    mutant("remainder of a division added", 20, ((division, "_pieces", _remainder_added),)),
    mutant("any tail of a denominator divided by", 2000, ((division, "_tail", _any_tail),)),
    mutant("common factor taken out and left in", 20, ((Algebra, "_without", _left_in_the_rest),)),
    mutant("common factor under a binder", 60, ((sums, "common_factor", _factor_of_some),)),
    mutant(
        "a delta is a common factor",
        500,
        ((sums, "common_factor", _deltas_too), (sums, "never_zero", lambda *_: True)),
    ),
    mutant("coefficient lost in an inverse", 50, ((Algebra, "inverse", _one_over_coefficient),)),
    mutant("inverse taken term by term", 20, ((Algebra, "inverse", _inverse_term_by_term),)),
    mutant("square of an inverse lost", 50, ((Algebra, "power", _power_without_base),)),
    mutant("division by what may be zero", 100, ((sums, "never_zero", lambda *_: True),)),
    mutant("exponential of a sum with the wrong sign", 200, ((Algebra, "exp", _sign_of_exponent),)),
    mutant("logarithm split without positivity", 500, ((sums, "positive", lambda *_: True),)),
    mutant("logarithm of a number lost", 300, ((Algebra, "log", _logarithm_without_number),)),
)
