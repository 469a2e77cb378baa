"""Elaboration: from the syntax tree of a formula to a typed term of the resolved language.

environment    `resolve`, the entry point; each kind of node registers its own rule
constructs     each construct of notation with the trigger that it cannot stand there without
juxtaposition  products, and the table of rules for what a factor may begin; precedence: how far
brackets       sums of terms, fractions, brackets; piecewise: cases and indicators
matrices       arrays written cell by cell, dots, blocks
identifiers    name resolution, with subscripts; indexing: members of index sets, conditions
applications   functions and their arguments; operators: sums, products over ranges
derivatives    what is differentiated by what; differentials, intermediates
constructors   smart constructors of terms; properties: what is known of a term without its values
probabilities  of random_variables that nothing declares; expectations, moments
"""

from derivations.reader.elaborate import juxtaposition, matrices, piecewise
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve

__all__ = [
    "Environment",
    "IllFormed",
    "brackets",
    "juxtaposition",
    "matrices",
    "piecewise",
    "resolve",
]
