"""The nodes of the array language: what each computes, and along which axes.

``axes`` are the running indices of an array in the order of its dimensions. The operands of an
entrywise node have some of its axes, in the same order; that they are repeated along the others is
part of the node, and how that is written is for the printer. In the formulas, p[...] is the formula
of the operand p.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sympy import Rational

from derivations.indices import Index

Axes = tuple[Index, ...]


class LoweringError(Exception):
    """An expression that no program computes exactly: what it is, and what would help."""


class Node:
    """An array with one dimension for each of ``axes``, in that order."""

    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """The nodes that it is computed from."""
        return ()

    @property
    def is_view(self) -> bool:
        """Whether its memory may be that of an argument or a step."""
        return False

    @property
    def named(self) -> tuple[str, ...]:
        """The names that it reads itself, its parts apart."""
        return ()

    @property
    def calls(self) -> tuple[str, ...]:
        """The functions of the runtime, or of the package, that it calls itself."""
        return ()


def nodes(node: Node) -> Iterator[Node]:
    """The node and all it is computed from."""
    yield node
    for part in node.parts:
        yield from nodes(part)


def reads(node: Node, name: str) -> int:
    """How often the name is read."""
    return sum(one.named.count(name) for one in nodes(node))


def require_beside(operands: Sequence[Node], axes: Axes) -> None:
    """Raise unless every operand has some of the axes, in the same order."""
    for operand in operands:
        if tuple(axis for axis in axes if axis in operand.axes) != operand.axes:
            raise LoweringError(f"{operand} has axes {operand.axes}, which do not fit {axes}")


@dataclass(frozen=True)
class Number(Node):
    """A rational number."""

    value: Rational
    axes: Axes = ()

    @property
    def is_view(self) -> bool:
        """It has no memory of its own."""
        return True


@dataclass(frozen=True)
class Name(Node):
    """An argument or a step, by its name: x[axes]."""

    name: str
    axes: Axes = ()

    @property
    def named(self) -> tuple[str, ...]:
        """Its own."""
        return (self.name,)

    @property
    def is_view(self) -> bool:
        """It is that memory."""
        return True


@dataclass(frozen=True)
class Length(Node):
    """How many places an argument has along one dimension: the size of an index set."""

    of: str
    place: int
    axes: Axes = ()

    @property
    def named(self) -> tuple[str, ...]:
        """The argument."""
        return (self.of,)


@dataclass(frozen=True)
class Places(Node):
    """The index itself: ``first``, first + 1, and so on; the places of arrays begin at 0."""

    first: int
    length: Length
    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """How many there are."""
        return (self.length,)


@dataclass(frozen=True)
class View(Node):
    """The entries of one array, seen otherwise: it has no memory where that is seen so itself."""

    of: Node
    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """What is seen otherwise."""
        return (self.of,)

    @property
    def is_view(self) -> bool:
        """As what is seen otherwise."""
        return self.of.is_view


@dataclass(frozen=True)
class Turned(View):
    """The same entries with the dimensions in another order: p[axes]."""


@dataclass(frozen=True)
class Diagonal(View):
    """p[b, b], of two dimensions along one index."""


@dataclass(frozen=True)
class Repeated(View):
    """The same entries whatever the other axes are: one axis of length 1 for each of them."""

    def __post_init__(self) -> None:
        require_beside((self.of,), self.axes)


@dataclass(frozen=True)
class Column(View):
    """The same numbers as rows of length one."""


@dataclass(frozen=True)
class Spread(Node):
    """The same entries whatever the other axes are, each written out in memory of its own."""

    of: Node
    lengths: tuple[Length, ...]
    axes: Axes

    def __post_init__(self) -> None:
        require_beside((self.of,), self.axes)

    @property
    def parts(self) -> tuple[Node, ...]:
        """What is written out, and the length of every axis."""
        return (self.of, *self.lengths)


@dataclass(frozen=True)
class Copied(Node):
    """The same entries in memory of their own."""

    of: Node
    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """What is copied."""
        return (self.of,)


def in_order(node: Node, axes: Sequence[Index]) -> Node:
    """The same array with its axes in the order that ``axes`` have them."""
    order = tuple(axis for axis in axes if axis in node.axes)
    if order == node.axes:
        return node
    if len(order) != len(node.axes):
        raise LoweringError(f"{node} has axes {node.axes}, wanted among {tuple(axes)}")
    if isinstance(node, Turned) and node.of.axes == order:
        return node.of
    return Turned(node, order)
