"""SymPy nodes, evaluated or as written: claims come both ways, and the reader sees both."""

from __future__ import annotations

from random import Random

from sympy import Add, Expr, KroneckerDelta, Mul, Pow, Sum, exp, log

from derivations.indices import Index


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
        return node.func(*parts, evaluate=self._evaluated())

    def _evaluated(self) -> bool:
        return self.rng.random() >= self.raw

    def _shuffled(self, parts: tuple[Expr, ...]) -> list[Expr]:
        return self.rng.sample(parts, len(parts)) if self.raw else list(parts)
