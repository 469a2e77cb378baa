"""Signs: of a term, of an argument, before brackets."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.edits.make import negative, terms
from derivations.edits.operator import Change
from derivations.edits.setting import Setting, is_below
from derivations.edits.spots import Spot
from derivations.edits.units import is_term, units
from derivations.reader.meaning import Function
from derivations.reader.syntax import Content, Group, Node, Relation, Script, Terms
from derivations.reader.written import written


def of_a_term(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a - b`` as ``a + b``; a minus before what has none."""
    node = spot.node
    if isinstance(node, Terms) and not is_below(spot.above):
        for n, part in enumerate(node.parts):
            sign = "-" if node.signs[n] == "+" else "+"
            signs = (*node.signs[:n], sign, *node.signs[n + 1 :])
            yield f"{sign} before {written(part)}", terms(signs, node.parts)
    elif is_term(spot) and not isinstance(spot.parent, Terms):
        yield f"- before {written(node)}", negative(node)


def of_an_argument(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\sigma(x)`` as ``\\sigma(-x)``, and ``e^x`` as ``e^{-x}``."""
    for unit in units(spot.node, setting):
        argument = unit.argument
        if argument is not None and _of_a_number(unit.factors[0], setting):
            changed = unit.with_argument(negative(argument))
            yield f"the sign of the argument in {written(unit.node)}", changed
    node = spot.node
    if isinstance(node, Script) and node.sup and written(node.base) == "e":
        (above,) = node.sup.items
        raised = Script(node.at, node.base, node.sub, Content(node.sup.at, (negative(above),)))
        yield f"the sign of the exponent in {written(node)}", raised


def _of_a_number(node: Node, setting: Setting) -> bool:
    function = setting.function(node)
    if not isinstance(function, Function):
        return function == "exp"
    stands_for = [parameter.stands_for for parameter in function.parameters]
    return len(stands_for) == 1 and stands_for[0] is not None and not stands_for[0].is_integer


def moved_outside(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\sigma(-x)`` as ``-\\sigma(x)``."""
    for unit in units(spot.node, setting):
        argument = unit.argument
        inside = isinstance(argument, Terms) and argument.signs == ("-",)
        if inside and argument is not None and _of_a_number(unit.factors[0], setting):
            changed = negative(unit.with_argument(negative(argument)))
            yield f"the minus in {written(unit.node)} moved outside", changed


def not_distributed(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a - (b + c)`` as ``a - b + c``."""
    node = spot.node
    if not isinstance(node, Terms):
        return
    for n, (sign, part) in enumerate(zip(node.signs, node.parts, strict=True)):
        inside = part.content.only if isinstance(part, Group) else None
        if sign == "+" or not isinstance(inside, Terms) or isinstance(inside, Relation):
            continue
        first = "-" if inside.signs[0] == "+" else "+"
        signs = (*node.signs[:n], first, *inside.signs[1:], *node.signs[n + 1 :])
        parts = (*node.parts[:n], *inside.parts, *node.parts[n + 1 :])
        yield f"the brackets dropped behind the minus: {written(part)}", terms(signs, parts)
