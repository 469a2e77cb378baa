"""Factors side by side: what is applied to what, how far each sign reaches, then the product."""

from __future__ import annotations

from derivations.reader.array import Array
from derivations.reader.elaborate import derivative, reach
from derivations.reader.elaborate.application import applied
from derivations.reader.elaborate.call import function_of
from derivations.reader.elaborate.factors import Factors
from derivations.reader.elaborate.indicator import indicators
from derivations.reader.elaborate.joined import Runs, require_apart
from derivations.reader.elaborate.names import atom, superscripted
from derivations.reader.elaborate.number import Here, number
from derivations.reader.elaborate.sums import summation
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import (
    Accented,
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
)
from derivations.reader.written import written


@number.register
def _product(node: Product, here: Here) -> Array:
    slashed = derivative.slashed(node, here)
    if slashed is not None:
        inside, by = slashed
        return derivative.differentiated(number(inside, here.under(node)), by, node, here)
    return _of(Factors(node.factors, node.joins), node, here)


@number.register(Leaf)
@number.register(Script)
@number.register(Accented)
def _single(node: Node, here: Here) -> Array:
    return _of(Factors((node,), ()), node, here)


def _of(factors: Factors, whole: Node, here: Here) -> Array:
    """The product, loosest signs last: what stands side by side belongs together."""
    found = Runs(whole)
    join = ""
    before: Node | None = None
    while factors.nodes:
        if before is not None and not join:
            require_apart(before, factors.nodes[0])
        value, used, length = _next(factors, whole, here)
        found.add(value, join, length)
        join = factors.joins[used - 1] if used < len(factors.nodes) else ""
        before, factors = factors.nodes[used - 1], factors.after(used)
    return found.product(here)


def _next(factors: Factors, whole: Node, here: Here) -> tuple[Array, int, int]:
    """The first operand, how many factors it takes, and as how many it counts below a slash."""
    node, rest = factors.nodes[0], factors.after(1)
    if reach.is_sum(node):
        over, inside = summation(node, here)
        value = number(_operand(node, rest, whole), inside)
        return over.of(value), len(factors.nodes), 1 if reach.alone(rest, inside) else 2
    by = derivative.operator(node, here)
    if by is not None:
        operand = _operand(node, rest, whole)
        reach.of_derivative(node, rest, here)
        value = number(operand, here.under(node))
        return derivative.differentiated(value, by, whole, here), len(factors.nodes), 2
    if _is_indicator(node, factors):
        return _indicator(node, factors, here)
    function = function_of(node, here)
    if function is not None:
        return applied(function, factors, whole, here)
    return atom(node, here), 1, 1


def _operand(sign: Node, rest: Factors, whole: Node) -> Node:
    if not rest.nodes:
        raise Unreadable(whole.at, written(sign), "of what?", "its operand is missing")
    return rest.node


def _is_indicator(node: Node, factors: Factors) -> bool:
    """Whether this is an indicator's sign, or a 1 with a relation behind or below it."""
    base = node.base if isinstance(node, Script) else node
    if not isinstance(base, Leaf) or base.kind not in ("INDICATOR", "NUMBER"):
        return False
    if base.kind == "INDICATOR":
        return True
    if base.text != "1":
        return False
    if isinstance(node, Script):
        return node.sub is not None and _says(node.sub)
    following = factors.nodes[1] if factors.adjacent else None
    return isinstance(following, Group) and following.bracket == r"\{" and _says(following.content)


def _says(content: Content) -> bool:
    only = content.only
    return isinstance(only, Relation) or (isinstance(only, Group) and _says(only.content))


def _indicator(node: Node, factors: Factors, here: Here) -> tuple[Array, int, int]:
    if isinstance(node, Script) and node.sub is not None:
        return superscripted(indicators(node.sub, here), node, here), 1, 1
    if isinstance(node, Leaf) and factors.adjacent:
        following = factors.nodes[1]
        inner = following.base if isinstance(following, Script) else following
        if isinstance(inner, Group):
            value = indicators(inner.content, here)
            if isinstance(following, Script):
                value = superscripted(value, following, here)
            return value, 2, 1
    raise Unreadable(node.at, written(node), "an indicator of what?", "write \\mathbb{1}_{w = o}")
