"""Inverses of matrices: of those that are declared to have one, and of what is made of these."""

from __future__ import annotations

from fractions import Fraction

from sympy import IndexedBase

from derivations.data_conditions import FullRank, Positive, PositiveDefinite
from derivations.indices import Entries, Index
from derivations.language.tree import (
    Call,
    Comparison,
    Identity,
    Indicator,
    Inverse,
    MatrixProduct,
    Negative,
    Number,
    Plus,
    Quotient,
    Reference,
    Table,
    Term,
    Times,
    Transpose,
    Variable,
)
from derivations.reader.elaborate.environment import Environment, fitted, resolve
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Scope
from derivations.reader.syntax import Node
from derivations.reader.written import written


def inverse(value: Term, node: Node, here: Environment) -> Term:
    """The inverse of a square matrix; refused where nothing says that it has one."""
    match value:
        case Table((row, column), Times(Indicator((Comparison(i, j, False),)) as there, entry)):
            if (i, j) == (row, column) and row is not None and column is not None:
                here.mention(f"{written(node)} has one over each entry on its diagonal")
                one = Number(Fraction(1))
                over = Times(there, Quotient(one, entry))
                return fitted(node, lambda: Table((row, column), over))
    if not _is_invertible(value, here.scope):
        what = "nothing says that this matrix has an inverse"
        advice = "declare it: matrix A in R^{n x n}, invertible   or   if X^T X invertible"
        raise Unreadable(node.at, written(node), what, advice)
    return fitted(node, lambda: Inverse(value))


def _is_invertible(term: Term, scope: Scope) -> bool:
    match term:
        case Reference():
            return _has_full_rank(term, scope)
        case Identity():
            return True
        case Transpose(of) | Inverse(of) | Negative(of):
            return _is_invertible(of, scope)
        case Call(definition, ()):
            return _is_invertible(definition.body, scope)
        case MatrixProduct(left, right):
            every = all(_is_invertible(each, scope) for each in (left, right))
            return every or _has_full_rank(of_square(term), scope)
        case Times(left, right):
            number, matrix = (left, right) if right.shape else (right, left)
            return _is_above_zero(number, scope) and _is_invertible(matrix, scope)
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
    if not isinstance(inside, Reference):
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
    indices = (column, row) if turned else (row, column)
    return FullRank(Entries(IndexedBase(variable.name)[row, column], *indices))


def declared_invertible(node: Node, here: Environment) -> FullRank:
    """``A`` or ``X^T X`` in front of the word invertible."""
    term = resolve(node, here)
    whole = term if _is_of_matrix(term) else of_square(term)
    inside = whole.of if isinstance(whole, Transpose) else whole
    square = whole is not term or (term.shape and term.shape[0] == term.shape[1])
    if not isinstance(inside, Reference) or not square:
        what = "which of these matrices have an inverse is not read"
        raise Unreadable(node.at, written(node), what, "write it of a matrix A, or of X^T X")
    return full_rank(inside.variable, turned=isinstance(whole, Transpose))


def _is_of_matrix(term: Term) -> bool:
    inside = term.of if isinstance(term, Transpose) else term
    return isinstance(inside, Reference) and None not in inside.shape


def _is_square(term: Term, scope: Scope) -> bool:
    """Whether a matrix is X^T X, times a number above zero or not: x^T A x is never below zero."""
    match term:
        case Times(left, right):
            number, matrix = (left, right) if right.shape else (right, left)
            return _is_above_zero(number, scope) and _is_square(matrix, scope)
        case Call(definition, ()):
            return _is_square(definition.body, scope)
    return of_square(term) is not None


def _is_definite(term: Term, scope: Scope) -> bool:
    """Whether a matrix is positive definite: the identity, one that is declared so, a multiple."""
    match term:
        case Times(left, right):
            number, matrix = (left, right) if right.shape else (right, left)
            return _is_above_zero(number, scope) and _is_definite(matrix, scope)
        case Reference(variable):
            said = (each for each in scope.conditions if isinstance(each, PositiveDefinite))
            return any(each.of.name == variable.name for each in said)
    return isinstance(term, Identity)


def _is_above_zero(term: Term, scope: Scope) -> bool:
    match term:
        case Number(value):
            return value > 0
        case Reference(variable):
            said = (each for each in scope.conditions if isinstance(each, Positive))
            return any(each.of.name == variable.name for each in said)
        case Times(left, right):
            return all(_is_above_zero(each, scope) for each in (left, right))
    return False
