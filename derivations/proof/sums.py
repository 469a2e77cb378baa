"""Arithmetic of index sums in normal form.

Every function here takes sums in normal form and gives one back; each rewriting is an identity
of real functions wherever both sides are defined:

    factors       multiply out; bound indices are made new first
    deltas        one-point rule and delta split, `contraction.py`
    division      1/(f P) = (1/f)(1/P), and lead(P)/P = 1 - (P - lead(P))/P, `division.py`;
                  of sums that are zero at no size, `context.py`; sum_k F(k) - F(i), for F > 0, is
                  a sum over the others, so above zero where the range has two members or more
    exponentials  exp(a + b) = exp(a) exp(b), exp(q log P) = P^q for whole q
    two values    f(y) = (1 - y) f(0) + y f(1) for a y that is 0 or 1, and its like for -1 and 1,
                  where it is asked for and both have values, `contraction.py`
    products      prod_k f g = prod_k f prod_k g, prod_k exp(a) = exp(sum_k a), for b in the range
                  prod_k (delta(k, b) A + (1 - delta(k, b)) B) = prod_k B * A(b) / B(b);
                  log(prod_k P) = sum_k log P for P > 0; prod_k P = exp(n log P) for P > 0 that has
                  no k, of n members
    order         [a <= b] = (1 + delta(a, b) + s(a, b)) / 2 for the sign s(a, b) of b - a, which is
                  minus s(b, a); s^2 = 1 - delta; s(a + 1, b) = s(a, b) - delta(a, b)
                  - delta(a + 1, b); a sum with s that is minus itself up to names is zero
    logarithms    log 12 = 2 log 2 + log 3,
                  log(f P) = log f + log P for f >= 0, log(a^2m P) = 2m log|a| + log P: where the
                  left side has a value, fP > 0 and so f > 0, a is not 0, P > 0
    signs         s(f P) = s(f) s(P), s(-P) = -s(P), s^2 = 1 for the sign s(P) of P away from zero;
                  s t = 1 - s + t and its like where one pair of signs is impossible, by linear
                  arithmetic in products (`data_conditions.py`): [s = -1] [t = 1] = 0, written out
    |P|           |f P| = f |P| for f >= 0, |a^2m P| = a^2m |P|, |P/Q| = |P|/|Q|, |P|^2 = P^2
    power sums    sum_{k=a}^b k^p = S(b) - S(a - 1) for the polynomial S with S(0) = 0 and
                  S(k) - S(k - 1) = k^p; for b >= a - 1, as it telescopes. p = 0 is the size
    inverses      sum_j A[i,j] M[j,k] = delta(i,k) for the inverse M of A, `contraction.py`
    determinants  det A^T = det A, det A^{-1} = 1 / det A, det diag(a) = prod_k a_k;
                  of a matrix and a column times a row, `contraction.py`
    offsets       sum_{k=a}^b F(k) = sum_{k=a}^b F(k - c) + sum_{s=b-c+1}^b F(s)
                  - sum_{s=a-c}^{a-1} F(s): both sides are telescoping sums of F(s) - F(s - c), so
                  it holds for b >= a - 1, where the range is empty as well. F has to have a value
                  at every whole number: no sum that is divided by, no logarithm, no 1/k

A sum that normalises to nothing is zero. The converse need not hold: the exact decision at
small sizes has the other half.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from fractions import Fraction
from functools import partial, reduce
from itertools import accumulate, combinations, compress, product, repeat

from sympy import factorint, integer_nthroot

from derivations.language.data_conditions import Signed, possible
from derivations.proof import contraction
from derivations.proof.context import (
    Context,
    at_least_zero,
    bare_logarithm,
    certain,
    never_negative,
    never_zero,
    positive,
)
from derivations.proof.contraction import (
    AtValues,
    free_delta,
    least_offset,
    power_of,
    power_sum_polynomial,
    where_it_fails,
    without,
)
from derivations.proof.division import cancelled, common_factor, denominators, factors
from derivations.proof.fragment import OutsideFragment
from derivations.proof.members import (
    BoundIndex,
    Index,
    NumberedIndex,
    Values,
    Whole,
    apart,
    balanced,
    bound_in,
    index_with,
    name_code,
    shifted,
    surely_at_least,
)
from derivations.proof.terms import (
    UNIT,
    AbsoluteValue,
    ArbitraryValue,
    Atom,
    Binder,
    Delta,
    DeterminantOf,
    DividedSum,
    Exponential,
    Factors,
    IndexNumber,
    InverseEntry,
    Key,
    Logarithm,
    Order,
    Parameter,
    ProductOver,
    Scalar,
    Sign,
    SizeNumber,
    Table,
    Term,
    Total,
)

ONE, UP = Fraction(1), Whole.number(1)
MOST_ORDERED, MOST_BETWEEN = 4, 4
MOST_FACTORED = 10**12
FACTORS = (
    *(Parameter, Scalar, SizeNumber, IndexNumber, ArbitraryValue),
    *(Exponential, Logarithm, AbsoluteValue, DividedSum, ProductOver, DeterminantOf),
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

    def arbitrary(self, value: ArbitraryValue) -> Total:
        """A value of an arbitrary function, by cases where a number it is of has a delta."""
        for place, table in enumerate(value.values):
            delta = self._split(table.entry) if not table.binders else None
            if delta is not None:
                return self._by_case(partial(self._with_number, value, place), delta, table.entry)
        return self.atom(value)

    def _split(self, terms: Total) -> Delta | None:
        """The delta by which a function of these terms is taken apart, if it is to be."""
        delta = free_delta(terms)
        self.context.has_cases |= delta is not None
        return delta if self.context.by_cases else None

    def _of_values(self, terms: Total) -> AtValues | None:
        """What a sum is at both values of a number in it, if functions are taken so apart."""
        found = contraction.in_sum(terms, self.context)
        self.context.has_values |= found is not None
        if found is None or not self.context.by_values:
            return None
        return replace(found, first=self.add((found.first,)), second=self.add((found.second,)))

    def _by_value(self, function: Callable[[Total], Total], values: AtValues) -> Total:
        first, second = function(values.first), function(values.second)
        weight = self.scale(
            self.add((self.atom(values.of), self.constant(-values.low))),
            Fraction(1, 1 - values.low),
        )
        change = self.add((second, self.scale(first, -ONE)))
        return self.add((first, self.multiply(weight, change)))

    def _with_number(self, value: ArbitraryValue, place: int, number: Total) -> Total:
        tables = (*value.values[:place], Table((), number), *value.values[place + 1 :])
        return self.arbitrary(replace(value, values=tables))

    def inverse_entry(self, of: Table, at: tuple[Index, Index]) -> Total:
        """An entry of an inverse, of a matrix or of its transpose, whichever has the least key."""
        parted = contraction.rank_one_update(of, self.context)
        self.context.has_products |= parted is not None
        if parted is not None and self.context.by_products:
            return self._entry_beside_product(of, at, *parted)
        plain = InverseEntry(of, at)
        turned = plain.turned
        one, other = (each.of.spelled({}) for each in (plain, turned))
        if one == other:
            plain = replace(plain, symmetric=True)
        return self.atom(plain if one <= other else turned)

    def determinant(self, of: Table) -> Total:
        """The determinant of a matrix or of its transpose, whichever has the least key."""
        row, column = of.binders
        match of.entry:
            case ((Term((), ((InverseEntry(matrix, at), 1),)), q),) if {*at} == {
                row.index,
                column.index,
            } and matrix.bound.isdisjoint((row.index.number, column.index.number)):
                inside = self.inverse(self.determinant(matrix))
                return self.multiply(self.product(self.constant(q), row), inside)
        on_diagonal = Delta(row.index, column.index)
        parts = [(without(on_diagonal, term), q) for term, q in of.entry]
        if parts and all(term is not None for term, _ in parts):
            inside_ = tuple((term, q) for term, q in parts if term is not None)
            diagonal = self._replaced_sum(inside_, {column.index: row.index})
            return self.product(diagonal, row)
        parted = contraction.rank_one_update(of, self.context)
        if parted is not None:
            return self._beside_product(of, *parted)
        plain = DeterminantOf(of)
        turned = plain.turned
        one, other = (each.of.spelled({}) for each in (plain, turned))
        return self.atom(plain if one <= other else turned)

    def _beside_product(self, of: Table, matrix: Table, beside: tuple[Term, Fraction]) -> Total:
        """det(B + u v^T) = det B (1 + v^T B^{-1} u), see `contraction.py`."""
        change = self._one_and_square(of, matrix, beside)
        return self.multiply(self.determinant(matrix), change)

    def _one_and_square(self, of: Table, matrix: Table, beside: tuple[Term, Fraction]) -> Total:
        """1 + v^T B^{-1} u."""
        row, column = of.binders
        inverse = self._entry_of_regular(matrix, (column.index, row.index))
        inside = self.multiply(inverse, (beside,))
        summed = self.bind(self.bind(inside, row), column)
        return self.add((self.constant(1), summed))

    def _entry_of_regular(self, matrix: Table, at: tuple[Index, Index]) -> Total:
        diagonal = contraction.diagonal_of(matrix)
        if diagonal is not None:
            return self.multiply(self.delta(*at), self.inverse(diagonal))
        return self.inverse_entry(matrix.renamed(self.context.fresh, {}), at)

    def _entry_beside_product(
        self, of: Table, at: tuple[Index, Index], matrix: Table, beside: tuple[Term, Fraction]
    ) -> Total:
        """An entry of B^{-1} - B^{-1} u v^T B^{-1} / (1 + v^T B^{-1} u): a rank-one update."""
        row, column = of.binders
        left = self._entry_of_regular(matrix, (at[0], row.index))
        right = self._entry_of_regular(matrix, (column.index, at[1]))
        inside = self.multiply(self.multiply(left, (beside,)), right)
        above = self.bind(self.bind(inside, row), column)
        below = self.inverse(self._one_and_square(of, matrix, beside))
        less = self.scale(self.multiply(above, below), -ONE)
        return self.add((self._entry_of_regular(matrix, at), less))

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

    def product(self, body: Total, binder: Binder) -> Total:
        """The product of ``body`` over a bound index, what its factors share taken apart."""
        if not body:
            raise OutsideFragment("a product of zeros, which is one where it is empty")
        picked = self._picked(body, binder)
        if picked is not None:
            delta, value = picked
            held = self.add(((without(delta, term) or term, q),) for term, q in body)
            others = where_it_fails(delta, body)
            there, instead = (
                self._replaced_sum(each, {binder.index: value}) for each in (held, others)
            )
            result = self.multiply(self.product(others, binder), there)
            return self.multiply(result, self.inverse(instead))
        above, below = self._over_common_denominator(body)
        shared = common_factor(above, FACTORS)
        rest, _, lead = self._without(above, shared)
        result = self._product_of(self.constant(lead), binder)
        result = self.multiply(result, self._product_of(self.scale(rest, 1 / lead), binder))
        for atom, q in (*shared, *below):
            match atom:
                case Exponential(term):
                    inside = self._under_a_new_name(((term, q),), binder)
                    power = self.exp(self.bind(*inside))
                case DividedSum(of):
                    power = self.power(self._product_of(of, binder), int(q))
                case _ if q.denominator == 1:
                    power = self.power(self._product_of(self.atom(atom), binder), int(q))
                case _:
                    raise OutsideFragment("a product of roots")
            result = self.multiply(result, power)
        return result

    def _product_of(self, body: Total, binder: Binder) -> Total:
        if body == self.constant(1):
            return body
        size = self.context.size(binder.extent)
        fixed = all(binder.index.number not in term.bound for term, _ in body)
        if fixed and size is not None and positive(body, self.context):
            return self.exp(self.multiply(self.whole(size), self.log(body)))
        inside, new = self._under_a_new_name(body, binder)
        made = ProductOver(new, inside)
        match inside:
            case (
                (Term((), ((ProductOver(inner, of), 1),)), 1),
            ):  # which one is outside is no matter
                within = ProductOver(new, of)
                other = ProductOver(inner, ((Term((), ((within, ONE),)), ONE),))
                made = min(made, other, key=lambda each: each.key)
        return self.atom(made)

    def _under_a_new_name(self, body: Total, binder: Binder) -> tuple[Total, Binder]:
        """The same under a bound index that nothing else has."""
        number = self.context.fresh(binder.extent)
        names = {binder.index.number: number}
        inside = tuple((term.renamed(self.context.fresh, names), q) for term, q in body)
        return inside, Binder(BoundIndex(number), binder.extent)

    def _picked(self, body: Total, binder: Binder) -> tuple[Delta, Index] | None:
        """A delta that makes the bound index a member of its range, where something else stands."""
        for term, _ in body:
            inner = [each.index.number for each in term.binders]
            for atom, _ in term.factors:
                if not isinstance(atom, Delta) or not atom.bound.isdisjoint(inner):
                    continue
                for one, other in ((atom.left, atom.right), (atom.right, atom.left)):
                    base, offset = apart(one)
                    value = shifted(other, -offset)
                    free_of_it = binder.index.number not in bound_in(value)
                    known = base == binder.index and free_of_it
                    if known and self.context.within(value, binder.extent):
                        return (atom, value) if where_it_fails(atom, body) else None
        return None

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
        delta = self._split(terms)
        if delta is not None and self._positive(where_it_fails(delta, terms)):
            return self._by_case(self.inverse, delta, terms)
        values = self._of_values(terms)
        if values is not None and values.first and values.second:
            return self._by_value(self.inverse, values)
        above, below = self._over_common_denominator(terms)
        if not self._never_zero(above):
            raise OutsideFragment("division by a sum that is zero at some sizes or words")
        rest, outside, lead = self._without(above, common_factor(above, FACTORS))
        for sign in (1, -1):
            if self._is_rest_of_sum(self.scale(rest, Fraction(sign))):
                lead = sign * abs(lead)  # so that what is divided by is seen to be above zero
        rest = self.scale(rest, 1 / lead)
        factors: Factors = (*outside, *((atom, -q) for atom, q in below))
        if rest != self.constant(1):
            factors = (*factors, (DividedSum(rest), -ONE))
        return self.term((), factors, 1 / lead)

    def _never_zero(self, terms: Total) -> bool:
        """Whether a sum is not zero for all data, at any sizes and words; deltas split."""
        if never_zero(terms, self.context) or self._is_rest_of_sum(terms):
            return True
        delta = free_delta(terms)
        if delta is None:
            return False
        self.context.spend()
        held = tuple((without(delta, term) or term, q) for term, q in terms)
        if not self._never_zero(self._replaced_sum(held, contraction.solution(delta))):
            return False
        known = self.context.unequal
        self.context.unequal = known | {frozenset((delta.left, delta.right))}
        try:
            return self._never_zero(where_it_fails(delta, terms))
        finally:
            self.context.unequal = known

    def _is_positive(self, terms: Total) -> bool:
        return positive(terms, self.context) or self._is_rest_of_sum(terms)

    def is_above_zero(self, terms: Total) -> bool:
        """Whether a number is above zero for sure, by what is declared."""
        if not terms:
            return False
        above, below = self._over_common_denominator(terms)
        return positive(above, self.context) and all(
            certain(atom, self.context) for atom, _ in below
        )

    def _is_rest_of_sum(self, terms: Total) -> bool:
        """Whether these are a sum of what is above zero less some of its members, of which there
        are more: what is left of it is above zero.
        """
        whole = [(term, q) for term, q in terms if q > 0]
        if len(whole) != 1 or len(terms) < 2 or len(whole[0][0].binders) != 1:
            return False
        ((term, q),) = whole
        (binder,) = term.binders
        if not all(certain(atom, self.context) for atom, _ in term.factors):
            return False
        gone = [self._member_of(term, other, -p / q) for other, p in terms if p < 0]
        known = [each for each in gone if each is not None]
        if len(known) < len(gone) or not all(
            self.context.differ(*pair) for pair in combinations(known, 2)
        ):
            return False
        size = binder.extent.upper - binder.extent.lower + UP
        return surely_at_least(size, len(gone) + 1, self.context.least)

    def _member_of(self, term: Term, other: Term, times: Fraction) -> Index | None:
        """The member of the range of a sum at which the summand is another term, if it is one."""
        (binder,) = term.binders
        wanted = ((other.key, times),)
        for index in dict.fromkeys(other.indices()):
            if not self.context.within(index, binder.extent):
                continue
            found = self._rebuilt((), term.factors, ONE, {binder.index: index})
            if tuple((each.key, q) for each, q in found) == wanted:
                return index
        return None

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
        return all(map(self._is_positive, (above, *(a.of for a, _ in below))))

    def _without(self, terms: Total, shared: Factors) -> tuple[Total, Factors, Fraction]:
        """``terms`` over what they share, one over that, and a coefficient to scale by."""
        outside: Factors = tuple((atom, -q) for atom, q in shared)
        rest = self._multiplied_out(terms, ((Term((), outside), ONE),))
        return rest, outside, min(rest, key=lambda pair: pair[0].key)[1]

    def over_what_is_positive(self, terms: Total, apart: BoundIndex) -> tuple[Total, Total]:
        """A sum over a factor that is above zero, without an index in it, and that factor."""
        if not terms:
            return terms, self.constant(1)
        shared = tuple(
            (atom, q)
            for atom, q in common_factor(terms, FACTORS)
            if apart.number not in atom.bound and certain(atom, self.context)
        )
        rest, _, lead = self._without(terms, shared)
        factor = self.term((), shared, abs(lead))
        return self.scale(rest, 1 / abs(lead)), factor

    def exp(self, terms: Total) -> Total:
        """The exponential: one factor a term."""
        delta = self._split(terms)
        if delta is not None:
            return self._by_case(self.exp, delta, terms)
        values = self._of_values(terms)
        if values is not None:
            return self._by_value(self.exp, values)
        result = self.constant(1)
        for term, q in terms:
            picked = self._picked_by_one(term)
            if picked is None or not self.context.by_values:
                factor = self.atom(Exponential(term), q)
            else:  # the exponential of the member that is picked
                one, rest, binder = picked
                factor = self.multiply(self.atom(one), self.exp(((rest, q),)))
                factor = self.bind(factor, binder)
            result = self.multiply(result, factor)
        return result

    def _picked_by_one(self, term: Term) -> tuple[Parameter, Term, Binder] | None:
        found = contraction.picked_by_one(term, self.context)
        self.context.has_values |= found is not None
        return found

    def log(self, terms: Total) -> Total:
        """The logarithm, split where every part has a sign."""
        if not terms:
            raise OutsideFragment("logarithm of zero")
        delta = self._split(terms)
        if delta is not None and self._positive(where_it_fails(delta, terms)):
            return self._by_case(self.log, delta, terms)
        values = self._of_values(terms)
        if values is not None and self._positive(values.first) and self._positive(values.second):
            return self._by_value(self.log, values)
        if len(terms) == 1:
            ((term, q),) = terms
            picked = self._picked_by_one(term)
            if picked is not None and self._positive(((picked[1], q),)):
                one, inside, binder = picked
                return self.bind(self.multiply(self.atom(one), self.log(((inside, q),))), binder)
        above, below = self._over_common_denominator(terms)
        if not all(self._is_positive(atom.of) for atom, _ in below):
            above, below = terms, ()
        shared = common_factor(above, FACTORS)
        signed = [(a, q) for a, q in shared if not never_negative(a, self.context) and q % 2]
        rest, _, lead = self._without(above, shared)
        rest = self.scale(rest, 1 / abs(lead))
        if len(signed) > 1 or rest != self.constant(1):  # the sign of each is not known
            rest = self.multiply(rest, self.term((), tuple((atom, ONE) for atom, _ in signed), ONE))
            shared = tuple((a, q - 1 if (a, q) in signed else q) for a, q in shared)
        parts = [self.scale(self._log_atom(atom, q), q) for atom, q in (*shared, *below) if q]
        above_zero, rest = self._positive_factors(rest)
        for factor, power in above_zero:
            parts.append(self.scale(self.atom(Logarithm(factor)), Fraction(power)))
        more = _lead(rest)
        rest = self.scale(rest, 1 / abs(more))
        parts.append(self._log_number(abs(lead * more)))
        if rest != self.constant(1):
            parts.append(self.atom(Logarithm(rest)))
        return self.add(parts)

    def _positive_factors(self, terms: Total) -> tuple[list[tuple[Total, int]], Total]:
        """The factors of a sum that are positive for sure, with a power, and what is left of it."""
        above_zero: list[tuple[Total, int]] = []
        others = whole = self.constant(1)
        for factor, power in factors(terms) or ():
            plain = self.scale(factor, 1 / _lead(factor))
            if self._is_positive(plain):
                above_zero.append((plain, power))
            else:
                others = self.multiply(others, self.power(plain, power))
            whole = self.multiply(whole, self.power(plain, power))
        left = self.scale(others, _lead(terms) / _lead(whole))
        if not above_zero or (others == self.constant(1) and left[0][1] < 0):
            return [], terms
        return above_zero, left

    def _log_number(self, number: Fraction) -> Total:
        """The logarithm of a number, that of its primes unless it is too large to find them."""
        if max(number.numerator, number.denominator) > MOST_FACTORED:
            return self.atom(Logarithm(self.constant(number)))
        powers = [*factorint(number.numerator).items()]
        powers += [(prime, -power) for prime, power in factorint(number.denominator).items()]
        return self.add(
            self.scale(self.atom(Logarithm(self.constant(int(prime)))), Fraction(int(power)))
            for prime, power in powers
        )

    def _log_atom(self, atom: Atom, q: Fraction) -> Total:
        """The logarithm of what is positive, or of the absolute value where it is squared."""
        match atom:
            case Exponential(term):
                return ((term, ONE),)
            case DividedSum(of) if self._is_positive(of):
                return self.log(of)
            case ProductOver(binder, of) if self._is_positive(of):
                renamed, new = self._under_a_new_name(of, binder)
                return self.bind(self.log(renamed), new)
            case DividedSum(of):
                inside = of
            case _:
                inside = self.atom(atom)
        if q % 2 == 0 and not never_negative(atom, self.context):
            inside = self.absolute(inside)
        return self.atom(Logarithm(inside))

    def absolute(self, terms: Total) -> Total:
        """The absolute value, every factor whose sign is known taken out."""
        if not terms:
            return ()
        delta = self._split(terms)
        if delta is not None:
            return self._by_case(self.absolute, delta, terms)
        values = self._of_values(terms)
        if values is not None:
            return self._by_value(self.absolute, values)
        above, below = self._over_common_denominator(terms)
        shared = common_factor(above, FACTORS)
        rest, _, lead = self._without(above, shared)
        rest = self.scale(rest, 1 / lead)
        if not at_least_zero(rest, self.context):
            rest = self.atom(AbsoluteValue(rest))
        result = self.scale(rest, abs(lead))
        for atom, q in (*shared, *below):
            result = self.multiply(result, self._absolute_power(atom, q))
        return result

    def sign(self, terms: Total) -> Total:
        """The sign of a sum away from zero: one factor for each factor whose sign is not known."""
        if not terms:
            raise OutsideFragment("the sign of zero")
        above, below = self._over_common_denominator(terms)
        if not (self._never_zero(above) or self._has_lone_number(above)):
            raise OutsideFragment("the sign of a sum that is zero at some sizes or words")
        shared = common_factor(above, FACTORS)
        rest, _, lead = self._without(above, shared)
        rest = self.scale(rest, 1 / abs(lead))
        up = lead > 0
        if not up:
            rest = self.scale(rest, -ONE)
        result = self.constant(1 if up else -1)
        if not at_least_zero(rest, self.context):
            result = self.scale(self.atom(Sign(rest)), result[0][1])
        for atom, q in (*shared, *below):
            if q % 2 and not never_negative(atom, self.context):
                inside = atom.of if isinstance(atom, DividedSum) else self.atom(atom)
                result = self.multiply(result, self.atom(Sign(inside)))
        return result

    def _has_lone_number(self, terms: Total) -> bool:
        """Whether a term is a number that is given, or an entry, of which no other term has any:
        whatever the others are, the sum is zero at one of its values alone.
        """
        for number, (term, _) in enumerate(terms):
            match term:
                case Term((), ((Scalar(name) | Parameter(name), exponent),)) if exponent == 1:
                    others = (each.key for n, (each, _) in enumerate(terms) if n != number)
                    if name not in self.context.sums and not any(
                        name_code(name) in key for key in others
                    ):
                        return True
        return False

    def _together(self, one: Sign, other: Sign) -> Total | None:
        """The product of two signs of which one pair cannot be, as a sum; None for others."""
        for a, b in product((1, -1), repeat=2):
            given = [self._signed(one.of, a), self._signed(other.of, b)]
            if not possible([*given, *self._facts((one.of, other.of))]):
                parts = (
                    self.constant(-a * b),
                    self.scale(self.atom(one), Fraction(-b)),
                    self.scale(self.atom(other), Fraction(-a)),
                )
                return self.add(parts)
        return None

    def _signed(self, terms: Total, sign: int) -> Signed:
        form: dict[Hashable, Fraction] = {term.key: q for term, q in terms if term != UNIT}
        return Signed(form, sum((q for term, q in terms if term == UNIT), Fraction(0)), sign)

    def _facts(self, sums: Iterable[Total]) -> list[Signed]:
        """The terms in some sums that are above zero, or not below it."""
        found = []
        for term in {term.key: term for terms in sums for term, _ in terms}.values():
            above = positive(((term, ONE),), self.context)
            if term != UNIT and (above or at_least_zero(((term, ONE),), self.context)):
                found.append(Signed({term.key: ONE}, Fraction(0), 1, or_zero=not above))
        return found

    def _absolute_power(self, atom: Atom, q: Fraction) -> Total:
        if q % 2 == 0 or never_negative(atom, self.context):
            return self.atom(atom, q)
        inside = atom.of if isinstance(atom, DividedSum) else self.atom(atom)
        return self.atom(AbsoluteValue(inside), q)

    def _by_case(self, function: Callable[[Total], Total], delta: Delta, terms: Total) -> Total:
        """A function of a sum: what it is where the delta holds, and what elsewhere."""
        by_parts = ((without(delta, term) or term, q) for term, q in terms)
        held = self.add(self.term(term.binders, term.factors, q) for term, q in by_parts)
        holds, fails = function(held), function(where_it_fails(delta, terms))
        change = self.add((holds, self.scale(fails, -ONE)))
        return self.add((fails, self.multiply(self.delta(delta.left, delta.right), change)))

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

    def _replaced(self, atom: Atom, exponent: Fraction, values: Values) -> Total:
        match atom:
            case Parameter(base, at, symmetric):
                put = tuple([index_with(index, values) for index in at])
                return self.atom(Parameter(base, put, symmetric), exponent)
            case ArbitraryValue():
                tables = [
                    Table(table.binders, self._replaced_sum(table.entry, values))
                    for table in atom.values
                ]
                put_in = atom.with_parts(lambda index: index_with(index, values), tuple(tables))
                return self.power(self.arbitrary(put_in), int(exponent))
            case InverseEntry(of=matrix, at=(row, column)):
                inverted = Table(matrix.binders, self._replaced_sum(matrix.entry, values))
                ends = index_with(row, values), index_with(column, values)
                return self.power(self.inverse_entry(inverted, ends), int(exponent))
            case DeterminantOf(of=matrix):
                put_in_it = Table(matrix.binders, self._replaced_sum(matrix.entry, values))
                return self.power(self.determinant(put_in_it), int(exponent))
            case IndexNumber(index):
                return self.power(self.number(index_with(index, values)), int(exponent))
            case Delta(left, right):
                return self.delta(index_with(left, values), index_with(right, values))
            case Order(left, right):
                return self.order(index_with(left, values), index_with(right, values))
            case Exponential(term):
                return self.exp(self.scale(self._replaced_sum(((term, ONE),), values), exponent))
            case DividedSum(of):
                return self.power(self._replaced_sum(of, values), int(exponent))
            case Logarithm(of):
                return self.power(self.log(self._replaced_sum(of, values)), int(exponent))
            case AbsoluteValue(of):
                return self.power(self.absolute(self._replaced_sum(of, values)), int(exponent))
            case Sign(of):
                return self.power(self.sign(self._replaced_sum(of, values)), int(exponent))
            case ProductOver(binder, of):
                inside = self._replaced_sum(of, values)
                return self.power(self.product(inside, binder), int(exponent))
            case Scalar() | SizeNumber():
                return self.atom(atom, exponent)
        raise OutsideFragment(f"{type(atom).__name__} with other indices")

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


def _lead(terms: Total) -> Fraction:
    """The coefficient of the term that comes first."""
    return min(terms, key=lambda pair: pair[0].key)[1]


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
