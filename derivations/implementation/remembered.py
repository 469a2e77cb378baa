"""The interpreter, which works out a function of the same numbers once.

What an entry of a gradient is made of, the probabilities and errors, is that of other entries as
well. A value is known by its expression and by what the free symbols in it stand for.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from sympy import Abs, Basic, Expr, Max, Min, Symbol, exp, log

from derivations.implementation.conditioned import Conditioned
from derivations.implementation.monomials import Terms
from derivations.indices import free_symbols
from derivations.language.index_nodes import Defined
from derivations.proof.domain import Scope
from derivations.proof.evaluate import Interpreter, Thunk
from derivations.proof.index_evaluation import Instance


class Remembering(Interpreter[Terms]):
    """Values of functions are kept; nothing changes a value once it is made."""

    def __init__(self, instance: Instance, domain: Conditioned) -> None:
        super().__init__(instance, domain)
        self.balls = domain
        self.kept: dict[Hashable, Terms] = {}

    def _value(self, node: Expr, scope: Scope) -> Terms:
        if isinstance(node, Abs | Max | Min):
            return self._without_ties(node, scope)
        if not isinstance(node, exp | log | Defined):
            return super()._value(node, scope)
        key = node, _meaning(node, scope)
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = super()._value(node, scope)
        return found

    def _without_ties(self, node: Expr, scope: Scope) -> Terms:
        """|z|, min and max: where two are equal and nothing is rounded, either will do."""
        best, *others = (self._value(part, scope) for part in node.args)
        if isinstance(node, Abs):
            others = [self._minus(best)]
        wanted = -1 if isinstance(node, Min) else 1
        for other in others:
            apart = self.domain.add(other, self._minus(best))
            if not self.balls.is_plainly_zero(apart) and self.domain.sign(apart) == wanted:
                best = other
        return best


def _meaning(node: Basic, scope: Scope) -> Hashable:
    """What the free symbols stand for, through the arguments of definitions."""
    found: list[Hashable] = []
    for symbol in _letters(node):
        bound = scope.get(symbol)
        if isinstance(bound, Thunk):
            found.append((bound.node, _meaning(bound.node, bound.scope)))
        else:
            found.append(bound)
    return tuple(found)


@lru_cache(maxsize=16384)
def _letters(node: Basic) -> tuple[Symbol, ...]:
    return tuple(sorted((s for s in free_symbols(node) if isinstance(s, Symbol)), key=str))
