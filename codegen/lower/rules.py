"""Which rule lowers which node."""

from sympy import (
    Abs,
    Add,
    Basic,
    Indexed,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
)

from codegen.argmax import Argmax
from codegen.arrays.tree import Node
from codegen.lower.arithmetic import lower_add, lower_mul, lower_number, lower_pow
from codegen.lower.deltas import lower_delta
from codegen.lower.elementwise import (
    lower_extremum,
    lower_function,
    lower_log,
    lower_piecewise,
)
from codegen.lower.entries import lower_argmax, lower_indexed, lower_symbol
from codegen.lower.lowering import Lowering, Rule
from codegen.lower.sums import lower_sum
from derivations.language.index_nodes import Defined


def lower_defined(application: Defined, lowering: Lowering) -> Node:
    """An abbreviation without a name in the code: its body in its place."""
    return lowering.lower(application.opened)


RULES: dict[type[Basic], Rule] = {
    Rational: lower_number,
    Symbol: lower_symbol,
    Indexed: lower_indexed,
    Argmax: lower_argmax,
    Defined: lower_defined,
    Add: lower_add,
    Mul: lower_mul,
    Pow: lower_pow,
    Sum: lower_sum,
    KroneckerDelta: lower_delta,
    exp: lower_function,
    Abs: lower_function,
    log: lower_log,
    Min: lower_extremum,
    Max: lower_extremum,
    Piecewise: lower_piecewise,
}
