"""Whether a sum is nothing once it is multiplied by all that it is divided by.

Division by leading terms (`division.py`) makes partial fractions, and does not see that
1/(a (1 + a)) + 1/(1 + a) is 1/a where other factors stand between. Here every atom is a variable of
a ring of polynomials, a sum over bound indices with what depends on them one more; what is divided
by is its polynomial. The numerator is zero in this ring only if it is zero whatever its variables
are; and what is divided by is never zero at any size (`definite.py`), so the sum is nothing, too.
Equations between variables, as between an exponential and its logarithm, are not used: a numerator
that is not zero says nothing.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from derivations.proof.terms import Atom, DividedSum, Key, Term, Total

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
