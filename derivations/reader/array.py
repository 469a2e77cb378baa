"""Arrays as the reader makes them: an entry in index notation, and algebra by renaming its axes."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from derivations.definition import substitute
from derivations.indices import Index, total
from derivations.language import tree
from derivations.language.tree import Misfit, spelled

__all__ = ["Array", "Axis", "Misfit", "aligned", "same_shape"]

Axis = Index | None


@dataclass(frozen=True)
class Array(tree.Array):
    """``entry`` at row ``axes[0]`` and column ``axes[1]``; no axes for a scalar."""

    @property
    def said(self) -> str:
        """The shape as a reader writes it, for example ``(d, N)``."""
        return spelled(self.shape)

    @property
    def indices(self) -> tuple[Index, ...]:
        """The indices that run over it: its axes without those of length one."""
        return tuple(axis for axis in self.axes if axis is not None)

    def turned(self) -> Array:
        """The transpose."""
        return Array(self.entry, self.axes[::-1], f"{self.name}ᵀ")

    def _with_column(self, index: Index) -> Array:
        """The same with its columns counted by another index."""
        row, old = self.axes or (None, None)
        return Array(substitute(self.entry, {old: index}), (row, index), self.name)

    def times(self, other: Array) -> Array | Misfit:
        """The matrix product; a `Misfit` where the inner axes differ."""
        name = f"{self.name} {other.name}"
        (row, inner), (picked, column) = self.axes or (None, None), other.axes or (None, None)
        if _space(inner) != _space(picked):
            return Misfit(name, self.said, other.said)
        if column is not None and column in (row, inner):
            return self.times(other._with_column(_apart(column, row, inner)))
        if inner is None:
            return Array(self.entry * other.entry, (row, column), name)
        summand = self.entry * substitute(other.entry, {picked: inner})
        return Array(total(summand, inner), (row, column), name)


def _apart(index: Index, *beside: Axis) -> Index:
    """An index of the same set, with a name of its own."""
    name = f"{index.name}'"
    while any(other is not None and other.name == name for other in beside):
        name += "'"
    return Index(name, index.space)


def same_shape(left: tree.Term, right: tree.Term) -> bool:
    """Whether both have the same index sets on the same axes."""
    return left.shape == right.shape


def aligned(array: Array, axes: tuple[Axis, ...]) -> Expr:
    """The entry of ``array`` with its indices renamed to ``axes``."""
    pairs = zip(array.axes, axes, strict=True)
    renamed = {old: new for old, new in pairs if old and new and old != new}
    return substitute(array.entry, renamed) if renamed else array.entry


def _space(axis: Axis) -> object:
    return axis.space if axis else None
