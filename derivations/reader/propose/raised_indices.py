"""Indices above names, ``x^{(i)}`` and ``y^i``, put below them, as the reader reads them.

Brackets around a letter that a sum binds, or that is an index by habit, say that it is one. Without
brackets it is one where a sum binds the letter, and the name is never raised to anything else.
"""

from __future__ import annotations

from dataclasses import replace

from derivations.reader.elaborate.operators import is_sum, pieces_below
from derivations.reader.elaborate.spelling import letter_of, name_of
from derivations.reader.problem import Place
from derivations.reader.propose.below_sums import bound_letter
from derivations.reader.propose.displays import Displayed, Shown, inside
from derivations.reader.propose.index_letters import USUAL
from derivations.reader.propose.letters_as_words import as_words
from derivations.reader.syntax import Accented, Content, Group, Leaf, Node, Script, rebuilt


class Raised:
    """What stands above names in a file."""

    def __init__(self, chains: list[Displayed]) -> None:
        self.brackets: dict[str, None] = {}  # names with an index in brackets above them
        self.plain: dict[str, Place] = {}  # names with one without brackets
        self._bound: set[str] = set()
        powers: set[str] = set()
        nodes = [node for chain in chains for tree in chain.trees for node in inside(tree)]
        for node in nodes:
            if isinstance(node, Script) and node.sub is not None and is_sum(node):
                self._bound |= {bound_letter(piece) for piece in pieces_below(node.sub)}
        for node in nodes:
            if not isinstance(node, Script) or not _is_name(node.base) or node.sup is None:
                continue
            name, inner = name_of(node.base), node.sup.only
            if self._in_brackets(node) is not None:
                self.brackets.setdefault(name)
            elif inner is not None and letter_of(inner) in self._bound:
                self.plain.setdefault(name, node.at)
            elif not (
                isinstance(inner, Leaf) and (inner.kind in ("TOP", "MARK") or inner.text == "T")
            ):
                powers.add(name)
        for name in powers:
            self.plain.pop(name, None)

    def lowered(self, chain: Displayed) -> Displayed:
        """A chain with the indices below."""
        sides = tuple(replace(side, node=self._side(side)) for side in chain.sides)
        return replace(chain, sides=sides)

    def _side(self, side: Shown) -> Node | None:
        return rebuilt(side.node, self._node) if side.node is not None else None

    def _node(self, node: Node) -> Node:
        node = as_words(node)
        if not isinstance(node, Script) or not _is_name(node.base) or node.sup is None:
            return node
        index = self._in_brackets(node)
        if index is None and name_of(node.base) in self.plain:
            above = node.sup.only
            index = above if above is not None and letter_of(above) in self._bound else None
        if index is None:
            return node
        items = (index, *(node.sub.items if node.sub else ()))
        content = Content(node.sup.at, items, (",",) * (len(items) - 1))
        return Script(node.at, node.base, content, None, node.primes)

    def _in_brackets(self, node: Script) -> Node | None:
        """The index in brackets above a name."""
        above = node.sup.only if node.sup is not None else None
        if not isinstance(above, Group) or above.bracket not in ("(", "["):
            return None
        only = above.content.only
        if only is None or letter_of(only) not in self._bound | USUAL:
            return None
        return only


def _is_name(node: Node) -> bool:
    base = node.base if isinstance(node, Accented) else node
    letters = isinstance(base, Leaf) and base.kind in ("LETTER", "WORD")
    return letters and isinstance(base, Leaf) and base.text != "e"
