"""Functions of a whole vector: softmax, its logarithm, and the logarithm of a sum of exponentials.

Of a matrix they are taken of each row, or of each column, as is declared (``use softmax of each
row``) or written below the name: which it is, is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from derivations.language.functions import EXP, LOG
from derivations.language.names import Names
from derivations.language.tree import (
    Apply,
    Call,
    Constant,
    Definition,
    Entry,
    IndexVariable,
    Negative,
    Plus,
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
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Leaf, Node
from derivations.reader.written import written

SOFTMAX, LOG_SOFTMAX, LOG_SUM = "softmax", "logsoftmax", "logsumexp"
OF_VECTORS = {
    **dict.fromkeys(("softmax", "Softmax", "SoftMax"), SOFTMAX),
    **dict.fromkeys(("logsoftmax", "LogSoftmax", "logSoftmax"), LOG_SOFTMAX),
    **dict.fromkeys(("logsumexp", "LogSumExp", "LSE", "lse"), LOG_SUM),
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
    if value.shape and None not in value.shape:
        return _of_each(function, value, axis or here.scope.softmax, whole, here)
    if vector_axis(value.shape) is None:
        raise ill_formed(whole, f"shape {shape_of(value)}", f"{function}, which takes a vector")
    return _applied(function, value, whole, here)


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
    if function == LOG_SUM:
        axes = (over, None) if axis == ROW else (None, over)
        return fitted(whole, lambda: Table(axes, of_line))
    return fitted(whole, lambda: Rows(over, of_line, as_columns=axis == COLUMN))


@lru_cache(maxsize=256)
def _definition(function: str, shape: Shape, names: Names) -> Definition:
    space = vector_axis(shape)
    assert space is not None
    z, i = Variable(shape, "z", "z"), IndexVariable(space, "")
    total = Sum(i, Apply(EXP, Entry(Reference(z), (i,))))
    body = _BODIES[function](Reference(z), total)
    return Definition(function, (z,), body, (rf"\mathrm{{{function}}}(", 0, ")"), names)


def _softmax(z: Term, total: Term) -> Term:
    return Quotient(Apply(EXP, z), total)


def _log_softmax(z: Term, total: Term) -> Term:
    return Plus((z, Negative(Constant(Apply(LOG, total), z.shape))))


def _log_sum(z: Term, total: Term) -> Term:
    return Apply(LOG, total)


_BODIES: dict[str, Callable[[Term, Term], Term]] = {
    SOFTMAX: _softmax,
    LOG_SOFTMAX: _log_softmax,
    LOG_SUM: _log_sum,
}
