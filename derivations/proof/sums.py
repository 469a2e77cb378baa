"""Arithmetic of index sums in normal form.

Every function here takes sums in normal form and gives one back; each rewriting is an identity
of real functions wherever both sides are defined:

    products      multiply out; bound names are made new first
    deltas        `deltas.py`; out of functions of sums, `cases.py`
    division      1/(f P) = (1/f)(1/P), and lead(P)/P = 1 - (P - lead(P))/P
    exponentials  exp(a + b) = exp(a) exp(b), exp(q log P) = P^q for whole q
    logarithms    log(f P) = log f + log P for factors that are positive for sure
    empty bodies  sum_i 1 = size of the index set

A sum that normalises to nothing is zero. The converse need not hold: the exact decision at
small sizes has the other half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import reduce

from derivations.proof import deltas
from derivations.proof.cancel import cancelled
from derivations.proof.cases import free_delta, where_it_fails, without
from derivations.proof.content import common_factor, denominators, may_vanish, positive
from derivations.proof.context import Context
from derivations.proof.fragment import OutsideFragment
from derivations.proof.terms import (
    Atom,
    Binder,
    Factors,
    Index,
    Key,
    Term,
    Total,
    atom_key,
    atom_names,
    renamed,
    term_key,
)

ONE = Fraction(1)
UNIT: Term = ((), ())
Sums = dict[Key, tuple[Term, Fraction]]
Values = Mapping[Index, Index]


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
        return self.constant(1) if left == right else self.atom(("d", left, right))

    def add(self, parts: Iterable[Total]) -> Total:
        """The sum, like terms collected."""
        collected: Sums = {}
        for part in parts:
            for term, q in part:
                key = term_key(term, {})
                known = collected.get(key)
                collected[key] = (term, q) if known is None else (known[0], known[1] + q)
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
        for (binders, factors), p in left:
            for term, q in right:
                more_binders, more_factors = renamed(term, self.context.fresh)
                parts.append(self.term(binders + more_binders, factors + more_factors, p * q))
        return self.add(parts)

    def bind(self, body: Total, binder: Binder) -> Total:
        """The sum of ``body`` over a bound index."""
        return self.add(self.term((*binders, binder), factors, q) for (binders, factors), q in body)

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
        rest, outside, lead = self._without(above, common_factor(above, "xsfelp"))
        rest = self.scale(rest, 1 / lead)
        factors: Factors = (*outside, *((atom, -q) for atom, q in below))
        if rest != self.constant(1):
            factors = (*factors, (("p", rest), -ONE))
        return self.term((), factors, 1 / lead)

    def _over_common_denominator(self, terms: Total) -> tuple[Total, Factors]:
        """``terms`` cleared of the sums divided by, and these with their negative exponents."""
        below = denominators(terms)
        for atom, q in below:
            terms = self.multiply(terms, self.power(atom[1], int(-q)))
        return terms, below

    def _positive(self, terms: Total) -> bool:
        """Whether a sum is positive for sure once it is cleared of what it is divided by."""
        above, below = self._over_common_denominator(terms)
        return all(positive(each, self.context) for each in (above, *(a[1] for a, _ in below)))

    def _without(self, terms: Total, shared: Factors) -> tuple[Total, Factors, Fraction]:
        """``terms`` over what they share, one over that, and a coefficient to scale by."""
        outside: Factors = tuple((atom, -q) for atom, q in shared)
        rest = self._multiplied_out(terms, ((((), outside), ONE),))
        return rest, outside, min(rest, key=lambda pair: term_key(pair[0], {}))[1]

    def exp(self, terms: Total) -> Total:
        """The exponential: one factor a term."""
        delta = free_delta(terms) if self.context.by_cases else None
        if delta is not None:
            return self._by_case(self.exp, delta, terms)
        result = self.constant(1)
        for (binders, factors), q in terms:
            (first, exponent), *others = factors or (((), ONE),)
            is_log = not binders and not others and first[:1] == ("l",) and exponent == 1
            if is_log and q.denominator == 1:
                part = self.power(first[1], int(q))
            else:
                part = self.term((), ((("e", (binders, factors)), q),), ONE)
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
        if not all(positive(atom[1], self.context) for atom, _ in below):
            above, below = terms, ()
        shared = tuple(
            (atom, q)
            for atom, q in common_factor(above, "ep")
            if atom[0] == "e" or positive(atom[1], self.context)
        )
        rest, _, lead = self._without(above, shared)
        rest = self.scale(rest, 1 / abs(lead))
        parts = [self.scale(self._log_atom(atom), q) for atom, q in (*shared, *below)]
        for left in (self.constant(abs(lead)), rest):
            if left != self.constant(1):
                parts.append(self.atom(("l", left)))
        return self.add(parts)

    def _by_case(self, function: Callable[[Total], Total], delta: Atom, terms: Total) -> Total:
        """A function of a sum: what it is where the delta holds, and what elsewhere."""
        held = self.add(self.term(*(without(delta, term) or term), q) for term, q in terms)
        holds, fails = function(held), function(where_it_fails(delta, terms))
        change = self.add((holds, self.scale(fails, -ONE)))
        return self.add((fails, self.multiply(self.delta(delta[1], delta[2]), change)))

    def _log_atom(self, atom: Atom) -> Total:
        return ((atom[1], ONE),) if atom[0] == "e" else self.log(atom[1])

    # One term

    def term(self, binders: tuple[Binder, ...], factors: Factors, q: Fraction) -> Total:
        """A coefficient times a product under binders, in normal form."""
        self.context.spend()
        merged: dict[Key, tuple[Atom, Fraction]] = {}
        for atom, exponent in factors:
            key = atom_key(atom, {})
            known = merged.get(key, (atom, Fraction(0)))[1]
            merged[key] = (atom, exponent if atom[0] == "d" else known + exponent)
        product = tuple((atom, exponent) for atom, exponent in merged.values() if exponent)
        for atom, exponent in product:
            if atom[0] == "p" and exponent > 0:
                others = tuple(pair for pair in product if pair[0] is not atom)
                body = self.multiply(self.term((), others, q), self.power(atom[1], int(exponent)))
                return reduce(self.bind, binders, body)
        equal = [(atom[1], atom[2]) for atom, _ in product if atom[0] == "d"]
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
        self, groups: list[set[Index]], binders: tuple[Binder, ...], product: Factors, q: Fraction
    ) -> Total | None:
        """The term with its deltas solved and used; None where they say nothing new."""
        solution = deltas.solved(groups, binders, self.context)
        if solution is not None:
            values: Values = {("v", solution.name): solution.value}
            left = tuple(binder for binder in binders if binder[0] != solution.name)
            return self._rebuilt(left, product, q, values)
        values, kept = {}, []
        for group in groups:
            chosen = deltas.representative(group, binders)
            for other in sorted(group - {chosen}):
                values[other] = chosen
                kept.append((("d", chosen, other), ONE))
        others = tuple(pair for pair in product if pair[0][0] != "d")
        before = sorted(atom_key(atom, {}) for atom, _ in product if atom[0] == "d")
        after = sorted(atom_key(atom, {}) for atom, _ in kept)
        if before == after and not any(_mentions(atom, values) for atom, _ in others):
            return None
        body = self._rebuilt((), others, q, values)
        parts = []
        for (inner, factors), p in body:
            parts.append(self.term(binders + inner, (*kept, *factors), p))
        return self.add(parts)

    def _rebuilt(
        self, binders: tuple[Binder, ...], product: Factors, q: Fraction, values: Values
    ) -> Total:
        """The term with indices replaced, built again from its parts."""
        result = self.constant(q)
        for atom, exponent in product:
            result = self.multiply(result, self._replaced(atom, exponent, values))
        return reduce(self.bind, binders, result)

    def _replaced(self, atom: Atom, exponent: Fraction, values: Values) -> Total:
        kind = atom[0]
        if kind in "xf":
            indices = tuple(_value(index, values) for index in atom[2])
            return self.atom((kind, atom[1], indices), exponent)
        if kind == "d":
            return self.delta(_value(atom[1], values), _value(atom[2], values))
        if kind == "e":
            return self.exp(self.scale(self._replaced_sum(((atom[1], ONE),), values), exponent))
        if kind == "p":
            return self.power(self._replaced_sum(atom[1], values), int(exponent))
        if kind == "l":
            return self.power(self.log(self._replaced_sum(atom[1], values)), int(exponent))
        return self.atom(atom, exponent)

    def _replaced_sum(self, terms: Total, values: Values) -> Total:
        return self.add(
            self._rebuilt(binders, factors, q, values) for (binders, factors), q in terms
        )

    def _without_idle_binders(
        self, binders: tuple[Binder, ...], product: Factors, q: Fraction
    ) -> Total:
        used = {name for atom, _ in product for name in atom_names(atom)}
        idle = [b for b in binders if b[0] not in used and b[1] in self.context.sizes]
        if not idle:
            return (((binders, product), q),)
        left = tuple(binder for binder in binders if binder not in idle)
        result: Total = (((left, product), q),)
        for _, extent in idle:
            result = self.multiply(result, self.context.sizes[extent])
        return result


def _value(index: Index, values: Values) -> Index:
    if index in values:
        return values[index]
    if index[0] == "w":
        replaced = ("w", index[1], tuple(_value(inner, values) for inner in index[2]))
        return values.get(replaced, replaced)
    return index


def _mentions(atom: Atom, values: Values) -> bool:
    kind = atom[0]
    if kind in "xf":
        return any(_value(index, values) != index for index in atom[2])
    if kind == "d":
        return any(_value(index, values) != index for index in atom[1:])
    if kind in "epl":
        terms = [atom[1]] if kind == "e" else [term for term, _ in atom[1]]
        return any(_mentions(inner, values) for _, factors in terms for inner, _ in factors)
    return False
