"""Steps from an expression to an equal one, at some place of it, and slips that are none."""

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
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Sum,
    exp,
    log,
)

from derivations.claim import Condition, Distinct, NotAmong, Unequal
from derivations.indices import Entries, Index, WordArray
from derivations.language.index_nodes import Applied, applied
from derivations.word2vec.losses import COORDINATES, WORDS
from tests.proof.fuzz.expressions import (
    LAST,
    LISTS,
    PARTS,
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


def rename_bound(at: Place, node: Expr) -> Expr | None:
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


STEPS_OF_SUMS: tuple[Step, ...] = (
    rename_bound, distribute, spread, push_in, pull_out, join, swap, count, split_off,
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


def exchange_equal(at: Place, node: Expr) -> Expr | None:
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
    introduce, introduce, introduce_first, exchange_equal, square,
    add_nothing, add_nothing, same_draw,
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


# Steps with arbitrary functions: derivatives exchanged, cases of a number that has a delta.


def exchange_parts(at: Place, node: Expr) -> Expr | None:
    """Derivatives by two entries of one array, the other way round."""
    if not isinstance(node, Applied) or len(node.partials) < 2:
        return None
    (first, one), (second, other) = node.entries[:2]
    if first != second:
        return None
    arguments = node.args[: node.labels + len(node.depths)]
    rest = node.args[len(arguments) + len(one) + len(other) :]
    return node.func(*arguments, *other, *one, *rest)


def by_case(at: Place, node: Expr) -> Expr | None:
    """f(a + b d) = d f(a + b) + (1 - d) f(a), for a delta d."""
    if not isinstance(node, Applied):
        return None
    for n, value in enumerate(node.values, node.labels):
        parts = value.args if isinstance(value, Add) else (value,)
        for part in parts:
            deltas = [d for d in Mul.make_args(part) if isinstance(d, KroneckerDelta)]
            if not deltas:
                continue
            others = [each for each in parts if each is not part]
            rest = [each for each in Mul.make_args(part) if each != deltas[0]]
            held = at.write.add(*others, at.write.mul(*rest))
            cases = [
                node.func(*node.args[:n], new, *node.args[n + 1 :])
                for new in (held, at.write.add(*others, Integer(0)))
            ]
            fails = at.write.minus(Integer(1), deltas[0])
            return at.write.add(at.write.mul(deltas[0], cases[0]), at.write.mul(fails, cases[1]))
    return None


def rename_inside(at: Place, node: Expr) -> Expr | None:
    """An array is the same whatever its index is called."""
    if not isinstance(node, Applied):
        return None
    for n, value in enumerate(node.values, node.labels):
        if isinstance(value, Entries):
            index = at.rng.choice(value.indices)
            new = unused(index, value.entry.free_symbols | set(value.indices))
            indices = [new if each == index else each for each in value.indices]
            array = Entries(put(value.entry, index, new), *indices)
            return node.func(*node.args[:n], array, *node.args[n + 1 :])
    return None


STEPS_OF_FUNCTIONS: tuple[Step, ...] = (exchange_parts, by_case, rename_inside)


# Steps with fractions: over itself, common denominator, sigma's forms, nested inverses.


def over_itself(at: Place, node: Expr) -> Expr | None:
    """g = (sum_w P_w g) / sum_w P_w."""
    below = at.some.positive(2)
    if not isinstance(below, Sum):
        return at.write.over(at.write.mul(node, below), below)
    index, bounds, body = summed_apart(below, node)
    return at.write.over(Sum(at.write.mul(body, node), (index, *bounds)), below)


def common_denominator(at: Place, node: Expr) -> Expr | None:
    """a/P + b = (a + b P)/P."""
    if not isinstance(node, Add):
        return None
    for part in node.args:
        above, below = part.as_numer_denom()
        if below != 1 and not below.is_Rational:
            others = list(node.args)
            others.remove(part)
            cleared = at.write.add(above, at.write.mul(below, at.write.add(*others)))
            return at.write.over(cleared, below)
    return None


def twice(at: Place, node: Expr) -> Expr | None:
    """1/P = 1/(1/(1/P))."""
    if not isinstance(node, Pow) or node.exp != -1:
        return None
    again = Pow(node, -1, evaluate=False)
    return Pow(again, -1, evaluate=False)


def nest(at: Place, node: Expr) -> Expr | None:
    """1/P = (1 + Q/P) / (P + Q)."""
    if not isinstance(node, Pow) or node.exp != -1:
        return None
    other = at.some.positive(1)
    above = at.write.add(Integer(1), at.write.mul(other, node))
    return at.write.over(above, at.write.add(node.base, other))


def complement(at: Place, node: Expr) -> Expr | None:
    """1/(a + E) = (1 - E/(a + E))/a, for a number a."""
    if not isinstance(node, Pow) or node.exp != -1 or not isinstance(node.base, Add):
        return None
    numbers = [part for part in node.base.args if part.is_Rational]
    if len(numbers) != 1 or not numbers[0]:
        return None
    rest = at.write.add(*(part for part in node.base.args if part is not numbers[0]))
    return at.write.over(at.write.minus(Integer(1), at.write.mul(rest, node)), numbers[0])


def sigma(at: Place, node: Expr) -> Expr | None:
    """1/(a + exp(x)) = exp(-x) / (a exp(-x) + 1)."""
    if not isinstance(node, Pow) or node.exp != -1 or not isinstance(node.base, Add):
        return None
    powers = [part for part in node.base.args if isinstance(part, exp)]
    if not powers:
        return None
    others = [part for part in node.base.args if part is not powers[0]]
    back = at.write.exp(-powers[0].args[0])
    below = at.write.add(Integer(1), *(at.write.mul(part, back) for part in others))
    return at.write.over(back, below)


def separate(at: Place, node: Expr) -> Expr | None:
    """1/(f g) = 1/f 1/g."""
    if not isinstance(node, Pow) or not isinstance(node.base, Mul):
        return None
    return at.write.mul(*(at.write.power(part, int(node.exp)) for part in node.base.args))


STEPS_OF_DIVISION: tuple[Step, ...] = (
    over_itself, common_denominator, twice, nest, complement, sigma, separate,
)  # fmt: skip


# Steps with exponentials and logarithms, the shift inside a log-sum-exp among them.


def positive(node: Expr) -> bool:
    """Whether every value of ``node`` is plainly positive."""
    if isinstance(node, exp):
        return True
    if isinstance(node, Sum):
        inhabited = all(
            index.space.inhabited and (lower, upper) == (index.space.lower, index.space.upper)
            for index, lower, upper in node.limits
        )
        return inhabited and positive(node.function)
    if isinstance(node, Add | Mul):
        return all(positive(part) for part in node.args)
    if isinstance(node, Pow):
        return positive(node.base)
    return bool(node.is_Rational and node > 0)


def split_exp(at: Place, node: Expr) -> Expr | None:
    """exp(a + b) = exp(a) exp(b)."""
    if not isinstance(node, exp) or not isinstance(node.args[0], Add):
        return None
    return Mul(*(at.write.exp(part) for part in node.args[0].args), evaluate=False)


def shift_exp(at: Place, node: Expr) -> Expr | None:
    """exp(a) = exp(a + b) exp(-b)."""
    if not isinstance(node, exp):
        return None
    by = at.some.leaf()
    shifted = at.write.exp(at.write.add(node.args[0], by))
    return Mul(shifted, at.write.exp(-by), evaluate=False)


def turn_exp(at: Place, node: Expr) -> Expr | None:
    """exp(a) = 1/exp(-a)."""
    if not isinstance(node, exp):
        return None
    return Pow(at.write.exp(-node.args[0]), -1, evaluate=False)


def shift_log(at: Place, node: Expr) -> Expr | None:
    """log sum_w P = s + log sum_w P exp(-s)."""
    if not isinstance(node, log) or not positive(node.args[0]):
        return None
    by = at.some.parameter() if at.rng.random() < 0.7 else at.some.real(1)
    down = at.write.exp(-by)
    inner = node.args[0]
    if isinstance(inner, Sum):
        index, bounds, body = summed_apart(inner, by)
        shifted = Sum(at.write.mul(body, down), (index, *bounds))
    else:
        shifted = at.write.mul(inner, down)
    return at.write.add(by, at.write.log(shifted))


def split_log(at: Place, node: Expr) -> Expr | None:
    """log(P Q) = log P + log Q, and log(P^q) = q log P."""
    if not isinstance(node, log) or not positive(node.args[0]):
        return None
    inner = node.args[0]
    if isinstance(inner, Mul):
        return at.write.add(*(at.write.log(part) for part in inner.args))
    if isinstance(inner, Pow):
        return at.write.mul(inner.exp, at.write.log(inner.base))
    return None


def turn_log(at: Place, node: Expr) -> Expr | None:
    """log P = -log(1/P)."""
    if not isinstance(node, log) or not positive(node.args[0]):
        return None
    turned = log(Pow(node.args[0], -1, evaluate=False), evaluate=False)
    return at.write.mul(Integer(-1), turned)


def over_log(at: Place, node: Expr) -> Expr | None:
    """log P = log(P/Q) + log Q."""
    if not isinstance(node, log) or not positive(node.args[0]):
        return None
    other = at.some.positive(1)
    return at.write.add(at.write.log(at.write.over(node.args[0], other)), at.write.log(other))


def there_and_back(at: Place, node: Expr) -> Expr | None:
    """P = exp(log P), a = log(exp(a))."""
    if positive(node):
        return exp(log(node, evaluate=False), evaluate=False)
    return log(exp(node, evaluate=False), evaluate=False) if at.rng.random() < 0.3 else None


STEPS_OF_LOGARITHMS: tuple[Step, ...] = (
    split_exp, shift_exp, turn_exp, shift_log, split_log, turn_log, over_log, there_and_back,
)  # fmt: skip


# Steps with absolute values and square roots.


HALF = Rational(1, 2)


def apart(at: Place, node: Expr) -> Expr | None:
    """|a b| = |a| |b|."""
    if not isinstance(node, Abs) or not isinstance(node.args[0], Mul):
        return None
    return Mul(*(at.write.absolute(part) for part in node.args[0].args), evaluate=False)


def minus(at: Place, node: Expr) -> Expr | None:
    """|a| = |-a|."""
    return at.write.absolute(-node.args[0]) if isinstance(node, Abs) else None


def as_root(at: Place, node: Expr) -> Expr | None:
    """|a| = sqrt(a^2)."""
    if not isinstance(node, Abs):
        return None
    return at.write.root(Pow(node.args[0], 2, evaluate=False))


def of_positive(at: Place, node: Expr) -> Expr | None:
    """P = |P| and P = sqrt(P^2) = sqrt(P)^2, where P is positive."""
    if not positive(node):
        return None
    kind = at.rng.randrange(3)
    if kind == 0:
        return at.write.absolute(node)
    if kind == 1:
        return at.write.root(Pow(node, 2, evaluate=False))
    return Pow(at.write.root(node), 2, evaluate=False)


def squared(at: Place, node: Expr) -> Expr | None:
    """a^2 = |a|^2."""
    if not isinstance(node, Pow) or node.exp != 2:
        return None
    return Pow(at.write.absolute(node.base), 2, evaluate=False)


def extreme(at: Place, node: Expr) -> Expr | None:
    """max(a, b) = (a + b + |a - b|) / 2, min(a, b) = -max(-a, -b)."""
    if isinstance(node, Min) and len(node.args) == 2:
        return at.write.mul(Integer(-1), Max(*(-part for part in node.args)))
    if not isinstance(node, Max) or len(node.args) != 2:
        return None
    left, right = node.args
    gap = at.write.absolute(at.write.minus(left, right))
    return at.write.mul(HALF, at.write.add(left, right, gap))


STEPS_OF_SIGNS: tuple[Step, ...] = (apart, minus, as_root, of_positive, squared, extreme)


# Slips with names: captured ones, lost binders and deltas, one index for another.


def rename_into_capture(at: Place, node: Expr) -> Expr | None:
    """sum_w f(w, x) becomes sum_x f(x, x)."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    new = at.rng.choice(POOL[index.space])
    return Sum(put(body, index, new, careful=False), (new, *bounds))


def push_in_captured(at: Place, node: Expr) -> Expr | None:
    """g(w) sum_w f(w) becomes sum_w g(w) f(w)."""
    if not isinstance(node, Mul):
        return None
    sums = [part for part in node.args if isinstance(part, Sum)]
    if not sums:
        return None
    index, bounds, body = opened(sums[0])
    others = list(node.args)
    others.remove(sums[0])
    factor = at.write.mul(*others)
    return Sum(at.write.mul(factor, body), (index, *bounds))


def pull_out_all(at: Place, node: Expr) -> Expr | None:
    """sum_w f(w) g(w) becomes f(w) sum_w g(w)."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    if not isinstance(body, Mul):
        return None
    out = at.rng.choice(body.args)
    rest = list(body.args)
    rest.remove(out)
    return at.write.mul(out, Sum(at.write.mul(*rest), (index, *bounds)))


def join_under_one_name(at: Place, node: Expr) -> Expr | None:
    """(sum_w f)^2 becomes sum_w f^2."""
    if not isinstance(node, Pow) or not isinstance(node.base, Sum):
        return None
    return Sum(at.write.power(node.base.function, int(node.exp)), *node.base.limits)


def mix_up(at: Place, node: Expr) -> Expr | None:
    """sum_a sum_b f(a) g(b) becomes sum_a sum_b f(a) g(a)."""
    if not isinstance(node, Sum) or not isinstance(node.function, Mul):
        return None
    names = [limit[0] for limit in node.limits]
    pairs = [(a, b) for a in names for b in names if a != b and a.space == b.space]
    if not pairs:
        return None
    old, new = at.rng.choice(pairs)
    parts = list(node.function.args)
    n = at.rng.randrange(len(parts))
    parts[n] = put(parts[n], old, new)
    return Sum(at.write.mul(*parts), *node.limits)


def lose_binder(at: Place, node: Expr) -> Expr | None:
    """sum_w f becomes f."""
    return opened(node)[2] if isinstance(node, Sum) else None


def lose_size(at: Place, node: Expr) -> Expr | None:
    """A sum that its summand does not depend on is left out."""
    if not isinstance(node, Sum):
        return None
    index, _, body = opened(node)
    return body if index not in body.free_symbols else None


def part_of_range(at: Place, node: Expr) -> Expr | None:
    """The first or the last member of the index set is forgotten."""
    if not isinstance(node, Sum):
        return None
    index, _, body = opened(node)
    return Sum(body, (index, *at.rng.choice(PARTS[index.space])))


def other_set(at: Place, node: Expr) -> Expr | None:
    """A sum that counts draws counts words."""
    if not isinstance(node, Sum):
        return None
    index, _, body = opened(node)
    if index in body.free_symbols:
        return None
    space = at.rng.choice(list(POOL))
    return at.write.total(body, POOL[space][0]) if POOL[space][0] not in body.free_symbols else None


def lose_delta(at: Place, node: Expr) -> Expr | None:
    """A Kronecker delta is forgotten."""
    return Integer(1) if isinstance(node, KroneckerDelta) else None


def other_index(at: Place, node: Expr) -> Expr | None:
    """One index is mistaken for another of its kind, deltas or no deltas."""
    if isinstance(node, KroneckerDelta | Sum):
        return None
    found = indices_in(node)
    if not found:
        return None
    old = at.rng.choice(found)
    space = old.space if hasattr(old, "space") else old.base.space
    within = sorted((name for name in at.inside if name.space == space), key=str)
    other = at.rng.choice(within) if within and at.rng.random() < 0.7 else at.some.index(space, 0)
    return put(node, old, other, careful=at.rng.random() < 0.5)


def array_captured(at: Place, node: Expr) -> Expr | None:
    """f((a_i)_i) becomes f((a_h)_h) with an h that was free in a."""
    if not isinstance(node, Applied):
        return None
    for n, value in enumerate(node.values, node.labels):
        if isinstance(value, Entries):
            new = [at.rng.choice(POOL[index.space]) for index in value.indices]
            if len(set(new)) < len(new):
                return None
            entry = value.entry
            for old, other in zip(value.indices, new, strict=True):
                entry = put(entry, old, other, careful=False)
            return node.func(*node.args[:n], Entries(entry, *new), *node.args[n + 1 :])
    return None


def other_derivative(at: Place, node: Expr) -> Expr | None:
    """A derivative is by another entry or label, or is none."""
    if not isinstance(node, Applied) or not node.args[node.labels + len(node.depths) :]:
        return None
    n = at.rng.randrange(node.labels + len(node.depths), len(node.args))
    named = [part for part in indices_in(node.args[n]) if isinstance(part, Index)]
    other = at.some.index(named[0].space if named else WORDS)
    return node.func(*node.args[:n], other, *node.args[n + 1 :])


def derivative_lost(at: Place, node: Expr) -> Expr | None:
    """A function stands for its derivative, or the other way round."""
    if not isinstance(node, Applied):
        return None
    arguments = node.args[: node.labels + len(node.depths)]
    if node.partials:
        return applied(node.function, node.labels, node.depths)(*arguments)
    place = at.rng.randrange(len(node.depths))
    spaces = (WORDS, COORDINATES)[2 - node.depths[place] :]
    return node.partial(node.labels + place, tuple(at.some.index(space) for space in spaces))


def entries_alike(at: Place, node: Expr) -> Expr | None:
    """Every entry of an array is one of them."""
    if not isinstance(node, Applied):
        return None
    for n, value in enumerate(node.values, node.labels):
        if isinstance(value, Entries):
            index = at.rng.choice(value.indices)
            entry = put(value.entry, index, at.some.index(index.space))
            return node.func(*node.args[:n], Entries(entry, *value.indices), *node.args[n + 1 :])
    return None


SLIPS: tuple[Step, ...] = (
    array_captured, other_derivative, derivative_lost, entries_alike,
    rename_into_capture, push_in_captured, pull_out_all, join_under_one_name, mix_up,
    lose_binder, lose_size, part_of_range, other_set, lose_delta, other_index, other_index,
)  # fmt: skip


# Slips with values: signs, factors, sums torn apart, a difference that nobody assumed.


def contract_out_of_range(at: Place, node: Expr) -> Expr | None:
    """f(t) becomes sum_b delta(b, t) f(b) for a t that need not be there, or in part of a set."""
    listed = [word for word in LISTS if node.has(word)]
    for space in at.rng.sample(list(POOL), len(POOL)):
        bound = at.rng.choice(POOL[space])
        numbers = sorted(part for part in _index_numbers(node) if part[0] == space.name)
        if numbers and not listed:
            number = Integer(at.rng.choice(numbers)[1])
            return at.write.total(at.write.mul(at.write.delta(bound, number), node), bound)
    found = [name for name in indices_in(node) if hasattr(name, "space")]
    if not found:
        return None
    picked = at.rng.choice(found)
    bound = at.rng.choice(POOL[picked.space])
    body = at.write.mul(at.write.delta(bound, picked), put(node, picked, bound))
    return Sum(body, (bound, *at.rng.choice(PARTS[picked.space])))


def _index_numbers(node: Expr) -> set[tuple[str, int]]:
    deltas = node.atoms(KroneckerDelta)
    return {
        (other.space.name, int(side))
        for delta in deltas
        for side, other in (delta.args, delta.args[::-1])
        if side.is_Integer and hasattr(other, "space")
    }


def sign(at: Place, node: Expr) -> Expr | None:
    """A sign is wrong."""
    return -node if isinstance(node, exp | Mul | Sum | KroneckerDelta) else None


def sign_above(at: Place, node: Expr) -> Expr | None:
    """exp(a) becomes exp(-a)."""
    return at.write.exp(-node.args[0]) if isinstance(node, exp) else None


def factor(at: Place, node: Expr) -> Expr | None:
    """A number or a power is wrong."""
    if isinstance(node, Pow):
        return at.write.power(node.base, int(node.exp) + at.rng.choice((-1, 1)))
    return at.write.mul(Integer(2), node) if isinstance(node, Mul) else None


def torn_apart(at: Place, node: Expr) -> Expr | None:
    """1/(a + b), exp(a + b), log(a + b) taken term by term."""
    if isinstance(node, Pow) and node.exp == -1 and isinstance(node.base, Add):
        return at.write.add(*(at.write.power(part, -1) for part in node.base.args))
    if isinstance(node, Pow) and node.exp == -1 and isinstance(node.base, Sum):
        return Sum(at.write.power(node.base.function, -1), *node.base.limits)
    if isinstance(node, exp | log) and isinstance(node.args[0], Add | Sum):
        inner = node.args[0]
        make = at.write.exp if isinstance(node, exp) else at.write.log
        if isinstance(inner, Sum):
            return Sum(make(inner.function), *inner.limits)
        return at.write.add(*(make(part) for part in inner.args))
    return None


def cancel_under_the_sum(at: Place, node: Expr) -> Expr | None:
    """f(w) becomes (sum_w P_w f(w)) / sum_w P_w: the name occurs elsewhere."""
    below = at.some.over_all(lambda: at.write.exp(at.some.real(1)), inhabited=True)
    index, bounds, body = opened(below)
    if index not in node.free_symbols:
        return None
    return at.write.over(Sum(at.write.mul(body, node), (index, *bounds)), below)


def unknown_difference(at: Place, node: Expr) -> Expr | None:
    """g becomes g + f delta(a, b) where nothing says that a and b differ."""
    nothing = at.write.mul(at.some.delta(), at.some.real(1))
    return at.write.add(node, nothing)


def swapped_difference(at: Place, node: Expr) -> Expr | None:
    """g becomes g (1 - delta(a, b)) and is not the same where a = b."""
    return at.write.mul(node, at.write.minus(Integer(1), at.some.delta()))


def root_of_square(at: Place, node: Expr) -> Expr | None:
    """x becomes exp(log(x^2)/2), which is its absolute value."""
    if node.is_Rational or isinstance(node, KroneckerDelta):
        return None
    squared = log(Pow(node, 2, evaluate=False), evaluate=False)
    return exp(Mul(squared, Pow(Integer(2), -1), evaluate=False), evaluate=False)


def moved_without_ends(at: Place, node: Expr) -> Expr | None:
    """sum_i f(i) becomes sum_i f(i + 1)."""
    found = whole(node)
    if found is None:
        return None
    index, body = found
    return at.write.total(put(body, index, index + at.rng.choice((-1, 1))), index)


def last_of_none(at: Place, node: Expr) -> Expr | None:
    """f becomes sum_k delta(k, K) f, where there may be no last one, or one more than there is."""
    space = at.rng.choice(list(LAST))
    bound = at.rng.choice(POOL[space])
    last = LAST[space] + at.rng.choice((-1, 0, 1))
    return at.write.total(at.write.mul(at.write.delta(bound, last), node), bound)


def sign_forgotten(at: Place, node: Expr) -> Expr | None:
    """|a| becomes a, or a becomes |a|."""
    if isinstance(node, Abs):
        return node.args[0]
    return at.write.absolute(node) if isinstance(node, Indexed | Add) else None


def absolute_term_by_term(at: Place, node: Expr) -> Expr | None:
    """|a + b| becomes |a| + |b|, |sum_w a| becomes sum_w |a|."""
    if not isinstance(node, Abs):
        return None
    inner = node.args[0]
    if isinstance(inner, Sum):
        return Sum(at.write.absolute(inner.function), *inner.limits)
    if isinstance(inner, Add):
        return at.write.add(*(at.write.absolute(part) for part in inner.args))
    return None


def one_too_many(at: Place, node: Expr) -> Expr | None:
    """A number counts one more."""
    return node + 1 if isinstance(node, Index) else None


STEPS_OF_SLIPS_OF_VALUES: tuple[Step, ...] = (
    moved_without_ends, last_of_none, sign_forgotten, absolute_term_by_term, one_too_many,
    contract_out_of_range, sign, sign_above, factor, torn_apart, cancel_under_the_sum,
    unknown_difference, swapped_difference, root_of_square,
)  # fmt: skip
