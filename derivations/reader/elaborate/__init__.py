"""From the tree of a formula to a typed, shape-checked expression in the one encoding.

number      the entry point: a number, vector or matrix; every kind of node has its own way
names       names with their subscripts; index: members of index sets
product     what stands side by side: factors, how far signs reach (reach), then joined
application a function and what it is applied to; call; arguments: matched with parameters
sums, ranges, derivative, matrix, indicator, pieces (terms, fractions, brackets), shape
condition   what a line is claimed under
"""

from derivations.reader.elaborate import matrix, names, pieces, product
from derivations.reader.elaborate.number import Here, IllTyped, number

__all__ = ["Here", "IllTyped", "matrix", "names", "number", "pieces", "product"]
