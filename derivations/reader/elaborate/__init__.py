"""Elaboration: from the syntax tree of a formula to a term of the resolved language.

environment   `resolve`, the entry point; each kind of node registers its own way
products      what stands side by side: operands, how far signs reach, the product of them
brackets      sums of terms, fractions, brackets; piecewise: cases; dots: sums with dots
matrices      arrays with dots, by their entry, or by their diagonal
identifiers   names with their subscripts; members: members of index sets, conditions, bounds
applications  functions and their arguments; operators: sums and derivatives
arithmetic    terms put together, with what fits any shape fitted
"""

from derivations.reader.elaborate import brackets, matrices, piecewise, products
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve

__all__ = ["Environment", "IllFormed", "brackets", "matrices", "piecewise", "products", "resolve"]
