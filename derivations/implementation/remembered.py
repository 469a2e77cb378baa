"""The interpreter, which works out a function of the same numbers once.

What an entry of a gradient is made of, the probabilities and errors, is that of other entries as
well. A value is known by its expression and by what the free symbols in it stand for.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from sympy import Basic, Expr, Symbol, exp, log

from derivations.definition import Defined
from derivations.implementation.monomials import Terms
from derivations.indices import free_symbols
from derivations.proof.domain import Scope
from derivations.proof.evaluate import Interpreter, Thunk


class Remembering(Interpreter[Terms]):
    """Values of functions are kept; nothing changes a value once it is made."""

    def _value(self, node: Expr, scope: Scope) -> Terms:
        if not isinstance(node, exp | log | Defined):
            return super()._value(node, scope)
        if not hasattr(self, "kept"):
            self.kept: dict[Hashable, Terms] = {}
        key = node, _meaning(node, scope)
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = super()._value(node, scope)
        return found


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
