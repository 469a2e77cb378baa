"""Functions of index sums in normal form: inverses, powers, exponentials, logarithms, signs.

Each is taken apart as far as its parts have a value; each rewriting is an identity of real
functions wherever both sides are defined:

    division      1/(f P) = (1/f)(1/P), and lead(P)/P = 1 - (P - lead(P))/P, `sums.py`;
                  of sums that are zero at no size, `context.py`; sum_k F(k) - F(i), for F > 0, is
                  a sum over the others, so above zero where the range has two members or more
    exponentials  exp(a + b) = exp(a) exp(b), exp(q log P) = P^q for whole q
    two values    f(y) = (1 - y) f(0) + y f(1) for a y that is 0 or 1, and its like for -1 and 1,
                  where it is asked for and both have values, `contraction.py`
    products      prod_k f g = prod_k f prod_k g, prod_k exp(a) = exp(sum_k a), for b in the range
                  prod_k (delta(k, b) A + (1 - delta(k, b)) B) = prod_k B * A(b) / B(b);
                  log(prod_k P) = sum_k log P for P > 0; prod_k P = exp(n log P) for P > 0 that has
                  no k, of n members
    logarithms    log 12 = 2 log 2 + log 3,
                  log(f P) = log f + log P for f >= 0, log(a^2m P) = 2m log|a| + log P: where the
                  left side has a value, fP > 0 and so f > 0, a is not 0, P > 0
    signs         s(f P) = s(f) s(P), s(-P) = -s(P), s^2 = 1 for the sign s(P) of P away from zero;
                  s t = 1 - s + t and its like where one pair of signs is impossible, by linear
                  arithmetic in products (`claim.py`): [s = -1] [t = 1] = 0, written out
    |P|           |f P| = f |P| for f >= 0, |a^2m P| = a^2m |P|, |P/Q| = |P|/|Q|, |P|^2 = P^2
    determinants  det A^T = det A, det A^{-1} = 1 / det A, det diag(a) = prod_k a_k;
                  of a matrix and a column times a row, `contraction.py`
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from fractions import Fraction
from functools import partial, reduce
from itertools import combinations, product
from math import lcm

from sympy import factorint

from derivations.claim import Signed, possible
from derivations.proof import contraction
from derivations.proof.context import (
    at_least_zero,
    certain,
    never_negative,
    never_zero,
    positive,
)
from derivations.proof.contraction import (
    AtValues,
    free_delta,
    where_it_fails,
    without,
)
from derivations.proof.fragment import OutsideFragment
from derivations.proof.sums import ONE, UP, Sums, common_factor, denominators, factors
from derivations.proof.terms import (
    UNIT,
    AbsoluteValue,
    ArbitraryValue,
    Atom,
    Binder,
    BoundIndex,
    Delta,
    DeterminantOf,
    DividedSum,
    Exponential,
    Factors,
    Index,
    IndexNumber,
    InverseEntry,
    Logarithm,
    NumberedIndex,
    Order,
    Parameter,
    ProductOver,
    Scalar,
    Sign,
    SizeNumber,
    Table,
    Term,
    Total,
    Values,
    Whole,
    apart,
    bound_in,
    index_with,
    name_code,
    shifted,
    surely_at_least,
)

MOST_FACTORED = 10**12
FACTORS = (
    *(Parameter, Scalar, SizeNumber, IndexNumber, ArbitraryValue),
    *(Exponential, Logarithm, AbsoluteValue, DividedSum, ProductOver, DeterminantOf),
)


class Algebra(Sums):
    """Sums, products, and functions of these."""

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
        product = reduce(
            self.multiply, (self.power(a.of, int(-q)) for a, q in below), self.constant(1)
        )
        ratio = _lead(above) / _lead(product)
        if above == self.scale(product, ratio):  # it is a number: (t^2 + 1)^2 / (t^4 + 2t^2 + 1)
            return self.constant(1 / ratio)
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
        number = self._of_sizes(terms)
        if number is not None:
            both = (number, -number)
            return any(surely_at_least(each, 1, self.context.least) for each in both)
        for plain in (self._without_inverses(terms), self._at_unit_vector(terms)):
            if plain and self._never_zero(plain):
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

    def _of_sizes(self, terms: Total) -> Whole | None:
        """A multiple of a rational function of sizes alone, as the polynomial above its sizes."""
        factors = [(atom, power) for term, _ in terms for atom, power in term.factors]
        if not all(isinstance(a, SizeNumber) and q.denominator == 1 for a, q in factors):
            return None
        if any(term.binders for term, _ in terms):
            return None
        for atom, power in factors:
            if power < 0:
                return self._of_sizes(self.multiply(terms, self.atom(atom)))
        scale = lcm(*(q.denominator for _, q in terms))
        return Whole.of({tuple(sorted(_names(term))): int(q * scale) for term, q in terms})

    def _without_inverses(self, terms: Total) -> Total | None:
        """A sum at some data: what is inverted is a number times the identity there.

        The square matrices in it are the identity, the other data zero. None where there is no
        inverse, or no such data: a rational function that is not zero there is not zero.
        """
        factors = [atom for term, _ in terms for atom, _ in term.factors]
        tables = [atom.of for atom in factors if isinstance(atom, InverseEntry)]
        square: set[str] = set()
        zero: set[str] = set()
        for table in tables:
            ends = {binder.index for binder in table.binders}
            inside = [atom for term, _ in table.entry for atom, _ in term.factors]
            for atom in inside:
                if isinstance(atom, Parameter):
                    (square if {*atom.at[-2:]} == ends else zero).add(atom.base)
        bound = self.context.bits | self.context.signs | self.context.sums.keys()
        if not tables or bound & (square | zero):
            return None
        try:
            return self._with(terms, partial(self._entry_at_identity, square, zero - square))
        except OutsideFragment:
            return None

    def _at_unit_vector(self, terms: Total) -> Total | None:
        """A sum where its first vector is one in the first place and zero elsewhere.

        None where there is no vector that may be so: sum_i (x_i - mean)^2 is 1 - 1/n there.
        """
        factors = (atom for term, _ in terms for atom, _ in term.factors)
        vectors = [a for a in factors if isinstance(a, Parameter) and len(a.at) == 1]
        bound = self.context.bits | self.context.signs | self.context.sums.keys()
        free = [each.base for each in vectors if each.base not in bound]
        try:
            return self._with(terms, partial(self._entry_of_unit, free[0])) if free else None
        except OutsideFragment:
            return None

    def _entry_of_unit(self, vector: str, atom: Atom) -> Total:
        first = NumberedIndex(Whole.number(1))
        match atom:
            case Parameter(base=name, at=(place,)) if name == vector:
                extent = self.context.range_of(place)
                if extent is None or extent.lower != first.number:
                    raise OutsideFragment("a vector without a first place")
                return self.delta(place, first)
            case Parameter() | Scalar() | SizeNumber() | Delta():
                return self.atom(atom)
        raise OutsideFragment(f"{type(atom).__name__} at other data")

    def _with(self, terms: Total, put: Callable[[Atom], Total]) -> Total:
        """A sum with other values for its atoms."""
        result: Total = ()
        for term, q in terms:
            product = self.constant(q)
            for atom, power in term.factors:
                value = put(atom)
                if power.denominator != 1:
                    raise OutsideFragment("a root")
                product = self.multiply(product, self.power(value, int(power)))
            result = self.add((result, reduce(self.bind, term.binders, product)))
        return result

    def _entry_at_identity(self, square: set[str], zero: set[str], atom: Atom) -> Total:
        match atom:
            case Parameter(base=name) if name in zero:
                return ()
            case Parameter(base=name, at=(*_, row, column)) if name in square:
                return self.delta(row, column)
            case InverseEntry(of=matrix, at=at):
                entry = self._with(matrix.entry, partial(self._entry_at_identity, square, zero))
                diagonal = contraction.diagonal_of(Table(matrix.binders, entry))
                if diagonal is None:
                    raise OutsideFragment("the inverse of a matrix that is not diagonal")
                return self.multiply(self.delta(*at), self.inverse(diagonal))
            case Parameter() | Scalar() | SizeNumber() | Delta():
                return self.atom(atom)
        raise OutsideFragment(f"{type(atom).__name__} at other data")

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


def _lead(terms: Total) -> Fraction:
    """The coefficient of the term that comes first."""
    return min(terms, key=lambda pair: pair[0].key)[1]


def _names(term: Term) -> list[str]:
    """The sizes in a product, each as often as its power says."""
    sizes = ((a.name, int(p)) for a, p in term.factors if isinstance(a, SizeNumber))
    return [name for name, power in sizes for _ in range(power)]
