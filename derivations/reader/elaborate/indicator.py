"""Equalities and inequalities between indices, as numbers: one where they hold, else zero."""

from __future__ import annotations

from sympy import Expr, Integer, KroneckerDelta

from derivations.reader import syntax
from derivations.reader.array import Array
from derivations.reader.elaborate.index import index_in, index_of
from derivations.reader.elaborate.number import Here, ill_typed
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Node, Relation
from derivations.reader.written import written


def pair(left: Node, right: Node, whole: Node, here: Here) -> tuple[Expr, Expr]:
    """Two indices of one set; a stand-in is taken for what it stands for where that is needed."""
    first, second = index_of(left, here), index_of(right, here)
    for one, node in ((first, left), (second, right)):
        if one is None:
            raise Unreadable(
                node.at, written(node), "an index is expected here", "declare it as one"
            )
    if isinstance(first, Integer) and isinstance(second, Integer):
        raise Unreadable(
            whole.at, written(whole), "two numbers", "an index on one side is expected"
        )
    spaces = [each[1] for each in (first, second) if isinstance(each, tuple)]
    if len(spaces) == 2 and spaces[0] != spaces[1] and spaces[0] in here.scope.stand_ins:
        spaces.reverse()
    space = spaces[0]
    return index_in(left, space, here, whole), index_in(right, space, here, whole)


def compared(left: Node, right: Node, whole: Node, here: Here) -> Expr:
    """Kronecker's delta of two indices."""
    one, other = pair(left, right, whole, here)
    if one == other:
        return Integer(1)
    return KroneckerDelta(one, other)


def indicator(relation: Node, here: Here) -> Expr:
    """One where ``a = b`` (or ``a \\ne b``) holds, else zero."""
    if not isinstance(relation, Relation) or len(relation.parts) != 2:
        raise Unreadable(relation.at, written(relation), "an equality of two indices is expected")
    (sign,) = relation.signs
    if sign not in ("=", r"\ne"):
        advice = "only = and \\ne are read here"
        raise Unreadable(relation.at, sign, "this comparison is not read", advice)
    delta = compared(*relation.parts, relation, here)
    return delta if sign == "=" else 1 - delta


def indicators(content: Content, here: Here) -> Array:
    """The product of the indicators of several relations, braces around them or not."""
    value: Expr = Integer(1)
    for item in content.items:
        if isinstance(item, syntax.Group):
            value *= indicators(item.content, here).entry
        else:
            value *= indicator(item, here)
    if not content.items:
        raise ill_typed(content, "an indicator", "nothing to indicate")
    return Array(value)
