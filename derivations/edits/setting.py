"""What an edit may draw on: the scope of a line, and the letters and factors that are in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from derivations.edits.spots import spots
from derivations.indices import Index, IndexSet
from derivations.reader.array import Array
from derivations.reader.elaborate import Here
from derivations.reader.elaborate.call import function_of
from derivations.reader.elaborate.spelling import name_of
from derivations.reader.meaning import Function, Scope, Thing
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Accented, Fraction, Leaf, Node, Product, Script


@dataclass(frozen=True)
class Setting:
    """The scope of a line, and both its sides."""

    scope: Scope
    sides: tuple[Node, ...]

    def function(self, node: Node) -> Function | str | None:
        """The function that a factor names."""
        return function_of(node, Here(self.scope))

    def thing(self, node: Node) -> Thing | None:
        """The number, vector or matrix, or the family of them, that a node names."""
        try:
            return self.scope.things.get(name_of(node))
        except Unreadable:
            return None

    def takes_no_vector(self, node: Node) -> bool:
        """Whether a factor names a declared function of numbers or words, as sigma and P."""
        function = self.function(node)
        if not isinstance(function, Function):
            return False
        return not any(p.vector or p.fixed for p in function.parameters)

    def is_name(self, node: Node) -> bool:
        """Whether a subscript belongs to the name: ``J_{naive-softmax}``."""
        if not isinstance(node, Script) or node.sub is None:
            return False
        return isinstance(self.function(node), Function) or self.thing(node) is not None

    def index(self, node: Node) -> Index | None:
        """The declared index that a letter stands for."""
        return self.scope.letters.get(node.text) if isinstance(node, Leaf) else None

    def space(self, index: Index) -> IndexSet:
        """The set of an index, or of what it is read as."""
        stand_in = self.scope.stand_ins.get(index.space)
        return stand_in.words.space if stand_in else index.space

    @cached_property
    def factors(self) -> tuple[Node, ...]:
        """The names of numbers and vectors in the line, each once, as they stand there."""
        found = (node for side in self.sides for node in self._factors(side))
        return tuple(dict.fromkeys(found))

    def _factors(self, side: Node) -> Iterator[Node]:
        for spot in spots(side, self.is_name):
            node, parent = spot.node, spot.parent
            if not isinstance(node, Leaf | Script | Accented) or isinstance(parent, Script):
                continue
            base = node.base if isinstance(node, Script) else node
            if self.thing(base) is not None and not is_below(spot.above):
                yield node

    def scalar(self, node: Node) -> bool:
        """Whether a name is that of one number."""
        thing = self.thing(node)
        body = thing.body if thing and not thing.params else None
        return isinstance(body, Array) and not body.axes


def is_derivative(node: Node | None) -> bool:
    """Whether a fraction is the sign of a derivative."""
    if not isinstance(node, Fraction) or not isinstance(node.under, Product):
        return False
    first = node.under.factors[0]
    return isinstance(first, Leaf) and first.kind == "PARTIAL"


def is_below(above: tuple[Node, ...]) -> bool:
    """Whether a place is in a subscript, or in the sign of a derivative."""
    return any(isinstance(node, Script) or is_derivative(node) for node in above)


def is_sum(node: Node) -> bool:
    """Whether a node is a sum sign with what stands below and above it."""
    base = node.base if isinstance(node, Script) else node
    return isinstance(base, Leaf) and base.kind == "SUM"
