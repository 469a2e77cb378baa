"""Context of one proof: ranges of indices, conditions on words, sizes, and signs of sums.

What is certain about the value of a sum whatever its data is its sign, and that it is not zero. A
denominator has to be something at every size and for all words: where sum_{i<n} stands beside
1/P and P vanishes at n = 1, the product is zero there and was never divided, and what is left
when P is cancelled is not. So P is divided by only if one of these holds.

- It is positive where all data are: no minus sign, and one term that does not vanish.
- It is made of entries, numbers and exponentials alone, and among the terms with the same
  entries (their indices apart) some one has a sign, and every term of these that could cancel it
  is known to have another entry or another exponential at every instance. Products of different
  entries are independent, and so are exponentials whose exponents differ by more than a constant.
- Products over ranges are in it, and where all data are one number a constant outweighs the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, count, product
from math import prod

from sympy import Expr

from derivations.claim import (
    AtLeast,
    Between,
    Condition,
    Count,
    Distinct,
    FullRank,
    NonZero,
    NotAmong,
    OneOfTwo,
    Positive,
    PositiveDefinite,
    SumsTo,
    Symmetric,
    Unequal,
)
from derivations.indices import IndexSet
from derivations.proof.fragment import OutsideFragment
from derivations.proof.terms import (
    CIRCLE,
    END,
    NOTHING,
    AbsoluteValue,
    ArbitraryValue,
    Atom,
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
    Monomial,
    Parameter,
    ProductOver,
    Range,
    Scalar,
    SizeNumber,
    Term,
    Total,
    Whole,
    apart,
    balanced,
    bound_in,
    never_below,
    surely_at_least,
)

MOST_STEPS = 3_000  # the largest claim here takes 260; 3,000 take seconds


def odds(name: str) -> str:
    """What the number t above zero is called, with x = (a + b t) / (1 + t) between a and b."""
    return f"odds of {name}"


@dataclass(frozen=True)
class AddedUp:
    """What entries add up to along an axis of an array, over a whole range."""

    axis: int
    extent: Range
    value: Fraction

    def beside(self, at: tuple[Index, ...]) -> tuple[Index, ...]:
        """Which vector an entry is of, where the array has several."""
        return (*at[: self.axis], *at[self.axis + 1 :])

    def is_along(self, at: tuple[Index, ...], index: BoundIndex, extent: Range) -> bool:
        """Whether an entry, summed over an index, is one of each of those."""
        others = self.beside(at)
        alone = all(index.number not in bound_in(each) for each in others)
        return at[self.axis] == index and alone and extent == self.extent


@dataclass
class Context:
    """Handed to every step of one normal form; nothing here outlives it.

    ``ranges`` has the range of each free or bound index, ``lists`` that of the entries of each
    list of words, ``inhabited`` those that are declared never to be empty, ``least`` the least
    value of each size, ``positive`` the names of numbers above zero, ``symmetric`` those of
    symmetric matrices, ``definite`` of positive definite ones, ``between`` what numbers are
    between, ``bits`` and ``signs`` what is 0 or 1 and -1 or 1, ``sums`` what the entries of vectors
    add up to over a range, or those of rows.
    ``by_cases`` says whether functions of deltas are taken apart by whether these hold, and
    ``has_cases`` afterwards whether there were any; so do ``by_half_angles`` and ``has_angles`` of
    sines and cosines, and ``by_values`` and ``has_values`` of functions of what is 0 or 1, or -1 or
    1, ``by_products`` and ``has_products`` of inverses of a matrix beside a column times a row,
    ``by_closed_forms`` and ``has_closed_forms`` of geometric sums.
    """

    unequal: set[frozenset[Index]] = field(default_factory=set)
    absent: set[tuple[Index, str]] = field(default_factory=set)
    distinct: set[str] = field(default_factory=set)
    positive: set[str] = field(default_factory=set)
    symmetric: set[str] = field(default_factory=set)
    definite: set[str] = field(default_factory=set)
    between: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    bits: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)
    sums: dict[str, AddedUp] = field(default_factory=dict)
    inhabited: set[Range] = field(default_factory=set)
    ranges: dict[Index, Range] = field(default_factory=dict)
    lists: dict[str, Range] = field(default_factory=dict)
    least: dict[str, int] = field(default_factory=dict)
    by_cases: bool = False
    has_cases: bool = False
    by_half_angles: bool = False
    has_angles: bool = False
    by_values: bool = False
    has_values: bool = False
    by_products: bool = False
    has_products: bool = False
    by_closed_forms: bool = False
    has_closed_forms: bool = False
    steps: int = 0
    numbers: count[int] = field(default_factory=lambda: count(1))

    def fresh(self, extent: Range) -> int:
        """A bound index that nothing else is, over ``extent``."""
        number = next(self.numbers)
        self.ranges[BoundIndex(number)] = extent
        return number

    def assume(
        self,
        conditions: Iterable[Condition],
        read: Callable[[Expr], Index],
        extent: Callable[[IndexSet], Range],
    ) -> None:
        """Take the conditions of a claim as given; ``read`` and ``extent`` make data of them.

        Of entries that add up to something the bound above is left out: less is assumed then.
        """
        given = list(conditions)
        summed = {each.of.name for each in given if isinstance(each, SumsTo)}
        for condition in given:
            match condition:
                case Unequal(left, right):
                    self.unequal.add(frozenset(balanced(read(left), read(right))))
                case NotAmong(word, words):
                    self.absent.add((read(word), words.name))
                case Distinct(words):
                    self.distinct.add(words.name)
                case Positive(of):
                    self.positive.add(of.name)
                case Between(of) if of.name in summed:
                    if condition.ends[0] >= 0:
                        self.positive.add(of.name)
                case Between(of):
                    self.between[of.name] = condition.ends
                    self.positive.add(odds(of.name))
                case OneOfTwo(of, signs):
                    (self.signs if signs else self.bits).add(of.name)
                case Symmetric(of):
                    self.symmetric.add(of.name)
                case PositiveDefinite(of):
                    self.definite.add(of.name)
                case Count() | NonZero():
                    pass  # what is proved is proved of all real numbers
                case FullRank():
                    pass  # where an inverse has no value nothing is claimed
                case AtLeast(of, value):
                    self.least[of.name] = int(value)
                case SumsTo(of=of, space=space, value=value, axis=axis):
                    self.sums[of.name] = AddedUp(axis, extent(space), Fraction(int(value)))

    def differ(self, left: Index, right: Index) -> bool:
        """Whether the two are known to be different, whatever the names in them mean."""
        (first, gone), (second, more) = apart(left), apart(right)
        if first == second:
            return self._above(gone, more) or self._above(more, gone)
        if self.unequal and frozenset(balanced(left, right)) in self.unequal:
            return True
        if any(
            isinstance(entry, ListedIndex) and (word, entry.words) in self.absent
            for word, entry in ((left, right), (right, left))
        ):
            return True
        one, other = self.range_of(left), self.range_of(right)
        if one is None or other is None or one == other:
            return False
        return self._above(one.lower, other.upper) or self._above(other.lower, one.upper)

    def _above(self, number: Whole, other: Whole) -> bool:
        return surely_at_least(number - other, 1, self.least)

    def range_of(self, index: Index) -> Range | None:
        """The narrowest range known to have the index as a member."""
        base, offset = apart(index)
        match base:
            case None:
                return Range(offset, offset)
            case FreeIndex() | BoundIndex():
                extent = self.ranges.get(base)
            case ListedIndex(words, _):
                extent = self.lists.get(words)
        if extent is None or not offset.terms:
            return extent
        return Range(extent.lower + offset, extent.upper + offset)

    def within(self, index: Index, extent: Range) -> bool:
        """Whether the index is known to be a member of the range."""
        known = self.range_of(index)
        if known is None or known == extent:
            return known is not None
        one = known.lower if known.lower == known.upper else None
        if extent in self.inhabited and one in (extent.lower, extent.upper):
            return True
        above, below = known.lower - extent.lower, extent.upper - known.upper
        return surely_at_least(above, 0, self.least) and surely_at_least(below, 0, self.least)

    def never_empty(self, extent: Range) -> bool:
        """Whether the range has a member at all sizes."""
        return extent in self.inhabited or surely_at_least(
            extent.upper - extent.lower, 0, self.least
        )

    def size(self, extent: Range) -> Whole | None:
        """How many members the range has; None where that may be less than none."""
        size = extent.upper - extent.lower + Whole.number(1)
        return size if extent in self.inhabited or surely_at_least(size, 0, self.least) else None

    def spend(self) -> None:
        """Count one step of rewriting; refuse to go on for ever."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise OutsideFragment(f"no normal form within {MOST_STEPS} steps of rewriting")


