"""Arrays that are one another transposed, as they are written; those that are symmetric."""

from __future__ import annotations

from derivations.language.traversal import same
from derivations.language.tree import (
    Comparison,
    Constant,
    Identity,
    Indicator,
    MatrixProduct,
    Negative,
    Plus,
    Quotient,
    Table,
    Term,
    Times,
    Transpose,
    Zeros,
)


def is_turned(one: Term, other: Term) -> bool:
    """Whether one array is the other transposed: written so, or symmetric and the same."""
    if not one.shape:
        return False
    if same(one, other) and is_symmetric(one):
        return True
    turns = 0
    while isinstance(one, Transpose):
        one, turns = one.of, turns + 1
    while isinstance(other, Transpose):
        other, turns = other.of, turns + 1
    return turns % 2 == 1 and same(one, other)


def is_symmetric(term: Term) -> bool:
    """Whether a matrix is symmetric by the way it is written: diagonal, ``v v^T``, of ones."""
    match term:
        case Identity():
            return True
        case Zeros(of_shape=shape):
            return shape[:1] == shape[1:]
        case MatrixProduct(left=left, right=right):
            left, right = _without_factor(left), _without_factor(right)
            if isinstance(left, Constant) and isinstance(right, Constant):
                return term.shape[:1] == term.shape[1:]
            return same(left, Transpose(right)) or same(Transpose(left), right)
        case Table(axes=axes, body=Times(left=Indicator(comparisons=(Comparison() as met,)))):
            return not met.negated and {met.left, met.right} == {*axes}
        case Negative(of=inner) | Transpose(of=inner):
            return is_symmetric(inner)
        case Quotient(over=inner, under=under) if not under.shape:
            return is_symmetric(inner)
        case Times(left=left, right=right):
            return is_symmetric(left if left.shape else right)
        case Plus(parts=parts):
            return all(map(is_symmetric, parts))
    return False


def _without_factor(term: Term) -> Term:
    """An array without the numbers that it is a multiple by."""
    match term:
        case Negative(of=inner):
            return _without_factor(inner)
        case Quotient(over=inner, under=under) if not under.shape:
            return _without_factor(inner)
        case Times(left=left, right=right) if left.shape or right.shape:
            return _without_factor(left if left.shape else right)
    return term
