"""Arithmetic of index sums in normal form: sums, products, and one term under its binders.

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
from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from itertools import accumulate, combinations, compress, product, repeat

from sympy import integer_nthroot

from derivations.proof import contraction
from derivations.proof.context import (
    Context,
    bare_logarithm,
)
from derivations.proof.contraction import (
    least_offset,
    power_of,
    power_sum_polynomial,
)
from derivations.proof.division import cancelled
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

ONE, UP = Fraction(1), Whole.number(1)
MOST_ORDERED, MOST_BETWEEN = 4, 4


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
            power = power_of(rest, binder.index)
            if power is None or self.context.size(binder.extent) is None:
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
