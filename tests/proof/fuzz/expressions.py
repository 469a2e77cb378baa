"""Random index expressions, evaluated or as written: claims come both ways."""

from __future__ import annotations

from random import Random

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
    Rational,
    Sum,
    Symbol,
    exp,
    log,
)

from derivations.claim import Condition, Distinct, NotAmong, Unequal
from derivations.indices import Entries, Index, IndexSet, WordArray
from derivations.language.index_nodes import Applied, applied, arbitrary
from derivations.word2vec.losses import COORDINATES, DRAWS, OFFSETS, WORDS, K, N, U, V, d, m


class Writer:
    """Builds nodes; a share ``raw`` of them keeps its arguments as they are given."""

    def __init__(self, rng: Random, raw: float) -> None:
        self.rng = rng
        self.raw = raw

    def add(self, *parts: Expr) -> Expr:
        return Add(*self._shuffled(parts), evaluate=self._evaluated())

    def mul(self, *parts: Expr) -> Expr:
        return Mul(*self._shuffled(parts), evaluate=self._evaluated())

    def power(self, base: Expr, exponent: int) -> Expr:
        return Pow(base, exponent, evaluate=self._evaluated())

    def over(self, above: Expr, below: Expr) -> Expr:
        return self.mul(above, self.power(below, -1))

    def minus(self, left: Expr, right: Expr) -> Expr:
        return self.add(left, self.mul(-1, right))

    def exp(self, argument: Expr) -> Expr:
        """An exponential; that of a number stays one, SymPy's E is outside the fragment."""
        return exp(argument, evaluate=self._evaluated() and not argument.is_Rational)

    def log(self, argument: Expr) -> Expr:
        return log(argument, evaluate=self._evaluated())

    def absolute(self, argument: Expr) -> Expr:
        return Abs(argument, evaluate=False)  # SymPy makes the real part of exp of an entry

    def root(self, argument: Expr) -> Expr:
        """A square root: SymPy's or exp(log(a) / 2)."""
        if self.rng.random() < 0.5:
            return Pow(argument, Rational(1, 2), evaluate=False)
        half = Mul(Rational(1, 2), log(argument, evaluate=False), evaluate=False)
        return exp(half, evaluate=False)

    def delta(self, left: Expr, right: Expr) -> Expr:
        return KroneckerDelta(left, right, evaluate=self._evaluated())

    def total(self, body: Expr, index: Index) -> Expr:
        """The sum of ``body`` over all of the index set."""
        return Sum(body, (index, index.space.lower, index.space.upper))

    def again(self, node: Expr, *parts: Expr) -> Expr:
        """``node`` with other arguments."""
        if isinstance(node, Add):
            return self.add(*parts)
        if isinstance(node, Mul):
            return self.mul(*parts)
        if isinstance(node, Sum):
            return Sum(parts[0], *node.limits)
        if isinstance(node, Abs):
            return self.absolute(*parts)
        if isinstance(node, Applied | Entries):
            return node.func(*parts)
        return node.func(*parts, evaluate=self._evaluated())

    def _evaluated(self) -> bool:
        return self.rng.random() >= self.raw

    def _shuffled(self, parts: tuple[Expr, ...]) -> list[Expr]:
        return self.rng.sample(parts, len(parts)) if self.raw else list(parts)


# The names random expressions are made of: few, so that they are used over and over.
#
# Every name is free where no sum binds it, and may be bound at several depths at once.


SPACES = (WORDS, WORDS, WORDS, COORDINATES, DRAWS, DRAWS, OFFSETS)
POOL: dict[IndexSet, tuple[Index, ...]] = {
    WORDS: tuple(Index(name, WORDS) for name in "ocxw"),
    COORDINATES: tuple(Index(name, COORDINATES) for name in "ih"),
    DRAWS: tuple(Index(name, DRAWS) for name in "kl"),
    OFFSETS: tuple(Index(name, OFFSETS) for name in "jt"),
}
# Numbers that need not be members: word 2 where N = 1, draw 1 where K = 0, offset 1 where m = 0.
NUMBERS = {WORDS: (1, 1, 2), COORDINATES: (1, 1, 2), DRAWS: (1, 2), OFFSETS: (0, 0, 1)}

# Members by their place among all: sure ones, and ones that are there at most sizes.
LAST: dict[IndexSet, Expr] = {WORDS: N, COORDINATES: d, DRAWS: K, OFFSETS: m}

