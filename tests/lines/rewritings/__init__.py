"""Exact rewritings, one entry each; groups of them by what they are for.

A rewriting gives an equal term or raises Unfit. That it does is not taken for granted: both sides
of a line that is called true are evaluated as well.
"""

from tests.lines.rewritings import declared, definitions, matrices, numbers, sums
from tests.lines.rewritings.site import RULES, Rule, Site

__all__ = [
    "COMMON",
    "DECLARED",
    "DEFINITIONS",
    "MATRICES",
    "NUMBERS",
    "PASSED_OVER",
    "RANGES",
    "RULES",
    "SUMS",
    "Rule",
    "Site",
    "declared",
    "definitions",
    "matrices",
    "numbers",
    "sums",
]

NUMBERS = (
    "reorder_sum",
    "reorder_product",
    "distribute",
    "factor_out",
    "double",
    "square",
    "sign_out",
    "add_nothing",
    "fraction",
    "flatten",
    "exponential",
    "logarithm",
)
SUMS = (
    "split_terms",
    "join_sums",
    "constant_out",
    "factor_in",
    "exchange",
    "relabel",
    "delta_gone",
    "delta_in",
    "condition_out",
    "condition_in",
    "complement",
)
RANGES = ("last_apart", "first_apart", "shifted", "three_ways")
MATRICES = (
    "transpose_in",
    "transpose_out",
    "associate",
    "distribute_matrices",
    "inner_product",
    "expand_norm",
    "into_entries",
)
DECLARED = ("turned", "added_up", "one_as_a_sum", "the_others")
DEFINITIONS = ("unfold", "differentiate", "derive_terms")
# those that almost any term allows are passed over more often than not
COMMON = {"add_nothing", "sign_out", "flatten", "reorder_sum", "reorder_product", "relabel"}
PASSED_OVER = 0.6