Signature = frozenset[tuple[str, Fraction]]
Data = (Parameter, ArbitraryValue, Scalar)


def positive(terms: Total, context: Context) -> bool:
    """Whether a sum is positive for sure: no minus sign, and one term that cannot vanish."""
    return at_least_zero(terms, context) and any(
        _inhabited(term, context) and all(certain(atom, context) for atom, _ in term.factors)
        for term, _ in terms
    )


def at_least_zero(terms: Total, context: Context) -> bool:
    """Whether a sum is positive or zero for sure: no minus sign in it."""
    return all(
        q > 0 and all(power % 2 == 0 or never_negative(atom, context) for atom, power in t.factors)
        for t, q in terms
    )


def certain(atom: Atom, context: Context) -> bool:
    """Whether an atom is positive wherever it has a value."""
    match atom:
        case Exponential():
            return root(atom) is None
        case DividedSum(of) | ProductOver(of=of):
            return positive(of, context)
        case SizeNumber(name):
            return context.least.get(name, 0) >= 1
        case IndexNumber(index):
            extent = context.range_of(index)
            return extent is not None and surely_at_least(extent.lower, 1, context.least)
        case Scalar(name) | Parameter(name):
            return name in context.positive or name == CIRCLE
        case DeterminantOf():
            return _declared_matrix(atom) in context.definite
    return False


