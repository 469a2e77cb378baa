"""The factors of a sum as a polynomial in its atoms, over the rational numbers.

Every atom, and every sum over bound indices with what depends on them, is a variable of a ring of
polynomials. What is equal there is equal whatever the variables are. A sum that has negative or
fractional powers in it, or more terms than are tried, is its own factor.
"""

from __future__ import annotations

from fractions import Fraction

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from derivations.proof.terms import Atom, Binder, Factors, Key, Term, Total

MOST_TERMS, MOST_VARIABLES, MOST_DEGREE = 40, 12, 8
Piece = Term | Atom


def factors(terms: Total) -> list[tuple[Total, int]] | None:
    """Two or more factors, or one that has a power, none of which is a number; None otherwise.

    Their product is ``terms`` up to a rational number.
    """
    if not 2 <= len(terms) <= MOST_TERMS:
        return None
    pieces: dict[Key, Piece] = {}
    monomials = []
    for term, q in terms:
        powers = _powers(term, pieces)
        if powers is None:
            return None
        monomials.append((powers, q))
    if len(pieces) > MOST_VARIABLES:
        return None
    context = fmpq_mpoly_ctx.get([f"x{n}" for n in range(len(pieces))], Ordering.lex)
    polynomial = context.from_dict(
        {
            tuple([powers.get(key, 0) for key in pieces]): fmpq(q.numerator, q.denominator)
            for powers, q in monomials
        }
    )
    if polynomial.total_degree() > MOST_DEGREE:
        return None
    _, found = polynomial.factor()
    if len(found) == 1 and found[0][1] == 1:
        return None
    return [(_terms(factor, [*pieces.values()]), int(power)) for factor, power in found]


def _powers(term: Term, pieces: dict[Key, Piece]) -> dict[Key, int] | None:
    """The power of each variable in a term; None where one is negative or a fraction."""
    inner = {binder.index.number for binder in term.binders}
    powers: dict[Key, int] = {}
    within = []
    for atom, q in term.factors:
        if not atom.bound.isdisjoint(inner):
            within.append((atom, q))
        elif q.denominator != 1 or q < 0:
            return None
        else:
            pieces.setdefault(atom.key, atom)
            powers[atom.key] = int(q)
    if inner:
        whole = Term(term.binders, tuple(within))
        pieces.setdefault(whole.key, whole)
        powers[whole.key] = 1
    return powers


def _terms(polynomial: fmpq_mpoly, pieces: list[Piece]) -> Total:
    """A polynomial as a sum again; no variable that binds indices has more than its first power."""
    found = []
    for monomial, q in polynomial.to_dict().items():
        binders: tuple[Binder, ...] = ()
        product: Factors = ()
        for piece, power in zip(pieces, monomial, strict=True):
            if isinstance(piece, Term) and power:
                binders, product = piece.binders, (*product, *piece.factors)
            elif power:
                assert isinstance(piece, Atom)
                product = (*product, (piece, Fraction(int(power))))
        found.append((Term(binders, product), Fraction(int(q.p), int(q.q))))
    return tuple(found)