DRAWN = WordArray("n", WORDS)
NEXT = WordArray("next", WORDS)
LISTS: dict[WordArray, tuple[IndexSet, ...]] = {
    DRAWN: (DRAWS,),
    WordArray("near", WORDS): (OFFSETS,),
    NEXT: (WORDS,),
    WordArray("q", WORDS): (OFFSETS, DRAWS),
}
MATRICES: tuple[IndexedBase, ...] = (U, V)
FUNCTIONS = (
    (arbitrary("F", 1, {U: 0}, {U: (COORDINATES,)}), (WORDS,)),
    (arbitrary("G", 2, {V: None}, {V: (WORDS, COORDINATES)}), (WORDS, COORDINATES)),
    (arbitrary("H", 1, {}, {}), (DRAWS,)),
    (arbitrary("T", 1, {}, {}), (OFFSETS,)),
)
# Of one number, of a label and two numbers, of a vector, of a matrix.
APPLIED = (
    applied("f", 0, (0,)),
    applied("g", 1, (0, 0)),
    applied("L", 0, (1,)),
    applied("M", 0, (2,)),
)
SCALARS = (Symbol("z", real=True), Symbol("M", real=True))
SIZES = (N, d, K, m)
SIZE_OF = {N: WORDS, d: COORDINATES, K: DRAWS}

# Parts of an index set: sums over them may not be contracted as if they were the whole.
PARTS: dict[IndexSet, tuple[tuple[object, object], ...]] = {
    WORDS: ((Integer(2), N), (Integer(1), N - 1)),
    COORDINATES: ((Integer(2), d),),
    DRAWS: ((Integer(1), K + 1),),
    OFFSETS: ((Integer(0), m), (Integer(1), m)),
}


# Substitution in SymPy sums, with care or without: the careless one captures names.


def opened(node: Sum) -> tuple[Index, tuple[Expr, Expr], Expr]:
    """The outermost name of a sum, its bounds, and the summand."""
    index, lower, upper = node.limits[-1]
    inner = node.limits[:-1]
    return index, (lower, upper), Sum(node.function, *inner) if inner else node.function


def unused(index: Index, taken: set[Expr]) -> Index:
    """A name over the same index set that is not taken."""
    more = (Index(f"{index.name}{n}", index.space) for n in range(9))
    return next(name for name in (*POOL[index.space], *more) if name not in taken)


def put(node: Expr, old: Expr, new: Expr, *, careful: bool = True) -> Expr:
    """``node`` with the index ``old`` replaced where it is free."""
    if node == old:
        return new
    if isinstance(node, Sum):
        index, bounds, body = opened(node)
        if index in old.free_symbols:
            return node
        if careful and index in new.free_symbols:
            other = unused(index, body.free_symbols | new.free_symbols | old.free_symbols)
            index, body = other, put(body, index, other)
        return Sum(put(body, old, new, careful=careful), (index, *bounds))
    if isinstance(node, Entries):
        return _put_inside(node, old, new)
    if isinstance(node, Indexed):
        return node.base[tuple(put(place, old, new) for place in node.indices)]
    parts = [put(part, old, new, careful=careful) for part in node.args]
    if all(a is b for a, b in zip(parts, node.args, strict=True)):
        return node
    as_written = isinstance(node, Add | Mul | Pow | exp | log | Abs)
    return node.func(*parts, evaluate=False) if as_written else node.func(*parts)


def _put_inside(node: Entries, old: Expr, new: Expr) -> Expr:
    """An array with an index replaced where it is free."""
    entry, bound = node.entry, list(node.indices)
    if not old.free_symbols.isdisjoint(bound):
        return node
    for n, index in enumerate(bound):
        if index in new.free_symbols:
            taken = entry.free_symbols | new.free_symbols | old.free_symbols | set(bound)
            bound[n] = unused(index, taken)
            entry = put(entry, index, bound[n])
    return Entries(put(entry, old, new), *bound)


def summed_apart(node: Sum, from_these: Expr) -> tuple[Index, tuple[Expr, Expr], Expr]:
    """As `opened`, the name changed where it is free in ``from_these``."""
    index, bounds, body = opened(node)
    if index in from_these.free_symbols:
        other = unused(index, body.free_symbols | from_these.free_symbols)
        index, body = other, put(body, index, other)
    return index, bounds, body


# The smallest expressions: indices, parameters, deltas, arbitrary functions, numbers.


