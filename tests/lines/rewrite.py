"""Rewritings by their names, and a few of them made at random places of a term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from tests.lines import rewritings_of_terms  # its rules are listed as they are read
from tests.lines.algebra import Context, Unfit
from tests.lines.rewritings_of_sums import RULES, Rule, Site
from tests.lines.tree import Call, Deriv, Path, Ranged, Term, children, names_in, put, size_of

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
    "rewritings_of_terms",
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


def rewritten(
    term: Term, context: Context, rules: Sequence[str], times: int, random: Random
) -> tuple[Term, list[str]]:
    """The term after so many rewritings, and which they were."""
    made: list[str] = []
    for _ in range(times):
        for _ in range(16):
            name = random.choice(rules)
            if name in COMMON and random.random() < PASSED_OVER:
                continue
            places = list(sites(term, context, random))
            random.shuffle(places)
            found = _first_rewritten(term, places, name)
            if found is not None and size_of(found) <= MOST_TERMS:
                term = found
                made.append(name)
                break
    return term, made


MOST_TERMS = 60


def _first_rewritten(
    term: Term, places: Iterable[tuple[Path, Term, Site]], name: str
) -> Term | None:
    for path, inner, site in places:
        try:
            new = RULES[name](inner, site)
        except Unfit:
            continue
        if new != inner:
            return put(term, path, new)
    return None


def sites(term: Term, context: Context, random: Random) -> Iterable[tuple[Path, Term, Site]]:
    """Every place in a term at which it can be rewritten.

    What a derivative is taken by is none, nor a vector that a function is said to depend on.
    """
    taken = frozenset(names_in(term))
    stack: list[tuple[Path, Term, dict[str, str]]] = [((), term, {})]
    while stack:
        path, inner, bound = stack.pop()
        yield path, inner, Site(context, bound, random, taken)
        below = {**bound, inner.letter: inner.over.axis} if isinstance(inner, Ranged) else bound
        parts = children(inner)
        for n, child in enumerate(parts[:1] if isinstance(inner, Deriv) else parts):
            if not (isinstance(inner, Call) and context.shape(child)):
                stack.append(((*path, n), child, below))
