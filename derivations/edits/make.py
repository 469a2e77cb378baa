"""Trees put together so that they print with the brackets they need."""

from __future__ import annotations

from dataclasses import replace

from derivations.reader.problem import Place
from derivations.reader.syntax import (
    Content,
    Fraction,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    Terms,
)

NOWHERE = Place()


def content(*items: Node) -> Content:
    """Items with commas between them."""
    return Content(NOWHERE, items, (",",) * (len(items) - 1))


def bracketed(node: Node) -> Node:
    """The node in parentheses."""
    return Group(node.at, "(", content(node))


def letter(text: str) -> Leaf:
    """A letter, or the number of its digits."""
    return Leaf(NOWHERE, "NUMBER" if text.isdigit() else "LETTER", text)


def terms(signs: tuple[str, ...], parts: tuple[Node, ...]) -> Node:
    """A sum of terms; sums among them are joined in, or bracketed behind a minus."""
    every_sign: list[str] = []
    every_part: list[Node] = []
    for sign, part in zip(signs, parts, strict=True):
        if isinstance(part, Terms) and sign == "+":
            every_sign += part.signs
            every_part += part.parts
        else:
            every_sign.append(sign)
            every_part.append(bracketed(part) if isinstance(part, Terms) else part)
    if every_sign == ["+"]:
        return every_part[0]
    return Terms(every_part[0].at, tuple(every_sign), tuple(every_part))


def product(factors: tuple[Node, ...], joins: tuple[str, ...] | None = None) -> Node:
    """Factors side by side; products among them are joined in where nothing stands between."""
    joins = joins if joins is not None else ("",) * (len(factors) - 1)
    every: list[Node] = []
    between: list[str] = []
    for n, factor in enumerate(factors):
        beside = {*joins[max(n - 1, 0) : n], *joins[n : n + 1]} - {""}
        if n:
            between.append(joins[n - 1])
        if isinstance(factor, Product) and not beside:
            every += factor.factors
            between += factor.joins
        else:
            every.append(bracketed(factor) if isinstance(factor, Terms | Product) else factor)
    if len(every) == 1:
        return every[0]
    return Product(every[0].at, tuple(every), tuple(between))


def negative(node: Node) -> Node:
    """The node with a minus before it, or without the one it has."""
    if isinstance(node, Terms) and node.signs == ("-",):
        return node.parts[0]
    return terms(("-",), (node,))


def applied(function: str, argument: Node) -> Node:
    """``\\exp`` or ``\\log`` of an argument in parentheses."""
    return product((Leaf(argument.at, "FUNCTION", function), bracketed(argument)))


def raised(base: Node, above: Node) -> Node:
    """The base with something above it."""
    if isinstance(base, Script) and base.sup is None and not base.primes:
        return replace(base, sup=content(above))
    if isinstance(base, Terms | Product | Fraction | Script | Relation):
        base = bracketed(base)
    return Script(base.at, base, sup=content(above))


def lowered(base: Node, below: Node) -> Node:
    """The base with a subscript."""
    if isinstance(base, Script) and base.sub is None:
        return replace(base, sub=content(below))
    return Script(base.at, base, sub=content(below))
