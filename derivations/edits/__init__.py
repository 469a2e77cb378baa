"""Small changes to the terms of a line, one kind an operator: slips people make, and their repairs.

catalogue   all operators, and every variant of a term that they make
operator    what an operator is, and what it may draw on
zipper      every position in a term, and the term with something else there
"""

from derivations.edits.catalogue import OPERATORS, variants
from derivations.edits.operator import Edit, Operator, Surroundings

__all__ = ["OPERATORS", "Edit", "Operator", "Surroundings", "variants"]
