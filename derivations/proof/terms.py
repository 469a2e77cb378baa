"""Index sums as typed data, equal up to names of bound indices (alpha-equivalence).

A term is a product of atoms under binders; a sum (`Total`) is a tuple of terms with rational
coefficients. A bound index is a number that nothing else in the term has, nested binders
included, and a free one is a name: no substitution can capture. Numbers and order mean nothing;
two terms are the same up to them (alpha-equivalence) exactly when their keys are equal. A key is
a spelling in which a bound index is replaced by the number of binders between it and its own (de
Bruijn index) and products and sums are sorted. It is a prefix code: a letter for the kind, names
with an end mark after them, parts in order and a closing mark, so that it can be read back and no
two different terms are spelled alike.

Whole numbers made of sizes are integer polynomials. With every size written as its least value plus
a number that is not negative, a polynomial without a negative coefficient is not negative.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import permutations, product
from math import factorial, prod
from typing import NewType, Self

from derivations.proof.fragment import OutsideFragment

Monomial = tuple[str, ...]
Polynomial = Mapping[Monomial, Fraction | int]
Least = Mapping[str, int]
ONE: Monomial = ()


@dataclass(frozen=True)
class Whole:
    """A polynomial in sizes with whole coefficients: its terms in order, none of them zero."""

    terms: tuple[tuple[Monomial, int], ...] = ()

    @staticmethod
    def of(polynomial: Mapping[Monomial, int]) -> Whole:
        """The whole number with these coefficients."""
        return Whole(tuple(sorted((m, c) for m, c in polynomial.items() if c)))

    @staticmethod
    def number(value: int) -> Whole:
        """A number without sizes."""
        return Whole(((ONE, value),)) if value else ZERO

    @staticmethod
    def size(name: str) -> Whole:
        """One size."""
        return Whole((((name,), 1),))

    @property
    def constant(self) -> int | None:
        """Its value where no size is in it, else None."""
        if not self.terms:
            return 0
        (monomial, value), *others = self.terms
        return value if monomial == ONE and not others else None

    def __add__(self, other: Whole) -> Whole:
        collected = dict(self.terms)
        for monomial, coefficient in other.terms:
            collected[monomial] = collected.get(monomial, 0) + coefficient
        return Whole.of(collected)

    def __neg__(self) -> Whole:
        return Whole(tuple((monomial, -coefficient) for monomial, coefficient in self.terms))

    def __sub__(self, other: Whole) -> Whole:
        return self if not other.terms else self + -other

    def __mul__(self, other: Whole) -> Whole:
        collected: dict[Monomial, int] = {}
        for first, a in self.terms:
            for second, b in other.terms:
                monomial = tuple(sorted(first + second))
                collected[monomial] = collected.get(monomial, 0) + a * b
        return Whole.of(collected)

    def __str__(self) -> str:
        text = ""
        for monomial, coefficient in reversed(self.terms):
            factors = [str(abs(coefficient))] if abs(coefficient) != 1 or not monomial else []
            sign = ("- " if coefficient < 0 else "+ ") if text else "-" if coefficient < 0 else ""
            text += f"{' ' if text else ''}{sign}{'*'.join([*factors, *monomial])}"
        return text or "0"


ZERO = Whole()


def surely_at_least(number: Whole, bound: int, least: Least) -> bool:
    """Whether ``number >= bound`` at all sizes that are not below their ``least`` values."""
    return never_below(dict((number - Whole.number(bound)).terms), least) is not None


def never_below(polynomial: Polynomial, least: Least) -> Fraction | int | None:
    """A value not below zero that the polynomial never falls below; None where none is known."""
    shifted: dict[Monomial, Fraction | int] = {ONE: 0}
    for monomial, coefficient in polynomial.items():
        product: dict[Monomial, Fraction | int] = {ONE: coefficient}
        for size in monomial:
            if size not in least:
                return None
            product = _times(product, size, least[size])
        for key, value in product.items():
            shifted[key] = shifted.get(key, 0) + value
    return shifted[ONE] if all(value >= 0 for value in shifted.values()) else None


def _times(
    product: dict[Monomial, Fraction | int], size: str, least: int
) -> dict[Monomial, Fraction | int]:
    """The product with ``least + excess``, the excess over the least value under its name."""
    result: dict[Monomial, Fraction | int] = {}
    for monomial, value in product.items():
        result[monomial] = result.get(monomial, 0) + value * least
        raised = tuple(sorted((*monomial, size)))
        result[raised] = result.get(raised, 0) + value
    return result


Levels = Mapping[int, int]  # how deep each bound index is bound, counted from outside
Fresh = Callable[["Range"], int]
Bound = frozenset[int]
NOWHERE: Levels = {}
NOTHING: Bound = frozenset()
END, CLOSE = "\0", ")"


def name_code(name: str) -> str:
    """A name as a part of a key."""
    if END in name:
        raise OutsideFragment("a name with a zero character in it")
    return name + END


def whole_code(number: Whole) -> str:
    """A whole number as a part of a key."""
    terms = (f"{c},{len(m)}{END}{''.join(map(name_code, m))}" for m, c in number.terms)
    return "".join(terms) + CLOSE


@dataclass(frozen=True)
class Range:
    """The whole numbers ``lower..upper``; none where ``upper`` is smaller."""

    lower: Whole
    upper: Whole

    @cached_property
    def spelled(self) -> str:
        """Both ends, for keys."""
        return whole_code(self.lower) + whole_code(self.upper)


@dataclass(frozen=True, slots=True)
class NumberedIndex:
    """The member with this number, which may be made of sizes."""

    number: Whole

    def spelled(self, levels: Levels) -> str:
        """Its part of a key."""
        return f"n{whole_code(self.number)}"


@dataclass(frozen=True, slots=True)
class FreeIndex:
    """A member that is given, by its name."""

    name: str

    def spelled(self, levels: Levels) -> str:
        """Its part of a key."""
        return f"v{name_code(self.name)}"


@dataclass(frozen=True, slots=True)
class BoundIndex:
    """The member that a sum around it runs over."""

    number: int

    def spelled(self, levels: Levels) -> str:
        """Its part of a key; its number where its sum is no part of what is spelled."""
        level = levels.get(self.number)
        return f"u{self.number}{END}" if level is None else f"b{len(levels) - level}{END}"


@dataclass(frozen=True, slots=True)
class ListedIndex:
    """An entry of a list of words."""

    words: str
    at: tuple[Index, ...]

    def spelled(self, levels: Levels) -> str:
        """Its part of a key."""
        inside = "".join([index.spelled(levels) for index in self.at])
        return f"w{name_code(self.words)}{inside}{CLOSE}"


Base = FreeIndex | BoundIndex | ListedIndex


@dataclass(frozen=True, slots=True)
class OffsetIndex:
    """The member ``by`` further on, which is not zero; made by `shifted`."""

    of: Base
    by: Whole

    def spelled(self, levels: Levels) -> str:
        """Its part of a key."""
        return f"y{self.of.spelled(levels)}{whole_code(self.by)}"


Index = NumberedIndex | FreeIndex | BoundIndex | ListedIndex | OffsetIndex
Values = Mapping[Index, Index]


def numbered(value: int) -> NumberedIndex:
    """The member with a number that has no size in it."""
    return NumberedIndex(Whole.number(value))


def apart(index: Index) -> tuple[Base | None, Whole]:
    """What an index is counted from, if anything, and how far it is from there."""
    match index:
        case NumberedIndex(number):
            return None, number
        case OffsetIndex(of, by):
            return of, by
        case FreeIndex() | BoundIndex() | ListedIndex():
            return index, Whole()


def shifted(index: Index, by: Whole) -> Index:
    """The member ``by`` further on."""
    base, offset = apart(index)
    offset = offset + by
    if base is None:
        return NumberedIndex(offset)
    return OffsetIndex(base, offset) if offset.terms else base


def has_offset(index: Index) -> bool:
    """Whether it is counted from another one."""
    match index:
        case OffsetIndex():
            return True
        case ListedIndex(_, at):
            return any(map(has_offset, at))
        case FreeIndex() | BoundIndex() | NumberedIndex():
            return False


def bound_in(index: Index) -> Bound:
    """The bound indices in an index."""
    match index:
        case BoundIndex(number):
            return frozenset((number,))
        case ListedIndex(_, at):
            return NOTHING.union(*map(bound_in, at))
        case OffsetIndex(of, _):
            return bound_in(of)
        case FreeIndex() | NumberedIndex():
            return NOTHING


def index_with(index: Index, values: Values) -> Index:
    """An index with others put for parts of it."""
    match index:
        case FreeIndex() | BoundIndex() | NumberedIndex():
            return values.get(index, index)
        case ListedIndex(words, at):
            replaced = ListedIndex(words, tuple([index_with(inner, values) for inner in at]))
            return values.get(replaced, replaced)
        case OffsetIndex(of, by):
            return shifted(index_with(of, values), by)


def balanced(left: Index, right: Index) -> tuple[Index, Index]:
    """The same equation with as little as can be added to either side, and nothing taken away."""
    (first, gone), (second, more) = apart(left), apart(right)
    gap = (gone - more).terms
    above = Whole(tuple((monomial, c) for monomial, c in gap if c > 0))
    below = Whole(tuple((monomial, -c) for monomial, c in gap if c < 0))
    if second is None and first is not None:
        return first, NumberedIndex(below - above)
    if first is None and second is not None:
        return NumberedIndex(above - below), second
    zero = NumberedIndex(Whole())
    return shifted(first or zero, above), shifted(second or zero, below)


def renamed_base(base: Base, new: Levels) -> Base:
    """The same with other bound indices."""
    match base:
        case BoundIndex(number):
            return BoundIndex(new[number]) if number in new else base
        case ListedIndex(words, at):
            return ListedIndex(words, tuple([renamed_index(inner, new) for inner in at]))
        case FreeIndex():
            return base


def renamed_index(index: Index, new: Levels) -> Index:
    """The same with other bound indices."""
    match index:
        case NumberedIndex():
            return index
        case OffsetIndex(of, by):
            return OffsetIndex(renamed_base(of, new), by)
        case BoundIndex() | ListedIndex() | FreeIndex():
            return renamed_base(index, new)


Key = NewType("Key", str)
CIRCLE = "π = 3.14…"  # the name of the number, which nothing that is declared has
FREE = "\\"  # begins the name of a function of which the derivative is known: no arbitrary one's
MOST_ORDERS = 120


def _exponent(q: Fraction) -> str:
    return f"{q.numerator}/{q.denominator}{END}"


class Atom(ABC):
    """A factor that is taken as it is."""

    @cached_property
    def key(self) -> Key:
        """What identifies it where nothing around it is bound."""
        return Key(self._spelled(NOWHERE))

    @cached_property
    def bound(self) -> Bound:
        """The bound indices in it whose sums are around it."""
        return self._bound()

    @property
    def binds(self) -> bool:
        """Whether a sum is inside it."""
        return False

    def spelled(self, levels: Levels) -> str:
        """Its part of a key where ``levels`` are bound around it."""
        return self.key if self.bound.isdisjoint(levels) else self._spelled(levels)

    def renamed(self, fresh: Fresh, new: Levels) -> Atom:
        """The atom with bound indices replaced, those inside it by fresh ones."""
        if not self.binds and self.bound.isdisjoint(new):
            return self
        return self._renamed(fresh, new)

    @cached_property
    def has_offset(self) -> bool:
        """Whether an index in it is counted from another one."""
        return any(map(has_offset, self.indices()))

    def indices(self) -> Iterator[Index]:
        """All indices in it, those inside of sums included."""
        yield from ()

    @abstractmethod
    def _spelled(self, levels: Levels) -> str: ...

    @abstractmethod
    def _bound(self) -> Bound: ...

    @abstractmethod
    def _renamed(self, fresh: Fresh, new: Levels) -> Atom: ...


@dataclass(frozen=True)
class Scalar(Atom):
    """A real number that is given."""

    name: str

    def _spelled(self, levels: Levels) -> str:
        return f"s{name_code(self.name)}"

    def _bound(self) -> Bound:
        return NOTHING

    def _renamed(self, fresh: Fresh, new: Levels) -> Scalar:
        return self


@dataclass(frozen=True)
class SizeNumber(Atom):
    """A size, as the number it is."""

    name: str

    def _spelled(self, levels: Levels) -> str:
        return f"t{name_code(self.name)}"

    def _bound(self) -> Bound:
        return NOTHING

    def _renamed(self, fresh: Fresh, new: Levels) -> SizeNumber:
        return self


@dataclass(frozen=True)
class IndexNumber(Atom):
    """A member of a range, as the number it is."""

    index: Base

    def _spelled(self, levels: Levels) -> str:
        return f"k{self.index.spelled(levels)}"

    def _bound(self) -> Bound:
        return bound_in(self.index)

    def _renamed(self, fresh: Fresh, new: Levels) -> IndexNumber:
        return IndexNumber(renamed_base(self.index, new))

    def indices(self) -> Iterator[Index]:
        yield self.index


@dataclass(frozen=True)
class Parameter(Atom):
    """An entry of a vector or matrix that is given, or of one of a family; of a symmetric one, in
    any order.
    """

    base: str
    at: tuple[Index, ...]
    symmetric: bool = False

    @property
    def turned(self) -> tuple[Index, ...]:
        """The indices of the entry across the diagonal."""
        *first, row, column = self.at
        return (*first, column, row)

    def _spelled(self, levels: Levels) -> str:
        inside = [index.spelled(levels) for index in self.at]
        if self.symmetric:
            inside[-2:] = sorted(inside[-2:])
        return f"x{name_code(self.base)}{''.join(inside)}{CLOSE}"

    def _bound(self) -> Bound:
        return NOTHING.union(*map(bound_in, self.at))

    def _renamed(self, fresh: Fresh, new: Levels) -> Parameter:
        at = tuple([renamed_index(index, new) for index in self.at])
        return Parameter(self.base, at, self.symmetric)

    def indices(self) -> Iterator[Index]:
        yield from self.at


@dataclass(frozen=True)
class OfTwoIndices(Atom, ABC):
    """A number that depends on how two indices compare."""

    left: Index
    right: Index

    def _bound(self) -> Bound:
        return bound_in(self.left) | bound_in(self.right)

    def _renamed(self, fresh: Fresh, new: Levels) -> Self:
        return type(self)(renamed_index(self.left, new), renamed_index(self.right, new))

    def indices(self) -> Iterator[Index]:
        yield from (self.left, self.right)


@dataclass(frozen=True)
class Delta(OfTwoIndices):
    """One where two indices are the same, else zero (Kronecker)."""

    def _spelled(self, levels: Levels) -> str:
        first, second = sorted((self.left.spelled(levels), self.right.spelled(levels)))
        return f"d{first}{second}"


@dataclass(frozen=True)
class Order(OfTwoIndices):
    """One where the left index is below the right one, minus one where it is above, else zero.

    Exchanged, it changes its sign: which way it is written is part of what it is.
    """

    def _spelled(self, levels: Levels) -> str:
        return f"o{self.left.spelled(levels)}{self.right.spelled(levels)}"

    @property
    def turned(self) -> Order:
        """Its negative."""
        return Order(self.right, self.left)


@dataclass(frozen=True)
class Exponential(Atom):
    """exp of one term; a coefficient of the term is the exponent it is raised to."""

    term: Term

    @cached_property
    def binds(self) -> bool:
        return self.term.binds

    def _spelled(self, levels: Levels) -> str:
        return f"e{self.term.spelled(levels)}"

    def _bound(self) -> Bound:
        return self.term.bound

    def _renamed(self, fresh: Fresh, new: Levels) -> Exponential:
        return Exponential(self.term.renamed(fresh, new))

    def indices(self) -> Iterator[Index]:
        yield from self.term.indices()


@dataclass(frozen=True)
class OfSum(Atom, ABC):
    """A function of a sum."""

    of: Total

    @cached_property
    def binds(self) -> bool:
        return any(term.binds for term, _ in self.of)

    def _bound(self) -> Bound:
        return NOTHING.union(*(term.bound for term, _ in self.of))

    def indices(self) -> Iterator[Index]:
        for term, _ in self.of:
            yield from term.indices()

    def _inside(self, fresh: Fresh, new: Levels) -> Total:
        return tuple((term.renamed(fresh, new), q) for term, q in self.of)


@dataclass(frozen=True)
class DividedSum(OfSum):
    """A sum of several terms that is divided by."""

    def _spelled(self, levels: Levels) -> str:
        return f"p{spelled_sum(self.of, levels)}"

    def _renamed(self, fresh: Fresh, new: Levels) -> DividedSum:
        return DividedSum(self._inside(fresh, new))


@dataclass(frozen=True)
class AbsoluteValue(OfSum):
    """The absolute value of a sum, which is the same for minus the sum."""

    def _spelled(self, levels: Levels) -> str:
        minus = tuple((term, -q) for term, q in self.of)
        return f"a{min(spelled_sum(self.of, levels), spelled_sum(minus, levels))}"

    def _renamed(self, fresh: Fresh, new: Levels) -> AbsoluteValue:
        return AbsoluteValue(self._inside(fresh, new))


@dataclass(frozen=True)
class Sign(OfSum):
    """One where a sum is above zero, minus one where it is below: away from zero."""

    def _spelled(self, levels: Levels) -> str:
        return f"g{spelled_sum(self.of, levels)}"

    def _renamed(self, fresh: Fresh, new: Levels) -> Sign:
        return Sign(self._inside(fresh, new))


@dataclass(frozen=True)
class Logarithm(OfSum):
    """The logarithm of a sum."""

    def _spelled(self, levels: Levels) -> str:
        return f"l{spelled_sum(self.of, levels)}"

    def _renamed(self, fresh: Fresh, new: Levels) -> Logarithm:
        return Logarithm(self._inside(fresh, new))


@dataclass(frozen=True)
class ProductOver(Atom):
    """The product of a sum over a bound index: one where the range is empty."""

    binder: Binder
    of: Total

    @property
    def binds(self) -> bool:
        return True

    def _spelled(self, levels: Levels) -> str:
        inside = {**levels, self.binder.index.number: len(levels)}
        return f"m{self.binder.extent.spelled}{spelled_sum(self.of, inside)}"

    def _bound(self) -> Bound:
        inside = NOTHING.union(*(term.bound for term, _ in self.of))
        return inside.difference((self.binder.index.number,))

    def _renamed(self, fresh: Fresh, new: Levels) -> ProductOver:
        number = fresh(self.binder.extent)
        inside = {**new, self.binder.index.number: number}
        of = tuple((term.renamed(fresh, inside), q) for term, q in self.of)
        return ProductOver(Binder(BoundIndex(number), self.binder.extent), of)

    def indices(self) -> Iterator[Index]:
        for term, _ in self.of:
            yield from term.indices()


@dataclass(frozen=True)
class Table:
    """An argument: a number without binders, an array with one for each axis, in their order."""

    binders: tuple[Binder, ...]
    entry: Total

    @property
    def bound(self) -> Bound:
        """The bound indices in it whose sums are around it."""
        inside = NOTHING.union(*(term.bound for term, _ in self.entry))
        return inside.difference([binder.index.number for binder in self.binders])

    @property
    def binds(self) -> bool:
        """Whether an index is bound in it."""
        return bool(self.binders) or any(term.binds for term, _ in self.entry)

    def spelled(self, levels: Levels) -> str:
        """Its part of a key where ``levels`` are bound around it."""
        depths = {b.index.number: len(levels) + n for n, b in enumerate(self.binders)}
        ranges = "".join([binder.extent.spelled for binder in self.binders])
        return f"{len(self.binders)}{END}{ranges}{spelled_sum(self.entry, {**levels, **depths})}"

    def indices(self) -> Iterator[Index]:
        """All indices in it."""
        for term, _ in self.entry:
            yield from term.indices()

    def renamed(self, fresh: Fresh, inside: Levels) -> Table:
        """The argument with every bound index in it, and those given, replaced."""
        new = {**inside, **{b.index.number: fresh(b.extent) for b in self.binders}}
        binders = tuple([Binder(BoundIndex(new[b.index.number]), b.extent) for b in self.binders])
        return Table(binders, tuple((term.renamed(fresh, new), q) for term, q in self.entry))


Slot = tuple[int, tuple[Index, ...]]  # an argument, counted among the tables, and an entry of it


@dataclass(frozen=True)
class ArbitraryValue(Atom):
    """A value of a function of which nothing is known, or of a partial derivative of it.

    The function is of labels and of numbers and arrays. ``partials`` are the entries that the
    derivative is by; they commute.
    """

    function: str
    labels: tuple[Index, ...]
    values: tuple[Table, ...] = ()
    partials: tuple[Slot, ...] = ()

    @cached_property
    def binds(self) -> bool:
        return any(value.binds for value in self.values)

    @property
    def is_free(self) -> bool:
        """Whether its values may be any, as those of a function that is not known may."""
        return not self.function.startswith(FREE)

    def _spelled(self, levels: Levels) -> str:
        labels = "".join([index.spelled(levels) for index in self.labels])
        values = "".join([value.spelled(levels) for value in self.values])
        partials = [
            f"{place}{END}{''.join([index.spelled(levels) for index in at])}{CLOSE}"
            for place, at in self.partials
        ]
        by = "".join(sorted(partials))
        return f"f{name_code(self.function)}{labels}{CLOSE}{values}{CLOSE}{by}{CLOSE}"

    def _bound(self) -> Bound:
        places = (index for _, at in self.partials for index in at)
        inside = (value.bound for value in self.values)
        return NOTHING.union(*map(bound_in, self.labels), *map(bound_in, places), *inside)

    def indices(self) -> Iterator[Index]:
        yield from self.labels
        for value in self.values:
            yield from value.indices()
        for _, at in self.partials:
            yield from at

    def _renamed(self, fresh: Fresh, new: Levels) -> ArbitraryValue:
        def put(index: Index) -> Index:
            return renamed_index(index, new)

        values = tuple(value.renamed(fresh, new) for value in self.values)
        return self.with_parts(put, values)

    def with_parts(
        self, put: Callable[[Index], Index], values: tuple[Table, ...]
    ) -> ArbitraryValue:
        """The same function at other labels and values, with derivatives by other entries."""
        partials = tuple((place, tuple(map(put, at))) for place, at in self.partials)
        return ArbitraryValue(self.function, tuple(map(put, self.labels)), values, partials)


@dataclass(frozen=True)
class InverseEntry(Atom):
    """An entry of the inverse of a square matrix; of a symmetric one, in any order."""

    of: Table
    at: tuple[Index, Index]
    symmetric: bool = False

    @property
    def binds(self) -> bool:
        return True

    @property
    def turned(self) -> InverseEntry:
        """The same entry, as one of the inverse of the transpose."""
        row, column = self.at
        return InverseEntry(Table(self.of.binders[::-1], self.of.entry), (column, row))

    def _spelled(self, levels: Levels) -> str:
        inside = [index.spelled(levels) for index in self.at]
        if self.symmetric:
            inside.sort()
        return f"v{self.of.spelled(levels)}{''.join(inside)}{CLOSE}"

    def _bound(self) -> Bound:
        return NOTHING.union(self.of.bound, *map(bound_in, self.at))

    def _renamed(self, fresh: Fresh, new: Levels) -> InverseEntry:
        row, column = (renamed_index(index, new) for index in self.at)
        return InverseEntry(self.of.renamed(fresh, new), (row, column), self.symmetric)

    def indices(self) -> Iterator[Index]:
        yield from self.at
        yield from self.of.indices()


@dataclass(frozen=True)
class DeterminantOf(Atom):
    """The determinant of a square matrix."""

    of: Table

    @property
    def binds(self) -> bool:
        return True

    @property
    def turned(self) -> DeterminantOf:
        """The same determinant, as that of the transpose."""
        return DeterminantOf(Table(self.of.binders[::-1], self.of.entry))

    def _spelled(self, levels: Levels) -> str:
        return f"h{self.of.spelled(levels)}"

    def _bound(self) -> Bound:
        return self.of.bound

    def _renamed(self, fresh: Fresh, new: Levels) -> DeterminantOf:
        return DeterminantOf(self.of.renamed(fresh, new))

    def indices(self) -> Iterator[Index]:
        yield from self.of.indices()


Factors = tuple[tuple[Atom, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Binder:
    """A bound index and what it runs over."""

    index: BoundIndex
    extent: Range


@dataclass(frozen=True)
class Term:
    """A product of atoms with exponents, summed over bound indices."""

    binders: tuple[Binder, ...] = ()
    factors: Factors = ()

    @cached_property
    def key(self) -> Key:
        """What identifies it where nothing around it is bound."""
        return Key(self._spelled(NOWHERE))

    @cached_property
    def bound(self) -> Bound:
        """The bound indices in it whose sums are around it."""
        inside = NOTHING.union(*[atom.bound for atom, _ in self.factors])
        return inside.difference([binder.index.number for binder in self.binders])

    @cached_property
    def binds(self) -> bool:
        """Whether a sum is in it."""
        return bool(self.binders) or any(atom.binds for atom, _ in self.factors)

    def spelled(self, levels: Levels) -> str:
        """Its part of a key where ``levels`` are bound around it."""
        return self.key if self.bound.isdisjoint(levels) else self._spelled(levels)

    def _spelled(self, levels: Levels) -> str:
        """The least of its spellings over all orders of its binders."""
        if not self.binders:
            return f"0{END}{_product(self.factors, levels)}"
        ranges = "".join(sorted([binder.extent.spelled for binder in self.binders]))
        inner = min([_product(self.factors, order) for order in _orders(self.binders, levels)])
        return f"{len(self.binders)}{END}{ranges}{inner}"

    def in_order(self) -> list[tuple[str, Fraction]]:
        """The keys of its factors, the last one first, in the order of binders of its key."""
        if not self.binders:
            return sorted([(atom.key, q) for atom, q in self.factors], reverse=True)
        order = min(_orders(self.binders, NOWHERE), key=lambda o: _product(self.factors, o))
        return sorted([(atom.spelled(order), q) for atom, q in self.factors], reverse=True)

    def indices(self) -> Iterator[Index]:
        """All indices in it, those inside of functions included."""
        for atom, _ in self.factors:
            yield from atom.indices()

    def renamed(self, fresh: Fresh, inside: Levels = NOWHERE) -> Term:
        """The term with every bound index, nested ones included, replaced by a new one."""
        if not self.binds and self.bound.isdisjoint(inside):
            return self
        new = {**inside, **{b.index.number: fresh(b.extent) for b in self.binders}}
        binders = tuple([Binder(BoundIndex(new[b.index.number]), b.extent) for b in self.binders])
        return Term(binders, tuple([(atom.renamed(fresh, new), q) for atom, q in self.factors]))


Total = tuple[tuple[Term, Fraction], ...]
UNIT = Term()


def spelled_sum(terms: Total, levels: Levels = NOWHERE) -> str:
    """What identifies a sum: the keys of its terms in order."""
    inside = sorted([f"{term.spelled(levels)}{_exponent(q)}" for term, q in terms])
    return f"{''.join(inside)}{CLOSE}"


def _product(factors: Factors, levels: Levels) -> str:
    inside = sorted([f"{atom.spelled(levels)}{_exponent(q)}" for atom, q in factors])
    return f"{''.join(inside)}{CLOSE}"


def _orders(binders: tuple[Binder, ...], levels: Levels) -> Iterator[Levels]:
    """The levels inside of all orders of the binders in which their ranges are sorted."""
    groups: dict[str, list[int]] = {}
    for binder in binders:
        groups.setdefault(binder.extent.spelled, []).append(binder.index.number)
    if prod(factorial(len(group)) for group in groups.values()) > MOST_ORDERS:
        raise OutsideFragment(f"{len(binders)} sums in one term: too many orders of their names")
    choices = (permutations(groups[extent]) for extent in sorted(groups))
    for parts in product(*choices):
        numbers = (number for part in parts for number in part)
        yield {**levels, **{number: len(levels) + n for n, number in enumerate(numbers)}}
