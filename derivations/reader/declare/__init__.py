"""The declarations of a derivation: one a line, a keyword first, or what displays introduce.

block                 the lines of a block by keyword, and what a line that is lost takes along
arrays                sizes, index sets and letters, lists; scalars, vectors, matrices
function_definitions  definitions and functions of a block; introduction: implicit ones, by displays
recurrences           definitions by recurrence, and statements about them by induction
"""

from derivations.reader.declare.block import declared

__all__ = ["declared"]
