"""Random well-typed index expressions, biased to nested inverses and to names used again."""

from __future__ import annotations

from sympy import Expr, Integer, Max, Min, Mul, Pow, Rational, Sum, exp, log

from derivations.indices import Entries, Index
from derivations.word2vec.losses import COORDINATES, DRAWS, OFFSETS, WORDS
from tests.proof.fuzz.leaves import Leaves
from tests.proof.fuzz.names import put
from tests.proof.fuzz.vocabulary import (
    APPLIED,
    DRAWN,
    MATRICES,
    PARTS,
    POOL,
    SPACES,
)


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
