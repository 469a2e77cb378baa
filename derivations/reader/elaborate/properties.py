"""Properties of terms by abstract interpretation: sign, invertible, symmetric, any size."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sympy import IndexedBase

from derivations.claim import Between, FullRank, Positive, PositiveDefinite
from derivations.indices import Entries, Index, IndexSet
from derivations.language.functions import EXP, SIGMOID, SQRT
from derivations.language.traversal import same
from derivations.language.tree import (
    Apply,
    Call,
    Comparison,
    Constant,
    Determinant,
    Entry,
    Identity,
    IllTyped,
    Indicator,
    Inverse,
    Mapped,
    MatrixProduct,
    Negative,
    Number,
    Pi,
    Plus,
    Power,
    Quotient,
    Reference,
    Shape,
    Size,
    Slice,
    Sum,
    Table,
    Term,
    Times,
    Transpose,
    Variable,
    Zeros,
)
from derivations.reader.environment import (
    Environment,
    Scope,
    UnsizedIdentity,
    UnsizedOnes,
    UnsizedOuter,
    UnsizedSquare,
    fitted,
    is_unsized,
    resolve,
)
from derivations.reader.source import Unreadable
from derivations.reader.syntax import Node, written

Parameters = frozenset[Variable]


def is_above_zero(value: Term, scope: Scope, parameters: Parameters = frozenset()) -> bool:
    """Whether a number is above zero: declared so, one less what is below one, made of such.

    ``parameters`` are those of the definitions around: they may be anything. An array is above zero
    where all of its entries are.
    """

    def both(left: Term, right: Term) -> bool:
        return all(is_above_zero(each, scope, parameters) for each in (left, right))

    match value:
        case Number(number):
            return number > 0
        case Size(least=least):
            return least > 0
        case Pi():
            return True
        case Determinant(Reference(variable) | Slice(variable)):
            definite = (each for each in scope.conditions if isinstance(each, PositiveDefinite))
            known = any(each.of.name == variable.name for each in definite)
            return known and variable not in parameters
        case Apply(function=function, of=of):
            root = function is SQRT and is_above_zero(of, scope, parameters)
            return root or function in (EXP, SIGMOID)
        case Reference(variable) | Entry(Reference(variable)):
            said = (each for each in scope.conditions if isinstance(each, Positive))
            known = any(each.of.name == variable.name for each in said)
            return known and variable not in parameters
        case Plus((Number(number), Negative(taken))):
            return number >= 1 and _is_below_one(taken, scope, parameters)
        case Plus(parts):
            return all(is_above_zero(part, scope, parameters) for part in parts)
        case Times(left, right):
            return both(left, right)
        case Quotient(over, Sum(body=body)):  # a sum of none is no divisor
            return both(over, body)
        case Quotient(over, under):
            return both(over, under)
        case Power(base, _):
            return is_above_zero(base, scope, parameters)
        case Call(definition):
            return is_above_zero(
                definition.body, scope, parameters | _numbers(definition.parameters)
            )
        case Entry(Apply() | Mapped() | Call() | Table() as array):
            return is_above_zero(array, scope, parameters)
        case Mapped(definition):
            inside = parameters | _numbers(definition.parameters)
            return is_above_zero(definition.body, scope, inside)
        case Table(body=body):
            return is_above_zero(body, scope, parameters)
    return False


def _numbers(parameters: tuple[object, ...]) -> Parameters:
    return frozenset(each for each in parameters if isinstance(each, Variable))


def _is_below_one(value: Term, scope: Scope, parameters: Parameters) -> bool:
    """Whether a number is below one: between two of which the greater is at most one, or made so.

    It may be a share, as 1 of 1 + e^{-z}, or a product of numbers between zero and one.
    """
    match value:
        case Reference(variable) | Entry(Reference(variable)):
            said = [each for each in scope.conditions if isinstance(each, Between)]
            known = any(e.of.name == variable.name and e.ends[1] <= 1 for e in said)
            return known and variable not in parameters
        case Apply(function=function):
            return function is SIGMOID
        case Times(left, right):
            both = (left, right)
            above = all(is_above_zero(each, scope, parameters) for each in both)
            return above and all(_is_below_one(each, scope, parameters) for each in both)
        case Quotient(over, Plus(parts)) if over in parts and len(parts) > 1:
            return all(is_above_zero(part, scope, parameters) for part in parts)
        case Call(definition) | Mapped(definition):
            inside = parameters | _numbers(definition.parameters)
            return _is_below_one(definition.body, scope, inside)
        case Entry(Apply() | Mapped() | Call() | Table() as array):
            return _is_below_one(array, scope, parameters)
        case Table(body=body):
            return _is_below_one(body, scope, parameters)
    return False


# Inverses of matrices: which are known to exist, and what is assumed where one is written.
#
# An inverse is taken as a quotient is: a line with one is claimed where it exists, and nothing is
# claimed where it does not. Where nothing says that it does, the line has that for its premise,
# with a note. What has an inverse has full rank, and so have, of a product that has one, the last
# factor by its columns and the first by its rows (the rank of a product is at most that of each
# factor: R. A. Horn and C. R. Johnson, Matrix Analysis, 2nd edition 2012, 0.4.5): that is the
# condition the sizes and the witnesses meet. A matrix that never has an inverse proves nothing:
# the exact decision finds no value of it at any size, and a line without values is undecided.


def inverse(value: Term, node: Node, here: Environment) -> Term:
    """The inverse of a square matrix."""
    match value:
        case Table((row, column), Times(Indicator((Comparison(i, j, False),)) as there, entry)):
            if (i, j) == (row, column) and row is not None and column is not None:
                here.mention(f"{written(node)} has one over each entry on its diagonal")
                one = Number(Fraction(1))
                over = Times(there, Quotient(one, entry))
                return fitted(node, lambda: Table((row, column), over))
    return fitted(node, lambda: Inverse(value))


def ranks_of(matrix: Term) -> Iterator[FullRank]:
    """What has full rank if a square matrix has an inverse."""
    match matrix:
        case Transpose(of) | Negative(of):
            yield from ranks_of(of)
        case Times(left, right):
            yield from ranks_of(right if right.shape else left)
        case Call(definition, ()):
            yield from ranks_of(definition.body)
        case MatrixProduct() | Reference() | Slice():
            yield from _by_columns(matrix, turned=False)
            yield from _by_columns(matrix, turned=True)


def _by_columns(term: Term, *, turned: bool) -> Iterator[FullRank]:
    """The declared matrix of full column rank, or row rank where ``turned``, if a term has that."""
    match term:
        case Transpose(of):
            yield from _by_columns(of, turned=not turned)
        case Call(definition, ()):
            yield from _by_columns(definition.body, turned=turned)
        case MatrixProduct(left, right):
            yield from _by_columns(left if turned else right, turned=turned)
        case Reference(variable) | Slice(variable) if None not in variable.shape:
            square = variable.shape[:1] == variable.shape[1:]
            yield full_rank(variable, turned=turned and not square)


def is_invertible(term: Term, scope: Scope) -> bool:
    """Whether something says that a square matrix has an inverse."""
    match term:
        case Reference() | Slice():
            return _has_full_rank(term, scope)
        case Identity():
            return True
        case Transpose(of) | Inverse(of) | Negative(of):
            return is_invertible(of, scope)
        case Call(definition, ()):
            return is_invertible(definition.body, scope)
        case MatrixProduct(left, right):
            every = all(is_invertible(each, scope) for each in (left, right))
            return every or _has_full_rank(of_square(term), scope)
        case Times(left, right):
            number, matrix = (left, right) if right.shape else (right, left)
            return is_above_zero(number, scope) and is_invertible(matrix, scope)
        case Plus(parts):
            definite = [each for each in parts if _is_definite(each, scope)]
            others = [each for each in parts if each not in definite]
            return bool(definite) and all(_is_square(each, scope) for each in others)
    return False


def of_square(term: Term) -> Term | None:
    """The X of X^T X; None for what is no such product."""
    match term:
        case MatrixProduct(left, right) if left == Transpose(right) or Transpose(left) == right:
            return right
    return None


def _has_full_rank(term: Term | None, scope: Scope) -> bool:
    """Whether a matrix is declared to have full column rank."""
    turned = isinstance(term, Transpose)
    inside = term.of if isinstance(term, Transpose) else term
    if not isinstance(inside, Reference | Slice):
        return False
    return any(
        each.of.name == inside.variable.name and (each.is_square or each.turned == turned)
        for each in scope.conditions
        if isinstance(each, FullRank)
    )


def full_rank(variable: Variable, *, turned: bool = False) -> FullRank:
    """The condition that a declared matrix, or its transpose, has full column rank."""
    spaces = [axis for axis in variable.shape if axis is not None]
    row, column = (Index(name, space) for name, space in zip("ij", spaces, strict=True))
    first = () if variable.over is None else (Index("k", variable.over),)
    indices = (column, row) if turned else (row, column)
    return FullRank(Entries(IndexedBase(variable.name)[(*first, row, column)], *first, *indices))


def declared_invertible(node: Node, here: Environment) -> FullRank:
    """``A`` or ``X^T X`` in front of the word invertible."""
    term = resolve(node, here)
    whole = term if _is_declared_matrix(term) else of_square(term)
    inside = whole.of if isinstance(whole, Transpose) else whole
    square = whole is not term or (term.shape and term.shape[0] == term.shape[1])
    if not isinstance(inside, Reference) or not square:
        what = "which of these matrices have an inverse is not read"
        raise Unreadable(node.at, written(node), what, "write it of a matrix A, or of X^T X")
    return full_rank(inside.variable, turned=isinstance(whole, Transpose))


def _is_declared_matrix(term: Term) -> bool:
    inside = term.of if isinstance(term, Transpose) else term
    return isinstance(inside, Reference) and None not in inside.shape


def _is_square(term: Term, scope: Scope) -> bool:
    """Whether a matrix is X^T X, times a number above zero or not: x^T A x is never below zero."""
    match term:
        case Times(left, right):
            number, matrix = (left, right) if right.shape else (right, left)
            return is_above_zero(number, scope) and _is_square(matrix, scope)
        case Call(definition, ()):
            return _is_square(definition.body, scope)
    return of_square(term) is not None


def _is_definite(term: Term, scope: Scope) -> bool:
    """Whether a matrix is positive definite: the identity, one that is declared so, a multiple."""
    match term:
        case Times(left, right):
            number, matrix = (left, right) if right.shape else (right, left)
            return is_above_zero(number, scope) and _is_definite(matrix, scope)
        case Reference(variable) | Slice(variable):
            said = (each for each in scope.conditions if isinstance(each, PositiveDefinite))
            return any(each.of.name == variable.name for each in said)
    return isinstance(term, Identity)


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


# What fits any size: an ``I`` that nobody declared, a bold 1, and what is made of these.
#
# They take their size from what they meet: a neighbour in a product, a summand, the other side. A
# bold 1 is a column, and one times its transpose a square matrix of ones; so is a bold 1 before
# what has rows, or beside an ``I``, where a column of ones does not fit.


def ones(space: IndexSet, turned: bool = False) -> Term:
    """The vector of ones over ``space``."""
    return Constant(Number(Fraction(1)), (None, space) if turned else (space, None))


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
    turned = _ones_of_multiple(right)
    if turned is None or not turned.turned or _ones_of_multiple(left) is None:
        return None
    whole = squared(left)
    if whole is None or isinstance(right, UnsizedOnes):
        return whole
    return _put(right, whole)


def is_inner(left: Term, right: Term) -> bool:
    """Whether this is a multiple of a row of ones times one of a column, both without a size."""
    first, second = _ones_of_multiple(left), _ones_of_multiple(right)
    return first is not None and first.turned and second is not None and not second.turned


def _ones_of_multiple(value: Term) -> UnsizedOnes | None:
    """The ones that a term is a multiple of."""
    match value:
        case UnsizedOnes():
            return value
        case Negative(of=inner) | Quotient(over=inner):
            return _ones_of_multiple(inner)
        case Times(left=left, right=right) if is_unsized(left) != is_unsized(right):
            return _ones_of_multiple(left if is_unsized(left) else right)
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