def _declared_matrix(determinant: DeterminantOf) -> str:
    """The name of the declared matrix of which it is the determinant; empty for any other."""
    inside = [binder.index for binder in determinant.of.binders]
    match determinant.of.entry:
        case ((Term((), ((Parameter(base, (*first, row, column)), 1),)), 1),):
            around = NOTHING.union(*map(bound_in, first))
            apart = around.isdisjoint(index.number for index in inside)
            return base if apart and [row, column] in (inside, inside[::-1]) else ""
    return ""


def never_negative(atom: Atom, context: Context) -> bool:
    """Whether an atom is positive or zero for sure."""
    match atom:
        case Exponential() | AbsoluteValue() | Delta():
            return True
        case SizeNumber(name):
            return name in context.least
        case ProductOver(of=of):
            return at_least_zero(of, context)
        case IndexNumber(index):
            extent = context.range_of(index)
            return extent is not None and surely_at_least(extent.lower, 0, context.least)
    return certain(atom, context)


def root(atom: Atom) -> Total | None:
    """The P of an exponential exp(log P): raised to a fraction it may be zero where P is."""
    logarithm = bare_logarithm(atom.term) if isinstance(atom, Exponential) else None
    return logarithm.of if logarithm is not None else None


def bare_logarithm(term: Term) -> Logarithm | None:
    """The logarithm that a term is, if it is nothing else."""
    if term.binders or len(term.factors) != 1:
        return None
    ((atom, exponent),) = term.factors
    return atom if isinstance(atom, Logarithm) and exponent == 1 else None


