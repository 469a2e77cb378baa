"""The declarations of a derivation: one a line, a keyword first, or what displays introduce.

block         the lines of a block by their keywords; recovery: what a line that is lost takes along
index_sets    sizes, sets, subsets, index letters, lists; arrays: scalars, vectors, matrices
introduction  implicit definitions by displays; function_definitions: those of a block
recurrences   definitions by recurrence; induction: statements about them
"""

from derivations.reader.declare.block import declared

__all__ = ["declared"]
