"""The declarations of a derivation: one a line, a keyword first."""

from derivations.reader.declare.block import declared

__all__ = ["declared"]
