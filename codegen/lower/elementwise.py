"""Functions of one number, applied to every entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Abs, Add, And, Expr, Max, Min, Piecewise, S, exp, log, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from codegen.lower.text import ATOM, COMPARISON, SUM, UNARY, LoweringError, Text

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering

_NUMPY = {exp: "np.exp", Abs: "np.abs"}
_NUMPY_PAIR = {Min: "np.minimum", Max: "np.maximum"}


def lower_function(application: Expr, lowering: Lowering) -> Text:
    """``exp`` and ``Abs`` by NumPy's functions of the same meaning."""
    argument = lowering.lower(application.args[0])
    return Text(f"{_NUMPY[application.func]}({argument.code})", argument.axes)


def lower_log(logarithm: log, lowering: Lowering) -> Text:
    """``log(1 + x)`` by log1p, which keeps a small x; any other logarithm by log."""
    (argument,) = logarithm.args
    function = "np.log"
    if isinstance(argument, Add) and S.One in argument.args:
        function, argument = "np.log1p", argument - 1
    text = lowering.lower(argument)
    return Text(f"{function}({text.code})", text.axes)


def lower_extremum(extremum: Min | Max, lowering: Lowering) -> Text:
    """The smaller or larger of two; NaN if either is."""
    if len(extremum.args) != 2:
        raise LoweringError(f"no rule lowers {extremum} of other than two numbers")
    # SymPy sorts the arguments; the number goes last because it reads better
    first, second = sorted(extremum.args, key=lambda part: bool(part.is_number))
    parts = [lowering.lower(first), lowering.lower(second)]
    axes = lowering.axes.ordered(axis for part in parts for axis in part.axes)
    inside = ", ".join(part.beside(axes, SUM) for part in parts)
    return Text(f"{_NUMPY_PAIR[extremum.func]}({inside})", axes)


def lower_piecewise(cases: Piecewise, lowering: Lowering) -> Text:
    """Two cases, the second for all that the first leaves, by ``where``.

    An indicator, one or zero, has the type of the parameters.
    """
    if len(cases.args) != 2 or cases.args[1].cond is not true:
        raise LoweringError(f"no rule lowers {cases}: two cases, the second of them True")
    (value, condition), (otherwise, _) = cases.args
    test = _condition(condition, lowering)
    if (value, otherwise) == (S.One, S.Zero):
        return Text(f"{test.within(ATOM)}.astype({lowering.axes.parameter()}.dtype)", test.axes)
    parts = [lowering.lower(value), lowering.lower(otherwise)]
    axes = lowering.axes.ordered(axis for part in [test, *parts] for axis in part.axes)
    first, second = (part.beside(axes, SUM) for part in parts)
    return Text(f"np.where({test.beside(axes, COMPARISON)}, {first}, {second})", axes)


def _condition(condition: Boolean, lowering: Lowering) -> Text:
    """A comparison, or several that hold at once."""
    if isinstance(condition, And):
        parts = [_condition(part, lowering) for part in sorted(condition.args, key=str)]
        axes = lowering.axes.ordered(axis for part in parts for axis in part.axes)
        return Text(" & ".join(part.beside(axes, UNARY) for part in parts), axes, COMPARISON)
    if not isinstance(condition, Relational):
        raise LoweringError(f"no rule lowers the condition {condition}")
    sides = [lowering.lower(side) for side in condition.args]
    axes = lowering.axes.ordered(axis for side in sides for axis in side.axes)
    left, right = (side.beside(axes, SUM) for side in sides)
    return Text(f"{left} {condition.rel_op} {right}", axes, COMPARISON)
