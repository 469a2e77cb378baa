"""Normal form of a SymPy index expression, at symbolic sizes, and its text.

This is the first argument for all sizes: claimed minus true normalises to nothing. Sums over a
range that is never smaller than empty may be contracted; see `sums.py` for the rewritings.

Sine, cosine and tangent are rational functions of tangents of half an angle:
cos a = (1 - t^2) / (1 + t^2) and sin a = 2 t / (1 + t^2) with t = tan(a/2) (K. Weierstrass; see
NIST Digital Library of Mathematical Functions, 4.21.15-17 with 4.21.2-3 for sums of angles), and a
rational multiple of pi that is a multiple of a right angle turns one into the other. Sound: these
are identities wherever t has a value, which is almost everywhere, and what both sides are there
they are everywhere by continuity. An angle is taken apart where it is a sum of at most
`MOST_ANGLES` terms; of others, and of multiples beyond `MOST_TURNS`, nothing is used, so that it is
no complete decision: what differs here may be equal.

As text a normal form has a line of mathematics for each term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import chain, count
from math import gcd, lcm

from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    sign,
)
from sympy.core.numbers import Exp1, Pi

from derivations.claim import Between, Condition, SumsTo
from derivations.indices import LETTERS, Entries, IndexSet, Names, WordArray
from derivations.indices import Index as NamedIndex
from derivations.language.functions import GREATEST, Above, Known, Nowhere, Selected, SignOf, Signum
from derivations.language.index_nodes import Applied, Determinant, InverseEntry, Opaque, Partial
from derivations.language.layout import sum_of
from derivations.proof.context import Context, odds
from derivations.proof.fragment import OutsideFragment
from derivations.proof.functions_of_sums import Algebra
from derivations.proof.sums import vanishes
from derivations.proof.terms import (
    CIRCLE,
    FREE,
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
    FreeIndex,
    Index,
    IndexNumber,
    Key,
    ListedIndex,
    Logarithm,
    NumberedIndex,
    OffsetIndex,
    Order,
    Parameter,
    ProductOver,
    Range,
    Scalar,
    Sign,
    SizeNumber,
    Slot,
    Table,
    Term,
    Total,
    Whole,
    apart,
    shifted,
    surely_at_least,
)
from derivations.proof.terms import InverseEntry as Inverted

MOST_ANGLES = 3  # within one argument
MOST_TURNS = 6  # of one angle

Turn = tuple[Total, Total]  # cosine and sine


def circular(name: str, angle: Total, algebra: Algebra) -> Total:
    """The cosine, sine or tangent of an angle."""
    cosine, sine = _of(angle, algebra)
    match name:
        case "cos":
            return cosine
        case "sin":
            return sine
        case "tan":
            return algebra.multiply(sine, algebra.inverse(cosine))
    raise ValueError(name)


CIRCULAR = ("cos", "sin", "tan")


def _of(angle: Total, algebra: Algebra) -> Turn:
    if len(angle) > MOST_ANGLES:
        return _by_addition(angle, algebra)
    found: Turn = (algebra.constant(1), ())
    for term, q in angle:
        found = _added(found, _of_term(term, q, algebra), algebra)
    return found


def _of_term(term: Term, q: Fraction, algebra: Algebra) -> Turn:
    """q times a term: a multiple of a fraction of it, or of a right angle."""
    ((circle, _),) = algebra.atom(Scalar(CIRCLE))
    if term == circle and (2 * q).denominator == 1:
        return _quarters(int(2 * q), algebra)
    if abs(q.numerator) > MOST_TURNS:
        return _by_addition(((term, q),), algebra)
    once = _by_half(((term, Fraction(1, q.denominator)),), algebra)
    if q < 0:
        once = _turned_back(once, algebra)
    found = once
    for _ in range(abs(q.numerator) - 1):
        found = _added(found, once, algebra)
    return found


def _quarters(number: int, algebra: Algebra) -> Turn:
    one, minus = algebra.constant(1), algebra.constant(-1)
    turns: tuple[Turn, ...] = ((one, ()), ((), one), (minus, ()), ((), minus))
    return turns[number % 4]


def _by_addition(angle: Total, algebra: Algebra) -> Turn:
    """An angle that is not taken apart; that of the opposite one is known by it."""
    if max((term.key, q) for term, q in angle)[1] > 0:
        return _by_half(angle, algebra)
    return _turned_back(_by_half(algebra.scale(angle, Fraction(-1)), algebra), algebra)


def _by_half(angle: Total, algebra: Algebra) -> Turn:
    half = Table((), algebra.scale(angle, Fraction(1, 2)))
    tangent = algebra.arbitrary(ArbitraryValue(f"{FREE}tan", (), (half,)))
    one, square = algebra.constant(1), algebra.power(tangent, 2)
    below = algebra.inverse(algebra.add((one, square)))
    above = algebra.add((one, algebra.scale(square, Fraction(-1))))
    twice = algebra.scale(tangent, Fraction(2))
    return algebra.multiply(above, below), algebra.multiply(twice, below)


def _added(one: Turn, other: Turn, algebra: Algebra) -> Turn:
    """cos(a + b) and sin(a + b)."""
    (c, s), (d, t) = one, other
    product = algebra.multiply
    minus = algebra.scale(product(s, t), Fraction(-1))
    return algebra.add((product(c, d), minus)), algebra.add((product(s, d), product(c, t)))


def _turned_back(turn: Turn, algebra: Algebra) -> Turn:
    cosine, sine = turn
    return cosine, algebra.scale(sine, Fraction(-1))


Bound = Mapping[NamedIndex, BoundIndex]
NOTHING: Bound = {}


def difference(left: Expr, right: Expr, conditions: tuple[Condition, ...] = ()) -> Total:
    """The normal form of ``left - right``: nothing where the two are equal for all sizes.

    Functions of deltas are taken by cases only where that is needed: there may be many cases; so
    are sines and cosines by half of their angles, functions of numbers that are one of two by
    these, and geometric sums by their ends, which is not how a difference is shown.
    Raises OutsideFragment as `normal_form` does.
    """
    try:
        sides = [_read(side, conditions) for side in (left, right)]
    except OutsideFragment:  # only by their halves is seen that cos^2 + sin^2 is not zero
        if not any(map(_has_angles, (left, right))):
            raise
        sides = [_read(side, conditions, by_half_angles=True) for side in (left, right)]
    found = plain = _subtracted(*sides)
    if plain and any(side.has_cases for side in sides):
        found = _again(left, right, conditions, plain, by_cases=True)
    if found and any(side.has_angles for side in sides):
        found = _again(left, right, conditions, found, by_half_angles=True) and found
    if found and any(side.has_values for side in sides):
        found = _again(left, right, conditions, found, by_values=True) and found
    if found and any(side.has_products for side in sides):
        found = _again(left, right, conditions, found, by_products=True) and found
    if found and any(side.has_closed_forms for side in sides):
        found = _again(left, right, conditions, found, by_closed_forms=True) and found
    within = {each.of.name for each in conditions if isinstance(each, Between)}
    sums = [each for each in conditions if isinstance(each, SumsTo) and each.of.name in within]
    if found and sums:  # with the bounds of these entries, which their sums leave out
        rest = tuple(each for each in conditions if each not in sums)
        found = difference(left, right, rest) and found
    return found


def _has_angles(expression: Expr) -> bool:
    return any(each.called in CIRCULAR for each in expression.atoms(Known))


def _again(
    left: Expr,
    right: Expr,
    conditions: tuple[Condition, ...],
    plain: Total,
    *,
    by_cases: bool = False,
    by_half_angles: bool = False,
    by_values: bool = False,
    by_products: bool = False,
    by_closed_forms: bool = False,
) -> Total:
    """The difference by more rules; the plain one where these lead out of the fragment."""
    try:
        sides = [
            _read(
                side,
                conditions,
                by_cases=by_cases,
                by_half_angles=by_half_angles,
                by_values=by_values,
                by_products=by_products,
                by_closed_forms=by_closed_forms,
            )
            for side in (left, right)
        ]
    except OutsideFragment:
        return plain
    return _subtracted(*sides)


def normal_form(expression: Expr, conditions: tuple[Condition, ...] = ()) -> Total:
    """The normal form of ``expression``, whose definitions and derivatives are gone.

    Raises OutsideFragment at a node the argument does not cover.
    """
    return _read(expression, conditions).terms


@dataclass(frozen=True)
class _Side:
    """A normal form, and whether there were functions of deltas that have cases, and angles.

    And of numbers that are one of two, inverses beside a column times a row, geometric sums.
    """

    terms: Total
    has_cases: bool
    has_angles: bool
    has_values: bool
    has_products: bool
    has_closed_forms: bool


def _subtracted(left: _Side, right: _Side) -> Total:
    algebra = Algebra(Context())
    found = algebra.add((left.terms, algebra.scale(right.terms, Fraction(-1))))
    return () if found and vanishes(found) else found


@lru_cache(maxsize=1024)
def _read(
    expression: Expr,
    conditions: tuple[Condition, ...],
    *,
    by_cases: bool = False,
    by_half_angles: bool = False,
    by_values: bool = False,
    by_products: bool = False,
    by_closed_forms: bool = False,
) -> _Side:
    context = Context(
        by_cases=by_cases,
        by_half_angles=by_half_angles,
        by_values=by_values,
        by_products=by_products,
        by_closed_forms=by_closed_forms,
    )
    reader = _Reader(Algebra(context))
    context.assume(conditions, reader.index, reader.extent)
    try:
        terms = reader.read(expression, NOTHING)
        return _Side(
            terms,
            context.has_cases,
            context.has_angles,
            context.has_values,
            context.has_products,
            context.has_closed_forms,
        )
    except RecursionError:
        raise OutsideFragment("no normal form: the expression is nested too deeply") from None


def _positive_part(number: Total, algebra: Algebra) -> Total:
    """The z of a positive multiple of z + |z|, which is above zero where z is; else the number."""
    for pair in number:
        (term, q) = pair
        match term:
            case Term((), ((AbsoluteValue(of=inside), 1),)) if q > 0:
                rest = tuple(each for each in number if each is not pair)
                for sign_ in (q, -q):
                    if not algebra.add((rest, algebra.scale(inside, -sign_))):
                        return rest
    return number


class _Reader:
    """Structural recursion: one case a node."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = algebra
        self.context = algebra.context

    def read(self, node: Expr, bound: Bound) -> Total:
        algebra = self.algebra
        match node:
            case Rational():
                return algebra.constant(Fraction(int(node.p), int(node.q)))
            case Exp1():  # what SymPy makes of exp(1)
                return algebra.exp(algebra.constant(1))
            case NamedIndex():
                return algebra.number(self.index(node, bound))
            case Symbol():
                if node.is_integer:
                    return algebra.whole(self._whole(node))
                return self._within(node.name, algebra.atom(Scalar(self._called(node.name))))
            case Add():
                return algebra.add(self.read(part, bound) for part in node.args)
            case Mul():
                result = algebra.constant(1)
                for part in node.args:
                    result = algebra.multiply(result, self.read(part, bound))
                return result
            case Pow(base=base, exp=Integer() as exponent):
                return self._power(base, int(exponent), bound)
            case Pow(base=base, exp=Rational() as exponent):
                fraction = Fraction(int(exponent.p), int(exponent.q))
                return algebra.exp(algebra.scale(self._log(base, bound), fraction))
            case exp():
                return algebra.exp(self.read(node.args[0], bound))
            case log():
                return self._log(node.args[0], bound)
            case Abs():
                return algebra.absolute(self.read(node.args[0], bound))
            case Pi():
                return algebra.atom(Scalar(CIRCLE))
            case Known():
                return self._known(type(node), self.read(node.args[0], bound))
            case sign() | Signum():
                return self._sign(node.args[0], bound)
            case SignOf():
                return algebra.sign(self.read(node.args[0], bound))
            case Above():
                number = _positive_part(self.read(node.args[0], bound), algebra)
                parts = (algebra.constant(1), self._sign_of(number))
                return algebra.scale(algebra.add(parts), Fraction(1, 2))
            case Selected():
                return self._selected(node, bound)
            case Max() | Min():
                return self._extreme(node, bound)
            case KroneckerDelta():
                left, right = node.args
                return algebra.delta(self.index(left, bound), self.index(right, bound))
            case Indexed() if not isinstance(node.base, WordArray):  # a word is no number
                indices = tuple(self.index(index, bound) for index in node.indices)
                name = node.base.name
                parameter = self._parameter(self._called(name), indices)
                return self._within(name, algebra.atom(parameter))
            case Opaque():
                return self._of_arrays(node.func, node.args, (), bound)
            case Partial():
                return self._of_arrays(node.function, node.labels, node.entries, bound)
            case Applied():
                return self._applied(node, bound)
            case InverseEntry():
                row, column = (self.index(each, bound) for each in node.at)
                return algebra.inverse_entry(self._table(node.of, bound), (row, column))
            case Determinant():
                return algebra.determinant(self._table(node.of, bound))
            case Sum():
                return self._sum(node, bound)
            case Product():
                return self._product_over(node, bound)
        raise OutsideFragment(f"{type(node).__name__}: {node}")

    def _known(self, function: type[Known], of: Total) -> Total:
        """A function of which the derivative is known; of an angle, by half of that if asked.

        An odd one is taken of z or of -z, whichever has the term with the greatest key above zero.
        """
        called = function.called
        self.context.has_angles |= called in CIRCULAR
        if self.context.by_half_angles and called in CIRCULAR:
            return circular(called, of, self.algebra)
        if function.odd and not of:
            return ()
        turns = function.odd and max((term.key, q) for term, q in of)[1] < 0
        inside = self.algebra.scale(of, Fraction(-1)) if turns else of
        name = f"{FREE}{called}"
        value = self.algebra.arbitrary(ArbitraryValue(name, (), (Table((), inside),)))
        return self.algebra.scale(value, Fraction(-1)) if turns else value

    def _log(self, node: Expr, bound: Bound) -> Total:
        """The logarithm; log(a^2m P) = 2m log|a| + log P for what is written as an even power."""
        algebra = self.algebra
        parts = Mul.make_args(node)
        even = [
            p for p in parts if isinstance(p, Pow) and isinstance(p.exp, Integer) and p.exp.is_even
        ]
        others = [part for part in parts if part not in even]
        logs = [
            algebra.scale(algebra.log(self._absolute(part.base, bound)), Fraction(int(part.exp)))
            for part in even
        ]
        rest = algebra.constant(1)
        for part in others:
            rest = algebra.multiply(rest, self.read(part, bound))
        return algebra.add((*logs, algebra.log(rest)))

    def _absolute(self, node: Expr, bound: Bound) -> Total:
        return self.algebra.absolute(self.read(node, bound))

    def _sign(self, node: Expr, bound: Bound) -> Total:
        """|z| / z, away from zero."""
        return self._sign_of(self.read(node, bound))

    def _sign_of(self, number: Total) -> Total:
        absolute = self.algebra.absolute(number)
        return self.algebra.multiply(absolute, self.algebra.inverse(number))

    def _selected(self, node: Selected, bound: Bound) -> Total:
        """t a + (1 - t) b for the test t, one or zero; where b has no value, nothing is said."""
        algebra = self.algebra
        test, value, otherwise = node.args
        first = self.read(value, bound)
        if isinstance(otherwise, Nowhere):
            return first
        second = self.read(otherwise, bound)
        change = algebra.add((first, algebra.scale(second, Fraction(-1))))
        return algebra.add((second, algebra.multiply(self.read(test, bound), change)))

    def _extreme(self, node: Max | Min, bound: Bound) -> Total:
        """max(a, b) = (a + b + |a - b|) / 2, and min with a minus."""
        algebra = self.algebra
        half = Fraction(1, 2)
        by = half if isinstance(node, Max) else -half
        first, *others = (self.read(part, bound) for part in node.args)
        for other in others:
            gap = algebra.absolute(algebra.add((first, algebra.scale(other, Fraction(-1)))))
            middle = algebra.scale(algebra.add((first, other)), half)
            first = algebra.add((middle, algebra.scale(gap, by)))
        return first

    def _called(self, name: str) -> str:
        """The name of what a number is calculated with: its odds, where it is between two."""
        return odds(name) if name in self.context.between else name

    def _within(self, name: str, number: Total) -> Total:
        """(a + b t) / (1 + t) for the odds t of a number between a and b; others are themselves."""
        algebra, ends = self.algebra, self.context.between.get(name)
        if ends is None:
            return number
        lower, upper = ends
        above = algebra.add((algebra.constant(lower), algebra.scale(number, upper)))
        below = algebra.add((algebra.constant(1), number))
        return algebra.multiply(above, algebra.inverse(below))

    def _parameter(self, name: str, indices: tuple[Index, ...]) -> Parameter:
        return Parameter(name, indices, name in self.context.symmetric)

    def _power(self, base: Expr, exponent: int, bound: Bound) -> Total:
        """Powers of products are taken factor by factor: denominators stay factored."""
        result = self.algebra.constant(1)
        for part in Mul.make_args(base):
            inner, times = part.as_base_exp() if isinstance(part, Pow) else (part, Integer(1))
            if not isinstance(times, Integer):
                inner, times = part, Integer(1)
            power = self.algebra.power(self.read(inner, bound), exponent * int(times))
            result = self.algebra.multiply(result, power)
        return result

    def _of_arrays(
        self,
        function: type[Opaque],
        picks: Iterable[Expr],
        by: Iterable[tuple[IndexedBase, tuple[Expr, ...]]],
        bound: Bound,
    ) -> Total:
        """A function of declared matrices and rows, as the function of their entries it is."""
        picked = [self.index(index, bound) for index in picks]
        tables = []
        for base, row in function.rows.items():
            binders = [self._binder(self.extent(space)) for space in function.axes[base]]
            first = () if row is None else (picked[row],)
            indices = (*first, *(binder.index for binder in binders))
            entry = self._parameter(self._called(base.name), indices)
            turned = binders[::-1] if base in function.turned else binders
            value = self._within(base.name, self.algebra.atom(entry))
            tables.append(Table(tuple(turned), value))
        labels = [label for n, label in enumerate(picked) if n not in function.rows.values()]
        partials = []
        for base, indices in by:
            at = [self.index(index, bound) for index in indices]
            turned_at = at[::-1] if base in function.turned else at
            partials.append((list(function.rows).index(base), tuple(turned_at)))
        name = function.__name__
        return self.algebra.arbitrary(
            ArbitraryValue(name, tuple(labels), tuple(tables), tuple(partials))
        )

    def _applied(self, node: Applied, bound: Bound) -> Total:
        labels = tuple(self.index(each, bound) for each in node.args[: node.labels])
        partials = tuple(
            (place - node.labels, tuple(self.index(index, bound) for index in at))
            for place, at in node.entries
        )
        tables = tuple(self._table(value, bound) for value in node.values)
        if node.function == GREATEST:
            return self._greatest(tables, partials)
        return self.algebra.arbitrary(ArbitraryValue(node.function, labels, tables, partials))

    def _greatest(self, tables: tuple[Table, ...], partials: tuple[Slot, ...]) -> Total:
        """max_i (c a_i + b) = c max_i a_i + b for c above zero; its derivatives are those at a."""
        algebra = self.algebra
        numbers, counting = tables
        (binder,) = numbers.binders
        same = tuple(p for p in numbers.entry if binder.index.number not in p[0].bound)
        varied = tuple(pair for pair in numbers.entry if pair not in same)
        rest, factor = algebra.over_what_is_positive(varied, binder.index)
        moved = (Table(numbers.binders, rest), counting)
        value: Total = ()
        if varied or partials:
            value = algebra.arbitrary(ArbitraryValue(f"{FREE}{GREATEST}", (), moved, partials))
        return value if partials else algebra.add((algebra.multiply(factor, value), same))

    def _table(self, node: Expr, bound: Bound) -> Table:
        """A number or an array that a function is of."""
        if not isinstance(node, Entries):
            return Table((), self.read(node, bound))
        binders = tuple(self._binder(self.extent(index.space)) for index in node.indices)
        indices = (binder.index for binder in binders)
        inner = {**bound, **dict(zip(node.indices, indices, strict=True))}
        return Table(binders, self.read(node.entry, inner))

    def _binder(self, extent: Range) -> Binder:
        return Binder(BoundIndex(self.context.fresh(extent)), extent)

    def _sum(self, node: Sum, bound: Bound) -> Total:
        binders, inner, within = self._under(node, bound)
        if any(self._is_empty(binder.extent) for binder in binders):
            return ()
        body = self.algebra.multiply(within, self.read(node.function, inner))
        for binder in reversed(binders):
            body = self.algebra.bind(body, binder)
        return body

    def _is_empty(self, extent: Range) -> bool:
        """Whether a range has no members, at any size."""
        return surely_at_least(extent.lower - extent.upper, 1, self.context.least)

    def _under(self, node: Sum | Product, bound: Bound) -> tuple[list[Binder], Bound, Total]:
        """The binders of a sum or product, outermost first, and what is bound inside of it.

        With one where the indices are within bounds that depend on other indices, else zero.
        """
        inner, binders, within = dict(bound), [], self.algebra.constant(1)
        for index, lower, upper in reversed(node.limits):
            if not isinstance(index, NamedIndex):
                raise OutsideFragment(f"sum over {index} from {lower} to {upper}")
            fixed = [
                own if end.has(NamedIndex) else end
                for end, own in ((lower, index.space.lower), (upper, index.space.upper))
            ]
            binders.append(self._ranging(index, *fixed))
            mine = binders[-1].index
            if lower.has(NamedIndex):
                reached = self.algebra.not_above(self.index(lower, inner), mine)
                within = self.algebra.multiply(within, reached)
            if upper.has(NamedIndex):
                reached = self.algebra.not_above(mine, self.index(upper, inner))
                within = self.algebra.multiply(within, reached)
            inner[index] = binders[-1].index
        return binders, inner, within

    def _ranging(self, index: NamedIndex, lower: Expr, upper: Expr) -> Binder:
        """A bound index over a range that depends on sizes alone."""
        if (lower, upper) == (index.space.lower, index.space.upper):
            return self._binder(self.extent(index.space))
        return self._binder(Range(self._whole(lower), self._whole(upper)))

    def _product_over(self, node: Product, bound: Bound) -> Total:
        """A product over a range; one within other bounds is e to the sum of the logarithms.

        That is so where all factors are above zero: exp(log f) is f there.
        """
        binders, inner, within = self._under(node, bound)
        result = self.read(node.function, inner)
        if within != self.algebra.constant(1):
            if not self.algebra.is_above_zero(result):
                raise OutsideFragment("a product over a range that depends on an index")
            exponent = self.algebra.multiply(within, self.algebra.log(result))
            for binder in reversed(binders):
                exponent = self.algebra.bind(exponent, binder)
            return self.algebra.exp(exponent)
        for binder in reversed(binders):
            result = self.algebra.product(result, binder)
        return result

    def extent(self, space: IndexSet) -> Range:
        extent = Range(self._whole(space.lower), self._whole(space.upper))
        if space.inhabited:
            self.context.inhabited.add(extent)
        return extent

    def _whole(self, node: Expr) -> Whole:
        """A whole number that depends on sizes alone."""
        match node:
            case Integer():
                return Whole.number(int(node))
            case Symbol() if node.is_integer and not isinstance(node, NamedIndex):
                if node.is_nonnegative:
                    known = self.context.least.get(node.name, 0)
                    self.context.least[node.name] = max(known, int(bool(node.is_positive)))
                return Whole.size(node.name)
            case Add():
                return sum((self._whole(part) for part in node.args), Whole())
            case Mul():
                result = Whole.number(1)
                for part in node.args:
                    result = result * self._whole(part)
                return result
            case Pow(base=base, exp=Integer() as exponent) if exponent > 0:
                result = Whole.number(1)
                for _ in range(int(exponent)):
                    result = result * self._whole(base)
                return result
        raise OutsideFragment(f"{type(node).__name__} as a whole number: {node}")

    def index(self, node: Expr, bound: Bound = NOTHING) -> Index:
        """An index expression as data, and what is known of its range."""
        match node:
            case Indexed(base=WordArray() as words):
                self.context.lists[words.name] = self.extent(words.space)
                return ListedIndex(words.name, tuple(self.index(i, bound) for i in node.indices))
            case NamedIndex() if node in bound:
                return bound[node]
            case NamedIndex():
                free = FreeIndex(node.name)
                self.context.ranges[free] = self.extent(node.space)
                return free
            case Add():
                return self._offset(node, bound)
            case Integer() | Symbol() | Mul() | Pow():
                return NumberedIndex(self._whole(node))
        raise OutsideFragment(f"index {node}")

    def _offset(self, node: Add, bound: Bound) -> Index:
        """An index and whole numbers, or whole numbers alone."""
        base, by = None, Whole()
        for part in node.args:
            counted, offset = apart(self.index(part, bound))
            if base is not None and counted is not None:
                raise OutsideFragment(f"index {node}")
            base, by = base or counted, by + offset
        return shifted(base or NumberedIndex(Whole()), by)


