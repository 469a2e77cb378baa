"""SymPy's ``equals`` on both sides written out in components at one small size.

The sizes are N = 4, d = 2, K = 2, m = 1; the words meet the conditions and are as different as
they can be, as in an example made by hand.
Derivatives are SymPy's, of the function written out. The arbitrary loss of the window is an
undefined function of the coordinates it depends on.
"""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Expr, Symbol

from benchmarks.checkers.case import Case, Checker, Opinion
from benchmarks.checkers.draw import drawn, entries
from benchmarks.written_out import WrittenOut
from derivations.proof.domain import Scope
from derivations.proof.evaluate import Interpreter
from derivations.repair.screening import Sizes

SIZES = Sizes(labels=(4, 4), windows=(1, 1), others=(2, 2))
SEED, DRAWS = 1, 200


class _Derived(Interpreter):
    """Takes derivatives by SymPy of what is written out."""

    def _value(self, node: Expr, scope: Scope) -> Any:
        if not isinstance(node, Derivative):
            return super()._value(node, scope)
        value = super()._value(node.expr, scope)
        for by in node.variables:
            value = value.diff(Symbol(str(self._coordinate(by, scope)), real=True))
        return value


def components(case: Case) -> tuple[list[Expr], list[Expr]] | None:
    """The components of both sides, derivatives taken; None where there are none."""
    instance = drawn(case, SIZES, SEED, DRAWS)
    return None if instance is None else entries(case, _Derived(instance, WrittenOut()))


def says(case: Case) -> Opinion:
    """Accepted where SymPy finds every component equal, rejected where one is not."""
    sides = components(case)
    if sides is None:
        return Opinion.SILENT
    found = [(left - right).equals(0) for left, right in zip(*sides, strict=True)]
    if False in found:
        return Opinion.REJECTED
    return Opinion.ACCEPTED if all(found) else Opinion.SILENT


CHECKER = Checker(
    "SymPy equals", "in components at N = 4, d = 2, K = 2, m = 1", says, components=True
)
