"""Sums and derivatives: signs that read on to the end of their product."""

from __future__ import annotations

from sympy import Derivative, Expr, Mul, Product, Sum, Symbol

from derivations.indices import Index
from derivations.report.notation.algebra import complement, multiplied
from derivations.report.notation.layout import Level, Rank, Text, closed, raised
from derivations.report.notation.show import mathematics, show


@show.register
def _sum(node: Sum) -> Text:
    return _ranging("Σ", node)


@show.register
def _product(node: Product) -> Text:
    return _ranging("Π", node)


def _ranging(sign: str, node: Sum | Product) -> Text:
    """A range is left unsaid where it is the whole index set; Σ_{j≠0} leaves out one member."""
    factors = list(Mul.make_args(node.function))
    restrictions = []
    for factor in tuple(factors):
        left_out = _left_out(factor, node.limits[0][0]) if isinstance(node, Sum) else ""
        if left_out:
            restrictions.append(left_out)
            factors.remove(factor)
    text = closed(multiplied(tuple(factors)), Level.PRODUCT)
    for limit in node.limits:
        subscript = ", ".join([*_bounds(*limit), *sorted(restrictions)])
        text = f"{sign}_{{{subscript}}} {text}" if subscript else f"{sign}_{limit[0]} {text}"
        restrictions = []
    return Text(text, Level.OPEN, Rank.OPEN)


def _left_out(factor: Expr, index: Symbol) -> str:
    """The member of the sum's range that ``factor`` leaves out, as ``j≠0``."""
    delta = complement(factor)
    if delta is None or index not in delta.args:
        return ""
    other = delta.args[1] if delta.args[0] == index else delta.args[0]
    return "" if index in other.free_symbols else f"{index}≠{mathematics(other)}"


def _bounds(index: Symbol, lower: Expr, upper: Expr) -> list[str]:
    if isinstance(index, Index) and (index.space.lower, index.space.upper) == (lower, upper):
        return []
    return [f"{index}={mathematics(lower)}..{mathematics(upper)}".replace(" ", "")]


@show.register
def _derivative(node: Derivative) -> Text:
    by = node.variables
    sign = "∂" if len(by) == 1 else raised(Text("∂"), Text(str(len(by)))).text
    below = "".join(f"∂{mathematics(variable)}" for variable in by)
    return Text(f"{sign}{closed(show(node.expr))}/{below}", Level.OPEN, Rank.OPEN)
