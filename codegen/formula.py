"""Index expressions as text, for docstrings and comments: the notation of the reports."""

from __future__ import annotations

from sympy import Basic, Indexed

from codegen.argmax import Argmax
from derivations.language.index_nodes import Defined
from derivations.report.notation import application, mathematics, named_in, show

__all__ = ["mathematics", "meaning"]

show.register(Argmax, application)


def meaning(expression: Basic) -> str:
    """What a step computes, for a comment beside it.

    A choice of a word says how it is chosen. Arguments that a notation leaves out are left out
    here for good: the code beside the comment has them.
    """
    if isinstance(expression, Argmax):
        index, body = expression.opened()
        return f"the {index} of largest {meaning(body)}"
    return mathematics(_brief(expression))


def _brief(node: Basic) -> Basic:
    """``node`` with every argument that its notation leaves out put back to the parameter."""
    if not node.args or isinstance(node, Indexed):
        return node
    arguments = map(_brief, node.args)
    if isinstance(node, Defined | Argmax):
        pairs = zip(node.params, arguments, strict=True)
        shown = named_in(node.shown)
        return node.func(*[argument if p.name in shown else p for p, argument in pairs])
    return node.func(*arguments)
