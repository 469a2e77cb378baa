"""A sum at both values of a number in it that is 0 or 1, or is -1 or 1.

f(y) = (1 - y) f(0) + y f(1) for every f, where y is 0 or 1: it is one of the two, and the other is
times zero; so for -1 and 1. The y may stand in f elsewhere as well, where it stays as it is. What
is not chosen has to have a value, which whoever uses this sees to.

Of a vector y of zeros and a single one, sum_k y_k a_k is the a_k of which y_k is one, so that
f(sum_k y_k a_k) = sum_k y_k f(a_k).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derivations.proof.context import Context
from derivations.proof.terms import Binder, Parameter, Scalar, Term, Total


@dataclass(frozen=True)
class AtValues:
    """A number of two values, the lesser of which is ``low``, and a sum at that and at 1."""

    of: Parameter | Scalar
    low: int
    first: Total
    second: Total


def in_sum(terms: Total, context: Context) -> AtValues | None:
    """The first such number in a sum, and the sum at both of its values.

    Not of a vector that has a single one and is multiplied over: `picked_by_one` has that.
    """
    for term, _ in terms:
        inside = {binder.index.number for binder in term.binders}
        for atom, q in term.factors:
            if not isinstance(atom, Parameter | Scalar) or q != 1:
                continue
            name = atom.name if isinstance(atom, Scalar) else atom.base
            low = 0 if name in context.bits else -1 if name in context.signs else None
            apart = atom.bound.isdisjoint(inside) and not (atom.bound and name in context.sums)
            if low is not None and apart:
                return AtValues(atom, low, _at(terms, atom, low), _at(terms, atom, 1))
    return None


def _at(terms: Total, of: Parameter | Scalar, value: int) -> Total:
    found = []
    for term, q in terms:
        powers = [p for atom, p in term.factors if atom.key == of.key]
        others = tuple(pair for pair in term.factors if pair[0].key != of.key)
        number = q if not powers else q * Fraction(value) ** int(powers[0])
        found.append((Term(term.binders, others), number))
    return tuple((term, q) for term, q in found if q)


def picked_by_one(term: Term, context: Context) -> tuple[Parameter, Term, Binder] | None:
    """The y_k of sum_k y_k a_k for such a vector y, the a_k, and what binds k."""
    for binder in term.binders:
        for atom, q in term.factors:
            match atom:
                case Parameter(base, at) if base in context.bits and base in context.sums:
                    said = context.sums[base]
                    if q == said.value == 1 and said.is_along(at, binder.index, binder.extent):
                        others = tuple(pair for pair in term.factors if pair[0] is not atom)
                        left = tuple(each for each in term.binders if each is not binder)
                        return atom, Term(left, others), binder
    return None