Letters = Mapping[BoundIndex, str]
NO_NAMES = Names()
MOST_TERMS, LONGEST = 6, 120  # of a difference that is told
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class _Taken:
    """The names that a bound letter may not have, and the author's letters."""

    names: frozenset[str]
    declared: Names = NO_NAMES

    def union(self, more: Iterable[str]) -> _Taken:
        """The same with more names taken."""
        return replace(self, names=self.names.union(more))


def spelled(terms: Total) -> list[str]:
    """The terms of a normal form, one a line; a lone ``0`` where there is none."""
    taken = _Taken(frozenset(_free_in(terms)))
    lines = sorted(_term(term, q, {}, taken) for term, q in terms)
    return lines or ["0"]


def in_one_line(terms: Total, names: Names = NO_NAMES) -> str:
    """The terms as one sum, what all have in common outside of it; nothing where that is long.

    Sums run over the letters of the author's ``names`` where there are some for the range.
    """
    if not terms or len(terms) > MOST_TERMS:
        return ""
    taken = _Taken(frozenset(_free_in(terms)), names)
    number, shared = _common(terms)
    sums = {_summed(term).key: _summed(term) for term, _ in terms}
    summed = next(iter(sums.values())) if len(sums) == 1 else UNIT
    rest = []
    for term, q in terms:
        own = _outside(term) if summed.binders else term
        rest.append((Term(own.binders, _without(own.factors, shared)), q / number))
    above, below = _fraction(tuple(shared.values()), {}, taken)
    above += [_term(summed, Fraction(1), {}, taken)] if summed.binders else []
    inside = _sum(tuple(rest), {}, taken)
    if len(rest) > 1:
        inside = f"({inside})" if above or below or number != 1 else inside
    over = [*([str(abs(number.numerator))] if abs(number.numerator) != 1 else []), *above]
    if inside != "1" or not over:
        over.insert(len(over) - len(above), inside)
    under = [*([str(number.denominator)] if number.denominator != 1 else []), *below]
    text = ("−" if number < 0 else "") + _quotient(over, under)
    return text if len(text) <= LONGEST else ""


