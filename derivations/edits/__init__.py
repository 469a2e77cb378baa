"""Small changes to written lines, one kind an operator: slips people make, and their repairs.

operators   all of them; each is a function from a tree, with its setting, to its variants
operator    what an operator is; spots: every place of a tree; make: trees put together
setting     the scope of a line, and the letters and factors that are in it
"""

from derivations.edits.operator import Edit, Operator
from derivations.edits.operators import OPERATORS
from derivations.edits.setting import Setting
from derivations.edits.variants import variants

__all__ = ["OPERATORS", "Edit", "Operator", "Setting", "variants"]
