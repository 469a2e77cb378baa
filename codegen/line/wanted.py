"""The loss and the derivative that the left side of a line is of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Basic, Derivative, Expr, Product, Sum, preorder_traversal

from codegen.line.refusal import Refusal
from derivations.claim import Claim
from derivations.indices import Index, free_indices
from derivations.language import tree
from derivations.language.index_form import entry_of
from derivations.language.index_nodes import Defined, substitute


@dataclass(frozen=True)
class Wanted:
    """The derivative of ``loss`` along ``axes``, which is ``right``.

    ``by`` are the names of what it is taken by. ``given`` are indices that the loss depends on.
    """

    loss: Expr
    right: Expr
    by: tuple[str, ...]
    axes: tuple[Index, ...]
    given: tuple[Index, ...]


def wanted(claim: Claim) -> Wanted:
    """What is to be computed; raises Refusal where the left side is no derivative."""
    sides = claim.sides
    left, right = sides.left, sides.right
    if right.has(Derivative):
        raise Refusal("the right side has a derivative in it; take the line that works it out")
    if isinstance(left, Derivative):
        loss, by = left.expr, tuple(reversed(left.variables))
        names = tuple(str(getattr(one, "base", one)) for one in by)
        letters = [index for one in by for index in getattr(one, "indices", ())]
    else:
        loss, name = _inside(claim)
        names, letters = (name,), []
    given = sorted((one for one in free_indices(loss) if one not in sides.axes), key=str)
    apart = {one: Index(f"{one.name}°", one.space) for one in given if _binds(one, loss, right)}
    loss, right = substitute(loss, apart), substitute(right, apart)
    given = [apart.get(one, one) for one in given]
    letters = [apart.get(one, one) for one in letters]
    own = [one for one in letters if isinstance(one, Index)]
    # in the order that the variable has them, if the sides are read along some of these alone
    running = own if {*sides.axes} <= {*own} else [*sides.axes, *own]
    axes = tuple(dict.fromkeys(one for one in running if one not in given))
    loose = free_indices(right) - {*axes, *given}
    axes = (*axes, *sorted(loose, key=str))
    return Wanted(loss, right, names, axes, tuple(given))


def _binds(index: Index, *parts: Basic) -> bool:
    """Whether a sum binds a letter of this name somewhere, in definitions as well."""
    for part in parts:
        for node in preorder_traversal(part):
            if isinstance(node, Sum | Product) and any(one[0] == index for one in node.limits):
                return True
            if isinstance(node, Defined) and _binds(index, node.body):
                return True
    return False


def _inside(claim: Claim) -> tuple[Expr, str]:
    """The loss of a derivative by what is defined, which is one by a parameter of a definition."""
    term = claim.left
    while isinstance(term, tree.Entry):
        term = term.of
    if isinstance(term, tree.Call) and isinstance(term.definition.body, tree.Derivative):
        slope = term.definition.body
        whole = replace(term.definition, body=slope.of)
        loss, axes = entry_of(replace(term, definition=whole), claim.names)
        if not axes:
            return loss, tree.variable_of(slope.by).name
    raise Refusal("the left side is no derivative of a loss, so that there is no gradient to make")
