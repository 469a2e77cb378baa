"""Random well-typed index expressions, biased to nested inverses and to names used again."""

from __future__ import annotations

from random import Random

from sympy import Expr, Integer, Mul, Pow, Rational, Sum, exp, log

from derivations.indices import Index, IndexSet
from derivations.word2vec.symbols import COORDINATES, DRAWS, WORDS
from tests.proof.fuzz.vocabulary import (
    DRAWN,
    FUNCTIONS,
    LISTS,
    MATRICES,
    NEXT,
    NUMBERS,
    PARTS,
    POOL,
    SCALARS,
    SIZES,
    SPACES,
)
from tests.proof.fuzz.writer import Writer


class Expressions:
    """Draws expressions; ``bound`` are the names of the sums that are open, innermost last."""

    def __init__(self, rng: Random, write: Writer) -> None:
        self.rng = rng
        self.write = write
        self.bound: list[Index] = []

    # Indices

    def index(self, space: IndexSet, depth: int = 1) -> Expr:
        """A name, bound or free, an entry of a list, or a number."""
        dice = self.rng.random()
        if space == WORDS and depth and dice < 0.2:
            listed, spaces = self.rng.choice(list(LISTS.items()))
            return listed[self.places(spaces)]
        if dice < 0.26:
            return Integer(self.rng.choice(NUMBERS[space]))
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

    # Real numbers

    def real(self, depth: int) -> Expr:
        """Any expression of this depth."""
        if depth <= 0:
            return self.leaf()
        makers = (
            (16, self._sum),
            (10, self._product),
            (14, self._bound_sum),
            (9, self._inverse),
            (5, self._nested_inverse),
            (6, self._exponential),
            (6, self._logarithm),
            (3, self._whole_power),
            (6, self._softmax),
            (8, lambda _: self.leaf()),
        )
        (maker,) = self.rng.choices([m for _, m in makers], [weight for weight, _ in makers])
        return maker(depth - 1)

    def leaf(self) -> Expr:
        """A parameter, a delta, an arbitrary function, a size or a number."""
        dice = self.rng.random()
        if dice < 0.45:
            return self.parameter()
        if dice < 0.65:
            return self.delta()
        if dice < 0.75:
            function, spaces = self.rng.choice(FUNCTIONS)
            return function(*(self.index(space) for space in spaces))
        if dice < 0.85:
            return self.rng.choice(SCALARS)
        if dice < 0.92:
            return self.rng.choice(SIZES)
        if dice < 0.925:
            return self.name(self.rng.choice(SPACES))
        return Rational(self.rng.choice((1, 1, 2, 3, -1)), self.rng.choice((1, 1, 1, 2)))

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
        whole = self.over_all(lambda: self.real(depth))
        if self.rng.random() < 0.93 or len(whole.limits) != 1:
            return whole
        index = whole.limits[0][0]
        if self.rng.random() < 0.1:
            inner = self.name(index.space)
            return Sum(whole.function, (index, index.space.lower, inner))
        return Sum(whole.function, (index, *self.rng.choice(PARTS[index.space])))

    def _inverse(self, depth: int) -> Expr:
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

    def leaf_not_zero(self) -> Expr:
        """A parameter or a scalar."""
        return self.parameter() if self.rng.random() < 0.5 else self.rng.choice(SCALARS)

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
