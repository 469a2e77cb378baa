"""Functions of a whole vector: softmax, its logarithm, a sum of exponentials, mean and variance.

Of a matrix they are taken of each row, or of each column, as is declared (``use softmax of each
row``) or written below the name: which it is, is never guessed. A variance is the mean of the
squares over all members, and may be meant with one less below: that is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from derivations.indices import Names
from derivations.language.functions import EXP, LOG
from derivations.language.tree import (
    Apply,
    Call,
    Constant,
    Definition,
    Entry,
    IndexVariable,
    Negative,
    Plus,
    Power,
    Quotient,
    Reference,
    Row,
    Rows,
    Shape,
    Sum,
    Table,
    Term,
    Transpose,
    Variable,
    vector_axis,
)
from derivations.reader.elaborate.environment import Environment, fitted, ill_formed, shape_of
from derivations.reader.elaborate.indexing import size_term
from derivations.reader.problem import Question, Unreadable
from derivations.reader.syntax import Content, Leaf, Node
from derivations.reader.written import written

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


def _total(z: Term, i: IndexVariable) -> Term:
    return Sum(i, Apply(EXP, Entry(z, (i,))))


def _softmax(z: Term, i: IndexVariable) -> Term:
    return Quotient(Apply(EXP, z), _total(z, i))


def _log_softmax(z: Term, i: IndexVariable) -> Term:
    return Plus((z, Negative(Constant(Apply(LOG, _total(z, i)), z.shape))))


def _log_sum(z: Term, i: IndexVariable) -> Term:
    return Apply(LOG, _total(z, i))


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
