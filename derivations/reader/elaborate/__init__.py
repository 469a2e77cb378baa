"""Elaboration: from the syntax tree of a formula to a typed term of the resolved language.

`environment.py` above has `resolve`, the entry point, and each construct's trigger.

juxtaposition  products, with the rule for what a factor may begin; sums, fractions, brackets
operators      sums and products over ranges; precedence: how far a sign without brackets reaches
identifiers    name resolution, with subscripts; indexing: members of index sets, conditions
applications   functions and their arguments
derivatives    what is differentiated by what, differentials; intermediates: by a part of a formula
piecewise      cases and indicators; matrices: arrays written cell by cell, dots, blocks
probabilities  of random variables that nothing declares; expectations: sums, closed forms, moments
constructors   smart constructors of terms; properties: what is known of a term without its values
"""

from derivations.reader.elaborate import juxtaposition, matrices, piecewise
from derivations.reader.environment import Environment, IllFormed, resolve

__all__ = [
    "Environment",
    "IllFormed",
    "juxtaposition",
    "matrices",
    "piecewise",
    "resolve",
]