def _inside(term: Term) -> frozenset[int]:
    return frozenset(binder.index.number for binder in term.binders)


def _summed(term: Term) -> Term:
    """The sum in a term, without the factors that do not depend on what it runs over."""
    inside = _inside(term)
    kept = tuple((a, q) for a, q in term.factors if not a.bound.isdisjoint(inside))
    return Term(term.binders, kept)


def _outside(term: Term) -> Term:
    """What a term multiplies its sum by."""
    inside = _inside(term)
    return Term((), tuple((a, q) for a, q in term.factors if a.bound.isdisjoint(inside)))


def _common(terms: Total) -> tuple[Fraction, dict[Key, tuple[Atom, Fraction]]]:
    """The number and the powers of atoms, outside of sums, that divide every term."""
    found: dict[Key, tuple[Atom, Fraction]] | None = None
    for term, _ in terms:
        own = {a.key: (a, q) for a, q in _outside(term).factors}
        found = own if found is None else _shared(found, own)
    numbers = [q for _, q in terms]
    above = gcd(*(q.numerator for q in numbers)) * (-1 if max(numbers) < 0 else 1)
    return Fraction(above, lcm(*(q.denominator for q in numbers))), found or {}


def _shared(
    one: Mapping[Key, tuple[Atom, Fraction]], other: Mapping[Key, tuple[Atom, Fraction]]
) -> dict[Key, tuple[Atom, Fraction]]:
    found = {}
    for key, (atom, q) in one.items():
        again = other[key][1] if key in other else Fraction(0)
        if q * again > 0:
            found[key] = (atom, min(q, again) if q > 0 else max(q, again))
    return found


