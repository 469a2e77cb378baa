"""Steps with fractions: over itself, common denominator, sigma's forms, nested inverses."""

from __future__ import annotations

from sympy import Add, Expr, Integer, Mul, Pow, Sum, exp

from tests.proof.fuzz.names import summed_apart
from tests.proof.fuzz.steps.place import Place, Step


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


STEPS: tuple[Step, ...] = (
    over_itself, common_denominator, twice, nest, complement, sigma, separate,
)  # fmt: skip
