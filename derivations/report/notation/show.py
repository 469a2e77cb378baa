"""The notation of a node is found by its type; each kind of node registers its own."""

from __future__ import annotations

from functools import singledispatch

from sympy import Basic

from derivations.report.notation.layout import Text


@singledispatch
def show(node: Basic) -> Text:
    """The node as a piece of mathematics."""
    advice = "give it one in derivations/report/notation"
    raise TypeError(f"{type(node).__name__} has no notation; {advice}")


def mathematics(node: Basic) -> str:
    """The node as a reader writes it, on one line."""
    return show(node).text


def listed(nodes: tuple[Basic, ...], comma: str = ", ") -> str:
    """The nodes with commas between them."""
    return comma.join(map(mathematics, nodes))
