"""SymPy nodes, evaluated or as written: claims come both ways, and the reader sees both."""

from __future__ import annotations

from random import Random

from sympy import Abs, Add, Expr, KroneckerDelta, Mul, Pow, Rational, Sum, exp, log

from derivations.indices import Entries, Index
from derivations.language.index_nodes import Applied


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