def _without(factors: Factors, shared: Mapping[Key, tuple[Atom, Fraction]]) -> Factors:
    """The factors divided by those that are shared."""
    left = ((a, q - shared[a.key][1] if a.key in shared else q) for a, q in factors)
    return tuple((atom, q) for atom, q in left if q)


def _free_in(terms: Total) -> Iterator[str]:
    """The free letters in a sum, and the names of numbers and arrays that are factors in it."""
    for term, _ in terms:
        yield from (name for index in term.indices() for name in _free_letters(index))
        for atom, _ in term.factors:
            match atom:
                case Parameter(name, _) | Scalar(name):
                    yield name


def _free_letters(index: Index) -> Iterator[str]:
    match index:
        case FreeIndex(name):
            yield name
        case ListedIndex(_, at):
            for inner in at:
                yield from _free_letters(inner)
        case OffsetIndex(of, _):
            yield from _free_letters(of)


def _sum(terms: Total, letters: Letters, taken: _Taken) -> str:
    parts = sorted(_term(term, q, letters, taken) for term, q in terms)
    return sum_of(parts, "−") if parts else "0"


def _term(term: Term, q: Fraction, outer: Letters, taken: _Taken) -> str:
    letters = dict(outer)
    for binder in term.binders:
        letters[binder.index] = _letter(binder.extent, taken.union(letters.values()))
    sums = "".join(f"Σ_{letters[binder.index]} " for binder in term.binders)
    above, below = _fraction(term.factors, letters, taken)
    sign, size = ("−" if q < 0 else ""), abs(q)
    if size != 1 or not (above or sums or below):
        above.insert(0, str(size))
    return f"{sign}{sums}{_quotient(above, below)}"


