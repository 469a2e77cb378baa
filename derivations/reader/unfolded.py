"""How large an expression is when its definitions are written out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Basic, Expr, Integer, Pow, Symbol, exp

from derivations.definition import Defined
from derivations.reader.limits import MOST_DEEP, MOST_DEGREE, MOST_TOWER, MOST_UNFOLDED


@dataclass(frozen=True)
class Measure:
    """Nodes, how deep they are nested, and the largest product of exponents within exponents.

    ``tower`` is how many exponentials of a number, an expression without symbols, are within
    one another: SymPy calculates with such a number, and soon cannot.
    """

    nodes: int = 1
    deep: int = 1
    degree: int = 1
    tower: int = 0
    is_number: bool = True

    @property
    def excess(self) -> str:
        """What is too much of it; empty where nothing is."""
        if self.nodes > MOST_UNFOLDED:
            return f"larger than {MOST_UNFOLDED} when its definitions are written out"
        if self.deep > MOST_DEEP:
            return f"nested deeper than {MOST_DEEP} when its definitions are written out"
        if self.degree > MOST_DEGREE:
            return f"exponents within exponents above {MOST_DEGREE}"
        if self.tower > MOST_TOWER:
            return f"more than {MOST_TOWER} exponentials of a number within one another"
        return ""


Known = dict[tuple[type, tuple[Measure, ...]], Measure]


def measured(expression: Expr) -> Measure:
    """The measure of an expression with its definitions written out."""
    return _measured(expression, {}, {})


def _measured(node: Basic, inside: Mapping[Basic, Measure], known: Known) -> Measure:
    if isinstance(node, Symbol):
        return inside.get(node, Measure(is_number=False))
    parts = [_measured(part, inside, known) for part in node.args]
    if isinstance(node, Defined):
        key = (node.func, tuple(parts))
        if key not in known:
            values = dict(zip(node.params, parts, strict=True))
            known[key] = _measured(node.body, values, known)
        return known[key]
    if not parts:
        return Measure()
    nodes = 1 + sum(part.nodes for part in parts)
    deep = 1 + max(part.deep for part in parts)
    degree = max(part.degree for part in parts) * _exponent(node)
    is_number = all(part.is_number for part in parts)
    tower = max(part.tower for part in parts) + (is_number and isinstance(node, exp))
    # beyond the bounds how far does not matter
    return Measure(
        min(nodes, MOST_UNFOLDED + 1),
        min(deep, MOST_DEEP + 1),
        min(degree, MOST_DEGREE + 1),
        min(tower, MOST_TOWER + 1),
        is_number,
    )


def _exponent(node: Basic) -> int:
    if isinstance(node, Pow) and isinstance(node.exp, Integer):
        return max(abs(int(node.exp)), 1)
    if isinstance(node, exp):
        factor = node.args[0].as_coeff_Mul()[0]
        return max(abs(int(factor)), 1) if factor.is_Rational else 1
    return 1
