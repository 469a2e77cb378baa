"""The smallest expressions: indices, parameters, deltas, arbitrary functions, numbers."""

from __future__ import annotations

from random import Random

from sympy import Expr, Integer, Rational

from derivations.indices import Index, IndexSet
from derivations.word2vec.losses import COORDINATES, WORDS
from tests.proof.fuzz.vocabulary import (
    FUNCTIONS,
    LAST,
    LISTS,
    MATRICES,
    NEXT,
    NUMBERS,
    POOL,
    SCALARS,
    SIZES,
    SPACES,
)
from tests.proof.fuzz.writer import Writer


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
