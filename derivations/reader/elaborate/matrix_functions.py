"""Functions of a matrix: trace, determinant and its logarithm, adjugate, inverse, sum, norms.

The derivative of a determinant is written with the inverse (`derivations/language/index_nodes.py`).
A determinant is a polynomial, and what holds wherever the matrix has an inverse holds everywhere if
that is so almost everywhere: for a declared square matrix, symmetric or not, for one plus what does
not depend on it, for products of such ones, and for what is declared to have an inverse. Of others,
as of x x^T, which never has one, no determinant is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivations.language.data_conditions import OneOfTwo, SumsTo
from derivations.language.functions import ABS, LOG, SQRT
from derivations.language.traversal import free_in
from derivations.language.tree import (
    Apply,
    Call,
    Comparison,
    Determinant,
    Entry,
    Identity,
    IndexVariable,
    Indicator,
    InnerProduct,
    MatrixProduct,
    Negative,
    Number,
    Plus,
    Reference,
    Slice,
    Sum,
    Table,
    Term,
    Times,
    Trace,
    Transpose,
    Variable,
    vector_axis,
)
from derivations.reader.elaborate.arithmetic import applied_to
from derivations.reader.elaborate.environment import Environment, fitted
from derivations.reader.elaborate.invertible import inverse, is_invertible
from derivations.reader.elaborate.unsized import UnsizedOnes, is_unsized
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Node
from derivations.reader.vocabulary import ARRAY_FUNCTIONS
from derivations.reader.written import written


def of_matrix(name: str, value: Term, whole: Node, here: Environment) -> Term:
    """The function of this name of a matrix."""
    if is_unsized(value):
        what, advice = "of which size is this?", "write its size, as in I_n"
        raise Unreadable(whole.at, written(whole), what, advice)
    match ARRAY_FUNCTIONS[name]:
        case "tr":
            return _trace(value, whole, here)
        case "det":
            return determinant(value, whole, here)
        case "logdet":
            here.mention(f"{written(whole)} is read as the logarithm of the determinant")
            return applied_to(LOG, determinant(value, whole, here), whole, here)
        case "adj":
            said = "the adjugate, the determinant times the inverse"
            here.mention(f"{written(whole)} is read as {said}")
            found = determinant(value, whole, here)
            return fitted(whole, lambda: Times(found, inverse(value, whole, here)))
        case "inv":
            here.mention(f"{written(whole)} is read as the inverse")
            return inverse(value, whole, here)
        case "sum":
            here.mention(f"{written(whole)} is read as the sum of all entries")
            return _total(value, whole)
        case "norm1" | "norm2" as kind:
            return _norm(kind, value, whole)
        case "vector":
            if value != Number(Fraction(1)):
                what, advice = "a vector of which numbers?", "write a multiple of vector(1)"
                raise Unreadable(whole.at, written(whole), what, advice)
            here.mention(f"{written(whole)} is read as a vector of ones")
            return UnsizedOnes()
    raise TypeError(name)


def _total(value: Term, whole: Node) -> Term:
    """The sum of all entries; a number is its own."""
    axes = [IndexVariable(axis, "") for axis in value.shape if axis is not None]
    found: Term = Entry(value, tuple(axes)) if axes else value
    for axis in reversed(axes):
        found = Sum(axis, found)
    return fitted(whole, lambda: found)


def _norm(kind: str, value: Term, whole: Node) -> Term:
    """The sum of absolute values, or the root of the sum of squares, of a vector."""
    if vector_axis(value.shape) is None:
        advice = r"of a matrix, \lVert A \rVert_F is read"
        raise Unreadable(whole.at, written(whole), "a norm of no vector", advice)
    if kind == "norm1":
        return _total(Apply(ABS, value), whole)
    return fitted(whole, lambda: Apply(SQRT, InnerProduct(value, value)))


def _trace(value: Term, whole: Node, here: Environment) -> Term:
    if not value.shape:
        here.mention(f"{written(whole)} is read as the trace of a number, which is that number")
        return value
    return fitted(whole, lambda: Trace(value))


def determinant(value: Term, whole: Node, here: Environment) -> Term:
    """The determinant of a matrix that has an inverse almost everywhere."""
    found = fitted(whole, lambda: Determinant(value))
    if not _is_generic(value, here):
        what = "nothing says that this matrix has an inverse, as almost every one has"
        advice = "declare it: matrix A in R^{n x n}, invertible   or   if X^T X invertible"
        raise Unreadable(whole.at, written(whole), what, advice)
    return found


def _is_generic(term: Term, here: Environment) -> bool:
    """Whether a square matrix has an inverse for almost all data."""
    if is_invertible(term, here.scope):
        return True
    match term:
        case Reference() | Slice() | Identity():
            return True
        case Table(
            (IndexVariable() as row, IndexVariable() as column),
            Times(Indicator((Comparison(left, right, False),)), Entry(Reference())),
        ):
            return {left, right} == {row, column}
        case Plus(parts):
            return any(
                _is_free(part) and free_in(part).variables.keys().isdisjoint(_beside(part, parts))
                for part in parts
            ) or any(_is_generic_beside(part, parts, here) for part in parts)
        case Transpose(of) | Negative(of):
            return _is_generic(of, here)
        case Call(definition, ()):
            return _is_generic(definition.body, here)
        case MatrixProduct(left, right) if left.shape == right.shape:
            return _is_generic(left, here) and _is_generic(right, here)
        case Times(left, right):
            number, matrix = (left, right) if right.shape else (right, left)
            return isinstance(number, Reference) and _is_generic(matrix, here)
    return False


def _is_generic_beside(part: Term, parts: tuple[Term, ...], here: Environment) -> bool:
    """Whether a term of a sum has an inverse almost everywhere, and all others may be zero.

    Where these have factors that may be any, and that the term does not depend on, the determinant
    is a polynomial in these that is not zero where they are zero.
    """
    own = set(free_in(part).variables)
    others = [other for other in parts if other is not part]
    return _is_generic(part, here) and all(
        any(variable not in own for variable in _any_factors(other, here)) for other in others
    )


def _any_factors(term: Term, here: Environment) -> Iterator[Variable]:
    """The declared arrays that a product has for factors, of which nothing says what they are."""
    match term:
        case MatrixProduct(left, right) | Times(left, right):
            yield from _any_factors(left, here)
            yield from _any_factors(right, here)
        case Transpose(of) | Negative(of):
            yield from _any_factors(of, here)
        case Reference(variable):
            said = (each for each in here.scope.conditions if isinstance(each, OneOfTwo | SumsTo))
            if all(each.of.name != variable.name for each in said):
                yield variable


def _is_free(term: Term) -> bool:
    """Whether a term is a declared matrix, transposed or not."""
    return isinstance(
        term.of if isinstance(term, Transpose | Negative) else term, Reference | Slice
    )


def _beside(part: Term, parts: tuple[Term, ...]) -> set[Variable]:
    """The variables that the other terms of a sum depend on."""
    return set(free_in(*(other for other in parts if other is not part)).variables)
