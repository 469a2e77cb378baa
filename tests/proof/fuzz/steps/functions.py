"""Steps with arbitrary functions: derivatives exchanged, cases of a number that has a delta."""

from __future__ import annotations

from sympy import Add, Expr, Integer, KroneckerDelta, Mul

from derivations.indices import Entries
from derivations.language.index_nodes import Applied
from tests.proof.fuzz.names import put, unused
from tests.proof.fuzz.steps.place import Place, Step


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
