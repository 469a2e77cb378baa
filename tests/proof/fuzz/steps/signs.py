"""Steps with absolute values and square roots."""

from __future__ import annotations

from sympy import Abs, Expr, Integer, Max, Min, Mul, Pow, Rational

from tests.proof.fuzz.steps.logarithms import positive
from tests.proof.fuzz.steps.place import Place, Step

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


STEPS: tuple[Step, ...] = (apart, minus, as_root, of_positive, squared, extreme)