class Leaves:
    """Draws leaves; ``bound`` are the names of the sums that are open, innermost last."""

    def __init__(self, rng: Random, write: Writer) -> None:
        self.rng = rng
        self.write = write
        self.bound: list[Index] = []

    def index(self, space: IndexSet, depth: int = 1) -> Expr:
        """A name, bound or free, an entry of a list, or a number."""
        dice = self.rng.random()
        if space == WORDS and depth and dice < 0.2:
            listed, spaces = self.rng.choice(list(LISTS.items()))
            return listed[self.places(spaces)]
        if dice < 0.26:
            return Integer(self.rng.choice(NUMBERS[space]))
        if dice < 0.32:
            return LAST[space] - self.rng.choice((0, 0, 1))
        if dice < 0.36 and depth:
            return self.name(space) + self.rng.choice((-1, 1, 1))
        return self.name(space)

    def places(self, spaces: tuple[IndexSet, ...]) -> tuple[Expr, ...]:
        """Where in a list a word is."""
        return tuple(self.index(space, 0) for space in spaces)

    def name(self, space: IndexSet) -> Index:
        """A name for an index: bound ones more often, the same few again and again."""
        within = [index for index in self.bound if index.space == space]
        if within and self.rng.random() < 0.6:
            return within[-1] if self.rng.random() < 0.6 else self.rng.choice(within)
        return self.rng.choice(POOL[space])

    def leaf(self) -> Expr:
        """A parameter, a delta, an arbitrary function, a size or a number."""
        dice = self.rng.random()
        if dice < 0.45:
            return self.parameter()
        if dice < 0.65:
            return self.delta()
        if dice < 0.75:
            return self.function()
        if dice < 0.85:
            return self.rng.choice(SCALARS)
        if dice < 0.92:
            return self.rng.choice(SIZES)
        if dice < 0.95:
            return self.write.power(
                self.name(self.rng.choice(SPACES)), self.rng.choice((1, 1, 2, 3))
            )
        return Rational(self.rng.choice((1, 1, 2, 3, -1)), self.rng.choice((1, 1, 1, 2)))

    def function(self) -> Expr:
        """An arbitrary function of rows and matrices, or one of its derivatives."""
        function, spaces = self.rng.choice(FUNCTIONS)
        value = function(*(self.index(space) for space in spaces))
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            for base in function.rows:
                entry = self.index(WORDS), self.index(COORDINATES)
                slope = value.diff(base[entry]) if not value.is_Mul else value
                value = value if slope == 0 else slope
        return value

    def parameter(self) -> Expr:
        """An entry of a matrix."""
        return self.rng.choice(MATRICES)[self.index(WORDS), self.index(COORDINATES)]

    def delta(self) -> Expr:
        """A Kronecker delta between two indices of one index set."""
        if self.rng.random() < 0.08:  # the words that are their own next ones
            word = self.name(WORDS)
            return self.write.delta(word, NEXT[word])
        if self.rng.random() < 0.1:  # one word drawn twice
            listed, spaces = self.rng.choice(list(LISTS.items()))
            return self.write.delta(*(listed[self.places(spaces)] for _ in range(2)))
        space = self.rng.choice(SPACES)
        return self.write.delta(self.index(space), self.index(space))

    def leaf_not_zero(self) -> Expr:
        """A parameter or a scalar."""
        return self.parameter() if self.rng.random() < 0.5 else self.rng.choice(SCALARS)

    def entry(self, name: Index) -> Expr:
        """Something that depends on this name: an entry, a function or an exponential."""
        known = [f(name) for f, spaces in FUNCTIONS if spaces == (name.space,)]
        row, column = self.rng.choice(POOL[WORDS]), self.rng.choice(POOL[COORDINATES])
        lists = [listed[name] for listed, spaces in LISTS.items() if spaces == (name.space,)]
        rows = [name] if name.space == WORDS else lists
        known += [self.rng.choice(MATRICES)[word, column] for word in rows]
        if name.space == COORDINATES:
            known += [matrix[row, name] for matrix in MATRICES]
        entry = self.rng.choice(known)
        return self.write.exp(entry) if self.rng.random() < 0.3 else entry


# Random well-typed index expressions, biased to nested inverses and to names used again.


