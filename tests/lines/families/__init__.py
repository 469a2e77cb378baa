"""Families of lines: each an entry with its declarations, its equalities and its rewritings.

Those of ``TEXTS`` share no trees with the others: each writes its line itself, and knows its truth
by exact numbers.
"""

from collections.abc import Callable

from tests.lines.families import chains, probabilities
from tests.lines.families.of_arrays import (
    DECLARED_CONDITIONS,
    INVERSES,
    MATRIX_ALGEBRA,
    RESTRICTED_NUMBERS,
    TRACES_AND_DETERMINANTS,
)
from tests.lines.families.of_functions import (
    ARBITRARY,
    BRANCHES,
    ELEMENTARY,
    FUNCTIONS,
    PRODUCT_LINES,
)
from tests.lines.families.of_sums import (
    CONDITIONS_AND_RANGES,
    INDEX_SUMS,
    SHADOWED_LETTERS,
    SUBSET_SUMS,
)
from tests.lines.random_terms import Text

FAMILIES = {
    family.name: family
    for family in (
        INDEX_SUMS,
        MATRIX_ALGEBRA,
        FUNCTIONS,
        ARBITRARY,
        SHADOWED_LETTERS,
        CONDITIONS_AND_RANGES,
        ELEMENTARY,
        DECLARED_CONDITIONS,
        PRODUCT_LINES,
        SUBSET_SUMS,
        TRACES_AND_DETERMINANTS,
        BRANCHES,
        RESTRICTED_NUMBERS,
        INVERSES,
    )
}
TEXTS: dict[str, Callable[[str], Text]] = {
    "means": probabilities.mean_case,
    "chains": chains.chain_case,
    "probabilities": probabilities.probability_case,
    "recurrences": chains.recurrence_case,
    "classes": probabilities.class_case,
    "squares": chains.square_case,
    "prefixes": chains.prefix_case,
}