def _inhabited(term: Term, context: Context) -> bool:
    return all(context.never_empty(binder.extent) for binder in term.binders)


def never_zero(terms: Total, context: Context) -> bool:
    """Whether a sum is a function of its data that is not zero, at all sizes and for all words."""
    if _positive_somewhere(terms, context) or _of_one_value(terms):
        return True
    if _is_outweighed(terms, context):
        return True
    if any(_wild(term) for term, _ in terms):
        return _not_zero_beside(terms, context)
    return bool(list(_standing(terms, context)))


def _not_zero_beside(terms: Total, context: Context) -> bool:
    """Whether a sum is not zero where some data in it are left out.

    Of an array or a number with positive powers alone, and in nothing else, it is a polynomial,
    which is not zero if the terms without it are not: one over the inverse of a matrix, as in
    1 + y^T A^{-1} x, leaves one.
    """
    data = {a.key: a for t, _ in terms for a, _ in t.factors if isinstance(a, Parameter | Scalar)}
    for name in dict.fromkeys(_code(each) for each in data.values()):
        rest = tuple((term, q) for term, q in terms if name not in term.key)
        apart = bool(rest) and all(_is_polynomial_in(name, term) for term, _ in terms)
        if apart and never_zero(rest, context):
            return True
    return False


def _code(data: Parameter | Scalar) -> str:
    """How an array or a number begins in a key."""
    return data.key[: data.key.index(END) + 1]


def _is_polynomial_in(name: str, term: Term) -> bool:
    """Whether nothing in a term depends on some data but factors of their own."""
    own = [q for atom, q in term.factors if _is_data_of(name, atom)]
    return term.key.count(name) == len(own) and all(q > 0 and q.denominator == 1 for q in own)


def _is_data_of(name: str, atom: Atom) -> bool:
    return isinstance(atom, Parameter | Scalar) and _code(atom) == name


def _of_one_value(terms: Total) -> bool:
    """Whether a sum is a polynomial, which is not zero, in a sine, or the like, of a product.

    That is a continuous function of its entries and no constant: it has infinitely many values,
    and the polynomial is zero at finitely many.
    """
    atoms = {atom.key: atom for term, _ in terms for atom, _ in term.factors}
    if len(atoms) != 1 or any(term.binders for term, _ in terms):
        return False
    (atom,) = atoms.values()
    if not isinstance(atom, ArbitraryValue) or atom.is_free or len(atom.values) != 1:
        return False
    (inside,) = atom.values
    if len(inside.entry) != 1 or inside.binders or inside.entry[0][0].binders:
        return False
    factors = inside.entry[0][0].factors
    return bool(factors) and all(
        isinstance(each, Scalar | Parameter) and each != Scalar(CIRCLE) and q > 0
        for each, q in factors
    )


def _is_outweighed(terms: Total, context: Context) -> bool:
    """Whether a number is larger than all other terms together, where all data are one half, or 1.

    There a product over a range is a power of one of its factors, and no larger than one where
    that is not, whatever the range: so 1 - a_1 ... a_t is not zero.
    """
    alone = [q for term, q in terms if term == Term()]
    others = [(term, q) for term, q in terms if term != Term()]
    products = any(isinstance(a, ProductOver) for term, _ in others for a, _ in term.factors)
    if len(alone) != 1 or not products or any(term.binders for term, _ in others):
        return False
    for number in (Fraction(1, 2), Fraction(1)):
        most = [_most(number, term, q, context) for term, q in others]
        if None not in most and sum(each for each in most if each is not None) < abs(alone[0]):
            return True
    return False


