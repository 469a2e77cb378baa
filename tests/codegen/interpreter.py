"""The meaning of index expressions, by walking the tree: the oracle for the lowering rules.

Slow and plain on purpose, and independent of the code it judges: every sum is a loop.
"""

import operator
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod, sqrt
from typing import Any

import numpy as np
import sympy

from codegen.kernel import Argmax
from derivations.indices import IndexSet
from derivations.language.index_nodes import Defined


@dataclass(frozen=True)
class World:
    """Values for everything that is free: members of the index sets, families, symbols.

    Families are functions of indices. Members are counted from zero, as arrays are.
    """

    members: Mapping[IndexSet, range | list[int]]
    families: Mapping[sympy.IndexedBase, Any]
    symbols: Mapping[sympy.Symbol, Any]

    def with_(self, values: Mapping[sympy.Symbol, Any]) -> "World":
        return replace(self, symbols={**self.symbols, **values})


FUNCTIONS: dict[Any, Any] = {
    sympy.exp: np.exp,
    sympy.log: np.log,
    sympy.Abs: abs,
    sympy.Min: min,
    sympy.Max: max,
}


RELATIONS: dict[Any, Any] = {
    sympy.Ge: operator.ge,
    sympy.Le: operator.le,
    sympy.Ne: operator.ne,
}


def meaning(node: Any, world: World) -> Any:
    """The number that an expression stands for."""

    def of(part: Any) -> Any:
        return meaning(part, world)

    if isinstance(node, sympy.Symbol):
        return world.symbols[node]
    if node.is_Rational:
        return int(node.p) / int(node.q) if node.q != 1 else int(node.p)
    if isinstance(node, Defined):
        arguments = dict(zip(node.params, map(of, node.args), strict=True))
        return meaning(node.body, world.with_(arguments))
    if isinstance(node, Argmax):
        inside = world.with_(dict(zip(node.params, map(of, node.args), strict=True)))
        members = world.members[node.index.space]
        return max(members, key=lambda n: meaning(node.body, inside.with_({node.index: n})))
    if isinstance(node, sympy.Sum):
        return _sum(node.function, [limit[0] for limit in node.limits], world)
    if isinstance(node, sympy.Indexed):
        return world.families[node.base](*map(of, node.indices))
    if isinstance(node, sympy.KroneckerDelta):
        return int(of(node.args[0]) == of(node.args[1]))
    if isinstance(node, sympy.Piecewise):
        return next(of(case.expr) for case in node.args if of(case.cond))
    if isinstance(node, sympy.Add):
        return sum(map(of, node.args))
    if isinstance(node, sympy.Mul):
        return prod(map(of, node.args))
    if isinstance(node, sympy.Pow):
        return of(node.base) ** of(node.exp) if node.exp != sympy.S.Half else sqrt(of(node.base))
    if node.func in FUNCTIONS:
        return FUNCTIONS[node.func](*map(of, node.args))
    if isinstance(node, sympy.And):
        return all(map(of, node.args))
    for kind, holds in RELATIONS.items():
        if isinstance(node, kind):
            return holds(of(node.lhs), of(node.rhs))
    if node is sympy.true:
        return True
    raise NotImplementedError(type(node))


def _sum(summand: Any, indices: list[Any], world: World) -> Any:
    if not indices:
        return meaning(summand, world)
    *inner, outermost = indices
    members = world.members[outermost.space]
    return sum(_sum(summand, inner, world.with_({outermost: n})) for n in members)


def tabulated(expression: Any, axes: tuple[Any, ...], world: World) -> Any:
    """The expression at every value of its running indices, as an array."""
    members = [world.members[axis.space] for axis in axes]
    table = np.empty([len(some) for some in members])
    for place in np.ndindex(table.shape):
        chosen = [some[n] for some, n in zip(members, place, strict=True)]
        table[place] = meaning(expression, world.with_(dict(zip(axes, chosen, strict=True))))
    return table
