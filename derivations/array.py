"""Indexed families with a shape: what a line of matrix algebra is elaborated to.

An array is an entry in index notation and the pair of indices that run over it. Vectors are
columns, as in the document; a missing index is an axis of length one. Products check the axes
they contract: what does not fit becomes a `Misfit`, which the judge reports as ill-typed.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from derivations.definition import substitute
from derivations.indices import Index, total

Axis = Index | None


@dataclass(frozen=True)
class Misfit:
    """A piece of matrix algebra without a meaning: which piece, and both shapes."""

    part: str
    left: str
    right: str

    def __str__(self) -> str:
        return f"{self.part}: {self.left} does not fit {self.right}"


@dataclass(frozen=True)
class Array:
    """``entry`` at row ``axes[0]`` and column ``axes[1]``; no axes for a scalar."""

    entry: Expr
    axes: tuple[Axis, ...] = ()
    name: str = ""

    @property
    def shape(self) -> str:
        """The shape as a reader writes it, for example ``(d, N)``."""
        if not self.axes:
            return "scalar"
        return "({})".format(", ".join(str(axis.space.size) if axis else "1" for axis in self.axes))

    @property
    def indices(self) -> tuple[Index, ...]:
        """The indices that run over it: its axes without those of length one."""
        return tuple(axis for axis in self.axes if axis is not None)

    @property
    def T(self) -> Array:
        """The transpose."""
        return Array(self.entry, self.axes[::-1], f"{self.name}ᵀ")

    def _with_column(self, index: Index) -> Array:
        """The same with its columns counted by another index."""
        row, old = self.axes
        return Array(substitute(self.entry, {old: index}), (row, index), self.name)

    def __sub__(self, other: Array | Misfit) -> Array | Misfit:
        """Entry by entry; a `Misfit` where the shapes differ."""
        if isinstance(other, Misfit):
            return other
        name = f"({self.name} − {other.name})"
        if not same_shape(self, other):
            return Misfit(name, self.shape, other.shape)
        return Array(self.entry - aligned(other, self.axes), self.axes, name)

    def __matmul__(self, other: Array | Misfit) -> Array | Misfit:
        """The matrix product; a `Misfit` where the inner axes differ."""
        if isinstance(other, Misfit):
            return other
        name = f"{self.name} {other.name}"
        (row, inner), (picked, column) = self.axes, other.axes
        if _space(inner) != _space(picked):
            return Misfit(name, self.shape, other.shape)
        if column is not None and column in (row, inner):
            return self @ other._with_column(_apart(column, row, inner))
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


def column(entry: Expr, index: Index, name: str = "") -> Array:
    """The column vector with ``entry`` at ``index``."""
    return Array(entry, (index, None), name)


def same_shape(left: Array, right: Array) -> bool:
    """Whether both have the same index sets on the same axes."""
    return list(map(_space, left.axes)) == list(map(_space, right.axes))


def aligned(array: Array, axes: tuple[Axis, ...]) -> Expr:
    """The entry of ``array`` with its indices renamed to ``axes``."""
    pairs = zip(array.axes, axes, strict=True)
    renamed = {old: new for old, new in pairs if old and new and old != new}
    return substitute(array.entry, renamed) if renamed else array.entry


def _space(axis: Axis) -> object:
    return axis.space if axis else None
