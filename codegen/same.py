"""Whether two named functions are one: by what they abbreviate, whatever they are called.

The sigmoid that a document defines is the one that the stable forms are stated of.
"""

from __future__ import annotations

from functools import cache

from sympy import Basic

from derivations.language.index_nodes import Defined, substitute, unfold


@cache
def same_function(left: type[Basic], right: type[Basic]) -> bool:
    """Whether both are one class, or definitions with equal bodies over their parameters."""
    if left is right:
        return True
    if not (issubclass(left, Defined) and issubclass(right, Defined)):
        return False
    kinds = [[(p.assumptions0, getattr(p, "space", None)) for p in f.params] for f in (left, right)]
    if kinds[0] != kinds[1]:
        return False
    renamed = substitute(right.body, dict(zip(right.params, left.params, strict=True)))
    return bool(unfold(left.body) == unfold(renamed))
