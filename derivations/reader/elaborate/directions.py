"""Derivatives along a direction: of f along dX, the sum of the entries of f's gradient times dX's.

``d f`` of a text is this, for any direction: dX is a matrix of the shape of X of which nothing is
assumed. The derivative is linear in it, so that an equality holds in every direction just where it
holds of all its coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from derivations.language.tree import (
    Derivative,
    InnerProduct,
    Plus,
    Reference,
    Target,
    Term,
    Times,
    Variable,
    variable_of,
)


@lru_cache(maxsize=512)
def direction(target: Target) -> Term:
    """A free direction of the shape of what is varied."""
    of = variable_of(target)
    return Reference(Variable(target.shape, f"d{of.name}", f"d{of.latex or of.name}"))


def along(term: Term, moved: Mapping[Target, Term]) -> Term:
    """The derivative of a number along directions of some variables."""
    found: list[Term] = []
    for target, there in moved.items():
        slope = Derivative(term, target)
        if not slope.shape:
            found.append(Times(slope, there))
        else:
            found.append(InnerProduct(slope, there))
    return found[0] if len(found) == 1 else Plus(tuple(found))
