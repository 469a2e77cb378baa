"""Steps with sums, deltas and ranges that keep the value of an expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    Sum,
    exp,
    log,
)

from derivations.claim import Condition, Distinct, NotAmong, Unequal
from derivations.indices import Entries, Index, WordArray
from derivations.language.index_nodes import Applied
from derivations.word2vec.losses import WORDS
from tests.proof.fuzz.expressions import (
    LAST,
    LISTS,
    POOL,
    SIZE_OF,
    Expressions,
    Writer,
    opened,
    put,
    summed_apart,
    unused,
)

# Where a step is taken: the subterm, the names bound above it, and what is assumed.


Path = tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """What a step may use: chance, a writer, other expressions, conditions, names bound above."""

    rng: Random
    write: Writer
    some: Expressions
    conditions: Sequence[Condition]
    inside: frozenset[Index] = frozenset()


Step = Callable[[Place, Expr], Expr | None]


def places(
    node: Expr, path: Path = (), inside: frozenset[Index] = frozenset()
) -> Iterator[tuple[Path, Expr, frozenset[Index]]]:
    """Every subterm that is a real number, with the names bound above it."""
    yield path, node, inside
    if isinstance(node, Sum):
        bound = inside.union(index for index, *_ in node.limits)
        yield from places(node.function, (*path, 0), bound)
    elif isinstance(node, Pow):
        yield from places(node.base, (*path, 0), inside)
    elif isinstance(node, Entries):
        yield from places(node.entry, (*path, 0), inside.union(node.indices))
    elif isinstance(node, Applied):
        for n, part in enumerate(node.values, node.labels):
            yield from (each for each in places(part, (*path, n), inside) if each[1] != part)
            if not isinstance(part, Entries):
                yield (*path, n), part, inside
    elif isinstance(node, Add | Mul | exp | log | Abs):
        for n, part in enumerate(node.args):
            yield from places(part, (*path, n), inside)


def replaced(node: Expr, path: Path, new: Expr, write: Writer) -> Expr:
    """``node`` with ``new`` at ``path``."""
    if not path:
        return new
    parts = list(node.args)
    parts[path[0]] = replaced(parts[path[0]], path[1:], new, write)
    return write.again(node, *parts)


def indices_in(node: Expr) -> list[Expr]:
    """The names and words that are free in ``node``, in a fixed order."""
    free = node.free_symbols
    entries = {e for e in node.atoms(Indexed) if e.is_integer and e.free_symbols <= free}
    names = {symbol for symbol in free if isinstance(symbol, Index)}
    return sorted(names | entries, key=str)


def taken(at: Place, step: Step, node: Expr) -> Expr | None:
    """``node`` with the step taken at a random subterm where it can be; None if nowhere."""
    candidates = list(places(node))
    for path, part, inside in at.rng.sample(candidates, len(candidates)):
        here = Place(at.rng, at.write, at.some, at.conditions, inside)
        new = step(here, part)
        if new is not None and new != part:
            return replaced(node, path, new, at.write)
    return None


# Steps on sums and products: rename, spread, push in, pull out, join, swap, count.


def rename(at: Place, node: Expr) -> Expr | None:
    """sum_w f(w) = sum_x f(x), where x is not free in f."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    new = at.rng.choice(POOL[index.space])
    if new in body.free_symbols:
        return None
    return Sum(put(body, index, new), (new, *bounds))


def distribute(at: Place, node: Expr) -> Expr | None:
    """a (b + c) = a b + a c, and the square of a sum."""
    if isinstance(node, Pow) and node.exp == 2:
        node = Mul(node.base, node.base, evaluate=False)
    if not isinstance(node, Mul):
        return None
    sums = [n for n, part in enumerate(node.args) if isinstance(part, Add)]
    if not sums:
        return None
    n = at.rng.choice(sums)
    others = node.args[:n] + node.args[n + 1 :]
    return at.write.add(*(at.write.mul(part, *others) for part in node.args[n].args))


def spread(at: Place, node: Expr) -> Expr | None:
    """sum_w (f + g) = sum_w f + sum_w g."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    if not isinstance(body, Add):
        return None
    return at.write.add(*(Sum(part, (index, *bounds)) for part in body.args))


def push_in(at: Place, node: Expr) -> Expr | None:
    """g sum_w f = sum_w g f, the name changed where g uses it."""
    sums = [part for part in Mul.make_args(node) if isinstance(part, Sum)]
    if not sums or len(node.args) < 2 or not isinstance(node, Mul):
        return None
    chosen = at.rng.choice(sums)
    others = list(node.args)
    others.remove(chosen)
    factor = at.write.mul(*others)
    index, bounds, body = summed_apart(chosen, factor)
    return Sum(at.write.mul(factor, body), (index, *bounds))


def pull_out(at: Place, node: Expr) -> Expr | None:
    """sum_w g f = g sum_w f, where g does not use w."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    constant = [part for part in Mul.make_args(body) if index not in part.free_symbols]
    if not constant:
        return None
    rest = [part for part in Mul.make_args(body) if index in part.free_symbols]
    return at.write.mul(*constant, Sum(at.write.mul(*rest), (index, *bounds)))


