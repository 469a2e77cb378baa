"""Arithmetic of index sums in normal form: sums, products, division, one term under its binders.

Every function here takes sums in normal form and gives one back; each rewriting is an identity
of real functions wherever both sides are defined:

    factors       multiply out; bound indices are made new first
    deltas        one-point rule and delta split, `contraction.py`
    order         [a <= b] = (1 + delta(a, b) + s(a, b)) / 2 for the sign s(a, b) of b - a, which is
                  minus s(b, a); s^2 = 1 - delta; s(a + 1, b) = s(a, b) - delta(a, b)
                  - delta(a + 1, b); a sum with s that is minus itself up to names is zero
    power sums    sum_{k=a}^b k^p = S(b) - S(a - 1) for the polynomial S with S(0) = 0 and
                  S(k) - S(k - 1) = k^p; for b >= a - 1, as it telescopes. p = 0 is the size
    inverses      sum_j A[i,j] M[j,k] = delta(i,k) for the inverse M of A, `contraction.py`
    offsets       sum_{k=a}^b F(k) = sum_{k=a}^b F(k - c) + sum_{s=b-c+1}^b F(s)
                  - sum_{s=a-c}^{a-1} F(s): both sides are telescoping sums of F(s) - F(s - c), so
                  it holds for b >= a - 1, where the range is empty as well. F has to have a value
                  at every whole number: no sum that is divided by, no logarithm, no 1/k

A sum that normalises to nothing is zero. The converse need not hold: the exact decision at
small sizes has the other half.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from itertools import (
    accumulate,
    chain,
    combinations,
    compress,
    count,
    permutations,
    product,
    repeat,
)
from math import comb, lcm

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx
from sympy import integer_nthroot

from derivations.proof import contraction
from derivations.proof.context import Context, bare_logarithm
from derivations.proof.contraction import least_offset, power_of, power_sum_polynomial
from derivations.proof.fragment import OutsideFragment
from derivations.proof.terms import (
    UNIT,
    AbsoluteValue,
    Atom,
    Binder,
    Delta,
    DividedSum,
    Exponential,
    Factors,
    Index,
    IndexNumber,
    Key,
    NumberedIndex,
    Order,
    Parameter,
    Range,
    Scalar,
    Sign,
    SizeNumber,
    Term,
    Total,
    Values,
    Whole,
    apart,
    balanced,
    bound_in,
    index_with,
    shifted,
    surely_at_least,
)

# Division of index sums: content, exact division, factors, and the numerator over all.
#
# Content and exact division: what terms share, what they are divided by, and what cancels.
#
# The leading term of a denominator is divided out wherever it stands above it. With P = p L + R,
# where L is the leading term,   L / P = 1/p - (R/p) / P. For L a sum over bound indices, such as
# sum_w exp(z_w), the term must hold that very sum: the same factors under bound indices that
# occur nowhere else in the term. Where an exponential, number or entry E of P stands below the
# bar by itself, the one term c of P without it is used in the same way, so that 1/(E (1 + E))
# becomes 1/E - 1/(1 + E): what is left has either E or 1/P. This c is a number or made of
# exponentials that come after E in order: it cannot vanish, and 1/(E (E + F)) is not turned into
# 1/(F (E + F)) and back for ever. Where c stands above the bar it is used whatever it is, F/(E (E
# + F)) = 1/E - 1/(E + F): there is an E less below the bar each time.


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
        powers = _piece_powers(term, pieces)
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


def _piece_powers(term: Term, pieces: dict[Key, _Factor]) -> dict[Key, int] | None:
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
        powers, divided = _divisors_apart(term)
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
            powers, divided = _divisors_apart(term)
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
            powers, divided = _divisors_apart(term)
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


def _divisors_apart(term: Term) -> tuple[Powers, dict[Key, tuple[DividedSum, Fraction]]]:
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


# Sums and products, and one term under its binders.


UP = Whole.number(1)
MOST_ORDERED, MOST_BETWEEN, MOST_RAISED = 4, 4, 3


class Sums(ABC):
    """The operations, with what one proof knows at hand."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def constant(self, value: Fraction | int) -> Total:
        return ((UNIT, Fraction(value)),) if value else ()

    def atom(self, atom: Atom, exponent: Fraction = ONE) -> Total:
        return self.term((), ((atom, exponent),), ONE)

    def delta(self, left: Index, right: Index) -> Total:
        """One where two indices are the same, else zero."""
        (first, gone), (second, more) = apart(left), apart(right)
        if first == second:
            left, right = NumberedIndex(gone), NumberedIndex(more)
        left, right = balanced(left, right)
        return self.constant(1) if left == right else self.atom(Delta(left, right))

    def order(self, left: Index, right: Index) -> Total:
        """One where the left index is below the right one, minus one where it is above."""
        (first, gone), (second, more) = apart(left), apart(right)
        if first == second:
            if gone == more:
                return ()
            return self.constant(1 if self._surely(more - gone) else -1)
        equal, offset = self.delta(left, right), (gone - more).constant
        one, other = self.context.range_of(left), self.context.range_of(right)
        if one is not None and other is not None:
            for sign, low, high in ((1, one.upper, other.lower), (-1, other.upper, one.lower)):
                if surely_at_least(high - low, 0, self.context.least):
                    return self.scale(
                        self.add((self.constant(1), self.scale(equal, -ONE))), Fraction(sign)
                    )
        if offset is None or abs(offset) > MOST_BETWEEN:
            raise OutsideFragment("members compared in order that are far apart")
        if first is None or second is None:
            return self.atom(Order(left, right))
        if offset < 0:
            return self.scale(self.order(right, left), -ONE)
        steps = [self.delta(shifted(first, Whole.number(n)), second) for n in range(offset + 1)]
        passed = (each for n in range(offset) for each in (steps[n], steps[n + 1]))
        met = (self.scale(each, -ONE) for each in passed)
        return self.add((self.atom(Order(first, second)), *met))

    def _surely(self, number: Whole) -> bool:
        """Whether a number without an end is above zero, or below it; refuses what may be both."""
        if surely_at_least(number, 1, self.context.least):
            return True
        if surely_at_least(-number, 1, self.context.least):
            return False
        raise OutsideFragment("sizes compared in order")

    def not_above(self, left: Index, right: Index) -> Total:
        """One where the left index is not above the right one, else zero."""
        parts = (self.constant(1), self.delta(left, right), self.order(left, right))
        return self.scale(self.add(parts), Fraction(1, 2))

    def number(self, index: Index) -> Total:
        """A member of a range as the number it is."""
        base, offset = apart(index)
        counted = () if base is None else self.atom(IndexNumber(base))
        return self.add((counted, self.whole(offset)))

    def whole(self, number: Whole) -> Total:
        """A whole number made of sizes."""
        return self.add(
            ((Term((), _powers(map(SizeNumber, monomial))), Fraction(value)),)
            for monomial, value in number.terms
        )

    def add(self, parts: Iterable[Total]) -> Total:
        """The sum, like terms collected."""
        collected: dict[Key, tuple[Term, Fraction]] = {}
        for part in parts:
            for term, q in part:
                if any(isinstance(atom, Order) for atom, _ in term.factors):
                    term, q = _oriented(term, q)
                known = collected.get(term.key)
                collected[term.key] = (term, q) if known is None else (known[0], known[1] + q)
        return tuple((term, q) for term, q in collected.values() if q)

    def scale(self, terms: Total, by: Fraction) -> Total:
        return tuple((term, q * by) for term, q in terms) if by else ()

    def multiply(self, left: Total, right: Total) -> Total:
        """The product, multiplied out."""
        if left == ((UNIT, ONE),):
            return right
        if right == ((UNIT, ONE),):
            return left
        return self._multiplied_out(left, right)

    def _multiplied_out(self, left: Total, right: Total) -> Total:
        parts = []
        for term, p in left:
            for other, q in right:
                more = other.renamed(self.context.fresh)
                binders, factors = term.binders + more.binders, term.factors + more.factors
                parts.append(self.term(binders, factors, p * q))
        return self.add(parts)

    def bind(self, body: Total, binder: Binder) -> Total:
        """The sum of ``body`` over a bound index."""
        return self.add(self.term((*term.binders, binder), term.factors, q) for term, q in body)

    def power(self, base: Total, exponent: int) -> Total:
        """A whole power, negative ones as division."""
        if exponent < 0:
            return self.power(self.inverse(base), -exponent)
        result = self.constant(1)
        for _ in range(exponent):
            result = self.multiply(result, base)
        return result

    # What else a term is made of: functions of sums, `functions_of_sums.py`

    @abstractmethod
    def inverse(self, terms: Total) -> Total:
        """One over a sum."""

    @abstractmethod
    def exp(self, terms: Total) -> Total:
        """The exponential of a sum."""

    @abstractmethod
    def _replaced(self, atom: Atom, exponent: Fraction, values: Values) -> Total:
        """A power of an atom, its indices replaced."""

    @abstractmethod
    def _together(self, one: Sign, other: Sign) -> Total | None:
        """The product of two signs as a sum, where that is known."""

    # One term

    def term(self, binders: tuple[Binder, ...], factors: Factors, q: Fraction) -> Total:
        """A coefficient times a product under binders, in normal form."""
        self.context.spend()
        merged: dict[Key, tuple[Atom, Fraction]] = {}
        for atom, exponent in factors:
            if isinstance(atom, Order) and atom.turned.key < atom.key:
                atom, q = atom.turned, q * (-1) ** int(exponent)
            known = merged.get(atom.key)
            if known is None or isinstance(atom, Delta):
                merged[atom.key] = (atom, exponent)
            else:
                merged[atom.key] = (atom, known[1] + exponent)
        reduced = ((atom, self._of_two(atom, exponent)) for atom, exponent in merged.values())
        product = tuple((atom, exponent) for atom, exponent in reduced if exponent)
        for atom, exponent in product:
            taken = self._whole_power(atom, exponent)
            if taken is not None:
                others = tuple(pair for pair in product if pair[0] is not atom)
                return reduce(self.bind, binders, self.multiply(self.term((), others, q), taken))
        alike = self._of_one_hot(product)
        if alike is not None:
            one, other = alike
            others = tuple(pair for pair in product if pair[0] is not other)
            same = reduce(self._times_delta, zip(one.at, other.at, strict=True), self.constant(q))
            return reduce(self.bind, binders, self.multiply(self.term((), others, ONE), same))
        signs = [atom for atom, _ in product if isinstance(atom, Sign)]
        for pair in combinations(signs, 2):
            joined = self._together(*pair)
            if joined is not None:
                others = tuple(each for each in product if each[0] not in pair)
                return reduce(self.bind, binders, self.multiply(self.term((), others, q), joined))
        equal = [atom for atom, _ in product if isinstance(atom, Delta)]
        if equal:
            groups = contraction.classes(equal, self.context)
            if groups is None:
                return ()
            changed = self._equated(groups, binders, product, q)
            if changed is not None:
                return changed
        contracted = self._contracted(binders, product, q)
        if contracted is not None:
            return contracted
        pieces = cancelled(binders, product)
        if pieces is not None:
            return self.add(
                self._multiplied_out(((piece, q * p),), other) for piece, other, p in pieces
            )
        moved = self._reindexed(binders, product, q)
        return self._summed_out(binders, product, q) if moved is None else moved

    def _of_two(self, atom: Atom, exponent: Fraction) -> Fraction:
        """The least exponent of a number that is 0 or 1, or is -1 or 1."""
        if isinstance(atom, Scalar | Parameter) and exponent.denominator == 1:
            name = atom.name if isinstance(atom, Scalar) else atom.base
            if name in self.context.bits and exponent > 1:
                return ONE
            if name in self.context.signs:
                return exponent % 2
        return exponent

    def _of_one_hot(self, product: Factors) -> tuple[Parameter, Parameter] | None:
        """Two entries of a vector, or row, of zeros and a single one: y_i y_j is y_i [i = j]."""
        names = self.context.bits & self.context.sums.keys()
        first: dict[tuple[str, tuple[Index, ...]], Parameter] = {}
        for atom, exponent in product if names else ():
            if isinstance(atom, Parameter) and atom.base in names and exponent == 1:
                said = self.context.sums[atom.base]
                row = (atom.base, said.beside(atom.at))
                if said.value == 1 and row in first:
                    return first[row], atom
                first[row] = atom
        return None

    def _times_delta(self, terms: Total, pair: tuple[Index, Index]) -> Total:
        return self.multiply(terms, self.delta(*pair))

    def _whole_power(self, atom: Atom, exponent: Fraction) -> Total | None:
        """A power that is no atom with an exponent: of a sum, of |P|, of exp(log P)."""
        match atom:
            case DividedSum(of) if exponent > 0:
                return self.power(of, int(exponent))
            case Order(left, right) if exponent != 1:
                apart_ = self.add((self.constant(1), self.scale(self.delta(left, right), -ONE)))
                return self.multiply(self.atom(atom), apart_) if exponent % 2 else apart_
            case Sign() if exponent != 1:
                return self.atom(atom) if exponent % 2 else self.constant(1)
            case AbsoluteValue(of) if exponent not in (0, 1):
                odd = exponent % 2
                squares = self.power(of, int(exponent - odd))
                return self.multiply(squares, self.atom(atom, odd)) if odd else squares
            case Exponential(term):
                inside = bare_logarithm(term)
                if inside is None:
                    return None
                whole, rest = divmod(exponent, 1)
                known = _root(inside.of, rest)
                if known is not None:
                    return self.scale(self.power(inside.of, whole), known)
                if whole:
                    return self.multiply(self.power(inside.of, whole), self.atom(atom, rest))
        return None

    def _equated(
        self,
        groups: contraction.Equations,
        binders: tuple[Binder, ...],
        product: Factors,
        q: Fraction,
    ) -> Total | None:
        """The term with its deltas solved and used; None where they say nothing new."""
        solution = contraction.solved(groups, binders, self.context)
        if solution is not None:
            index, value = solution
            left = tuple(binder for binder in binders if binder.index != index)
            return self._rebuilt(left, product, q, {index: value})
        values: dict[Index, Index] = {}
        kept: list[tuple[Delta, Fraction]] = []
        for group in groups:
            chosen = contraction.representative(group, binders)
            for other in sorted(group - {chosen}, key=lambda index: index.spelled({})):
                base, offset = apart(other)
                values[base or other] = shifted(chosen, -offset) if base else chosen
                kept.append((Delta(*balanced(chosen, other)), ONE))
        others = tuple(pair for pair in product if not isinstance(pair[0], Delta))
        before = sorted(atom.key for atom, _ in product if isinstance(atom, Delta))
        after = sorted(atom.key for atom, _ in kept)
        if before == after and not any(_mentions(atom, values) for atom, _ in others):
            return None
        body = self._rebuilt((), others, q, values)
        return self.add(
            self.term(binders + term.binders, (*kept, *term.factors), p) for term, p in body
        )

    def _contracted(
        self, binders: tuple[Binder, ...], product: Factors, q: Fraction
    ) -> Total | None:
        """The term with a matrix times its inverse M put together; None where none stands there.

        For A = q t + B that is sum_j t[i,j] M[j,k] = (delta(i,k) - sum_j B[i,j] M[j,k]) / q.
        """
        found = contraction.beside_inverse(binders, product, self.context)
        if found is None:
            return None
        one = self.delta(*found.ends)
        put: Values = dict(zip(found.axes, found.places, strict=True))
        rest = self.multiply(self._replaced_sum(found.tail, put), self.atom(found.inverse))
        joined = self.add((one, self.scale(self.bind(rest, found.inner), -ONE)))
        others = self.multiply(self.term((), found.others, q / found.lead), joined)
        return reduce(self.bind, found.binders, others)

    def _rebuilt(
        self, binders: tuple[Binder, ...], product: Factors, q: Fraction, values: Values
    ) -> Total:
        """The term with indices replaced, built again from its parts."""
        result = self.constant(q)
        for atom, exponent in product:
            result = self.multiply(result, self._replaced(atom, exponent, values))
        return reduce(self.bind, binders, result)

    def _replaced_sum(self, terms: Total, values: Values) -> Total:
        return self.add(self._rebuilt(term.binders, term.factors, q, values) for term, q in terms)

    def _reindexed(
        self, binders: tuple[Binder, ...], product: Factors, q: Fraction
    ) -> Total | None:
        """A sum whose index stands with offsets alone, moved so that the least one is none."""
        for binder in binders:
            step = least_offset(product, binder.index)
            if not step or self.context.size(binder.extent) is None:
                continue
            lower, upper = binder.extent.lower, binder.extent.upper
            steps = [Whole.number(n) for n in range(abs(step))]
            more = [upper - n if step > 0 else lower + n for n in steps]
            fewer = [lower - UP - n if step > 0 else upper + UP + n for n in steps]
            others = tuple(other for other in binders if other is not binder)
            at = [
                self._rebuilt(others, product, sign * q, {binder.index: NumberedIndex(number)})
                for sign, numbers in ((1, more), (-1, fewer))
                for number in numbers
            ]
            back = shifted(binder.index, Whole.number(-step))
            return self.add((self._rebuilt(binders, product, q, {binder.index: back}), *at))
        return None

    def _summed_out(self, binders: tuple[Binder, ...], product: Factors, q: Fraction) -> Total:
        """The term without binders under which only powers of the number itself stand, or an entry
        of which the sum is given.
        """
        left, rest = list(binders), product
        result = self.constant(1)
        for binder in binders:
            entry = self._added_up(rest, binder)
            if entry is not None:
                result = self.scale(result, self.context.sums[entry.base].value)
                left.remove(binder)
                rest = tuple(pair for pair in rest if pair[0] != entry)
                continue
            counted = self._above_less_below(rest, binder)
            if counted is not None:
                atom, gap = counted
                result = self.multiply(result, gap)
                left.remove(binder)
                rest = tuple(pair for pair in rest if pair[0] != atom)
                continue
            if self.context.size(binder.extent) is None:
                continue
            geometric = self._geometric(rest, binder)
            if geometric is not None:
                result = self.multiply(result, geometric)
                left.remove(binder)
                rest = tuple(pair for pair in rest if binder.index.number not in pair[0].bound)
                continue
            power = power_of(rest, binder.index)
            if power is None:
                continue
            below = self._power_sum(power, binder.extent.lower - UP)
            above = self._power_sum(power, binder.extent.upper)
            result = self.multiply(result, self.add((above, self.scale(below, -ONE))))
            left.remove(binder)
            rest = tuple(pair for pair in rest if pair[0] != IndexNumber(binder.index))
        if len(left) == len(binders):
            return ((Term(binders, product), q),)
        return self.multiply(reduce(self.bind, left, self.term((), rest, q)), result)

    def _added_up(self, product: Factors, binder: Binder) -> Parameter | None:
        """The only factor with a bound index, where its sum over the range is given."""
        found = [pair for pair in product if binder.index.number in pair[0].bound]
        match found:
            case [(Parameter(base, at) as entry, exponent)] if base in self.context.sums:
                whole = self.context.sums[base].is_along(at, binder.index, binder.extent)
                return entry if whole and exponent == 1 else None
        return None

    def _above_less_below(self, product: Factors, binder: Binder) -> tuple[Order, Total] | None:
        """For the only factor with a bound index, an order: members above less those below."""
        found = [pair for pair in product if binder.index.number in pair[0].bound]
        match found:
            case [(Order(left, right) as order, exponent)] if exponent == 1:
                other, sign = (left, ONE) if right == binder.index else (right, -ONE)
                fits = binder.index in (left, right) and self.context.within(other, binder.extent)
                if fits and binder.index.number not in bound_in(other):
                    ends = self.whole(binder.extent.lower + binder.extent.upper)
                    twice = self.scale(self.number(other), Fraction(-2))
                    return order, self.scale(self.add((ends, twice)), sign)
        return None

    def _geometric(self, product: Factors, binder: Binder) -> Total | None:
        """The sum of k^p q^k over a range of k, where a bound index stands in nothing else."""
        steps = contraction.steps(product, binder.index)
        power = power_of(tuple(pair for pair in product if pair not in steps), binder.index)
        if not steps or power is None or power > MOST_RAISED:
            return None
        self.context.has_closed_forms = True
        if not self.context.by_closed_forms:
            return None

        def raised(number: Whole) -> Total:
            """q to the power of a number."""
            exponents = (((Term((), contraction.step(atom)), q),) for atom, q in steps)
            powers = (self.exp(self.multiply(self.whole(number), each)) for each in exponents)
            return reduce(self.multiply, powers, self.constant(1))

        try:
            less_one = self.add((raised(Whole.number(1)), self.constant(-1)))
            below = self.inverse(less_one)
        except OutsideFragment:
            return None
        return self._summed_by_parts(power, binder.extent, raised, below)

    def _summed_by_parts(
        self, power: int, extent: Range, raised: Callable[[Whole], Total], below: Total
    ) -> Total:
        """The sum S of k^p q^k for k = a, ..., b, ``raised`` the powers of q, ``below`` 1/(q - 1).

        (q - 1) S = b^p q^(b+1) - a^p q^a, less the sum of (k^p - (k-1)^p) q^k for k = a+1, ..., b.
        """
        first, last = extent.lower, extent.upper
        ends = ((last, last + UP, ONE), (first, first, -ONE))
        parts = [
            self.scale(self.multiply(self.power(self.whole(end), power), raised(at)), sign)
            for end, at, sign in ends
        ]
        for lower in range(power):
            inner = self._summed_by_parts(lower, Range(first + UP, last), raised, below)
            parts.append(self.scale(inner, Fraction(comb(power, lower) * (-1) ** (power - lower))))
        return self.multiply(self.add(parts), below)

    def _power_sum(self, power: int, number: Whole) -> Total:
        """1^p + 2^p + ... + n^p, as the polynomial in n that it is."""
        raised = accumulate(repeat(number, power + 1), Whole.__mul__, initial=Whole.number(1))
        terms = zip(power_sum_polynomial(power), raised, strict=True)
        return self.add(self.scale(self.whole(each), q) for q, each in terms)


