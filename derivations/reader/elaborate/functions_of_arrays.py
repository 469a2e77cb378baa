"""Functions of whole arrays: trace, determinant, inverse, norms; softmax, mean and variance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache

from derivations.indices import Names
from derivations.language.data_conditions import OneOfTwo, SumsTo
from derivations.language.functions import ABS, EXP, LOG, SQRT
from derivations.language.traversal import free_in
from derivations.language.tree import (
    Apply,
    Call,
    Comparison,
    Constant,
    Definition,
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
    Power,
    Quotient,
    Reference,
    Row,
    Rows,
    Shape,
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
from derivations.reader.elaborate.constructors import applied_to
from derivations.reader.elaborate.environment import Environment, fitted, ill_formed, shape_of
from derivations.reader.elaborate.indexing import size_term
from derivations.reader.elaborate.properties import UnsizedOnes, inverse, is_invertible, is_unsized
from derivations.reader.latex_commands import ARRAY_FUNCTIONS
from derivations.reader.source import Question, Unreadable
from derivations.reader.syntax import Content, Leaf, Node, written

# Functions of a matrix: trace, determinant and its logarithm, adjugate, inverse, sum, norms.
#
# The derivative of a determinant is written with the inverse
# (`derivations/language/index_nodes.py`). A determinant is a polynomial, and what holds wherever
# the matrix has an inverse holds everywhere if that is so almost everywhere: for a declared
# square matrix, symmetric or not, for one plus what does not depend on it, for products of such
# ones, and for what is declared to have an inverse. Of others, as of x x^T, which never has one,
# no determinant is read.


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


# Functions of a whole vector: softmax, its logarithm, a sum of exponentials, mean and variance.
#
# Of a matrix they are taken of each row, or of each column, as is declared (``use softmax of each
# row``) or written below the name: which it is, is never guessed. A variance is the mean of the
# squares over all members, and may be meant with one less below: that is asked.


SOFTMAX, LOG_SOFTMAX, LOG_SUM = "softmax", "logsoftmax", "logsumexp"
MEAN, VARIANCE = "mean", "Var"
OF_VECTORS = {
    **dict.fromkeys(("softmax", "Softmax", "SoftMax"), SOFTMAX),
    **dict.fromkeys(("logsoftmax", "LogSoftmax", "logSoftmax"), LOG_SOFTMAX),
    **dict.fromkeys(("logsumexp", "LogSumExp", "LSE", "lse"), LOG_SUM),
    **dict.fromkeys(("mean", "Mean"), MEAN),
    **dict.fromkeys(("Var", "var"), VARIANCE),
}
ROW, COLUMN = "row", "column"
_AXES = {
    **dict.fromkeys(("row", "rows", "rowwise", "row-wise"), ROW),
    **dict.fromkeys(("col", "cols", "column", "columns"), COLUMN),
}


def axis_below(sub: Content | None) -> str:
    """The axis that is written below the name of a function; empty for anything else there."""
    only = sub.only if sub is not None else None
    return _AXES.get(only.text, "") if isinstance(only, Leaf) and only.kind == "WORD" else ""


def of_vector(name: str, value: Term, axis: str, whole: Node, here: Environment) -> Term:
    """The function called ``name`` of a vector; of each row, or each column, of a matrix."""
    function = OF_VECTORS[name]
    if function in (MEAN, VARIANCE):
        _ask_of_moments(function, value, whole, here)
    if value.shape and None not in value.shape:
        return _of_each(function, value, axis or here.scope.softmax, whole, here)
    if vector_axis(value.shape) is None:
        raise ill_formed(whole, f"shape {shape_of(value)}", f"{function}, which takes a vector")
    return _applied(function, value, whole, here)


def _ask_of_moments(function: str, value: Term, whole: Node, here: Environment) -> None:
    """A mean and a variance are over the entries of a vector; by how many one divides is asked."""
    if not value.shape:
        what, advice = "this is of no vector: how is it drawn?", r"write \mathbb{E}_{x \sim p}[...]"
        raise Unreadable(whole.at, written(whole), what, advice)
    here.mention(f"{written(whole)} is read as the {_SAID[function]} of the entries")
    if function == VARIANCE:
        what, advice = "over n, or over n - 1?", "write the sum"
        here.question(Question(whole.at, written(whole), what, advice))


def _applied(function: str, value: Term, whole: Node, here: Environment) -> Term:
    definition = _definition(function, value.shape, here.scope.names)
    return fitted(whole, lambda: Call(definition, (value,)))


def _of_each(function: str, value: Term, axis: str, whole: Node, here: Environment) -> Term:
    if not axis:
        what = f"{function} of each row, or of each column?"
        advice = f"declare it: use {SOFTMAX} of each row, or write \\text{{{function}}}_{{row}}"
        raise Unreadable(whole.at, written(whole), what, advice)
    here.mention(f"{written(whole)} is taken of each {axis}")
    lines = value if axis == ROW else Transpose(value)
    space = lines.shape[0]  # type: ignore[misc]  # a matrix
    assert space is not None
    over = IndexVariable(space, "")
    of_line = _applied(function, Row(lines, over), whole, here)
    if function in (LOG_SUM, MEAN, VARIANCE):
        axes = (over, None) if axis == ROW else (None, over)
        return fitted(whole, lambda: Table(axes, of_line))
    return fitted(whole, lambda: Rows(over, of_line, as_columns=axis == COLUMN))


@lru_cache(maxsize=256)
def _definition(function: str, shape: Shape, names: Names) -> Definition:
    space = vector_axis(shape)
    assert space is not None
    z, i = Variable(shape, "z", "z"), IndexVariable(space, "")
    body = _BODIES[function](Reference(z), i)
    return Definition(function, (z,), body, (rf"\mathrm{{{function}}}(", 0, ")"), names)


def _sum_of_exponentials(z: Term, i: IndexVariable) -> Term:
    return Sum(i, Apply(EXP, Entry(z, (i,))))


def _softmax(z: Term, i: IndexVariable) -> Term:
    return Quotient(Apply(EXP, z), _sum_of_exponentials(z, i))


def _log_softmax(z: Term, i: IndexVariable) -> Term:
    return Plus((z, Negative(Constant(Apply(LOG, _sum_of_exponentials(z, i)), z.shape))))


def _log_sum(z: Term, i: IndexVariable) -> Term:
    return Apply(LOG, _sum_of_exponentials(z, i))


def _mean(z: Term, i: IndexVariable) -> Term:
    return Quotient(Sum(i, Entry(z, (i,))), size_term(i.space.size))


def _variance(z: Term, i: IndexVariable) -> Term:
    within = IndexVariable(i.space, "")
    away = Plus((Entry(z, (i,)), Negative(_mean(z, within))))
    return Quotient(Sum(i, Power(away, 2)), size_term(i.space.size))


_SAID = {MEAN: "mean", VARIANCE: "variance"}
_BODIES: dict[str, Callable[[Term, IndexVariable], Term]] = {
    SOFTMAX: _softmax,
    LOG_SOFTMAX: _log_softmax,
    LOG_SUM: _log_sum,
    MEAN: _mean,
    VARIANCE: _variance,
}
