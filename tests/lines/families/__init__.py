"""Families of lines: each an entry with its declarations, its equalities and its rewritings."""

from tests.lines.families.arbitrary import ARBITRARY
from tests.lines.families.branches import BRANCHES
from tests.lines.families.conditions_and_ranges import CONDITIONS_AND_RANGES
from tests.lines.families.declared_conditions import DECLARED_CONDITIONS
from tests.lines.families.elementary import ELEMENTARY
from tests.lines.families.functions import FUNCTIONS
from tests.lines.families.index_sums import INDEX_SUMS
from tests.lines.families.matrix_algebra import MATRIX_ALGEBRA
from tests.lines.families.products import PRODUCT_LINES
from tests.lines.families.restricted_numbers import RESTRICTED_NUMBERS
from tests.lines.families.shadowed_letters import SHADOWED_LETTERS
from tests.lines.families.subsets import SUBSET_SUMS

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
        BRANCHES,
        RESTRICTED_NUMBERS,
    )
}