class Expressions(Leaves):
    """Draws expressions of a given depth."""

    def real(self, depth: int) -> Expr:
        """Any expression of this depth."""
        if depth <= 0:
            return self.leaf()
        makers = (
            (16, self._sum),
            (10, self._product),
            (14, self._bound_sum),
            (5, self._double_sum),
            (9, self._inverse),
            (5, self._nested_inverse),
            (6, self._exponential),
            (6, self._logarithm),
            (3, self._whole_power),
            (6, self._softmax),
            (8, self._absolute_value),
            (12, self._applied),
            (8, lambda _: self.leaf()),
        )
        (maker,) = self.rng.choices([m for _, m in makers], [weight for weight, _ in makers])
        return maker(depth - 1)

    def positive(self, depth: int) -> Expr:
        """An expression that is greater than zero at every instance."""
        write = self.write
        dice = self.rng.random()
        if depth <= 0 or dice < 0.3:
            return write.exp(self.leaf())
        if dice < 0.5:
            return write.add(Integer(1), write.exp(self.real(depth - 1)))
        if dice < 0.7:
            return self.over_all(lambda: write.exp(self.real(depth - 1)), inhabited=True)
        if dice < 0.8:
            return write.add(self.positive(depth - 1), self.positive(depth - 1))
        if dice < 0.9:
            return write.mul(self.positive(depth - 1), self.positive(depth - 1))
        return write.add(Integer(1), write.power(self.real(depth - 1), 2))

    def over_all(self, body: object, *, inhabited: bool = False) -> Expr:
        """A sum over a random index set of what ``body`` draws under its name."""
        assert callable(body)
        spaces = [space for space in SPACES if space.inhabited or not inhabited]
        index = self.rng.choice(POOL[self.rng.choice(spaces)])
        self.bound.append(index)
        inner = body()
        self.bound.pop()
        return self.write.total(inner, index)

    def _sum(self, depth: int) -> Expr:
        return self.write.add(*(self.real(depth) for _ in range(self.rng.choice((2, 2, 3)))))

    def _product(self, depth: int) -> Expr:
        return self.write.mul(*(self.real(depth) for _ in range(2)))

    def _bound_sum(self, depth: int) -> Expr:
        whole = self.over_all(lambda: self._summand(depth))
        if self.rng.random() < 0.93 or len(whole.limits) != 1:
            return whole
        index = whole.limits[0][0]
        if self.rng.random() < 0.1:
            inner = self.name(index.space)
            return Sum(whole.function, (index, index.space.lower, inner))
        return Sum(whole.function, (index, *self.rng.choice(PARTS[index.space])))

    def _double_sum(self, _: int) -> Expr:
        """A product under two sums over one index set: which factor has which name matters."""
        space = self.rng.choice(SPACES)
        names = self.rng.sample(POOL[space], 2)
        parts = [self.entry(name) for name in (*names, *self.rng.choices(names, k=2))]
        straight = self._over_both(names, parts)
        if self.rng.random() < 0.5:
            return straight
        n = self.rng.randrange(len(parts))
        crossed = [*parts[:n], put(parts[n], *names), *parts[n + 1 :]]
        return self.write.minus(straight, self._over_both(names, crossed))

    def _over_both(self, names: list[Index], parts: list[Expr]) -> Expr:
        return self.write.total(self.write.total(self.write.mul(*parts), names[0]), names[1])

    def _summand(self, depth: int) -> Expr:
        """What is summed, at times for one member only."""
        if self.rng.random() < 0.8:
            return self.real(depth)
        picked = self.bound[-1]
        return self.write.mul(self.write.delta(picked, self.index(picked.space)), self.real(depth))

    def _inverse(self, depth: int) -> Expr:
        if self.rng.random() < 0.15:  # 1/(E (a + E))
            above = self.write.exp(self.leaf())
            return self.write.power(self.write.mul(above, self.write.add(self.leaf(), above)), -1)
        below = self.positive(depth) if self.rng.random() < 0.8 else self.real(depth)
        below = below if below != 0 else Integer(1)
        return self.write.power(below, self.rng.choice((-1, -1, -1, -2)))

    def _nested_inverse(self, depth: int) -> Expr:
        """1/(P + 1/Q) and sums of inverses below the bar."""
        write = self.write
        inner = write.power(self.positive(depth - 1), -1)
        if self.rng.random() < 0.5:
            return write.power(write.add(inner, self.positive(depth - 1)), -1)
        return write.power(self.over_all(lambda: self._inverse_of_positive(depth - 1)), -1)

    def _inverse_of_positive(self, depth: int) -> Expr:
        return self.write.power(self.positive(depth), -1)

    def _exponential(self, depth: int) -> Expr:
        return self.write.exp(self.real(min(depth, 1)))

    def _logarithm(self, depth: int) -> Expr:
        if self.rng.random() < 0.1:
            inner = self.leaf_not_zero()
            if self.rng.random() < 0.5:
                inner = Pow(inner + self.leaf_not_zero() + 1, -1)
            squared = log(Pow(inner, 2), evaluate=False)
            return exp(Mul(Rational(1, 2), squared, evaluate=False), evaluate=False)
        return self.write.log(self.positive(depth))

    def _absolute_value(self, depth: int) -> Expr:
        """|a|, a root of a square or of what is positive, the larger or smaller of two."""
        write = self.write
        inside = self.leaf_not_zero()
        makers = (
            lambda: write.absolute(self.real(depth)),
            lambda: write.absolute(inside),
            lambda: write.root(write.power(self.real(depth), 2)),
            lambda: write.root(
                write.power(self.name(self.rng.choice((WORDS, OFFSETS, OFFSETS))), 2)
            ),
            lambda: write.root(self.positive(depth)),
            lambda: write.power(write.root(inside), 3),
            lambda: write.log(Mul(Pow(inside, 2), self.leaf_not_zero(), evaluate=False)),
            lambda: Max(inside, self.rng.choice((Integer(0), self.parameter()))),
            lambda: Min(inside, self.rng.choice((Integer(0), self.parameter()))),
        )
        return self.rng.choice(makers)()

    def _applied(self, depth: int) -> Expr:
        """An arbitrary function of numbers, of a vector or a matrix, or a derivative of it."""
        function = self.rng.choice(APPLIED)
        labels = [self.index(DRAWS) for _ in range(function.labels)]
        values = [self._argument(size, depth) for size in function.depths]
        value = function(*labels, *values)
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            place = self.rng.randrange(len(function.depths))
            spaces = (WORDS, COORDINATES)[2 - function.depths[place] :]
            at = tuple(self.index(space) for space in spaces)
            value = value.partial(function.labels + place, at)
        return value

    def _argument(self, size: int, depth: int) -> Expr:
        if size == 0:
            return self.real(min(depth, 1))
        indices = [self.rng.choice(POOL[space]) for space in (WORDS, COORDINATES)[2 - size :]]
        self.bound += indices
        entry = self.write.add(
            self.rng.choice(MATRICES)[self.index(WORDS), self.index(COORDINATES)], self.real(0)
        )
        del self.bound[-size:]
        return Entries(entry, *indices)

    def _whole_power(self, depth: int) -> Expr:
        return self.write.power(self.real(depth), self.rng.choice((2, 2, 3)))

    def _softmax(self, depth: int) -> Expr:
        """exp(s(t)) / sum_w exp(s(w)), over words or over draws, at times summed itself."""
        write = self.write
        space = self.rng.choice((WORDS, WORDS, DRAWS))
        name = self.rng.choice(POOL[space])
        self.bound.append(name)
        word = name if space == WORDS else DRAWN[name]
        score = self.rng.choice(MATRICES)[word, self.index(COORDINATES)]
        if depth > 0 and self.rng.random() < 0.5:
            score = write.mul(score, self.leaf())
        self.bound.pop()
        share = write.over(write.exp(score), write.total(write.exp(score), name))
        return write.total(share, name) if self.rng.random() < 0.3 else share


# Random conditions on words, often about the very names that an expression binds or compares.


SWITCHED_ON = 0.6


def random_conditions(rng: Random, some: Expressions, about: Expr) -> tuple[Condition, ...]:
    """None, one or a few conditions."""
    if rng.random() >= SWITCHED_ON:
        return ()
    drawn = (_condition(rng, some, about) for _ in range(rng.choice((1, 1, 2, 3))))
    return tuple(condition for condition in drawn if condition is not None)


def _condition(rng: Random, some: Expressions, about: Expr) -> Condition | None:
    dice = rng.random()
    if dice < 0.25:
        return Distinct(rng.choice(list(LISTS)))
    if dice < 0.5:
        return NotAmong(some.index(WORDS, 0), rng.choice(list(LISTS)))
    deltas = sorted(about.atoms(KroneckerDelta), key=str)
    if deltas and dice < 0.8:
        return Unequal(*rng.choice(deltas).args)
    space = rng.choice(SPACES)
    left, right = some.index(space), some.index(space)
    return Unequal(left, right) if left != right else None
