"""Inverses of matrices: which are known to exist, and what is assumed where one is written.

An inverse is taken as a quotient is: a line with one is claimed where it exists, and nothing is
claimed where it does not. Where nothing says that it does, the line has that for its premise, with
a note. What has an inverse has full rank, and so have, of a product that has one, the last factor
by its columns and the first by its rows (the rank of a product is at most that of each factor: R.
A. Horn and C. R. Johnson, Matrix Analysis, 2nd edition 2012, 0.4.5): that is the condition the
sizes and the witnesses meet. A matrix that never has an inverse proves nothing: the exact decision
finds no value of it at any size, and a line without values is undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from sympy import IndexedBase

from derivations.indices import Entries, Index
from derivations.language.data_conditions import FullRank, PositiveDefinite
from derivations.language.traversal import parts, same
from derivations.language.tree import (
    Call,
    Comparison,
    Definition,
    Identity,
    Indicator,
    Inverse,
    Mapped,
    MatrixProduct,
    Negative,
    Number,
    Plus,
    Quotient,
    Reference,
    Slice,
    Table,
    Term,
    Times,
    Transpose,
    Variable,
)
from derivations.reader.elaborate.environment import Environment, fitted, resolve
from derivations.reader.elaborate.positive import is_above_zero
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Scope
from derivations.reader.syntax import Node
from derivations.reader.written import written


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


def taken_as_invertible(terms: Iterable[Term], scope: Scope) -> list[Term]:
    """The matrices whose inverses are taken in some terms, where nothing says that they exist."""
    found: list[Term] = []
    seen: set[Definition] = set()
    waiting = list(terms)
    while waiting:
        part = waiting.pop()
        waiting += parts(part)
        if isinstance(part, Call | Mapped) and part.definition not in seen:
            seen.add(part.definition)
            waiting.append(part.definition.body)
        if isinstance(part, Inverse) and not any(same(part.of, each) for each in found):
            found += [] if is_invertible(part.of, scope) else [part.of]
    return found


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
