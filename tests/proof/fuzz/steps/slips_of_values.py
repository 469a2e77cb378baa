"""Slips with values: signs, factors, sums torn apart, a difference that nobody assumed."""

from __future__ import annotations

from sympy import Abs, Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Sum, exp, log

from derivations.indices import Index
from tests.proof.fuzz.names import opened, put
from tests.proof.fuzz.steps.place import Place, Step, indices_in
from tests.proof.fuzz.steps.ranges import whole
from tests.proof.fuzz.vocabulary import LAST, LISTS, PARTS, POOL


def contract_out_of_range(at: Place, node: Expr) -> Expr | None:
    """f(t) becomes sum_b delta(b, t) f(b) for a t that need not be there, or in part of a set."""
    listed = [word for word in LISTS if node.has(word)]
    for space in at.rng.sample(list(POOL), len(POOL)):
        bound = at.rng.choice(POOL[space])
        numbers = sorted(part for part in _index_numbers(node) if part[0] == space.name)
        if numbers and not listed:
            number = Integer(at.rng.choice(numbers)[1])
            return at.write.total(at.write.mul(at.write.delta(bound, number), node), bound)
    found = [name for name in indices_in(node) if hasattr(name, "space")]
    if not found:
        return None
    picked = at.rng.choice(found)
    bound = at.rng.choice(POOL[picked.space])
    body = at.write.mul(at.write.delta(bound, picked), put(node, picked, bound))
    return Sum(body, (bound, *at.rng.choice(PARTS[picked.space])))


def _index_numbers(node: Expr) -> set[tuple[str, int]]:
    deltas = node.atoms(KroneckerDelta)
    return {
        (other.space.name, int(side))
        for delta in deltas
        for side, other in (delta.args, delta.args[::-1])
        if side.is_Integer and hasattr(other, "space")
    }


def sign(at: Place, node: Expr) -> Expr | None:
    """A sign is wrong."""
    return -node if isinstance(node, exp | Mul | Sum | KroneckerDelta) else None


def sign_above(at: Place, node: Expr) -> Expr | None:
    """exp(a) becomes exp(-a)."""
    return at.write.exp(-node.args[0]) if isinstance(node, exp) else None


def factor(at: Place, node: Expr) -> Expr | None:
    """A number or a power is wrong."""
    if isinstance(node, Pow):
        return at.write.power(node.base, int(node.exp) + at.rng.choice((-1, 1)))
    return at.write.mul(Integer(2), node) if isinstance(node, Mul) else None


def torn_apart(at: Place, node: Expr) -> Expr | None:
    """1/(a + b), exp(a + b), log(a + b) taken term by term."""
    if isinstance(node, Pow) and node.exp == -1 and isinstance(node.base, Add):
        return at.write.add(*(at.write.power(part, -1) for part in node.base.args))
    if isinstance(node, Pow) and node.exp == -1 and isinstance(node.base, Sum):
        return Sum(at.write.power(node.base.function, -1), *node.base.limits)
    if isinstance(node, exp | log) and isinstance(node.args[0], Add | Sum):
        inner = node.args[0]
        make = at.write.exp if isinstance(node, exp) else at.write.log
        if isinstance(inner, Sum):
            return Sum(make(inner.function), *inner.limits)
        return at.write.add(*(make(part) for part in inner.args))
    return None


def cancel_under_the_sum(at: Place, node: Expr) -> Expr | None:
    """f(w) becomes (sum_w P_w f(w)) / sum_w P_w: the name occurs elsewhere."""
    below = at.some.over_all(lambda: at.write.exp(at.some.real(1)), inhabited=True)
    index, bounds, body = opened(below)
    if index not in node.free_symbols:
        return None
    return at.write.over(Sum(at.write.mul(body, node), (index, *bounds)), below)


def unknown_difference(at: Place, node: Expr) -> Expr | None:
    """g becomes g + f delta(a, b) where nothing says that a and b differ."""
    nothing = at.write.mul(at.some.delta(), at.some.real(1))
    return at.write.add(node, nothing)


def swapped_difference(at: Place, node: Expr) -> Expr | None:
    """g becomes g (1 - delta(a, b)) and is not the same where a = b."""
    return at.write.mul(node, at.write.minus(Integer(1), at.some.delta()))


def root_of_square(at: Place, node: Expr) -> Expr | None:
    """x becomes exp(log(x^2)/2), which is its absolute value."""
    if node.is_Rational or isinstance(node, KroneckerDelta):
        return None
    squared = log(Pow(node, 2, evaluate=False), evaluate=False)
    return exp(Mul(squared, Pow(Integer(2), -1), evaluate=False), evaluate=False)


def moved_without_ends(at: Place, node: Expr) -> Expr | None:
    """sum_i f(i) becomes sum_i f(i + 1)."""
    found = whole(node)
    if found is None:
        return None
    index, body = found
    return at.write.total(put(body, index, index + at.rng.choice((-1, 1))), index)


def last_of_none(at: Place, node: Expr) -> Expr | None:
    """f becomes sum_k delta(k, K) f, where there may be no last one, or one more than there is."""
    space = at.rng.choice(list(LAST))
    bound = at.rng.choice(POOL[space])
    last = LAST[space] + at.rng.choice((-1, 0, 1))
    return at.write.total(at.write.mul(at.write.delta(bound, last), node), bound)


def sign_forgotten(at: Place, node: Expr) -> Expr | None:
    """|a| becomes a, or a becomes |a|."""
    if isinstance(node, Abs):
        return node.args[0]
    return at.write.absolute(node) if isinstance(node, Indexed | Add) else None


def absolute_term_by_term(at: Place, node: Expr) -> Expr | None:
    """|a + b| becomes |a| + |b|, |sum_w a| becomes sum_w |a|."""
    if not isinstance(node, Abs):
        return None
    inner = node.args[0]
    if isinstance(inner, Sum):
        return Sum(at.write.absolute(inner.function), *inner.limits)
    if isinstance(inner, Add):
        return at.write.add(*(at.write.absolute(part) for part in inner.args))
    return None


def one_too_many(at: Place, node: Expr) -> Expr | None:
    """A number counts one more."""
    return node + 1 if isinstance(node, Index) else None


STEPS: tuple[Step, ...] = (
    moved_without_ends, last_of_none, sign_forgotten, absolute_term_by_term, one_too_many,
    contract_out_of_range, sign, sign_above, factor, torn_apart, cancel_under_the_sum,
    unknown_difference, swapped_difference, root_of_square,
)  # fmt: skip
