"""Steps on sums and products: rename, spread, push in, pull out, join, swap, count."""

from __future__ import annotations

from sympy import Add, Expr, Integer, Mul, Pow, Sum

from tests.proof.fuzz.names import opened, put, summed_apart
from tests.proof.fuzz.steps.place import Place, Step
from tests.proof.fuzz.vocabulary import POOL, SIZE_OF


def rename(at: Place, node: Expr) -> Expr | None:
    """sum_w f(w) = sum_x f(x), where x is not free in f."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    new = at.rng.choice(POOL[index.space])
    if new in body.free_symbols:
        return None
    return Sum(put(body, index, new), (new, *bounds))


def distribute(at: Place, node: Expr) -> Expr | None:
    """a (b + c) = a b + a c, and the square of a sum."""
    if isinstance(node, Pow) and node.exp == 2:
        node = Mul(node.base, node.base, evaluate=False)
    if not isinstance(node, Mul):
        return None
    sums = [n for n, part in enumerate(node.args) if isinstance(part, Add)]
    if not sums:
        return None
    n = at.rng.choice(sums)
    others = node.args[:n] + node.args[n + 1 :]
    return at.write.add(*(at.write.mul(part, *others) for part in node.args[n].args))


def spread(at: Place, node: Expr) -> Expr | None:
    """sum_w (f + g) = sum_w f + sum_w g."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    if not isinstance(body, Add):
        return None
    return at.write.add(*(Sum(part, (index, *bounds)) for part in body.args))


def push_in(at: Place, node: Expr) -> Expr | None:
    """g sum_w f = sum_w g f, the name changed where g uses it."""
    sums = [part for part in Mul.make_args(node) if isinstance(part, Sum)]
    if not sums or len(node.args) < 2 or not isinstance(node, Mul):
        return None
    chosen = at.rng.choice(sums)
    others = list(node.args)
    others.remove(chosen)
    factor = at.write.mul(*others)
    index, bounds, body = summed_apart(chosen, factor)
    return Sum(at.write.mul(factor, body), (index, *bounds))


def pull_out(at: Place, node: Expr) -> Expr | None:
    """sum_w g f = g sum_w f, where g does not use w."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    constant = [part for part in Mul.make_args(body) if index not in part.free_symbols]
    if not constant:
        return None
    rest = [part for part in Mul.make_args(body) if index in part.free_symbols]
    return at.write.mul(*constant, Sum(at.write.mul(*rest), (index, *bounds)))


def join(at: Place, node: Expr) -> Expr | None:
    """sum_a f sum_b g = sum_a sum_b f g, the names made different."""
    if isinstance(node, Pow) and node.exp == 2 and isinstance(node.base, Sum):
        node = Mul(node.base, node.base, evaluate=False)
    if not isinstance(node, Mul):
        return None
    sums = [part for part in node.args if isinstance(part, Sum)]
    if len(sums) < 2:
        return None
    first, second = at.rng.sample(sums, 2)
    others = list(node.args)
    others.remove(first)
    others.remove(second)
    outer, outer_bounds, f = summed_apart(first, second)
    inner, inner_bounds, g = summed_apart(second, Add(f, outer, evaluate=False))
    nested = Sum(at.write.mul(f, g), (inner, *inner_bounds))
    return at.write.mul(*others, Sum(nested, (outer, *outer_bounds)))


def swap(at: Place, node: Expr) -> Expr | None:
    """sum_a sum_b f = sum_b sum_a f."""
    if not isinstance(node, Sum) or len(node.limits) < 2:
        return None
    *others, inner, outer = node.limits
    return Sum(node.function, *others, outer, inner) if inner[0] != outer[0] else None


def count(at: Place, node: Expr) -> Expr | None:
    """The size of an index set is a sum of ones, N g the sum of g."""
    if node in SIZE_OF:
        return at.write.total(Integer(1), at.rng.choice(POOL[SIZE_OF[node]]))
    sizes = [part for part in Mul.make_args(node) if part in SIZE_OF]
    if not sizes or not isinstance(node, Mul):
        return None
    others = list(node.args)
    others.remove(sizes[0])
    body = at.write.mul(*others)
    names = [n for n in POOL[SIZE_OF[sizes[0]]] if n not in body.free_symbols]
    return at.write.total(body, at.rng.choice(names)) if names else None


def split_off(at: Place, node: Expr) -> Expr | None:
    """sum_w f(w) = f(o) + sum_w (1 - delta(w, o)) f(w)."""
    if not isinstance(node, Sum):
        return None
    index, bounds, body = opened(node)
    if bounds != (index.space.lower, index.space.upper):
        return None
    one = at.some.index(index.space, 0)
    if one == index or one.is_Integer:
        return None
    others = at.write.minus(Integer(1), at.write.delta(index, one))
    return at.write.add(put(body, index, one), Sum(at.write.mul(others, body), (index, *bounds)))


STEPS: tuple[Step, ...] = (
    rename, distribute, spread, push_in, pull_out, join, swap, count, split_off,
)  # fmt: skip
