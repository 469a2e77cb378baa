"""Steps with exponentials and logarithms, the shift inside a log-sum-exp among them."""

from __future__ import annotations

from sympy import Add, Expr, Integer, Mul, Pow, Sum, exp, log

from tests.proof.fuzz.names import summed_apart
from tests.proof.fuzz.steps.place import Place, Step


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


STEPS: tuple[Step, ...] = (
    split_exp, shift_exp, turn_exp, shift_log, split_log, turn_log, over_log, there_and_back,
)  # fmt: skip