def _most(number: Fraction, term: Term, q: Fraction, context: Context) -> Fraction | None:
    """A bound of the absolute value of a term where all data are one number."""
    result = abs(q)
    for atom, power in term.factors:
        match atom:
            case ProductOver(of=of):
                at = _where_all_are(number, of, context)
                if not at or (abs(at) > 1 if power > 0 else abs(at) < 1):
                    return None
                at = at if context.never_empty(atom.binder.extent) else Fraction(1)
            case _:
                at = _value_of(number, atom, context)
        if at is None or power.denominator != 1 or (at == 0 and power < 0):
            return None
        result *= abs(at) ** int(power)
    return result


def _where_all_are(number: Fraction, terms: Total, context: Context) -> Fraction | None:
    """The value of a sum of products of data where these are all one number; None of others."""
    result = Fraction(0)
    for term, q in terms:
        values = [(_value_of(number, atom, context), power) for atom, power in term.factors]
        if term.binders or any(at is None or power.denominator != 1 for at, power in values):
            return None
        if any(at == 0 and power < 0 for at, power in values):
            return None
        result += q * prod(at ** int(power) for at, power in values if at is not None)
    return result


def _value_of(number: Fraction, atom: Atom, context: Context) -> Fraction | None:
    match atom:
        case Parameter(base=name) | Scalar(name):
            bound = context.bits | context.signs | context.sums.keys() | {CIRCLE}
            return None if name in bound else number
        case DividedSum(of):
            return _where_all_are(number, of, context)
    return None


def _positive_somewhere(terms: Total, context: Context) -> bool:
    """Whether a sum, or minus it, is positive for some positive data."""
    signs = {q > 0 for _, q in terms}
    weights = [_weight(term, context) for term, _ in terms]
    return len(signs) == 1 and None not in weights and max(w for w in weights if w is not None) > 0


def _weight(term: Term, context: Context) -> int | None:
    """1 for a term that is positive at positive data, 0 for one that may vanish there.

    Where determinants of declared matrices stand in it, the data are those at which the diagonals
    of these outweigh all their other entries: there they are positive.
    """
    weights = [_sign(atom, q, context) for atom, q in term.factors]
    if None in weights:
        return None
    return int(_inhabited(term, context) and all(weights))


def _sign(atom: Atom, q: Fraction, context: Context) -> int | None:
    """1 for an atom that is positive at positive data, 0 for one that may vanish there."""
    inside = root(atom)
    if inside is not None:
        return int(never_zero(inside, context))
    match atom:
        case Parameter() | Scalar() | Exponential():
            return 1
        case ArbitraryValue() if atom.is_free:
            return 1
        case DividedSum(of):
            even = q % 2 == 0
            return 1 if even or (_positive_somewhere(of, context) and of[0][1] > 0) else None
        case AbsoluteValue(of):
            return int(never_zero(of, context))
        case ProductOver(of=of):
            return 1 if _positive_somewhere(of, context) and of[0][1] > 0 else None
        case DeterminantOf() if _declared_matrix(atom):
            return 1
        case Logarithm(of):
            return 1 if _constant_above_one(of) else None
    if certain(atom, context):
        return 1
    return 0 if never_negative(atom, context) or q % 2 == 0 else None


def _constant_above_one(terms: Total) -> bool:
    return len(terms) == 1 and terms[0][0] == Term() and terms[0][1] > 1


def _wild(term: Term) -> bool:
    """Whether a term has more in it than entries, numbers, deltas and exponentials of these."""

    def tame(atom: Atom) -> bool:
        if isinstance(atom, Exponential):
            return not _wild(atom.term)
        if isinstance(atom, ArbitraryValue) and not atom.is_free:
            return False
        return isinstance(atom, (*Data, Delta, SizeNumber, IndexNumber))

    return not all(tame(atom) for atom, _ in term.factors)


