"""Truth of a line by evaluation: at several sizes, degenerate ones included, and random values.

A difference counts only where it is plain: any at all in exact arithmetic; where exponentials or
logarithms are met, and numbers are decimal with sixty digits, one of at least a quadrillionth.
What is neither plainly different nor equal to forty digits leaves the line without a truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from enum import Enum
from fractions import Fraction
from random import Random

import numpy as np

from tests.lines.elimination import determinant
from tests.lines.evaluate import Evaluator
from tests.lines.jets import Array, NoValue, Number, Value
from tests.lines.tables import AnyFunction, NoMeaning, Table, TooLong
from tests.lines.tree import (
    Apply,
    Arbitrary,
    Assumption,
    Cell,
    Closure,
    Comparison,
    Distinct,
    Env,
    Family,
    Index,
    Labels,
    Matrix,
    NotAmong,
    Num,
    Scalar,
    Scoped,
    Size,
    Subset,
    Term,
    Vector,
    subterms,
)

PRECISION = Context(prec=60, traps=[InvalidOperation, DivisionByZero, Overflow])
SAME, APART = Decimal("1e-40"), Decimal("1e-15")
LARGEST = 7
TRIES = 12  # to meet what is assumed
ENOUGH = 6  # points at which both sides agree


class Truth(Enum):
    """What evaluation shows; only the first two are used."""

    TRUE = "true"
    FALSE = "false"
    UNCLEAR = "neither plainly equal nor different"
    VACUOUS = "too few points at which both sides have a value"
    MEANINGLESS = "without meaning at some size"


Store = dict[Cell, Value]


@dataclass
class Examined:
    """What was seen, and where the sides differ: the cells' values and both sides."""

    truth: Truth
    agreed: int = 0
    without: int = 0
    store: Store = field(default_factory=dict)
    left: Value = None
    right: Value = None


def examine(scoped: Scoped, seed: str, enough: int = ENOUGH) -> Examined:
    """Evaluate both sides at every kind of sizes."""
    random = Random(seed)
    exact = not transcendental(scoped)
    found = Examined(Truth.VACUOUS)
    with localcontext(PRECISION):
        for sizes in size_choices([c for c in scoped.cells if _is_size(c)], random):
            store = drawn(scoped, sizes, random, exact)
            if store is None:
                continue
            if not _compare(scoped, store, exact, found):
                return found
    if found.agreed >= enough:
        found.truth = Truth.TRUE
    return found


def _compare(scoped: Scoped, store: Store, exact: bool, found: Examined) -> bool:
    """Compare the sides at one point; False where that settles it."""
    run = Evaluator(dict(store), exact=exact)
    try:
        left = run.value(scoped.line.left, scoped.env)
        right = run.value(scoped.line.right, scoped.env)
        pairs = _pairs(scoped, left, right)
    except (NoValue, ArithmeticError, TooLong, RecursionError):
        found.without += 1
        return True
    except NoMeaning:
        found.truth = Truth.MEANINGLESS
        return False
    apart = max((_apart(a, b) for a, b in pairs), default=Decimal(0))
    if apart > (0 if exact else APART):
        found.truth, found.store, found.left, found.right = Truth.FALSE, store, left, right
        return False
    if apart > SAME:
        found.truth = Truth.UNCLEAR
        return False
    found.agreed += 1
    return True


def _pairs(scoped: Scoped, left: Value, right: Value) -> list[tuple[Number, Number]]:
    """Entry by entry; a zero that is written fits any shape."""
    if isinstance(left, Table) and isinstance(right, Table):
        if left.axes != right.axes:
            raise NoMeaning("sides of different shapes")
        return list(zip(left.entries.flat, right.entries.flat, strict=True))
    for one, other, written in (
        (left, right, scoped.line.right),
        (right, left, scoped.line.left),
    ):
        if isinstance(one, Table):
            if isinstance(written, Num) and written.value == 0:
                return [(entry, other) for entry in one.entries.flat]
            raise NoMeaning("sides of different shapes")
    return [(left, right)]


def _apart(one: Number, other: Number) -> Decimal:
    """How far apart two numbers are, by the larger one, or by one if both are small."""
    difference = one - other
    if difference == 0:
        return Decimal(0)
    if not isinstance(difference, Decimal):
        return Decimal(1)
    return abs(difference) / max(abs(Decimal(one)), abs(Decimal(other)), Decimal(1))


def transcendental(scoped: Scoped) -> bool:
    """Whether an exponential or logarithm can be met."""
    terms = [scoped.line.left, scoped.line.right]
    return any(_is_transcendental(term, scoped.env, set()) for term in terms)


def _is_transcendental(term: Term, env: Env, seen: set[Closure]) -> bool:
    closures = [each for each in env.values() if isinstance(each, Closure) and each not in seen]
    seen.update(closures)
    return any(isinstance(each, Apply) for _, each in subterms(term)) or any(
        _is_transcendental(each.definition.body, each.env, seen) for each in closures
    )


# Sizes and values ---------------------------------------------------------------------------


def _is_size(cell: Cell) -> bool:
    return isinstance(cell.declaration, Size)


