"""What is left of a product, factor by factor."""

from __future__ import annotations

from dataclasses import dataclass

from derivations.reader.syntax import Node, Product


@dataclass(frozen=True)
class Factors:
    """Factors and the signs between them."""

    nodes: tuple[Node, ...]
    joins: tuple[str, ...]

    def after(self, count: int) -> Factors:
        """Without the first ``count`` factors."""
        return Factors(self.nodes[count:], self.joins[count:])

    def first(self, count: int) -> Factors:
        """The first ``count`` factors alone."""
        return Factors(self.nodes[:count], self.joins[: count - 1])

    @property
    def node(self) -> Node:
        """As a node again."""
        if len(self.nodes) == 1:
            return self.nodes[0]
        return Product(self.nodes[0].at, self.nodes, self.joins)

    @property
    def adjacent(self) -> bool:
        """Whether there is a second factor, right behind the first."""
        return len(self.nodes) > 1 and not self.joins[0]
