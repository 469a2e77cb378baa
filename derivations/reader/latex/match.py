"""Which subscripts or arguments make a declared name mean a given expression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Basic, Expr, Indexed

from derivations.reader.latex.within import Within


def matched(
    template: Expr, slots: Sequence[Basic], node: Expr, within: Within
) -> Mapping[Basic, Expr] | None:
    """The values of ``slots`` that turn ``template`` into ``node``; None where there are none.

    What the name leaves unsaid has to be the same, and not bound where the node stands.
    """
    pairs = _pairs(template, node)
    if pairs is None:
        return None
    values: dict[Basic, Expr] = {}
    for mine, given in pairs:
        if mine in slots:
            if values.setdefault(mine, given) != given:
                return None
        elif mine != given or within.binds(given):
            return None
    return values


def _pairs(template: Expr, node: Expr) -> list[tuple[Basic, Expr]] | None:
    if isinstance(template, Indexed) and isinstance(node, Indexed):
        if template.base != node.base or len(template.indices) != len(node.indices):
            return None
        return list(zip(template.indices, node.indices, strict=True))
    if not template.args:
        return [] if template == node else None
    if template.func is not node.func or len(template.args) != len(node.args):
        return None
    return list(zip(template.args, node.args, strict=True))