def size_choices(cells: list[Cell], random: Random) -> Iterator[dict[Cell, int]]:
    """Sizes to look at: distinct ones, the least, equal ones, and one large among small ones.

    Of two sizes each is once the larger one: a member of one set is one of another where that is
    the smaller one.
    """
    several = [2, 3, 4, 5, 6, 7][: max(len(cells), 2)]
    least = {cell: _least(cell) for cell in cells}
    random.shuffle(several)
    for _ in range(2):
        several = [min(several) + max(several) - size for size in several]
        yield {cell: max(size, least[cell]) for cell, size in zip(cells, several, strict=False)}
    yield dict(least)
    yield {cell: max(1, low) for cell, low in least.items()}
    yield {cell: max(2, low) for cell, low in least.items()}
    yield {cell: max(2, low) for cell, low in least.items()}
    yield {cell: max(3, low) for cell, low in least.items()}
    for _ in range(2):
        yield {cell: random.randint(low, 4) for cell, low in least.items()}
    large = random.choice(cells) if cells else None
    yield {c: LARGEST if c is large else random.randint(max(1, least[c]), 3) for c in cells}


def _least(cell: Cell) -> int:
    assert isinstance(cell.declaration, Size)
    return cell.declaration.least


def drawn(scoped: Scoped, sizes: dict[Cell, int], random: Random, exact: bool) -> Store | None:
    """Values for every cell that meet what is assumed; None where none were found."""
    for _ in range(TRIES):
        store: Store = dict(sizes)
        for cell in scoped.cells:
            if cell not in store and not _draw(cell, store, random, exact):
                return None
        if all(_met(what, env, store) for what, env in scoped.assumed):
            return store
    return None


def _draw(cell: Cell, store: Store, random: Random, exact: bool) -> bool:
    lengths = [store[axis] for axis in cell.axes if isinstance(axis.declaration, Size)]
    match cell.declaration:
        case Index():
            if lengths[0] < 1:
                return False
            store[cell] = random.randint(1, lengths[0])
        case Scalar(_, _, numbers) if numbers:
            store[cell] = _one_of(numbers, random, exact)
        case Scalar(_, positive):
            number = _number(random, exact)
            store[cell] = abs(number) if positive else number
        case Vector(_, _, _, 1, "{0, 1}"):
            store[cell] = _one_hot(lengths[0], random)
        case Vector(_, _, _, None, numbers) if numbers:
            found = np.zeros((lengths[0], 1), dtype=object)
            for place in range(lengths[0]):
                found[place, 0] = _one_of(numbers, random, exact)
            store[cell] = found
        case Vector(_, _, positive, total):
            entries = _numbers(lengths[0], 1, random, exact)
            entries = np.abs(entries) if positive else entries
            store[cell] = entries if total is None else _adding_up(entries, total, positive)
        case Matrix(total=int() as total):
            found = _numbers(lengths[0], lengths[1], random, exact)
            for row in range(lengths[0]):
                found[row] = _adding_up(found[row][:, None], total, positive=False)[:, 0]
            store[cell] = found
        case Matrix(symmetric=symmetric, said=said):
            rows = _numbers(lengths[0], lengths[1], random, exact)
            if said == "invertible" and not _is_invertible(rows):
                return False
            if said == "positive definite":
                rows = rows @ rows.T + np.eye(lengths[0], dtype=int).astype(object)
            store[cell] = np.tril(rows) + np.tril(rows, -1).T if symmetric else rows
        case Family():
            store[cell] = _numbers(lengths[0], lengths[1], random, exact)
        case Subset():
            store[cell] = frozenset(n + 1 for n in range(lengths[0]) if random.random() < 0.5)
        case Labels():
            if lengths[0] < 1 and lengths[1] > 0:
                return False
            few = min(lengths[0], random.choice((2, 3, LARGEST)))  # so that labels repeat
            store[cell] = [random.randint(1, few) for _ in range(lengths[1])]
        case Arbitrary():
            store[cell] = AnyFunction(random.randrange(10**9))
    return True


def _numbers(rows: int, columns: int, random: Random, exact: bool) -> Array:
    found = np.zeros((rows, columns), dtype=object)
    for at in np.ndindex(rows, columns):
        found[at] = _number(random, exact)
    return found


def _adding_up(entries: Array, total: int, positive: bool) -> Array:
    """The entries changed so that they add up to a number: all in proportion, or the last one."""
    if positive:
        whole = entries.sum()
        scale = Fraction(total) / whole if isinstance(whole, int) else total / whole
        return entries * scale
    changed = entries.copy()
    changed[-1, 0] = total - entries[:-1, 0].sum()
    return changed


def _number(random: Random, exact: bool) -> Number:
    number = random.choice((-1, 1)) * random.randint(1, 15)
    return number if exact else Decimal(number) / 8


def _is_invertible(rows: Array) -> bool:
    """Whether a matrix is plainly so: one that is nearly not would be taken for one that is."""
    try:
        return abs(determinant(rows)) > SAME
    except NoValue:
        return False


def _one_of(numbers: str, random: Random, exact: bool) -> Number:
    """A number of a set, as it is written."""
    if numbers == "(0, 1)":
        found = Fraction(random.randint(1, 15), 16)
        return found if exact else Decimal(found.numerator) / found.denominator
    return random.choice((0, 1) if numbers == "{0, 1}" else (-1, 1))


def _one_hot(length: int, random: Random) -> Array:
    found = np.zeros((length, 1), dtype=object)
    found[random.randrange(length), 0] = 1
    return found


def _met(what: Assumption, env: Env, store: Store) -> bool:
    run = Evaluator(store, exact=True)
    if isinstance(what, Comparison):
        return run.holds(what, env)
    cell = env[what.list]
    assert isinstance(cell, Cell)
    entries: list[int] = store[cell]
    if isinstance(what, Distinct):
        return len(set(entries)) == len(entries)
    assert isinstance(what, NotAmong)
    return run.member(what.label, env) not in entries
