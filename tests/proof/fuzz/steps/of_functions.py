"""Steps with functions, divisions, signs and logarithms that keep the value."""

from __future__ import annotations

from sympy import (
    Abs,
    Add,
    Expr,
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

from derivations.indices import Entries
from derivations.language.index_nodes import Applied
from tests.proof.fuzz.expressions import put, summed_apart, unused
from tests.proof.fuzz.steps.of_sums import Place, Step

# Steps with arbitrary functions: derivatives exchanged, cases of a number that has a delta.


def exchange(at: Place, node: Expr) -> Expr | None:
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


def rename(at: Place, node: Expr) -> Expr | None:
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


STEPS: tuple[Step, ...] = (exchange, by_case, rename)


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
