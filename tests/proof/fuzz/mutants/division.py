"""Faults with fractions, exponentials and logarithms."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from unittest.mock import patch

from derivations.proof import contraction, division, sums
from derivations.proof.sums import Algebra
from derivations.proof.terms import (
    Atom,
    Delta,
    Logarithm,
)
from tests.planting import Mutant
from tests.proof.fuzz.mutants.mutant import mutant

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


MUTANTS: tuple[Mutant, ...] = (
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