def join(at: Place, node: Expr) -> Expr | None:
    """sum_a f sum_b g = sum_a sum_b f g, the names made different."""
    if isinstance(node, Pow) and node.exp == 2 and isinstance(node.base, Sum):
        node = Mul(node.base, node.base, evaluate=False)
    if not isinstance(node, Mul):
        return None
    sums = [part for part in node.args if isinstance(part, Sum)]
    if len(sums) < 2:
        return None
    first, second = at.rng.sample(sums, 2)
    others = list(node.args)
    others.remove(first)
    others.remove(second)
    outer, outer_bounds, f = summed_apart(first, second)
    inner, inner_bounds, g = summed_apart(second, Add(f, outer, evaluate=False))
    nested = Sum(at.write.mul(f, g), (inner, *inner_bounds))
    return at.write.mul(*others, Sum(nested, (outer, *outer_bounds)))


def swap(at: Place, node: Expr) -> Expr | None:
    """sum_a sum_b f = sum_b sum_a f."""
    if not isinstance(node, Sum) or len(node.limits) < 2:
        return None
    *others, inner, outer = node.limits
    return Sum(node.function, *others, outer, inner) if inner[0] != outer[0] else None


def count(at: Place, node: Expr) -> Expr | None:
    """The size of an index set is a sum of ones, N g the sum of g."""
    if node in SIZE_OF:
        return at.write.total(Integer(1), at.rng.choice(POOL[SIZE_OF[node]]))
    sizes = [part for part in Mul.make_args(node) if part in SIZE_OF]
    if not sizes or not isinstance(node, Mul):
        return None
    others = list(node.args)
    others.remove(sizes[0])
    body = at.write.mul(*others)
    names = [n for n in POOL[SIZE_OF[sizes[0]]] if n not in body.free_symbols]
    return at.write.total(body, at.rng.choice(names)) if names else None


