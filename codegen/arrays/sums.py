"""Nodes that sum: along axes, and products of arrays summed over what they share."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.arrays.tree import Axes, Name, Node, require_beside


@dataclass(frozen=True)
class Summed(Node):
    """Sum over some dimensions, by their places, of p."""

    of: Node
    over: tuple[int, ...]
    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """What is summed."""
        return (self.of,)


@dataclass(frozen=True)
class MatrixProduct(Node):
    """Sum over k of p[..., k] q[..., k, ...], k the last axis of p and the last but one of q.

    Where q has one axis it is that one; leading axes are shared. Written to ``out`` if given.
    """

    left: Node
    right: Node
    axes: Axes
    out: Name | None = None

    @property
    def parts(self) -> tuple[Node, ...]:
        """Both factors, and the memory."""
        return (self.left, self.right) if self.out is None else (self.left, self.right, self.out)


@dataclass(frozen=True)
class Contraction(Node):
    """The product of the operands, summed over all their axes that are not its own."""

    operands: tuple[Node, ...]
    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operands."""
        return self.operands


@dataclass(frozen=True)
class Guarded(Node):
    """The product itself, which is the sum of left times right along the last of ``full``.

    Where it is not finite it is made NaN, or taken again of scaled vectors.
    """

    product: Node
    left: Node
    right: Node
    full: Axes
    axes: Axes

    def __post_init__(self) -> None:
        require_beside((self.left, self.right), self.full)

    @property
    def parts(self) -> tuple[Node, ...]:
        """The product, and what it is of."""
        return (self.product, self.left, self.right)

    @property
    def calls(self) -> tuple[str, ...]:
        """The runtime does it."""
        return ("guarded",)
