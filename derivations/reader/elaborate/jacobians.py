"""Jacobians by name: ``J_x(s)``, ``J_f(x)``, where nothing else is called J.

Both orders are written: below the J stands what it is taken by, or what it is taken of. Which it is
shows where one of the two is made of the other; else it is not read.
"""

from __future__ import annotations

from dataclasses import replace

from derivations.language.tree import Term, vector_axis
from derivations.reader.elaborate.applications import function_of
from derivations.reader.elaborate.derivatives import Operator, differentiated
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve
from derivations.reader.elaborate.intermediates import depends
from derivations.reader.elaborate.spelling import name_of, raised_name
from derivations.reader.problem import Question, Unreadable
from derivations.reader.scope import Function
from derivations.reader.syntax import Group, Leaf, Node, Product, Script
from derivations.reader.written import written

_LETTER = "J"


def named_jacobian(node: Node, following: Node | None, here: Environment) -> Term | None:
    """The Jacobian that a J with something below and in brackets stands for, where it is one."""
    if not isinstance(node, Script) or not isinstance(node.base, Leaf) or node.sup or node.primes:
        return None
    below = node.sub.only if node.sub is not None else None
    if not isinstance(following, Group):
        return None
    inside = following.content.only
    names = {_LETTER, name_of(node), raised_name(node)}
    known = any(name in declared for name in names for declared in here.scope.declared)
    if node.base.text != _LETTER or known or below is None or inside is None:
        return None
    whole = Product(node.at, (node, following), ("",))
    for of, by in _ways(below, inside, whole, here):
        said = f"the derivatives of {written(of)} by {written(by)}"
        here.mention(f"{written(whole)} is read as {said}")
        return _laid_out(of, by, whole, here)
    return None


def _laid_out(of: Node, by: Node, whole: Node, here: Environment) -> Term:
    """The Jacobian; where both layouts of it fit, with a row for each function, as it is defined.

    Who lays it out otherwise calls the transpose so: no line falls by that.
    """
    value, along = resolve(of, here.inside(whole)), resolve(by, here)
    if here.scope.layout or vector_axis(value.shape) != vector_axis(along.shape):
        return differentiated(value, Operator(by), whole, here, of)
    what = "a row for each function, or for each variable?"
    advice = "declare it, as in layout numerator"
    here.question(Question(whole.at, written(whole), what, advice))
    rows = replace(here, layout=replace(here.layout, functions_are_rows=True), met=set())
    return differentiated(value, Operator(by), whole, rows, of)


def _ways(below: Node, inside: Node, whole: Product, here: Environment) -> list[tuple[Node, Node]]:
    """What it is taken of and by: one of them is a vector that is made of the other one."""
    quietly = replace(here, notes=[], doubts=[], questions=[], met=set())
    if isinstance(function_of(below, here), Function):
        return [(Product(whole.at, (below, whole.factors[1]), ("",)), inside)]
    try:
        first, second = resolve(below, quietly), resolve(inside, quietly)
    except (IllFormed, Unreadable):
        return []
    if vector_axis(first.shape) is None or vector_axis(second.shape) is None:
        return []
    found = [(inside, below)] if depends(second, first) else []
    return found or ([(below, inside)] if depends(first, second) else [])
