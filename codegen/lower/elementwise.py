"""Functions of one number, applied to every entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Abs, Add, And, Expr, Max, Min, Piecewise, S, exp, log, sign, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from codegen.arrays.entrywise import AllOf, Applied, Compared, Indicator
from codegen.arrays.tree import LoweringError, Node, Number
from derivations.language.functions import Above, SignOf, Signum

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering

_NUMPY = {exp: "exp", Abs: "abs", Signum: "sign", SignOf: "sign", sign: "sign"}
_NUMPY_PAIR = {Min: "minimum", Max: "maximum"}


def lower_function(application: Expr, lowering: Lowering) -> Node:
    """``exp`` and ``Abs`` by NumPy's functions of the same meaning."""
    argument = lowering.lower(application.args[0])
    name = next(name for kind, name in _NUMPY.items() if issubclass(application.func, kind))
    return Applied(name, (argument,), argument.axes)


def lower_above(application: Above, lowering: Lowering) -> Node:
    """One of a number above zero, else zero."""
    inside = lowering.lower(application.args[0])
    positive = Compared(">", inside, Number(S.Zero), inside.axes)
    return Indicator(positive, lowering.axes.parameter(), inside.axes)


def lower_log(logarithm: log, lowering: Lowering) -> Node:
    """``log(1 + x)`` by log1p, which keeps a small x; any other logarithm by log."""
    (argument,) = logarithm.args
    function = "log"
    if isinstance(argument, Add) and S.One in argument.args:
        function, argument = "log1p", argument - 1
    inside = lowering.lower(argument)
    return Applied(function, (inside,), inside.axes)


def lower_extremum(extremum: Min | Max, lowering: Lowering) -> Node:
    """The smaller or larger of two; NaN if either is."""
    if len(extremum.args) != 2:
        raise LoweringError(f"no rule lowers {extremum} of other than two numbers")
    # SymPy sorts the arguments; the number goes last because it reads better
    first, second = sorted(extremum.args, key=lambda part: bool(part.is_number))
    parts = (lowering.lower(first), lowering.lower(second))
    return Applied(_NUMPY_PAIR[extremum.func], parts, lowering.axes.of(*parts))


def lower_piecewise(cases: Piecewise, lowering: Lowering) -> Node:
    """Two cases, the second for all that the first leaves, by ``where``.

    An indicator, one or zero, has the type of the parameters.
    """
    if len(cases.args) != 2 or cases.args[1].cond is not true:
        raise LoweringError(f"no rule lowers {cases}: two cases, the second of them True")
    (value, condition), (otherwise, _) = cases.args
    test = _condition(condition, lowering)
    if (value, otherwise) == (S.One, S.Zero):
        return Indicator(test, lowering.axes.parameter(), test.axes)
    parts = (test, lowering.lower(value), lowering.lower(otherwise))
    return Applied("where", parts, lowering.axes.of(*parts))


def _condition(condition: Boolean, lowering: Lowering) -> Node:
    """A comparison, or several that hold at once."""
    if isinstance(condition, And):
        parts = tuple(_condition(part, lowering) for part in sorted(condition.args, key=str))
        return AllOf(parts, lowering.axes.of(*parts))
    if not isinstance(condition, Relational):
        raise LoweringError(f"no rule lowers the condition {condition}")
    left, right = (lowering.lower(side) for side in condition.args)
    return Compared(condition.rel_op, left, right, lowering.axes.of(left, right))
