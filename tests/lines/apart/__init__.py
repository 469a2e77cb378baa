"""Families of random lines, each with a truth of its own by exact numbers, and no common trees.

means            expectations under declared weights, and empirical means
chains           chain rules through named intermediates
probabilities    joint, conditional and marginal ones, of undeclared probabilities
recurrences      values by those before, and their derivatives
inverses         matrices that are declared invertible, symmetric or positive definite
classes          conditions on numbers that are one of two
squares          derivatives by powers of numbers above zero
prefixes         products up to an index
"""

from collections.abc import Callable

from tests.lines.apart import (
    chains,
    classes,
    inverses,
    means,
    prefixes,
    probabilities,
    recurrences,
    squares,
)
from tests.lines.apart.case import Case

FAMILIES: dict[str, Callable[[str], Case]] = {
    "means": means.case,
    "chains": chains.case,
    "probabilities": probabilities.case,
    "recurrences": recurrences.case,
    "inverses": inverses.case,
    "classes": classes.case,
    "squares": squares.case,
    "prefixes": prefixes.case,
}
