"""Numbers that may be zero times logarithms that may be infinite: 0 where the number is 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sympy import Expr, Mul, Sum, log

from codegen.arrays.entrywise import Applied
from codegen.arrays.tree import Node
from derivations.language.index_nodes import Defined

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


def weighted(factors: Sequence[Expr], lowering: Lowering) -> Node | None:
    """The product of such factors, where there is a logarithm among them and arrays beside it."""
    unbounded = [factor for factor in factors if _is_logarithm(factor)]
    numbers = [factor for factor in factors if factor not in unbounded]
    if len(unbounded) != 1 or not any(map(lowering.axes.running, numbers)):
        return None
    weight, value = lowering.lower(Mul(*numbers)), lowering.lower(*unbounded)
    return Applied("weigh", (weight, value), lowering.axes.of(weight, value))


def _is_logarithm(factor: Expr) -> bool:
    """Whether it is a logarithm, or a definition of a sum of them."""
    if isinstance(factor, Defined):
        terms = Mul.make_args(factor.opened)
        return any(isinstance(term, Sum) and isinstance(term.function, log) for term in terms)
    return isinstance(factor, log)
