"""What fits any size: an ``I`` that nobody declared, a bold 1, and what is made of these.

They take their size from what they meet: a neighbour in a product, a summand, the other side. A
bold 1 is a column, and one times its transpose a square matrix of ones; so is a bold 1 before what
has rows, or beside an ``I``, where a column of ones does not fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derivations.indices import IndexSet
from derivations.language.tree import (
    Constant,
    Identity,
    IllTyped,
    MatrixProduct,
    Negative,
    Number,
    Plus,
    Quotient,
    Shape,
    Term,
    Times,
)


@dataclass(frozen=True)
class UnsizedIdentity(Term):
    """An identity matrix of a size that is still to be found."""

    def _shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class UnsizedOnes(Term):
    """A vector of ones of a size that is still to be found, a column unless ``turned``."""

    turned: bool = False

    def _shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class UnsizedOuter(Term):
    """Ones of a size that is still to be found, times a row; or a column times a row of such."""

    vector: Term
    over_rows: bool

    def _shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class UnsizedSquare(Term):
    """A square matrix of ones of a size that is still to be found."""

    def _shape(self) -> Shape:
        return ()


def ones(space: IndexSet, turned: bool = False) -> Term:
    """The vector of ones over ``space``."""
    return Constant(Number(Fraction(1)), (None, space) if turned else (space, None))


def is_unsized(value: Term) -> bool:
    """Whether a term is a multiple of an identity matrix, or of ones, without a size."""
    match value:
        case UnsizedIdentity() | UnsizedOnes() | UnsizedOuter() | UnsizedSquare():
            return True
        case Negative(of=inner) | Quotient(over=inner):
            return is_unsized(inner)
        case Times(left=left, right=right):
            return is_unsized(left) or is_unsized(right)
        case Plus(parts=parts):
            return any(map(is_unsized, parts))
    return False


def sized(value: Term, space: IndexSet) -> Term:
    """A multiple of the identity matrix, or of ones, over ``space``."""
    match value:
        case UnsizedIdentity():
            return Identity(space)
        case UnsizedOnes(turned):
            return ones(space, turned)
        case UnsizedSquare():
            return MatrixProduct(ones(space), ones(space, turned=True))
        case UnsizedOuter(vector, True):
            return MatrixProduct(ones(space), vector)
        case UnsizedOuter(vector, False):
            return MatrixProduct(vector, ones(space, turned=True))
        case Negative(of=inner):
            return Negative(sized(inner, space))
        case Quotient(over=inner, under=under):
            return Quotient(sized(inner, space), under)
        case Times(left=left, right=right):
            if is_unsized(left) and is_unsized(right):
                return MatrixProduct(sized(left, space), sized(right, space))
            return Times(sized(left, space), sized(right, space))
        case Plus(parts=parts):
            return Plus(tuple(sized(part, space) for part in parts))
    return value


def sized_as(value: Term, shape: Shape) -> Term | None:
    """A multiple of what has no size yet, in a shape; None where it does not take that shape."""
    if not shape:
        return None
    row, column = shape
    space = row if row is not None and not _is_column_outer(value) else column
    if space is None:
        return None
    found = sized_to(value, space)
    return found if found is not None and found.shape == shape else None


def sized_to(value: Term, space: IndexSet) -> Term | None:
    """What has no size over ``space``; None where its summands do not fit."""
    try:
        return sized(value, space)
    except IllTyped:
        return None


def _is_column_outer(value: Term) -> bool:
    """Whether the size to be found is that of the columns: ``b \\mathbf{1}^T``."""
    match value:
        case UnsizedOuter(over_rows=over_rows):
            return not over_rows
        case Negative(of=inner) | Quotient(over=inner):
            return _is_column_outer(inner)
        case Times(left=left, right=right):
            return _is_column_outer(left if is_unsized(left) else right)
        case Plus(parts=parts):
            return any(map(_is_column_outer, parts))
    return False


def of_no_size(value: Term) -> str:
    """What has no size, in words."""
    match value:
        case UnsizedOnes():
            return "the vector of ones"
        case UnsizedSquare():
            return "the matrix of ones"
        case Negative(of=inner) | Quotient(over=inner):
            return of_no_size(inner)
        case Times(left=left, right=right):
            return of_no_size(left if is_unsized(left) else right)
        case Plus(parts=parts):
            return of_no_size(next(filter(is_unsized, parts)))
    return "the identity matrix"


def is_of_ones(value: Term) -> bool:
    """Whether what has no size is made of ones."""
    return of_no_size(value) != "the identity matrix"


def squared(value: Term) -> Term | None:
    """A bold 1, also times a number or beside an ``I``, as a square matrix of ones.

    None for what has none, or a row.
    """
    match value:
        case UnsizedOnes(False):
            return UnsizedSquare()
        case UnsizedIdentity() | UnsizedSquare():
            return value
        case Negative(of=inner):
            found = squared(inner)
            return found and Negative(found)
        case Quotient(over=inner, under=under):
            found = squared(inner)
            return found and Quotient(found, under)
        case Times(left=left, right=right) if is_unsized(left) != is_unsized(right):
            found = squared(left if is_unsized(left) else right)
            return found and (Times(found, right) if is_unsized(left) else Times(left, found))
        case Plus(parts=parts):
            every = [squared(part) for part in parts]
            known = tuple(part for part in every if part is not None)
            return Plus(known) if len(known) == len(every) else None
    return None


def outer(left: Term, right: Term) -> Term | None:
    """A multiple of a column of ones times one of a row of ones, both without a size."""
    turned = _alone(right)
    if turned is None or not turned.turned or _alone(left) is None:
        return None
    whole = squared(left)
    if whole is None or isinstance(right, UnsizedOnes):
        return whole
    return _put(right, whole)


def is_inner(left: Term, right: Term) -> bool:
    """Whether this is a multiple of a row of ones times one of a column, both without a size."""
    first, second = _alone(left), _alone(right)
    return first is not None and first.turned and second is not None and not second.turned


def _alone(value: Term) -> UnsizedOnes | None:
    """The ones that a term is a multiple of."""
    match value:
        case UnsizedOnes():
            return value
        case Negative(of=inner) | Quotient(over=inner):
            return _alone(inner)
        case Times(left=left, right=right) if is_unsized(left) != is_unsized(right):
            return _alone(left if is_unsized(left) else right)
    return None


def _put(value: Term, instead: Term) -> Term:
    """A multiple of ones with something else for these."""
    match value:
        case Negative(of=inner):
            return Negative(_put(inner, instead))
        case Quotient(over=inner, under=under):
            return Quotient(_put(inner, instead), under)
        case Times(left=left, right=right):
            if is_unsized(left):
                return Times(_put(left, instead), right)
            return Times(left, _put(right, instead))
    return instead
