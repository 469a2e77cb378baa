"""Division of index sums: content, exact division, factors, and the numerator over all.

Content and exact division: what terms share, what they are divided by, and what cancels.

The leading term of a denominator is divided out wherever it stands above it. With P = p L + R,
where L is the leading term,   L / P = 1/p - (R/p) / P. For L a sum over bound indices, such as
sum_w exp(z_w), the term must hold that very sum: the same factors under bound indices that occur
nowhere else in the term. Where an exponential, number or entry E of P stands below the bar by
itself, the one term c of P without it is used in the same way, so that 1/(E (1 + E)) becomes 1/E -
1/(1 + E): what is left has either E or 1/P. This c is a number or made of exponentials that come
after E in order: it cannot vanish, and 1/(E (E + F)) is not turned into 1/(F (E + F)) and back for
ever. Where c stands above the bar it is used whatever it is, F/(E (E + F)) = 1/E - 1/(E + F): there
is an E less below the bar each time.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, count, permutations
from math import lcm

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

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


# The factors of a sum as a polynomial in its atoms, over the rational numbers.
#
# Every atom, and every sum over bound indices with what depends on them, is a variable of a ring of
# polynomials. What is equal there is equal whatever the variables are. A sum that has negative or
# fractional powers in it, or more terms than are tried, is its own factor.


MOST_FACTORED_TERMS, MOST_FACTORED_VARIABLES, MOST_FACTORED_DEGREE = 40, 12, 8
_Factor = Term | Atom


def factors(terms: Total) -> list[tuple[Total, int]] | None:
    """Two or more factors, or one that has a power, none of which is a number; None otherwise.

    Their product is ``terms`` up to a rational number.
    """
    if not 2 <= len(terms) <= MOST_FACTORED_TERMS:
        return None
    pieces: dict[Key, _Factor] = {}
    monomials = []
    for term, q in terms:
        powers = _powers(term, pieces)
        if powers is None:
            return None
        monomials.append((powers, q))
    if len(pieces) > MOST_FACTORED_VARIABLES:
        return None
    context = fmpq_mpoly_ctx.get([f"x{n}" for n in range(len(pieces))], Ordering.lex)
    polynomial = context.from_dict(
        {
            tuple([powers.get(key, 0) for key in pieces]): fmpq(q.numerator, q.denominator)
            for powers, q in monomials
        }
    )
    if polynomial.total_degree() > MOST_FACTORED_DEGREE:
        return None
    _, found = polynomial.factor()
    if len(found) == 1 and found[0][1] == 1:
        return None
    return [(_terms(factor, [*pieces.values()]), int(power)) for factor, power in found]


def _powers(term: Term, pieces: dict[Key, _Factor]) -> dict[Key, int] | None:
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


def _terms(polynomial: fmpq_mpoly, pieces: list[_Factor]) -> Total:
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


# Whether a sum is nothing once it is multiplied by all that it is divided by.
#
# Division by leading terms makes partial fractions, and does not see that 1/(a (1
# + a)) + 1/(1 + a) is 1/a where other factors stand between. Here every atom is a variable of a
# ring of polynomials, a sum over bound indices with what depends on them one more; what is
# divided by is its polynomial. The numerator is zero in this ring only if it is zero whatever its
# variables are; and what is divided by is never zero at any size (`context.py`), so the sum is
# nothing, too. Equations between variables, as between an exponential and its logarithm, are not
# used: a numerator that is not zero says nothing.


MOST_VARIABLES, MOST_TERMS, MOST_DEGREE = 40, 400, 12
Powers = dict[Key, Fraction]


class _Large(Exception):
    """There are more variables, terms or powers than are tried."""


def vanishes(terms: Total) -> bool:
    """Whether a sum of fractions has the numerator zero."""
    ring = _Ring()
    try:
        for term, _ in terms:
            ring.read(term)
        return ring.numerator(terms)
    except _Large:
        return False


class _Ring:
    """The variables, with the fractions of their powers that stand somewhere, and denominators."""

    def __init__(self) -> None:
        self.units: dict[Key, int] = {}
        self.least: Powers = {}
        self.below: dict[Key, Total] = {}

    def read(self, term: Term) -> None:
        """Meet all variables of a term."""
        powers, divided = _apart(term)
        for key, q in powers.items():
            self.units[key] = lcm(self.units.get(key, 1), q.denominator)
            self.least[key] = min(self.least.get(key, Fraction(0)), q)
        for key, (atom, q) in divided.items():
            self.least[key] = min(self.least.get(key, Fraction(0)), q)
            if key not in self.below:
                self.below[key] = atom.of
                for inner, _ in atom.of:
                    self.read(inner)
        if len(self.units) > MOST_VARIABLES or len(self.below) > MOST_DEGREE:
            raise _Large

    def numerator(self, terms: Total) -> bool:
        """Whether the numerator is zero, every fraction brought to the same denominator."""
        names = [f"x{n}" for n in range(len(self.units) or 1)]
        self.context = fmpq_mpoly_ctx.get(names, Ordering.lex)
        self.place = {key: n for n, key in enumerate(self.units)}
        bottoms = {key: self._polynomial(of) for key, of in self.below.items()}
        total = self.context.constant(0)
        for term, q in terms:
            powers, divided = _apart(term)
            part = self._monomial(powers, q, self.least)
            for key, bottom in bottoms.items():
                power = (divided[key][1] if key in divided else Fraction(0)) - self.least[key]
                part = self._times(part, bottom, power)
            total = total + part
        return bool(total.is_zero())

    def _polynomial(self, terms: Total) -> fmpq_mpoly:
        """What is divided by, which has no denominators of its own."""
        found = self.context.constant(0)
        for term, q in terms:
            powers, divided = _apart(term)
            if divided:
                raise _Large
            found = found + self._monomial(powers, q, {})
        return found

    def _monomial(self, powers: Powers, q: Fraction, least: Powers) -> fmpq_mpoly:
        """A product of powers over those of the least exponents."""
        exponents = [0] * (len(self.units) or 1)
        for key, unit in self.units.items():
            exponents[self.place[key]] = int((powers.get(key, 0) - least.get(key, 0)) * unit)
        if sum(exponents) > MOST_TERMS or min(exponents) < 0:
            raise _Large
        return self.context.from_dict({tuple(exponents): fmpq(q.numerator, q.denominator)})

    def _times(self, part: fmpq_mpoly, bottom: fmpq_mpoly, power: Fraction) -> fmpq_mpoly:
        if power > MOST_DEGREE:
            raise _Large
        for _ in range(int(power)):
            part = part * bottom
            if len(part) > MOST_TERMS:
                raise _Large
        return part


def _apart(term: Term) -> tuple[Powers, dict[Key, tuple[DividedSum, Fraction]]]:
    """The powers of the variables of a term, and the sums it is divided by.

    What depends on its bound indices is one variable together with them.
    """
    inner = {binder.index.number for binder in term.binders}
    powers: Powers = {}
    divided: dict[Key, tuple[DividedSum, Fraction]] = {}
    within: list[tuple[Atom, Fraction]] = []
    for atom, q in term.factors:
        if not atom.bound.isdisjoint(inner):
            within.append((atom, q))
        elif isinstance(atom, DividedSum):
            divided[atom.key] = (atom, q)
        else:
            powers[atom.key] = q
    if inner:
        powers[Term(term.binders, tuple(within)).key] = Fraction(1)
    return powers, divided