def _oriented(term: Term, q: Fraction) -> tuple[Term, Fraction]:
    """The term with its orders of indices turned so that its key is the least, and its sign.

    Zero where it is minus itself: where it is the same both ways, up to the names of its indices.
    """
    places = [n for n, (atom, _) in enumerate(term.factors) if isinstance(atom, Order)]
    if len(places) > MOST_ORDERED:
        raise OutsideFragment("many members compared in order")
    found: dict[Key, tuple[Term, set[int]]] = {}
    for turned in product((False, True), repeat=len(places)):
        factors = list(term.factors)
        for place in compress(places, turned):
            atom, exponent = factors[place]
            assert isinstance(atom, Order)
            factors[place] = (atom.turned, exponent)
        other = Term(term.binders, tuple(factors))
        found.setdefault(other.key, (other, set()))[1].add(1 - 2 * (sum(turned) % 2))
    least, signs = found[min(found)]
    return least, q * min(signs) if len(signs) == 1 else Fraction(0)


def _root(terms: Total, power: Fraction) -> Fraction | None:
    """A number to a power from 0 to 1, where that is rational."""
    if power == 0:
        return ONE
    if len(terms) != 1 or terms[0][0] != UNIT or terms[0][1] <= 0:
        return None
    number, degree = terms[0][1] ** power.numerator, power.denominator
    ends = [_whole_root(n, degree) for n in (number.numerator, number.denominator)]
    if ends[0] is None or ends[1] is None:
        return None
    return Fraction(ends[0], ends[1])


def _whole_root(number: int, degree: int) -> int | None:
    root, exact = integer_nthroot(number, degree)
    return int(root) if exact else None


def _powers(atoms: Iterable[Atom]) -> Factors:
    counted: dict[Atom, int] = {}
    for atom in atoms:
        counted[atom] = counted.get(atom, 0) + 1
    return tuple((atom, Fraction(times)) for atom, times in counted.items())


def _mentions(atom: Atom, values: Values) -> bool:
    """Whether an atom changes where indices are replaced."""
    return any(index_with(index, values) != index for index in atom.indices())