def _fraction(factors: Factors, letters: Letters, taken: _Taken) -> tuple[list[str], list[str]]:
    """What stands above the line and below it."""
    above = sorted(_power(atom, power, letters, taken) for atom, power in factors if power > 0)
    below = sorted(_power(atom, -power, letters, taken) for atom, power in factors if power < 0)
    return above, below


def _quotient(above: list[str], below: list[str]) -> str:
    under = f" / ({' '.join(below)})" if len(below) > 1 else f" / {below[0]}" if below else ""
    return f"{' '.join(above) or ('1' if below else '')}{under}"


def _letter(extent: Range, taken: _Taken) -> str:
    """A letter for a bound index: one of the author's for its range, or one that is none of his.

    Else coordinates are i, draws k, offsets j, words w.
    """
    ends = (str(extent.lower), str(extent.upper))
    letters = taken.declared.letters
    own = [name for name, space in letters if space.ends == ends]
    others = {name for name, space in letters if space.ends != ends}
    first = {"d": "i", "K": "k", "m": "j", "B": "b"}.get(ends[1], "w")
    free = [name for name in (first, *LETTERS) if name not in others]
    names: Iterator[str] = chain(own, free, (first + "′" * n for n in count(1)))
    return next(name for name in names if name not in taken.names)


def _power(atom: Atom, power: Fraction, letters: Letters, taken: _Taken) -> str:
    if isinstance(atom, Exponential):
        return f"exp({_term(atom.term, power, letters, taken)})"
    text = _atom(atom, letters, taken)
    return text if power == 1 else f"{text}^{power}"


