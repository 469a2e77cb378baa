"""Members of ranges as typed data, and whole numbers made of sizes (integer polynomials)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from derivations.proof.fragment import OutsideFragment

# Whole numbers made of sizes, and which of them are surely not negative.
#
# Sizes are whole numbers with a least value. With every size written as its least value plus a
# number that is not negative, a polynomial without a negative coefficient is not negative.


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


# Members of ranges as typed data: whole numbers, given and bound indices, entries of lists.
#
# A bound index is a number that nothing else in a term has, and a free one is a name: no
# substitution can capture. `terms.py` says what the parts of a key are.


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
