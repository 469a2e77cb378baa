"""Content and exact division: what terms share, what they are divided by, and what cancels.

The leading term of a denominator is divided out wherever it stands above it. With P = p L + R,
where L is the leading term,   L / P = 1/p - (R/p) / P.
For L a sum over bound indices, such as sum_w exp(z_w), the term must hold that very sum: the
same factors under bound indices that occur nowhere else in the term. Where an exponential, number
or entry E of P stands below the bar by itself, the one term c of P without it is used in the
same way, so that 1/(E (1 + E)) becomes 1/E - 1/(1 + E): what is left has either E or 1/P. This c
is a number or made of exponentials that come after E in order: it cannot vanish, and 1/(E (E + F))
is not turned into 1/(F (E + F)) and back for ever. Where c stands above the bar it is used whatever
it is, F/(E (E + F)) = 1/E - 1/(E + F): there is an E less below the bar each time.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, count, permutations

from derivations.proof.terms import (
    UNIT,
    Atom,
    Binder,
    DividedSum,
    Exponential,
    Factors,
    Key,
    Parameter,
    Scalar,
    Term,
    Total,
)

ZERO, ONE = Fraction(0), Fraction(1)
Piece = tuple[Term, Total, Fraction]


def common_factor(terms: Total, kinds: tuple[type[Atom], ...]) -> Factors:
    """The greatest power product of unbound atoms of these kinds that divides every term.

    Exponentials may have any sign of exponent, so that 1 + exp(-x) becomes
    exp(-x) (1 + exp(x)).
    """
    atoms: dict[Key, Atom] = {}
    for term, _ in terms:
        bound = [binder.index.number for binder in term.binders]
        for atom, _ in term.factors:
            if isinstance(atom, kinds) and atom.bound.isdisjoint(bound):
                atoms.setdefault(atom.key, atom)
    least: dict[Key, Fraction] = {}
    for key in atoms:
        powers = [
            next((q for atom, q in term.factors if atom.key == key), ZERO) for term, _ in terms
        ]
        least[key] = min(powers)
    return tuple((atoms[key], least[key]) for key in sorted(atoms) if least[key])


def denominators(terms: Total) -> tuple[tuple[DividedSum, Fraction], ...]:
    """The sums that some term is divided by, each with its most negative exponent."""
    found: dict[Key, tuple[DividedSum, Fraction]] = {}
    for term, _ in terms:
        bound = [binder.index.number for binder in term.binders]
        for atom, q in term.factors:
            if isinstance(atom, DividedSum) and q < 0 and atom.bound.isdisjoint(bound):
                found[atom.key] = (atom, min(q, found.get(atom.key, (atom, ZERO))[1]))
    return tuple(found[key] for key in sorted(found))


def cancelled(binders: tuple[Binder, ...], product: Factors) -> list[Piece] | None:
    """The term as a sum of pieces ``term * sum * coefficient``; None if nothing divides."""
    for atom, exponent in product:
        if not isinstance(atom, DividedSum) or exponent >= 0:
            continue
        lead, p = max(atom.of, key=lambda pair: _rank(pair[0]))
        quotient = _quotient(binders, product, lead)
        if quotient is not None:
            return _pieces(quotient, atom, lead, p)
        for inverted, power in product:
            if not isinstance(inverted, Exponential | Parameter | Scalar) or power >= 0:
                continue
            tail = _tail(atom.of, inverted)
            if tail is None:
                continue
            above = _quotient(binders, product, tail[0])
            if above is not None:
                return _pieces(above, atom, *tail)
            if _comes_after(tail[0], inverted):
                over = (*product, *((other, -q) for other, q in tail[0].factors))
                return _pieces(Term(binders, over), atom, *tail)
    return None


def _pieces(quotient: Term, atom: DividedSum, chosen: Term, p: Fraction) -> list[Piece]:
    """t = (t/c) P / p P - (t/c) R / p P, where P = p c + R and t/c is given."""
    rest = tuple(pair for pair in atom.of if pair[0] is not chosen)
    raised = Term(quotient.binders, (*quotient.factors, (atom, ONE)))
    once: Piece = (raised, ((UNIT, ONE),), 1 / p)
    return [once, (quotient, rest, -1 / p)] if rest else [once]


def _tail(denominator: Total, inverted: Atom) -> tuple[Term, Fraction] | None:
    """The only term of ``denominator`` without the factor ``inverted``."""
    key = inverted.key
    without = [
        (term, q) for term, q in denominator if all(atom.key != key for atom, _ in term.factors)
    ]
    if len(without) != 1 or len(denominator) == 1 or without[0][0].binders:
        return None
    return without[0]


def _comes_after(term: Term, inverted: Atom) -> bool:
    """Whether a term is made of exponentials that come after a factor in order."""
    key = inverted.key
    return all(isinstance(atom, Exponential) and atom.key > key for atom, _ in term.factors)


def _rank(term: Term) -> tuple[object, ...]:
    """A monomial order: graded, then lexicographic with the last atom first.

    It is kept by multiplication, so that division by several denominators comes to an end.
    """
    degree = sum((q for _, q in term.factors), ZERO)
    ranges = sorted(binder.extent.spelled for binder in term.binders)
    return (len(term.binders), degree, term.in_order(), ranges)


def _quotient(binders: tuple[Binder, ...], product: Factors, lead: Term) -> Term | None:
    """``product / lead`` under the binders that are left."""
    if not lead.binders and not lead.factors:
        return None
    for chosen in permutations(binders, len(lead.binders)):
        if [binder.extent for binder in chosen] != [binder.extent for binder in lead.binders]:
            continue
        left = _without(product, _instantiated(lead, chosen))
        taken = [binder.index.number for binder in chosen]
        if left is None or any(not atom.bound.isdisjoint(taken) for atom, _ in left):
            continue
        return Term(tuple(binder for binder in binders if binder not in chosen), left)
    return None


def _instantiated(term: Term, chosen: tuple[Binder, ...]) -> Factors:
    """The factors of ``term`` under other binders; nested ones get numbers that nothing has."""
    numbers = chain((binder.index.number for binder in chosen), count(-1, -1))
    return term.renamed(lambda _: next(numbers)).factors


def _without(product: Factors, factors: Factors) -> Factors | None:
    """``product / factors`` where every factor stands in it with at least its exponent."""
    powers = {atom.key: q for atom, q in factors}
    left = []
    for atom, q in product:
        needed = powers.pop(atom.key, None)
        if needed is None:
            left.append((atom, q))
            continue
        if (needed > 0 and q < needed) or (needed < 0 and q > needed):
            return None
        if q != needed:
            left.append((atom, q - needed))
    return None if powers else tuple(left)
