"""Division: the leading term of a denominator is divided out wherever it stands above it.

With P = p L + R, where L is the leading term,   L / P = 1/p - (R/p) / P.
For L a sum over bound indices, such as sum_w exp(z_w), the term must hold that very sum: the
same factors under bound indices that occur nowhere else in the term. Where an exponential E of P
stands below the bar by itself, the one term c of P without it is used in the same way, so that
1/(E (1 + E)) becomes 1/E - 1/(1 + E): what is left has either E or 1/P. This c is a number or
made of exponentials that come after E in order: it cannot vanish, and 1/(E (E + F)) is not
turned into 1/(F (E + F)) and back for ever.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, count, permutations

from derivations.proof.terms import (
    Atom,
    Binder,
    Factors,
    Term,
    Total,
    atom_key,
    atom_names,
    renamed,
    term_key,
)

ONE = Fraction(1)
UNIT: Total = ((((), ()), ONE),)
Piece = tuple[Term, Total, Fraction]


def cancelled(binders: tuple[Binder, ...], product: Factors) -> list[Piece] | None:
    """The term as a sum of pieces ``term * sum * coefficient``; None if nothing divides."""
    for atom, exponent in product:
        if atom[0] != "p" or exponent >= 0:
            continue
        denominator: Total = atom[1]
        lead, p = max(denominator, key=lambda pair: _rank(pair[0]))
        quotient = _quotient(binders, product, lead)
        if quotient is not None:
            return _pieces(quotient, atom, lead, p)
        for inverted, power in product:
            tail = _tail(denominator, inverted) if inverted[0] == "e" and power < 0 else None
            if tail is not None:
                over = (*product, *((other, -q) for other, q in tail[0][1]))
                return _pieces((binders, over), atom, *tail)
    return None


def _pieces(quotient: Term, atom: Atom, chosen: Term, p: Fraction) -> list[Piece]:
    """t = (t/c) P / p P - (t/c) R / p P, where P = p c + R and t/c is given."""
    binders, factors = quotient
    rest = tuple(pair for pair in atom[1] if pair[0] is not chosen)
    once: Piece = ((binders, (*factors, (atom, ONE))), UNIT, 1 / p)
    return [once, ((binders, factors), rest, -1 / p)] if rest else [once]


def _tail(denominator: Total, inverted: Atom) -> tuple[Term, Fraction] | None:
    """The only term of ``denominator`` without the exponential ``inverted``, if it may be used."""
    key = atom_key(inverted, {})
    without = [
        (term, q)
        for term, q in denominator
        if all(atom_key(atom, {}) != key for atom, _ in term[1])
    ]
    if len(without) != 1 or len(denominator) == 1 or without[0][0][0]:
        return None
    after = all(atom[0] == "e" and atom_key(atom, {}) > key for atom, _ in without[0][0][1])
    return without[0] if after else None


def _rank(term: Term) -> tuple[object, ...]:
    """A monomial order: graded, then lexicographic with the last atom first.

    It is kept by multiplication, so that division by several denominators comes to an end.
    """
    degree = sum((q for _, q in term[1]), Fraction(0))
    ranges, factors = term_key(term, {})
    return (len(term[0]), degree, sorted(factors, reverse=True), ranges)


def _quotient(binders: tuple[Binder, ...], product: Factors, lead: Term) -> Term | None:
    """``product / lead`` under the binders that are left."""
    bound, wanted = lead
    if not bound and not wanted:
        return None
    for chosen in permutations(binders, len(bound)):
        if [extent for _, extent in chosen] != [extent for _, extent in bound]:
            continue
        _, factors = _instantiated(lead, [name for name, _ in chosen])
        left = _without(product, factors)
        taken = {name for name, _ in chosen}
        if left is None or any(not taken.isdisjoint(atom_names(atom)) for atom, _ in left):
            continue
        return tuple(binder for binder in binders if binder not in chosen), left
    return None


def _instantiated(term: Term, chosen: list[str]) -> Term:
    """``term`` with its own bound names replaced; nested ones get names that nothing has."""
    names = chain(chosen, (f"~{n}" for n in count()))
    return renamed(term, lambda _: next(names))


def _without(product: Factors, factors: Factors) -> Factors | None:
    """``product / factors`` where every factor stands in it with at least its exponent."""
    powers = {atom_key(atom, {}): q for atom, q in factors}
    left = []
    for atom, q in product:
        needed = powers.pop(atom_key(atom, {}), None)
        if needed is None:
            left.append((atom, q))
            continue
        if (needed > 0 and q < needed) or (needed < 0 and q > needed):
            return None
        if q != needed:
            left.append((atom, q - needed))
    return None if powers else tuple(left)
