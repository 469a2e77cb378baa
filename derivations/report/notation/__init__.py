"""Index expressions as one line of mathematics.

The text depends on the expression alone: what SymPy leaves unordered, or orders by names that
are not shown, is put in an order of its own.
"""

from derivations.report.notation import algebra, binders, functions
from derivations.report.notation.show import mathematics

__all__ = ["algebra", "binders", "functions", "mathematics"]