@dataclass
class _Part:
    """Terms that differ by sizes alone: their common factors and a polynomial in sizes."""

    term: Term
    polynomial: dict[Monomial, Fraction]

    def least(self, sign: int, context: Context) -> Fraction | int | None:
        """A value not below zero that ``sign`` times its coefficient never falls below, if any."""
        numbers = [atom for atom, _ in self.term.factors if isinstance(atom, IndexNumber)]
        if not all(certain(atom, context) for atom in numbers):
            return None
        return never_below({m: q * sign for m, q in self.polynomial.items()}, context.least)

    def stands(self, sign: int, context: Context) -> bool:
        """Whether it has this sign at positive data, whatever sizes and words are."""
        deltas = any(isinstance(atom, Delta) for atom, _ in self.term.factors)
        least = self.least(sign, context)
        return bool(least) and _inhabited(self.term, context) and not deltas


def _standing(terms: Total, context: Context) -> Iterable[Signature]:
    """The products of entries that some terms have and that never cancel."""
    for signature, parts in _by_entries(terms).items():
        for part, sign in product(parts, (1, -1)):
            if part.stands(sign, context) and all(
                other.least(sign, context) is not None
                or _surely_distinct(part.term, other.term, context)
                for other in parts
            ):
                yield signature
                break


def _by_entries(terms: Total) -> Mapping[Signature, list[_Part]]:
    """The terms by the names of their entries, those that differ by sizes alone as one."""
    found: dict[Signature, dict[Key, _Part]] = {}
    for term, q in terms:
        sizes = [(a, p) for a, p in term.factors if isinstance(a, SizeNumber) and p > 0]
        others = Term(term.binders, tuple(pair for pair in term.factors if pair not in sizes))
        parts = found.setdefault(_signature(others), {})
        part = parts.setdefault(others.key, _Part(others, {}))
        monomial = tuple(sorted(chain.from_iterable([a.name] * int(p) for a, p in sizes)))
        part.polynomial[monomial] = part.polynomial.get(monomial, Fraction(0)) + q
    return {signature: list(parts.values()) for signature, parts in found.items()}


def _signature(term: Term) -> Signature:
    powers: Counter[str] = Counter()
    for atom, q in term.factors:
        match atom:
            case Parameter(name) | ArbitraryValue(name) | Scalar(name):
                powers[f"{type(atom).__name__} {name}"] += int(q)
    return frozenset((name, Fraction(q)) for name, q in powers.items() if q)


def _surely_distinct(first: Term, second: Term, context: Context) -> bool:
    """Whether two products of entries of the same names are different at every instance."""
    for one, other in ((first, second), (second, first)):
        for atom, q in one.factors:
            if not isinstance(atom, Parameter) or q <= 0:
                continue
            beside = [p for a, p in one.factors if _named(a, atom.base)]
            entries = [a for a, _ in other.factors if isinstance(a, Parameter)]
            others = [each for each in entries if each.base == atom.base]
            # it is a factor of one of them alone, and nothing there cancels it
            if min(beside) > 0 and all(_are_two(atom, each, context) for each in others):
                return True
    gap = _exponent(first.factors, Fraction(1)) + _exponent(second.factors, Fraction(-1))
    if any(_wild(term) for term, _ in gap):
        return False
    return any(signature for signature in _standing(_collected(gap), context))


def _are_two(one: Parameter, other: Parameter, context: Context) -> bool:
    """Whether two entries of one array are different ones at every instance."""
    orders = (other.at, other.turned) if other.symmetric else (other.at,)
    return all(any(map(context.differ, one.at, order)) for order in orders)


def _named(atom: Atom, base: str) -> bool:
    return isinstance(atom, Parameter) and atom.base == base


def _exponent(factors: Factors, sign: Fraction) -> Total:
    return tuple((atom.term, q * sign) for atom, q in factors if isinstance(atom, Exponential))


def _collected(terms: Total) -> Total:
    known: dict[Key, tuple[Term, Fraction]] = {}
    for term, q in terms:
        known[term.key] = (term, known.get(term.key, (term, Fraction(0)))[1] + q)
    return tuple((term, q) for term, q in known.values() if q)
