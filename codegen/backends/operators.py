"""Operators by precedence: a piece of Python, how tightly it binds, and a rule for each node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from codegen.arrays.nodes import Compared, Node, Product, Terms

COMPARISON, SUM, PRODUCT, UNARY, POWER, ATOM = range(-1, 5)


@dataclass(frozen=True)
class Text:
    """A Python expression; ``call`` are a function and its arguments where it is no more.

    ``parts`` are these arguments one by one, where they may stand on lines of their own.
    """

    code: str
    binding: int = ATOM
    call: tuple[str, str] | None = None
    parts: tuple[str, ...] = ()

    def within(self, binding: int) -> str:
        """The code, in parentheses unless it binds at least as tightly as ``binding``."""
        return self.code if self.binding >= binding else f"({self.code})"


Operand = Callable[[Node, int], str]  # an operand as it is written where so much binds


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
    if text.binding >= PRODUCT:
        return Text(f"-{text.code}", min(text.binding, UNARY))
    return Text(f"-{text.within(POWER)}", UNARY)


def compared_text(node: Compared, operand: Operand) -> Text:
    """x < y."""
    left, right = (operand(side, SUM) for side in (node.left, node.right))
    return Text(f"{left} {node.sign} {right}", COMPARISON)
