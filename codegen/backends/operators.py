"""Operators by precedence: a piece of Python, how tightly it binds, and a rule for each node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from codegen.arrays.nodes import Compared, Node, Product, Terms
from derivations.language.layout import Piece

COMPARISON, SUM, PRODUCT, UNARY, POWER, ATOM = range(-1, 5)


@dataclass(frozen=True)
class Text(Piece):
    """A Python expression; ``call`` are a function and its arguments where it is no more.

    ``parts`` are these arguments one by one, where they may stand on lines of their own.
    """

    level: int = ATOM
    call: tuple[str, str] | None = None
    parts: tuple[str, ...] = ()


Operand = Callable[[Node, int], str]  # an operand as it is written where so much binds


def broken(start: str, text: Text, room: int) -> list[str]:
    """A statement on one line, or on several where that is longer than there is room."""
    if len(start) + len(text.text) <= room:
        return [f"{start}{text.text}"]
    if text.call is not None:
        function, given = text.call
        if len(given) + 4 <= room:
            return [f"{start}{function}(", f"    {given}", ")"]
        if text.parts:
            return [f"{start}{function}(", *(f"    {one}," for one in text.parts), ")"]
    return [f"{start}(", f"    {text.text}", ")"]


def sum_text(node: Terms, operand: Operand) -> Text:
    """x + y - z."""
    first, *others = (operand(term, PRODUCT) for term in node.terms)
    signs = ("-" if negative else "+" for negative in node.negative[1:])
    rest = (f" {sign} {term}" for sign, term in zip(signs, others, strict=True))
    return Text("".join([first, *rest]), SUM)


def product_text(node: Product, operand: Operand) -> Text:
    """x * y / z."""
    first, *others = node.above
    factors = [operand(first, PRODUCT), *(operand(factor, UNARY) for factor in others)]
    below = (f" / {operand(factor, UNARY)}" for factor in node.below)
    return Text("".join([" * ".join(factors), *below]), PRODUCT)


def negative_text(text: Text) -> Text:
    """-x, in front of a product as well."""
    if text.level >= PRODUCT:
        return Text(f"-{text.text}", min(text.level, UNARY))
    return Text(f"-{text.within(POWER)}", UNARY)


def compared_text(node: Compared, operand: Operand) -> Text:
    """x < y."""
    left, right = (operand(side, SUM) for side in (node.left, node.right))
    return Text(f"{left} {node.sign} {right}", COMPARISON)
