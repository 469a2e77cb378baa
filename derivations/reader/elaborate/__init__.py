"""From the tree of a formula to a typed, shape-checked expression in the one encoding.

number      the entry point: a number, vector or matrix; every kind of node has its own way
names       names with their subscripts; index: members of index sets
product     what stands side by side: applications, reaches, products
call        applications; arguments: matching them with parameters
sums, derivative, matrix, indicator, pieces (terms, fractions, brackets), shape
condition   what a line is claimed under
"""

from derivations.reader.elaborate import matrix, names, pieces, product
from derivations.reader.elaborate.number import Here, IllTyped, number

__all__ = ["Here", "IllTyped", "matrix", "names", "number", "pieces", "product"]
