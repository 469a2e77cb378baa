"""A constant that nobody names, at the end of a sum: ``+ C``, ``+ \\text{const}``."""

from __future__ import annotations

from dataclasses import dataclass

from derivations.reader.elaborate.spelling import letters_from
from derivations.reader.scope import Scope
from derivations.reader.syntax import Leaf, Node, Product, Script, Terms

_WORDS = frozenset({"const", "constant", "Const", "cst", "const."})
_LETTER = "C"


@dataclass(frozen=True)
class Without:
    """A side without the constant that is one of its terms, and the letter where it is one."""

    node: Node
    letter: Leaf | None


def without_constant(node: Node, scope: Scope) -> Without | None:
    """A side without the undeclared constant that is one of its terms; None where there is none.

    A letter that stands anywhere else in it as well is none.
    """
    if not isinstance(node, Terms):
        return None
    letters = (each for each in node.parts if isinstance(each, Leaf) and each.text == _LETTER)
    letter = next(letters, None)
    left = [
        (sign, part)
        for sign, part in zip(node.signs, node.parts, strict=True)
        if not _is_constant(part, scope)
    ]
    if not left or len(left) == len(node.parts):
        return None
    if len(left) == 1 and left[0][0] == "+":
        return Without(left[0][1], letter)
    signs, parts = (tuple(each) for each in zip(*left, strict=True))
    return Without(Terms(node.at, signs, parts), letter)


def _is_constant(node: Node, scope: Scope) -> bool:
    inner = node.base if isinstance(node, Script) and node.sup is None else node
    if isinstance(inner, Leaf) and inner.kind == "WORD" and inner.text in _WORDS:
        return not _is_known(inner.text, scope)
    if isinstance(node, Product):
        letters = letters_from(node, 0)
        spelt = "".join(letter.text for letter in letters)
        return len(letters) == len(node.factors) and spelt in _WORDS and not _is_known("c", scope)
    return isinstance(node, Leaf) and node.text == _LETTER and not _is_known(node.text, scope)


def _is_known(name: str, scope: Scope) -> bool:
    return any(name in known for known in (*scope.declared, scope.lists, scope.sets))
