"""Which indices run, so that they are axes of arrays, and the order that arrays have them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Basic, Expr, Symbol

from codegen.arrays.tree import Length, LoweringError, Node
from codegen.kernel import Argument, Derived
from derivations.indices import Index, IndexSet


@dataclass(frozen=True)
class Axes:
    """The axes that the arguments of a kernel have, in the order of ``layout``."""

    arguments: tuple[Argument, ...]
    layout: tuple[IndexSet, ...]
    derived: tuple[Derived, ...] = ()

    def is_running(self, symbol: Basic) -> bool:
        """Whether it is an index that runs, so that it becomes an axis."""
        return isinstance(symbol, Index) and not any(
            symbol in argument.fixed for argument in self.arguments
        )

    def running(self, expression: Expr) -> set[Symbol]:
        """The free running indices of an expression."""
        return {symbol for symbol in expression.free_symbols if self.is_running(symbol)}

    def ordered(self, axes: Iterable[Index]) -> tuple[Index, ...]:
        """Axes in the order that arrays have them."""
        return tuple(sorted(set(axes), key=lambda axis: (self.layout.index(axis.space), axis.name)))

    def latest(self, axes: Iterable[Index]) -> list[int]:
        """The places of the axes in the layout, the last one first."""
        return sorted((self.layout.index(axis.space) for axis in axes), reverse=True)

    def of(self, *nodes: Node) -> tuple[Index, ...]:
        """All axes of some nodes, in the order that arrays have them."""
        return self.ordered(axis for node in nodes for axis in node.axes)

    def length(self, axis: Index) -> Length:
        """How many places an axis has."""
        for argument in self.arguments:
            for place, own in enumerate(argument.axes):
                if own.space == axis.space:
                    return Length(argument.name, place)
        raise LoweringError(f"no argument has an axis of {axis.space.name}s")

    def parameter(self) -> str:
        """An argument that holds numbers: all of them have its type."""
        return next(one.name for one in self.arguments if one.axes and not one.is_integer)

    def left_out(self, axis: Index) -> Expr | None:
        """The member of an axis' index set that has no place in the arrays."""
        members = {
            argument.left_out
            for argument in self.arguments
            for own in argument.axes[:1]
            if own.space == axis.space
        }
        if len(members) > 1:
            raise LoweringError(f"the arguments leave out different {axis.space.name}s: {members}")
        return members.pop() if members else None