def _atom(atom: Atom, letters: Letters, taken: _Taken) -> str:
    match atom:
        case Parameter(name, indices):
            return f"{name}[{','.join(_index(index, letters) for index in indices)}]"
        case ArbitraryValue():
            return _arbitrary(atom, letters, taken)
        case Inverted(of, at):
            places = ",".join(_index(index, letters) for index in at)
            return f"({_table(of, letters, taken)})⁻¹[{places}]"
        case DeterminantOf(of):
            return f"det({_table(of, letters, taken)})"
        case Delta(left, right):
            return f"[{' = '.join(sorted((_index(left, letters), _index(right, letters))))}]"
        case Order(left, right):
            return f"sgn({_index(right, letters)} − {_index(left, letters)})"
        case DividedSum(of):
            return f"({_sum(of, letters, taken)})"
        case Logarithm(of):
            return f"log({_sum(of, letters, taken)})"
        case AbsoluteValue(of):
            return f"|{_sum(of, letters, taken)}|"
        case Sign(of):
            return f"sgn({_sum(of, letters, taken)})"
        case ProductOver(binder, of):
            letter = _letter(binder.extent, taken.union(letters.values()))
            return f"Π_{letter} ({_sum(of, {**letters, binder.index: letter}, taken)})"
        case IndexNumber(index):
            return _index(index, letters)
        case Scalar(name) | SizeNumber(name):
            return name
    raise TypeError(f"{type(atom).__name__} is not printed")


