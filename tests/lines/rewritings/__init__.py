"""Exact rewritings, one entry each; groups of them by what they are for.

A rewriting gives an equal term or raises Unfit. That it does is not taken for granted: both sides
of a line that is called true are evaluated as well.
"""

from tests.lines.rewritings import of_sums, of_terms  # their rules are listed as they are read
from tests.lines.rewritings.of_sums import RULES, Rule, Site

__all__ = [
    "COMMON",
    "DECLARED",
    "DEFINITIONS",
    "DETERMINANTS",
    "MATRICES",
    "NUMBERS",
    "PASSED_OVER",
    "PRODUCTS",
    "RANGES",
    "RULES",
    "SUBSETS",
    "SUMS",
    "Rule",
    "Site",
    "of_sums",
    "of_terms",
]

DETERMINANTS = ("cycle", "trace_of_terms", "inverse_of_product", "determinant_of_product")
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
PRODUCTS = (
    "split_factors",
    "product_of_powers",
    "factor_apart",
    "product_relabelled",
    "products_exchanged",
    "sum_of_logs",
)
SUBSETS = ("the_rest", "membership_inside", "counted")
RANGES = (
    "last_apart",
    "first_apart",
    "shifted",
    "three_ways",
    "order_as_range",
    "triangle_exchanged",
)
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
