"""Index expressions as one line of mathematics.

The text depends on the expression alone: what SymPy leaves unordered, or orders by names that
are not shown, is put in an order of its own.
"""

from derivations.report.notation import algebra, binders, function_notation
from derivations.report.notation.function_notation import application, named_in
from derivations.report.notation.show import mathematics, show

__all__ = [
    "algebra",
    "application",
    "binders",
    "function_notation",
    "mathematics",
    "named_in",
    "show",
]