def _arbitrary(value: ArbitraryValue, letters: Letters, taken: _Taken) -> str:
    """J(o, V[c]), and its derivative by an entry of the second of these: ∂₂J[i](o, V[c])."""
    inside = [_index(each, letters) for each in value.labels]
    inside += [_table(each, letters, taken) for each in value.values]
    by = ""
    for place, at in sorted(value.partials, key=lambda slot: slot[0]):
        number = str(len(value.labels) + place + 1).translate(_SUBSCRIPTS)
        by += f"∂{number}" + (f"[{','.join(_index(each, letters) for each in at)}]" if at else "")
    return f"{by}{value.function.removeprefix(FREE)}({', '.join(inside)})"


def _table(table: Table, letters: Letters, taken: _Taken) -> str:
    """A number, an array by its name, or one by its entry: (x[i] + 1)_i."""
    inner = dict(letters)
    for binder in table.binders:
        inner[binder.index] = _letter(binder.extent, taken.union(inner.values()))
    bound = tuple(binder.index for binder in table.binders)
    match table.entry:
        case ((Term((), ((Parameter(base, at), power),)), q),) if bound and power == q == 1:
            if at[len(at) - len(bound) :] == bound:
                first = ",".join(_index(each, letters) for each in at[: len(at) - len(bound)])
                return f"{base}[{first}]" if first else base
    entry = _sum(table.entry, inner, taken)
    return f"({entry})_{','.join(inner[index] for index in bound)}" if bound else entry


def _index(index: Index, letters: Letters) -> str:
    match index:
        case BoundIndex():
            return letters[index]
        case FreeIndex(name):
            return name
        case NumberedIndex(number):
            return str(number)
        case ListedIndex(words, at):
            return f"{words}[{','.join(_index(inner, letters) for inner in at)}]"
        case OffsetIndex(of, by):
            return f"{_index(of, letters)} + {by}".replace("+ -", "- ")
    raise TypeError(f"{type(index).__name__} is not printed")
