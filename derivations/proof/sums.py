"""Arithmetic of index sums in normal form.

Every function here takes sums in normal form and gives one back; each rewriting is an identity
of real functions wherever both sides are defined:

    products      multiply out; bound indices are made new first
    deltas        one-point rule and delta split, `deltas.py`
    division      1/(f P) = (1/f)(1/P), and lead(P)/P = 1 - (P - lead(P))/P, `division.py`
    exponentials  exp(a + b) = exp(a) exp(b), exp(q log P) = P^q for whole q
    logarithms    log(f P) = log f + log P for factors that are positive for sure
    empty bodies  sum_i 1 = size of the index set

A sum that normalises to nothing is zero. The converse need not hold: the exact decision at
small sizes has the other half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce

from derivations.proof import deltas
from derivations.proof.context import Context
from derivations.proof.definite import may_vanish, positive
from derivations.proof.deltas import free_delta, where_it_fails, without
from derivations.proof.division import cancelled, common_factor, denominators
from derivations.proof.fragment import OutsideFragment
from derivations.proof.terms import (
    UNIT,
    AppliedValue,
    ArbitraryValue,
    Atom,
    Binder,
    Delta,
    DividedSum,
    Exponential,
    Factors,
    Index,
    Key,
    Logarithm,
    Parameter,
    Scalar,
    SizeNumber,
    Term,
    Total,
    Values,
    apart,
    index_with,
    shifted,
)
from derivations.proof.whole import Whole

ONE = Fraction(1)
FACTORS = (
    Parameter,
    Scalar,
    SizeNumber,
    ArbitraryValue,
    AppliedValue,
    Exponential,
    Logarithm,
    DividedSum,
)


class Algebra:
    """The operations, with what one proof knows at hand."""

    def __init__(self, context: Context) -> None:
        self.context = context

    # Building blocks

    def constant(self, value: Fraction | int) -> Total:
        return ((UNIT, Fraction(value)),) if value else ()

    def atom(self, atom: Atom, exponent: Fraction = ONE) -> Total:
        return self.term((), ((atom, exponent),), ONE)

    def delta(self, left: Index, right: Index) -> Total:
        return self.constant(1) if left == right else self.atom(Delta(left, right))

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

    # Powers, exponentials, logarithms

    def power(self, base: Total, exponent: int) -> Total:
        """A whole power, negative ones as division."""
        if exponent < 0:
            return self.power(self.inverse(base), -exponent)
        result = self.constant(1)
        for _ in range(exponent):
            result = self.multiply(result, base)
        return result

    def inverse(self, terms: Total) -> Total:
        """One over a sum, what all terms share taken out."""
        if not terms:
            raise OutsideFragment("division by zero")
        if all(may_vanish(term, self.context) for term, _ in terms):
            raise OutsideFragment("division by a sum that is zero at some sizes or words")
        delta = free_delta(terms) if self.context.by_cases else None
        if delta is not None and self._positive(where_it_fails(delta, terms)):
            return self._by_case(self.inverse, delta, terms)
        above, below = self._over_common_denominator(terms)
        rest, outside, lead = self._without(above, common_factor(above, FACTORS))
        rest = self.scale(rest, 1 / lead)
        factors: Factors = (*outside, *((atom, -q) for atom, q in below))
        if rest != self.constant(1):
            factors = (*factors, (DividedSum(rest), -ONE))
        return self.term((), factors, 1 / lead)

    def _over_common_denominator(
        self, terms: Total
    ) -> tuple[Total, tuple[tuple[DividedSum, Fraction], ...]]:
        """``terms`` cleared of the sums divided by, and these with their negative exponents."""
        below = denominators(terms)
        for atom, q in below:
            terms = self.multiply(terms, self.power(atom.of, int(-q)))
        return terms, below

    def _positive(self, terms: Total) -> bool:
        """Whether a sum is positive for sure once it is cleared of what it is divided by."""
        above, below = self._over_common_denominator(terms)
        return all(positive(each, self.context) for each in (above, *(a.of for a, _ in below)))

    def _without(self, terms: Total, shared: Factors) -> tuple[Total, Factors, Fraction]:
        """``terms`` over what they share, one over that, and a coefficient to scale by."""
        outside: Factors = tuple((atom, -q) for atom, q in shared)
        rest = self._multiplied_out(terms, ((Term((), outside), ONE),))
        return rest, outside, min(rest, key=lambda pair: pair[0].key)[1]

    def exp(self, terms: Total) -> Total:
        """The exponential: one factor a term."""
        delta = free_delta(terms) if self.context.by_cases else None
        if delta is not None:
            return self._by_case(self.exp, delta, terms)
        result = self.constant(1)
        for term, q in terms:
            logarithm = _logarithm(term)
            if logarithm is not None and q.denominator == 1:
                part = self.power(logarithm.of, int(q))
            else:
                part = self.term((), ((Exponential(term), q),), ONE)
            result = self.multiply(result, part)
        return result

    def log(self, terms: Total) -> Total:
        """The logarithm, split where every part is positive for sure."""
        if not terms:
            raise OutsideFragment("logarithm of zero")
        delta = free_delta(terms) if self.context.by_cases else None
        if delta is not None and self._positive(where_it_fails(delta, terms)):
            return self._by_case(self.log, delta, terms)
        above, below = self._over_common_denominator(terms)
        if not all(positive(atom.of, self.context) for atom, _ in below):
            above, below = terms, ()
        shared = tuple(
            (atom, q)
            for atom, q in common_factor(above, (Exponential, DividedSum))
            if not isinstance(atom, DividedSum) or positive(atom.of, self.context)
        )
        rest, _, lead = self._without(above, shared)
        rest = self.scale(rest, 1 / abs(lead))
        parts = [self.scale(self._log_atom(atom), q) for atom, q in (*shared, *below)]
        for left in (self.constant(abs(lead)), rest):
            if left != self.constant(1):
                parts.append(self.atom(Logarithm(left)))
        return self.add(parts)

    def _by_case(self, function: Callable[[Total], Total], delta: Delta, terms: Total) -> Total:
        """A function of a sum: what it is where the delta holds, and what elsewhere."""
        by_parts = ((without(delta, term) or term, q) for term, q in terms)
        held = self.add(self.term(term.binders, term.factors, q) for term, q in by_parts)
        holds, fails = function(held), function(where_it_fails(delta, terms))
        change = self.add((holds, self.scale(fails, -ONE)))
        return self.add((fails, self.multiply(self.delta(delta.left, delta.right), change)))

    def _log_atom(self, atom: Atom) -> Total:
        match atom:
            case Exponential(term):
                return ((term, ONE),)
            case DividedSum(of):
                return self.log(of)
        raise OutsideFragment(f"logarithm of {type(atom).__name__}")

    # One term

    def term(self, binders: tuple[Binder, ...], factors: Factors, q: Fraction) -> Total:
        """A coefficient times a product under binders, in normal form."""
        self.context.spend()
        merged: dict[Key, tuple[Atom, Fraction]] = {}
        for atom, exponent in factors:
            known = merged.get(atom.key)
            if known is None or isinstance(atom, Delta):
                merged[atom.key] = (atom, exponent)
            else:
                merged[atom.key] = (atom, known[1] + exponent)
        product = tuple((atom, exponent) for atom, exponent in merged.values() if exponent)
        for atom, exponent in product:
            if isinstance(atom, DividedSum) and exponent > 0:
                others = tuple(pair for pair in product if pair[0] is not atom)
                body = self.multiply(self.term((), others, q), self.power(atom.of, int(exponent)))
                return reduce(self.bind, binders, body)
        equal = [atom for atom, _ in product if isinstance(atom, Delta)]
        if equal:
            groups = deltas.classes(equal, self.context)
            if groups is None:
                return ()
            changed = self._equated(groups, binders, product, q)
            if changed is not None:
                return changed
        pieces = cancelled(binders, product)
        if pieces is not None:
            return self.add(
                self._multiplied_out(((piece, q * p),), other) for piece, other, p in pieces
            )
        return self._without_idle_binders(binders, product, q)

    def _equated(
        self, groups: deltas.Equations, binders: tuple[Binder, ...], product: Factors, q: Fraction
    ) -> Total | None:
        """The term with its deltas solved and used; None where they say nothing new."""
        solution = deltas.solved(groups, binders, self.context)
        if solution is not None:
            index, value = solution
            left = tuple(binder for binder in binders if binder.index != index)
            return self._rebuilt(left, product, q, {index: value})
        values: dict[Index, Index] = {}
        kept: list[tuple[Delta, Fraction]] = []
        for group in groups:
            chosen = deltas.representative(group, binders)
            for other in sorted(group - {chosen}, key=lambda index: index.spelled({})):
                base, offset = apart(other)
                values[base or other] = shifted(chosen, -offset) if base else chosen
                kept.append((Delta(chosen, other), ONE))
        others = tuple(pair for pair in product if not isinstance(pair[0], Delta))
        before = sorted(atom.key for atom, _ in product if isinstance(atom, Delta))
        after = sorted(atom.key for atom, _ in kept)
        if before == after and not any(_mentions(atom, values) for atom, _ in others):
            return None
        body = self._rebuilt((), others, q, values)
        return self.add(
            self.term(binders + term.binders, (*kept, *term.factors), p) for term, p in body
        )

    def _rebuilt(
        self, binders: tuple[Binder, ...], product: Factors, q: Fraction, values: Values
    ) -> Total:
        """The term with indices replaced, built again from its parts."""
        result = self.constant(q)
        for atom, exponent in product:
            result = self.multiply(result, self._replaced(atom, exponent, values))
        return reduce(self.bind, binders, result)

    def _replaced(self, atom: Atom, exponent: Fraction, values: Values) -> Total:
        match atom:
            case Parameter(base, indices):
                put = tuple([index_with(index, values) for index in indices])
                return self.atom(Parameter(base, put), exponent)
            case ArbitraryValue():
                put_in = atom.with_indices(lambda index: index_with(index, values))
                return self.atom(put_in, exponent)
            case AppliedValue(function, labels, inside, partials):
                put = tuple([index_with(index, values) for index in labels])
                at = tuple([self._replaced_sum(value, values) for value in inside])
                return self.atom(AppliedValue(function, put, at, partials), exponent)
            case Delta(left, right):
                return self.delta(index_with(left, values), index_with(right, values))
            case Exponential(term):
                return self.exp(self.scale(self._replaced_sum(((term, ONE),), values), exponent))
            case DividedSum(of):
                return self.power(self._replaced_sum(of, values), int(exponent))
            case Logarithm(of):
                return self.power(self.log(self._replaced_sum(of, values)), int(exponent))
            case Scalar() | SizeNumber():
                return self.atom(atom, exponent)
        raise OutsideFragment(f"{type(atom).__name__} with other indices")

    def _replaced_sum(self, terms: Total, values: Values) -> Total:
        return self.add(self._rebuilt(term.binders, term.factors, q, values) for term, q in terms)

    def _without_idle_binders(
        self, binders: tuple[Binder, ...], product: Factors, q: Fraction
    ) -> Total:
        used = frozenset[int]().union(*(atom.bound for atom, _ in product))
        left: list[Binder] = []
        counts: list[Whole] = []
        for binder in binders:
            size = None if binder.index.number in used else self.context.size(binder.extent)
            if size is None:
                left.append(binder)
            else:
                counts.append(size)
        if not counts:
            return ((Term(binders, product), q),)
        result: Total = ((Term(tuple(left), product), q),)
        for size in counts:
            result = self.multiply(result, self.whole(size))
        return result


def _powers(atoms: Iterable[Atom]) -> Factors:
    counted: dict[Atom, int] = {}
    for atom in atoms:
        counted[atom] = counted.get(atom, 0) + 1
    return tuple((atom, Fraction(times)) for atom, times in counted.items())


def _logarithm(term: Term) -> Logarithm | None:
    """The logarithm that a term is, if it is nothing else."""
    if term.binders or len(term.factors) != 1:
        return None
    ((atom, exponent),) = term.factors
    return atom if isinstance(atom, Logarithm) and exponent == 1 else None


def _mentions(atom: Atom, values: Values) -> bool:
    """Whether an atom changes where indices are replaced."""

    def inside(term: Term) -> bool:
        return any(_mentions(inner, values) for inner, _ in term.factors)

    match atom:
        case Parameter() | ArbitraryValue():
            return any(index_with(index, values) != index for index in atom.indices)
        case AppliedValue(_, labels, at, _):
            changed = any(index_with(index, values) != index for index in labels)
            return changed or any(inside(term) for value in at for term, _ in value)
        case Delta(left, right):
            return any(index_with(index, values) != index for index in (left, right))
        case Exponential(term):
            return inside(term)
        case DividedSum(of) | Logarithm(of):
            return any(inside(term) for term, _ in of)
        case Scalar() | SizeNumber():
            return False
    raise OutsideFragment(f"{type(atom).__name__} with other indices")
