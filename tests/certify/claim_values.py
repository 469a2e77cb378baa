"""Claims evaluated at numbers, by the project's evaluator: nothing of Coq or the translator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import combinations, islice, product
from random import Random
from typing import Any

from flint import arb, ctx, fmpq
from sympy import (
    Abs,
    Basic,
    Derivative,
    Expr,
    Indexed,
    Max,
    Min,
    Piecewise,
    Sum,
    Symbol,
    preorder_traversal,
)

from derivations.claim import (
    AtLeast,
    Claim,
    Condition,
    Distinct,
    Equal,
    NotAmong,
    Positive,
    Unequal,
)
from derivations.indices import Index, IndexSet, WordArray
from derivations.language import tree
from derivations.language.index_form import entry_of
from derivations.language.index_nodes import Opaque, differentiated, substitute, unfold
from derivations.language.tree import Call, Term
from derivations.proof.domain import Application, Family, Primitive
from derivations.proof.evaluate import Instance, Interpreter, Places
from derivations.proof.fragment import NoValue

Place = tuple[str, tuple[int, ...]]
NUMERATORS = [n for n in range(-9, 10) if n]


class Entries(dict[Place, int]):
    """The entries of lists of words; what was not chosen is whatever the seed says."""

    def __init__(self, chosen: dict[Place, int], seed: int, elsewhere: dict[str, range]) -> None:
        super().__init__(chosen)
        self.seed, self.elsewhere = seed, elsewhere

    def get(self, key: Place, default: object = None) -> int:
        if key not in self:
            return Random(f"{self.seed} {key}").choice(self.elsewhere[key[0]])
        return self[key]


@dataclass(frozen=True)
class Point:
    """``words`` are entries of lists; the others are anything in ``elsewhere``, list by list.

    ``zero`` makes scalars zero; ``kink`` is the row by which arbitrary functions have no
    derivative, counted from 0. ``positive`` are the names of the numbers that are above zero, and
    ``negative`` is the one of them that is below.
    """

    seed: int
    sizes: dict[Symbol, int]
    indices: dict[Index, int]
    words: dict[Place, int]
    elsewhere: dict[str, range] = field(default_factory=dict)
    zero: bool = False
    kink: int | None = None
    positive: frozenset[str] = frozenset()
    negative: str = ""

    @property
    def instance(self) -> Instance:
        """The same for the evaluator."""
        return Instance(
            {symbol.name: size for symbol, size in self.sizes.items()},
            Entries(self.words, self.seed, self.elsewhere),
            {index.name: place for index, place in self.indices.items()},
        )

    def number(self, name: str, places: tuple[int, ...]) -> Fraction:
        """A scalar, or an entry of a family of numbers."""
        if self.zero and not places:
            return Fraction(0)
        found = _number(self.seed, name, places)
        if name not in self.positive:
            return found
        return -abs(found) if name == self.negative else abs(found)

    def word(self, name: str, places: tuple[int, ...]) -> int:
        """An entry of a list."""
        return self.instance.words.get((name, places))  # type: ignore[return-value]

    def with_size(self, symbol: Symbol, size: int) -> Point:
        return replace(self, sizes={**self.sizes, symbol: size})

    def with_index(self, index: Index, place: int) -> Point:
        return replace(self, indices={**self.indices, index: place})

    def with_word(self, place: Place, word: int) -> Point:
        return replace(self, words={**self.words, place: word})

    def __str__(self) -> str:
        words = {f"{name}{list(places)}": word for (name, places), word in self.words.items()}
        more = {"zero": self.zero or None, "kink": self.kink, "negative": self.negative or None}
        parts = {**self.sizes, **self.indices, **words, **more, "seed": self.seed}
        return ", ".join(f"{name}={v}" for name, v in parts.items() if v is not None)


@lru_cache(maxsize=100_000)
def _number(seed: int, name: str, places: tuple[int, ...]) -> Fraction:
    return Fraction(Random(f"{seed} {name} {places}").choice(NUMERATORS), 8)


Limit = tuple[Symbol, Expr, Expr]


@dataclass(frozen=True)
class Entry:
    """An entry, and the ranges of what its place depends on, outermost first."""

    node: Indexed
    limits: tuple[Limit, ...]

    @property
    def spelled(self) -> str:
        """The same for entries that differ in names of bound indices only."""
        names = {index: Symbol(f"_{n}") for n, (index, *_) in enumerate(self.limits)}
        parts = (self.node, *(part for limit in self.limits for part in limit))
        return str([part.xreplace(names) for part in parts])


def entries_of(nodes: Iterable[Basic]) -> list[Entry]:
    """All entries in expressions whose definitions are opened."""
    found = (_with_ranges(*pair) for node in nodes for pair in _entries(node, ()))
    return list({entry.spelled: entry for entry in found}.values())


def read(entries: Iterable[Entry], point: Point) -> dict[Place, IndexSet]:
    """The places of entries at some sizes, with the set that each is a member of."""
    reader = Places(point.instance)
    found: dict[Place, IndexSet] = {}
    for entry in entries:
        base = entry.node.base
        for scope in _scopes(entry.limits, {}, reader):
            found[base.name, reader.places(entry.node.indices, scope)] = base.space
    return found


def free_in(node: Basic, bound: frozenset[Basic] = frozenset()) -> Iterator[Symbol]:
    """The symbols of a tree that no sum binds; the names of families are none."""
    if isinstance(node, Symbol):
        if node not in bound:
            yield node
    elif isinstance(node, Sum):
        for index, *ends in reversed(node.limits):  # the last one is outermost
            for end in ends:
                yield from free_in(end, bound)
            bound |= {index}
        yield from free_in(node.function, bound)
    else:
        for part in _parts(node):
            yield from free_in(part, bound)


def _parts(node: Basic) -> tuple[Basic, ...]:
    if isinstance(node, Indexed):
        return tuple(node.indices)
    if isinstance(node, Derivative):
        return (node.expr, *node.variables)
    return tuple(node.args)


def _entries(node: Basic, around: tuple[Limit, ...]) -> Iterator[tuple[Indexed, tuple[Limit, ...]]]:
    """The entries in a tree, each with the limits of the sums around it, innermost first."""
    if isinstance(node, Indexed) and isinstance(node.base, WordArray):
        yield node, around
    if isinstance(node, Sum):
        for index, *ends in reversed(node.limits):
            for end in ends:
                yield from _entries(end, around)
            around = ((index, *ends), *around)
        yield from _entries(node.function, around)
        return
    for part in _parts(node):
        yield from _entries(part, around)


def _with_ranges(node: Indexed, around: tuple[Limit, ...]) -> Entry:
    wanted = set(free_in(node))
    limits: list[Limit] = []
    for index, *ends in around:
        if index in wanted:
            limits.append((index, *ends))
            wanted = (wanted - {index}).union(*map(free_in, ends))
    free = sorted((each for each in wanted if isinstance(each, Index)), key=str)
    limits += [(index, index.space.lower, index.space.upper) for index in free]
    return Entry(node, tuple(reversed(limits)))


def _scopes(
    limits: Sequence[Limit], scope: dict[Basic, int], reader: Places
) -> Iterator[dict[Basic, int]]:
    """Every choice of members; the first limit is outermost."""
    if not limits:
        yield scope
        return
    (index, lower, upper), *others = limits
    for member in reader.members(lower, upper, scope):
        yield from _scopes(others, {**scope, index: member}, reader)


@dataclass(frozen=True)
class Subject:
    """The two sides of a well-typed claim, definitions opened, with what they mention."""

    claim: Claim

    @cached_property
    def sides(self) -> tuple[Expr, Expr]:
        return self.claim.sides.left, self.claim.sides.right

    @cached_property
    def mentioned(self) -> tuple[Expr, ...]:
        """All expressions: sides, axes and conditions."""
        found = [*map(unfold, self.sides), *self.claim.sides.axes, *self._differentiated_at]
        for condition in self.claim.conditions:
            if isinstance(condition, Equal | Unequal):
                found += [unfold(condition.left), unfold(condition.right)]
            elif isinstance(condition, NotAmong):
                found.append(unfold(condition.word))
        return tuple(found)

    @property
    def _differentiated_at(self) -> Iterator[Expr]:
        """One entry of what a derivative by what is defined is taken at."""
        left = self.claim.left
        if isinstance(left, Call) and isinstance(left.definition.body, tree.Derivative):
            for argument in left.arguments:
                if isinstance(argument, Term):
                    entry, axes = entry_of(argument, self.claim.names)
                    yield unfold(substitute(entry, {axis: axis.space.lower for axis in axes}))

    @cached_property
    def free(self) -> set[Symbol]:
        """All symbols that no sum binds, those in bounds of index sets included."""
        found = {symbol for each in self.mentioned for symbol in free_in(each)}
        spaces = {symbol.space for symbol in found if isinstance(symbol, Index)}
        spaces |= {base.space for base, _ in self.families if isinstance(base, WordArray)}
        return found.union(*(s.lower.free_symbols | s.upper.free_symbols for s in spaces))

    @cached_property
    def families(self) -> set[tuple[Basic, int]]:
        """Families of numbers and lists of words, with how many indices they take."""
        entries = {(each.base, len(each.indices)) for each in self._nodes(Indexed)}
        return entries | {(base, 2) for each in self._nodes(Opaque) for base in each.rows}

    @cached_property
    def functions(self) -> set[type[Opaque]]:
        return {type(each) for each in self._nodes(Opaque)}

    @property
    def sizes(self) -> list[Symbol]:
        found = [s for s in self.free if s.is_integer and not isinstance(s, Index)]
        return sorted(found, key=str)

    @property
    def indices(self) -> list[Index]:
        return sorted((s for s in self.free if isinstance(s, Index)), key=str)

    @property
    def scalars(self) -> list[Symbol]:
        return sorted((s for s in self.free if not s.is_integer), key=str)

    @property
    def lists(self) -> list[WordArray]:
        return sorted({b for b, _ in self.families if isinstance(b, WordArray)}, key=str)

    def read(self, point: Point) -> dict[Place, IndexSet]:
        """The entries of lists that can be read, with the set each is a member of."""
        return read(self.entries, point)

    @cached_property
    def entries(self) -> list[Entry]:
        return entries_of(self.mentioned)

    @property
    def placed_anywhere(self) -> set[str]:
        """Lists with several indices, whose places need not be given by one set each."""
        return {base.name for base, arity in self.families if arity > 1}

    def _nodes(self, kind: type) -> Iterator[Basic]:
        for each in self.mentioned:
            yield from (n for n in preorder_traversal(each) if isinstance(n, kind))


def least(size: Symbol) -> int:
    """The smallest admissible value of a size."""
    assert size.is_nonnegative, f"{size} can be negative"
    return 1 if size.is_positive else 0


def members(space: IndexSet, point: Point) -> range:
    """The members of an index set."""
    reader = Places(point.instance)
    return range(reader.place(space.lower, {}), reader.place(space.upper, {}) + 1)


def above_zero(subject: Subject) -> frozenset[str]:
    """The names of the numbers that are above zero, of those that a claim mentions."""
    known = {base for base, _ in subject.families}.union(subject.scalars)
    conditions = subject.claim.conditions
    positive = (each for each in conditions if isinstance(each, Positive))
    return frozenset(each.of.name for each in positive if each.of in known)


def is_admissible(subject: Subject, point: Point) -> bool:
    """Whether the claim says anything at the point."""
    if point.kink is not None or point.negative:
        return False
    if any(value < least(size) for size, value in point.sizes.items()):
        return False
    if any(place not in members(index.space, point) for index, place in point.indices.items()):
        return False
    read = subject.read(point)
    if any(point.word(*place) not in members(space, point) for place, space in read.items()):
        return False
    return all(_holds(condition, read, point) for condition in subject.claim.conditions)


def _holds(condition: Condition, read: dict[Place, IndexSet], point: Point) -> bool:
    reader = Places(point.instance)
    match condition:
        case Equal(left, right):
            return bool(reader.place(left, {}) == reader.place(right, {}))
        case Unequal(left, right):
            return bool(reader.place(left, {}) != reader.place(right, {}))
        case NotAmong(word, words):
            return reader.place(word, {}) not in _entries_read(words.name, read, point)
        case Distinct(words):
            entries = _entries_read(words.name, read, point)
            return len(set(entries)) == len(entries)
        case Positive():
            return True  # a point has the names
        case AtLeast(size, value):
            return bool(point.sizes.get(size, int(value)) >= value)
    raise AssertionError(f"{condition} is not known here")


def _entries_read(name: str, read: dict[Place, IndexSet], point: Point) -> list[int]:
    return [point.word(*place) for place in read if place[0] == name]


SCALARS_ONLY = 5
FEW_SIZES = 5  # with more of them, sums in sums get long
LARGEST = 3
MOST_DRAWN = 200


@dataclass(frozen=True)
class Kind:
    """How large sizes are, and which of so many points is taken: the one with the least ``of``."""

    low: int
    high: int
    among: int
    of: Callable[[Point], tuple[int, ...]]


class NoPoint(AssertionError):
    """A claim whose conditions no small point was found to meet."""


def points(subject: Subject, count: int) -> Iterator[Point]:
    """Points that meet all conditions, more where there are no sizes and they cost nothing.

    First one where sums have several terms and one where sizes differ, both with indices that
    differ, so that one taken for another shows; then one as small as the conditions let it be.
    """
    for seed in range(count if subject.sizes else count * SCALARS_ONLY):
        kind = KINDS[min(seed, len(KINDS) - 1)]
        found = list(islice(_admissible(subject, seed, kind), kind.among))
        if not found:
            raise NoPoint(f"{subject.claim.id}: no point meets the conditions")
        yield min(found, key=kind.of)


def _admissible(subject: Subject, seed: int, kind: Kind) -> Iterator[Point]:
    """Larger sizes only where there are no points of smaller ones."""
    rng = Random(f"{seed} {subject.claim.id}")
    found = 0
    most = LARGEST if len(subject.sizes) <= FEW_SIZES else 2
    for high in range(min(kind.high, most), LARGEST + 1):
        for _ in range(0 if found else MOST_DRAWN):
            point = _drawn(subject, seed, (kind.low, high), rng)
            if point is not None and is_admissible(subject, point):
                found += 1
                yield point


def _same_indices(point: Point) -> tuple[int, ...]:
    """How many indices are the same, and how many sizes."""
    return tuple(
        sum(a == b for a, b in combinations(kind.values(), 2))
        for kind in (point.indices, point.sizes)
    )


def _same_sizes(point: Point) -> tuple[int, ...]:
    return _same_indices(point)[::-1]


def _extent(point: Point) -> tuple[int, ...]:
    return (sum(point.sizes.values()),)


KINDS = (
    Kind(2, 3, 40, _same_indices),
    Kind(1, 3, 40, _same_sizes),
    Kind(0, 1, 5, _extent),
    Kind(2, 3, 20, _same_indices),
    Kind(0, 2, 1, _extent),
)


def near(subject: Subject, point: Point) -> Iterator[Point]:
    """The point with one size, index, word or function changed."""
    for size, value in point.sizes.items():
        for other in {least(size) - 1, least(size), value + 1} - {value}:
            yield point.with_size(size, other)
    for index, place in point.indices.items():
        for other in _around(members(index.space, point)):
            if other != place:
                yield point.with_index(index, other)
    for entry, of in subject.read(point).items():
        for other in _around(members(of, point)):
            if other != point.word(*entry):
                yield point.with_word(entry, other)
    for function in subject.functions:
        for row in range(len(function.rows)):
            yield replace(point, kink=row)
    for name in point.positive:
        yield replace(point, negative=name)


def _around(space: range) -> range:
    return range(space.start - 1, space.stop + 1)


def _drawn(subject: Subject, seed: int, ends: tuple[int, int], rng: Random) -> Point | None:
    """A point of admissible sizes, indices and words; None where an index has no member."""
    low, high = ends
    sizes = {s: rng.randint(max(low, least(s)), max(high, least(s))) for s in subject.sizes}
    positive = above_zero(subject)
    zero = _branches(subject) and seed % 3 == 1 and not positive
    point = Point(seed, sizes, {}, {}, zero=zero, positive=positive)
    for index in subject.indices:
        space = members(index.space, point)
        if not space:
            return None
        point = point.with_index(index, rng.choice(space))
    elsewhere = {}
    for words in subject.lists:
        space = members(words.space, point)
        tame = words.name in subject.placed_anywhere
        elsewhere[words.name] = space[:1] if tame and space else range(-2, LARGEST + 2)
    point = replace(point, elsewhere=elsewhere)
    for place, of in subject.read(point).items():
        if not members(of, point):
            return None
        point = point.with_word(place, rng.choice(members(of, point)))
    return point


def _branches(subject: Subject) -> bool:
    """Whether a side goes by the sign of a scalar, and none is differentiated."""
    whole = subject.mentioned
    return any(s.has(Abs, Min, Max, Piecewise) for s in whole) and not any(
        s.has(Derivative) for s in whole
    )


ROWS = range(1, 4)


class NoNumber(ArithmeticError):
    """A side has no real value at the point."""


def values(subject: Subject, point: Point) -> tuple[arb, arb]:
    """Both sides; raises NoNumber."""
    axes = {space for each in subject.functions for sets in each.axes.values() for space in sets}
    rows = {str(space.upper): ROWS[-1] for space in axes}  # where the sides say no size
    instance = replace(point.instance, sizes=rows | point.instance.sizes)
    interpreter = Interpreter(instance, _Balls(point))
    left, right = map(differentiated, subject.sides)
    return _value(interpreter, left), _value(interpreter, right)


def _value(interpreter: Interpreter[arb], side: Expr) -> arb:
    try:
        found = interpreter.value(side)
    except (NoValue, ZeroDivisionError):
        raise NoNumber from None
    if not found.is_finite():
        raise NoNumber
    return found


class _Balls:
    """The evaluator's domain of balls at one point."""

    def __init__(self, point: Point) -> None:
        self.point = point

    def constant(self, value: Fraction | int) -> arb:
        q = Fraction(value)
        return arb(fmpq(q.numerator, q.denominator))

    def parameter(self, key: Any) -> arb:
        return self.constant(self.point.number(*key))

    def arbitrary(self, application: Application[arb]) -> arb:
        """What `functions.py` defines, and its first derivatives, taken by hand."""
        written = application.written
        assert written is not None
        first = len(application.arguments) - len(written.arrays)
        by = {argument - first: entry for argument, entry in application.partials}
        assert len(by) == len(application.partials) <= 1
        result = self.constant(1)
        for number, array in enumerate(written.arrays):
            name = (application.function, (number, *written.labels))
            if number in by:
                place = array.places[by[number]]
                x = self.parameter((array.base, (*array.row, *place)))
                result *= self._factor(name, place) * (1 + 2 * x)
            else:
                result *= 1 + self._row(name, array)
        return result

    def _row(self, name: Place, array: Family) -> arb:
        result = self.constant(0)
        for place in product(ROWS, repeat=len(array.places[0])):
            x = self.parameter((array.base, (*array.row, *place)))
            result += self._factor(name, place) * (x + x * x)
        return result

    def _factor(self, name: Place, place: tuple[int, ...]) -> arb:
        function, places = name
        in_rows = all(each in ROWS for each in place)
        return self.constant(self.point.number(function, (*places, *place)) if in_rows else 0)

    def add(self, left: arb, right: arb) -> arb:
        return left + right

    def multiply(self, left: arb, right: arb) -> arb:
        return left * right

    def power(self, base: arb, exponent: int) -> arb:
        if exponent < 0 and base.contains(0):
            raise NoNumber
        return base**exponent

    def exp(self, value: arb) -> arb:
        return value.exp()

    def log(self, value: arb) -> arb:
        if not value > 0:
            raise NoNumber
        return value.log()

    def sign(self, value: arb) -> int:
        if value.is_zero():
            return 0
        if value.contains(0):
            raise NoNumber
        return 1 if value > 0 else -1

    def pi(self) -> arb:
        return arb.pi()

    def apply(self, primitive: Primitive, value: arb) -> arb:
        return primitive.ball(value)


BITS = 256


@dataclass(frozen=True)
class Case:
    """A point, its neighbours and whether the claim says anything there, and the two sides.

    ``sides`` is None where one of them has no value.
    """

    point: Point
    near: tuple[tuple[Point, bool], ...]
    sides: tuple[arb, arb] | None


@lru_cache(maxsize=100)
def cases(claim: Claim, count: int) -> tuple[Subject, tuple[Case, ...]]:
    """The claim taken apart, and ``count`` points of it, more where these are scalars."""
    subject = Subject(claim)
    return subject, tuple(_case(subject, point) for point in points(subject, count))


@ctx.workprec(BITS)
def _case(subject: Subject, point: Point) -> Case:
    around = tuple((each, is_admissible(subject, each)) for each in near(subject, point))
    try:
        return Case(point, around, values(subject, point))
    except NoNumber:
        return Case(point, around, None)
