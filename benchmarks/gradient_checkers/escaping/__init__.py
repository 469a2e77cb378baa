"""Kernels made to escape a checker, each with its correct twin.

They are right wherever small inputs reach and wrong beyond: from a size on, in blocks, with narrow
integers, with what a call leaves behind, at special values, or after many calls. Those that are
wrong on inputs only that no contract here covers (ten thousand words, half precision) say so.
"""

from benchmarks.gradient_checkers.escaping.catalogue import ESCAPING, TWINS, Escape

__all__ = ["ESCAPING", "TWINS", "Escape"]
