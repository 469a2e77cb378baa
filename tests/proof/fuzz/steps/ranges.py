"""Steps with whole ranges: moved by one, the last member apart, the sum of its numbers."""

from __future__ import annotations

from sympy import Expr, Integer, Mul, Rational, Sum

from derivations.indices import Index
from tests.proof.fuzz.names import opened, put, unused
from tests.proof.fuzz.steps.place import Place, Step
from tests.proof.fuzz.vocabulary import LAST


def whole(node: Expr) -> tuple[Index, Expr] | None:
    """The name and the summand of a sum over all of an index set."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    return (index, body) if bounds == (index.space.lower, index.space.upper) else None


def move_up(at: Place, node: Expr) -> Expr | None:
    """sum_i f(i) = sum_i f(i + 1) + f(first) - f(last + 1)."""
    found = whole(node)
    if found is None:
        return None
    index, body = found
    ends = put(body, index, index.space.lower), put(body, index, index.space.upper + 1)
    moved = at.write.total(put(body, index, index + 1), index)
    return at.write.add(moved, at.write.minus(*ends))


def move_down(at: Place, node: Expr) -> Expr | None:
    """sum_i f(i) = sum_i f(i - 1) + f(last) - f(first - 1)."""
    found = whole(node)
    if found is None:
        return None
    index, body = found
    ends = put(body, index, index.space.upper), put(body, index, index.space.lower - 1)
    moved = at.write.total(put(body, index, index - 1), index)
    return at.write.add(moved, at.write.minus(*ends))


def last_apart(at: Place, node: Expr) -> Expr | None:
    """sum_w f(w) = sum_w (1 - delta(w, N)) f(w) + f(N), where there is a last one."""
    found = whole(node)
    if found is None or not found[0].space.inhabited:
        return None
    index, body = found
    last = LAST[index.space]
    others = at.write.minus(Integer(1), at.write.delta(index, last))
    return at.write.add(at.write.total(at.write.mul(others, body), index), put(body, index, last))


def count_up(at: Place, node: Expr) -> Expr | None:
    """sum_w w = N (N + 1) / 2, and N times a half of that the other way round."""
    if isinstance(node, Sum) and len(node.limits) == 1 and node.function == node.limits[0][0]:
        (index, lower, upper) = node.limits[0]
        if (lower, upper) == (1, index.space.upper):
            return Mul(Rational(1, 2), upper, upper + 1)
    sizes = {size: space for space, size in LAST.items() if not space.symmetric}
    if node not in sizes:
        return None
    index = unused(Index("q", sizes[node]), node.free_symbols)
    numbers = at.write.total(index, index)
    return at.write.over(at.write.mul(Integer(2), numbers), node + 1)


STEPS: tuple[Step, ...] = (move_up, move_down, last_apart, count_up)
