"""The LaTeX of a node is found by its type; each kind of node registers its own."""

from __future__ import annotations

from functools import singledispatch

from sympy import Basic

from derivations.reader.latex.piece import Piece
from derivations.reader.latex.within import Unprintable, Within


@singledispatch
def show(node: Basic, within: Within) -> Piece:
    """The node as a piece of a formula; raises Unprintable where the reader has none for it."""
    raise Unprintable(f"no formula is read as {type(node).__name__}: {node}")