def split_off(at: Place, node: Expr) -> Expr | None:
    """sum_w f(w) = f(o) + sum_w (1 - delta(w, o)) f(w)."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    if bounds != (index.space.lower, index.space.upper):
        return None
    one = at.some.index(index.space, 0)
    if one == index or one.is_Integer:
        return None
    others = at.write.minus(Integer(1), at.write.delta(index, one))
    return at.write.add(put(body, index, one), Sum(at.write.mul(others, body), (index, *bounds)))


STEPS: tuple[Step, ...] = (
    rename, distribute, spread, push_in, pull_out, join, swap, count, split_off,
)  # fmt: skip


# Steps with Kronecker deltas: introduce, exchange, square, and use of the conditions.


def introduce(at: Place, node: Expr) -> Expr | None:
    """f(t) = sum_b delta(b, t) f(b), for a name or a word t."""
    found = indices_in(node)
    if not found:
        return None
    picked = at.rng.choice(found)
    space = picked.space if isinstance(picked, Index) else WORDS
    bound = unused(at.rng.choice(POOL[space]), node.free_symbols | picked.free_symbols)
    body = at.write.mul(at.write.delta(bound, picked), put(node, picked, bound))
    return at.write.total(body, bound)


def introduce_first(at: Place, node: Expr) -> Expr | None:
    """U[1, i] = sum_b delta(b, 1) U[b, i]: there is a first word at every size."""
    if not isinstance(node, Indexed) or node.is_integer or node.indices[0] != 1:
        return None
    bound = unused(at.rng.choice(POOL[WORDS]), node.free_symbols)
    entry = node.base[(bound, *node.indices[1:])]
    return at.write.total(at.write.mul(at.write.delta(bound, 1), entry), bound)


def exchange(at: Place, node: Expr) -> Expr | None:
    """delta(a, b) f(a) = delta(a, b) f(b)."""
    if not isinstance(node, Mul):
        return None
    deltas = [part for part in node.args if isinstance(part, KroneckerDelta)]
    if not deltas or len(node.args) < 2:
        return None
    delta = at.rng.choice(deltas)
    old, new = at.rng.sample(delta.args, 2)
    if old.is_Integer:
        return None
    others = list(node.args)
    others.remove(delta)
    return at.write.mul(delta, *(put(part, old, new) for part in others))


def square(at: Place, node: Expr) -> Expr | None:
    """A delta is its own square."""
    return Mul(node, node, evaluate=False) if isinstance(node, KroneckerDelta) else None


def add_nothing(at: Place, node: Expr) -> Expr | None:
    """g + f delta(a, b) = g, where a and b are known to differ."""
    if not at.conditions:
        return None
    pair = unequal(at, at.rng.choice(at.conditions))
    if pair is None or any(not at.inside.isdisjoint(index.free_symbols) for index in pair):
        return None
    nothing = at.write.mul(at.write.delta(*pair), at.some.real(1))
    return at.write.add(node, nothing)


def unequal(at: Place, condition: Condition) -> tuple[Expr, Expr] | None:
    """Two indices that a condition makes different."""
    match condition:
        case Unequal(left, right):
            return left, right
        case NotAmong(word, listed):
            return word, _entry(at, listed)
        case Distinct():
            return None


def _entry(at: Place, listed: WordArray) -> Expr:
    return listed[tuple(at.some.name(space) for space in LISTS[listed])]


def same_draw(at: Place, node: Expr) -> Expr | None:
    """delta(n[k], n[l]) = delta(k, l), where no word is drawn twice, and back."""
    distinct = [c.words for c in at.conditions if isinstance(c, Distinct)]
    if not isinstance(node, KroneckerDelta) or not distinct:
        return None
    listed = at.rng.choice(distinct)
    left, right = node.args
    if all(isinstance(side, Indexed) and side.base == listed for side in node.args):
        pairs = zip(left.indices, right.indices, strict=True)
        return at.write.mul(*(at.write.delta(a, b) for a, b in pairs), Integer(1))
    if len(LISTS[listed]) == 1 and all(
        isinstance(side, Index) and side.space == LISTS[listed][0] for side in node.args
    ):
        return at.write.delta(listed[left], listed[right])
    return None


STEPS_OF_DELTAS: tuple[Step, ...] = (
    introduce, introduce, introduce_first, exchange, square, add_nothing, add_nothing, same_draw,
)  # fmt: skip


# Steps with whole ranges: moved by one, the last member apart, the sum of its numbers.


def whole(node: Expr) -> tuple[Index, Expr] | None:
    """The name and the summand of a sum over all of an index set."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    return (index, body) if bounds == (index.space.lower, index.space.upper) else None


def move_up(at: Place, node: Expr) -> Expr | None:
    """sum_i f(i) = sum_i f(i + 1) + f(first) - f(last + 1)."""
    found = whole(node)
    if found is None:
        return None
    index, body = found
    ends = put(body, index, index.space.lower), put(body, index, index.space.upper + 1)
    moved = at.write.total(put(body, index, index + 1), index)
    return at.write.add(moved, at.write.minus(*ends))


def move_down(at: Place, node: Expr) -> Expr | None:
    """sum_i f(i) = sum_i f(i - 1) + f(last) - f(first - 1)."""
    found = whole(node)
    if found is None:
        return None
    index, body = found
    ends = put(body, index, index.space.upper), put(body, index, index.space.lower - 1)
    moved = at.write.total(put(body, index, index - 1), index)
    return at.write.add(moved, at.write.minus(*ends))


def last_apart(at: Place, node: Expr) -> Expr | None:
    """sum_w f(w) = sum_w (1 - delta(w, N)) f(w) + f(N), where there is a last one."""
    found = whole(node)
    if found is None or not found[0].space.inhabited:
        return None
    index, body = found
    last = LAST[index.space]
    others = at.write.minus(Integer(1), at.write.delta(index, last))
    return at.write.add(at.write.total(at.write.mul(others, body), index), put(body, index, last))


def count_up(at: Place, node: Expr) -> Expr | None:
    """sum_w w = N (N + 1) / 2, and N times a half of that the other way round."""
    if isinstance(node, Sum) and len(node.limits) == 1 and node.function == node.limits[0][0]:
        (index, lower, upper) = node.limits[0]
        if (lower, upper) == (1, index.space.upper):
            return Mul(Rational(1, 2), upper, upper + 1)
    sizes = {size: space for space, size in LAST.items() if not space.symmetric}
    if node not in sizes:
        return None
    index = unused(Index("q", sizes[node]), node.free_symbols)
    numbers = at.write.total(index, index)
    return at.write.over(at.write.mul(Integer(2), numbers), node + 1)


STEPS_OF_RANGES: tuple[Step, ...] = (move_up, move_down, last_apart, count_up)
