"""Derivatives, in the ways people write them."""

from __future__ import annotations

from sympy import Derivative, Expr, Indexed, Symbol

from derivations.definition import substitute, unfold
from derivations.indices import Index, WordArray
from derivations.reader.array import Array
from derivations.reader.elaborate.number import Here, ill_typed, number
from derivations.reader.meaning import Function
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Fraction, Leaf, Node, Product, Script
from derivations.reader.written import written


def differentiated(function: Array, by: Node, whole: Node, here: Here) -> Array:
    """The derivative of a number, in the shape of what it is taken by."""
    if function.axes:
        raise ill_typed(whole, f"shape {function.said}", "a derivative, which is of a number")
    taken = variable(by, here)
    return Array(Derivative(function.entry, taken.entry, evaluate=False), taken.axes)


def variable(by: Node, here: Here) -> Array:
    """What a derivative is taken by; raises Unreadable for anything that is no variable."""
    value = number(by, here)
    if not _is_variable(value.entry):
        advice = "derivatives are taken by declared scalars, vectors, matrices and their entries"
        raise Unreadable(by.at, written(by), "no variable to differentiate by", advice)
    return value


def _is_variable(entry: Expr) -> bool:
    if isinstance(entry, Indexed):
        return not isinstance(entry.base, WordArray)
    return isinstance(entry, Symbol) and not isinstance(entry, Index) and not entry.is_integer


def takes_a_number(function: Function) -> bool:
    """Whether it has one argument, and that is a number."""
    parameters = function.parameters
    if len(parameters) != 1 or parameters[0].vector or parameters[0].fixed:
        return False
    return not isinstance(parameters[0].stands_for, Index)


def slope(function: Function, argument: Expr) -> Array:
    """``f'(z)`` of a function of one number."""
    (parameter,) = function.parameters
    symbol = parameter.stands_for
    body = unfold(function.value((symbol,)).entry)
    others = body.free_symbols - {symbol}
    if isinstance(argument, Symbol) and argument not in others:
        return Array(Derivative(function.value((argument,)).entry, argument, evaluate=False))
    return Array(substitute(body.diff(symbol), {symbol: argument}))


def operator(node: Node, here: Here) -> Node | None:
    """What ``\\frac{\\partial}{\\partial x}`` or ``\\nabla_x`` differentiates by, if it is one."""
    if isinstance(node, Script) and isinstance(node.base, Leaf) and node.base.kind == "NABLA":
        if node.sub is None or node.sub.only is None or node.sup or node.primes:
            raise Unreadable(node.at, "\\nabla", "by what?", "write \\nabla_{v_c}")
        return node.sub.only
    if isinstance(node, Fraction):
        _refuse_second(node.over)
    if isinstance(node, Fraction) and _is_sign(node.over):
        return _below(node, here)
    return None


def _refuse_second(over: Node) -> None:
    first = over.factors[0] if isinstance(over, Product) else over
    if isinstance(first, Script) and isinstance(first.base, Leaf):
        sign = first.base.kind == "PARTIAL" or (first.base.text == "d" and first.sup)
        if sign:
            raise Unreadable(first.at, written(first), "only first derivatives are read")


def quotient(node: Node, here: Here) -> tuple[Node, Node] | None:
    """What is differentiated and by what, in ``\\frac{\\partial J}{\\partial x}``."""
    if not isinstance(node, Fraction) or not isinstance(node.over, Product):
        return None
    first, *rest = node.over.factors
    by = _below(node, here) if _is_sign(first) else None
    if by is None:
        return None
    joins = node.over.joins[1:]
    inside = rest[0] if len(rest) == 1 else Product(rest[0].at, tuple(rest), joins)
    return inside, by


def _below(node: Fraction, here: Here) -> Node | None:
    under = node.under
    if isinstance(under, Script) and isinstance(under.base, Leaf) and under.base.kind == "PARTIAL":
        raise Unreadable(under.at, written(under), "only first derivatives are read")
    if not isinstance(under, Product) or not _is_sign(under.factors[0]):
        if isinstance(node.over, Leaf) and node.over.kind == "PARTIAL":
            raise Unreadable(node.at, written(node), "by what?", "write \\partial x below")
        return None
    if len(under.factors) != 2:
        raise Unreadable(under.at, written(under), "only first derivatives are read")
    _refuse_size(under.factors[0], here)
    return under.factors[1]


def _is_sign(node: Node) -> bool:
    if not isinstance(node, Leaf):
        return False
    return node.kind == "PARTIAL" or (node.kind == "LETTER" and node.text == "d")


def _refuse_size(node: Node, here: Here) -> None:
    if isinstance(node, Leaf) and node.text == "d" and "d" in here.scope.things:
        advice = "write \\partial for the derivative, or call the size otherwise"
        raise Unreadable(node.at, "d", "d is declared: a factor, or a derivative?", advice)


def slashed(node: Product, here: Here) -> tuple[Node, Node] | None:
    """The same of ``\\partial J / \\partial x``."""
    signs = [i for i, f in enumerate(node.factors) if isinstance(f, Leaf) and f.kind == "PARTIAL"]
    if len(signs) != 2 or signs[0] != 0 or node.joins[signs[1] - 1] != "/":
        return None
    if signs[1] != len(node.factors) - 2 or signs[1] < 2:
        advice = "put the derivative in parentheses, or write \\frac"
        raise Unreadable(node.at, written(node), "where does the derivative end?", advice)
    inside = node.factors[1 : signs[1]]
    joins = node.joins[1 : signs[1] - 1]
    what = inside[0] if len(inside) == 1 else Product(inside[0].at, inside, joins)
    return what, node.factors[-1]
