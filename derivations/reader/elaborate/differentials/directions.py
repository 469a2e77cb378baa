"""Derivatives along a direction: of f along dX, the sum of the entries of f's gradient times dX's.

``d f`` of a text is this, for any direction: dX is a matrix of the shape of X of which nothing is
assumed. The derivative is linear in it, so that an equality holds in every direction just where it
holds of all its coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from derivations.language.traversal import free_in
from derivations.language.tree import (
    Derivative,
    Entry,
    IndexVariable,
    InnerProduct,
    MatrixProduct,
    Negative,
    Plus,
    Reference,
    Row,
    Slice,
    Table,
    Target,
    Term,
    Times,
    Transpose,
    Variable,
    Zeros,
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


def along_all(term: Term, targets: tuple[Target, ...]) -> Term:
    """The derivative of a number or an array along free directions of these variables."""
    moved = {each: direction(each) for each in targets}
    if isinstance(term, Transpose):
        return Transpose(along_all(term.of, targets))
    if isinstance(term, Reference | Entry | Row | Slice) and term in moved:
        return moved[term]
    if term.shape and not any(variable_of(each) in free_in(term).variables for each in targets):
        return Zeros(term.shape)
    match term:
        case Plus(summands) if term.shape:
            return Plus(tuple(along_all(each, targets) for each in summands))
        case Negative(inside) if term.shape:
            return Negative(along_all(inside, targets))
        case MatrixProduct(left, right) if term.shape:
            first = MatrixProduct(along_all(left, targets), right)
            return Plus((first, MatrixProduct(left, along_all(right, targets))))
    if not term.shape:
        return along(term, moved)
    row, column = (IndexVariable(axis, "") if axis is not None else None for axis in term.shape)
    members = tuple(each for each in (row, column) if each is not None)
    return Table((row, column), along(Entry(term, members), moved))
