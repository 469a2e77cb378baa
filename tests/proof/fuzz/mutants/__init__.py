"""Deliberate faults of the normal form; the fuzzing has to find each one.

Some were made by people: variable capture, a division that may be by zero, an index read as a
number. Not among them is what changes no value: names nested in a factor that a multiplication
leaves as they are (outer names are new each time, so that a nested name can hide an equal one
but never catches a free one); a common factor with another exponent; a delta that is squared.
"""

from tests.planting import Mutant
from tests.proof.fuzz.mutants import of_sums, of_terms

MUTANTS: tuple[Mutant, ...] = (
    *of_terms.MUTANTS,
    *of_terms.MUTANTS_OF_EQUATIONS,
    *of_terms.MUTANTS_OF_DIVISION,
    *of_sums.MUTANTS_OF_RANGES,
    *of_sums.MUTANTS,
)
