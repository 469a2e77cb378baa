"""What is certain about the value of a sum whatever its data: positive, or zero at no size."""

from __future__ import annotations

from fractions import Fraction

from derivations.proof.context import Context
from derivations.proof.terms import Atom, Delta, DividedSum, Exponential, SizeNumber, Term, Total


def positive(terms: Total, context: Context) -> bool:
    """Whether a sum is positive for sure: no minus sign, and one term that cannot vanish."""

    def certain(atom: Atom) -> bool:
        match atom:
            case Exponential():
                return True
            case DividedSum(of):
                return positive(of, context)
        return False

    def at_least_zero(atom: Atom, q: Fraction) -> bool:
        return certain(atom) or isinstance(atom, Delta) or q % 2 == 0

    def above_zero(term: Term) -> bool:
        inhabited = all(context.never_empty(binder.extent) for binder in term.binders)
        return inhabited and all(certain(atom) for atom, _ in term.factors)

    return all(
        q > 0 and all(at_least_zero(*factor) for factor in term.factors) for term, q in terms
    ) and any(above_zero(term) for term, _ in terms)


def may_vanish(term: Term, context: Context) -> bool:
    """Whether a term is zero at some sizes or words: sum_k f and K f where K = 0, or a delta."""
    return any(not context.never_empty(binder.extent) for binder in term.binders) or any(
        isinstance(atom, Delta)
        or (isinstance(atom, SizeNumber) and context.least.get(atom.name, 0) < 1 and q > 0)
        for atom, q in term.factors
    )
