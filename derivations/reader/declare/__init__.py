"""The declarations of a derivation: one a line, a keyword first, or what displays introduce.

block        the lines of a block: a row for each keyword, common names; what is known at a place
recovery     what a line that is lost takes along; declarations that win over others
arrays       sizes, index sets and letters, lists; scalars, vectors, matrices
parameters   functions by their arguments, arbitrary ones, distributions
definitions  what abbreviates a formula, declared or introduced by a display
recurrences  definitions by recurrence, and statements about them by induction
"""

from derivations.reader.declare.block import declared

__all__ = ["declared"]
