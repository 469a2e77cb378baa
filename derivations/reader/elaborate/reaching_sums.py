"""Sums that are meant to reach over several terms, as that of a cross-entropy mostly is.

In what says what a name is that has no i, no term behind ``\\sum_i y_i`` can be of an i of its own.
"""

from __future__ import annotations

from derivations.language.traversal import free_in
from derivations.reader.elaborate.environment import Environment, resolve
from derivations.reader.elaborate.operators import is_sum, open_sums
from derivations.reader.syntax import Content, Group, Node, Product, Terms


def with_reaching_sums(node: Terms, here: Environment) -> Terms:
    """The terms with those behind a sum that have its letter inside of it."""
    signs: list[str] = []
    parts: list[Node] = []
    at = 0
    while at < len(node.parts):
        part, end = node.parts[at], at + 1
        signs.append(node.signs[at])
        if isinstance(part, Product) and any(map(is_sum, part.factors)):
            value = resolve(part, here)
            letters = {letter.latex for letter in open_sums(value)}
            letters -= {letter.latex for letter in free_in(value).indices}
            while end < len(node.parts) and letters & _letters(node.parts[end], here):
                end += 1
            part = _over(part, node.signs[at + 1 : end], node.parts[at + 1 : end])
        parts.append(part)
        at = end
    return Terms(node.at, tuple(signs), tuple(parts)) if len(parts) < len(node.parts) else node


def _letters(part: Node, here: Environment) -> set[str]:
    return {letter.latex for letter in free_in(resolve(part, here)).indices}


def _over(part: Product, signs: tuple[str, ...], parts: tuple[Node, ...]) -> Product:
    """The product with more terms under its last sum sign."""
    if not parts:
        return part
    last = max(number for number, factor in enumerate(part.factors) if is_sum(factor))
    head, operand = part.factors[: last + 1], part.factors[last + 1 :]
    joins = part.joins[last + 1 :]
    first = operand[0] if len(operand) == 1 else Product(operand[0].at, operand, joins)
    terms = Terms(first.at, ("+", *signs), (first, *parts))
    inside = Group(first.at, "(", Content(first.at, (terms,)))
    return Product(part.at, (*head, inside), (*part.joins[:last], ""))
