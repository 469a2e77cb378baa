"""Between which integers a count of equal words lies, while the words are still to be chosen.

The bounds of a sum may count: sum_{j = l}^K with l how often a word was drawn. Which entries
such a sum reads depends on the words, so the entries of its widest range are chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Sum

from derivations.definition import Defined
from derivations.indices import Index
from derivations.proof.domain import Key, Scope
from derivations.proof.fragment import OutsideFragment
from derivations.proof.places import Places

Span = tuple[int, int]
Read = Callable[[Expr, Scope], Key | int]


class Spans:
    """Least and greatest values at given sizes; ``read`` gives the slot of a word."""

    def __init__(self, places: Places, read: Read) -> None:
        self.at, self.read = places, read

    def scopes(self, node: Sum, level: int, scope: Scope) -> Iterator[Scope]:
        """The scope of the summand at every member that the sum can have."""
        if level < 0:
            yield scope
            return
        index, lower, upper = node.limits[level]
        for member in self._members(lower, upper, scope):
            yield from self.scopes(node, level - 1, {**scope, index: member})

    def _members(self, lower: Expr, upper: Expr, scope: Scope) -> tuple[int, ...]:
        if fixed(lower) and fixed(upper):
            return self.at.members(lower, upper, scope)
        return tuple(range(self._span(lower, scope)[0], self._span(upper, scope)[1] + 1))

    def _span(self, node: Expr, scope: Scope) -> Span:
        if isinstance(node, KroneckerDelta):
            left, right = (self.read(index, scope) for index in node.args)
            if isinstance(left, int) and isinstance(right, int):
                return (int(left == right),) * 2
            return (1, 1) if left == right else (0, 1)
        if isinstance(node, Add):
            return _added([self._span(part, scope) for part in node.args])
        if isinstance(node, Mul):
            return _multiplied([self._span(part, scope) for part in node.args])
        if isinstance(node, Pow) and isinstance(node.exp, Integer) and node.exp >= 0:
            return _multiplied([self._span(node.base, scope)] * int(node.exp))
        if isinstance(node, Sum):
            # a member that may be missing adds zero
            parts = [
                self._span(node.function, inner)
                for inner in self.scopes(node, len(node.limits) - 1, scope)
            ]
            return _added([(min(low, 0), max(high, 0)) for low, high in parts])
        if isinstance(node, Defined) and all(parameter.is_integer for parameter in node.params):
            entered = [self.read(argument, scope) for argument in node.args]
            return self._span(node.body, dict(zip(node.params, entered, strict=True)))
        value = self.read(node, scope)
        if isinstance(value, int):
            return value, value
        raise OutsideFragment(f"the word {node} as a number")


def fixed(end: Expr) -> bool:
    """Whether a bound is made of sizes and numbers alone."""
    if end.is_Atom:
        return not isinstance(end, Index)
    return not end.has(KroneckerDelta, Defined, Indexed, Index)


def _added(parts: list[Span]) -> Span:
    return sum(low for low, _ in parts), sum(high for _, high in parts)


def _multiplied(parts: list[Span]) -> Span:
    products = [prod(choice) for choice in product(*parts)]
    return min(products), max(products)
