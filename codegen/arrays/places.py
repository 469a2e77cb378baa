"""Nodes that look entries up, or write some: at words, which are places along an axis."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen.arrays.tree import Axes, Node, require_beside
from derivations.indices import Index


@dataclass(frozen=True)
class Taken(Node):
    """p[..., n, ...]: the entries at the words n, whose own axes stand for the one looked up."""

    of: Node
    place: int
    word: Node
    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """The array and the words."""
        return (self.of, self.word)

    @property
    def is_rows(self) -> bool:
        """Whether whole rows are copied, one for each of several words."""
        return bool(self.word.axes) and self.place == 0 and len(self.of.axes) > 1

    @property
    def is_view(self) -> bool:
        """As the array, unless rows are copied."""
        return self.of.is_view and not self.is_rows


@dataclass(frozen=True)
class Picked(Node):
    """p[..., n[...]]: of each row, its last dimension, the entry at a word of its own."""

    of: Node
    word: Node
    axes: Axes

    def __post_init__(self) -> None:
        require_beside((self.word,), self.axes)

    @property
    def parts(self) -> tuple[Node, ...]:
        """The array and the words."""
        return (self.of, self.word)

    @property
    def calls(self) -> tuple[str, ...]:
        """The runtime does it."""
        return ("picked",)


@dataclass(frozen=True)
class Replaced(Node):
    """(1 - delta(w, n)) p + delta(w, n) q, w the last axis: the entry at n is q.

    Where ``in_place`` it is written to the memory of p, which is then used up.
    """

    of: Node
    word: Node
    new: Node
    axes: Axes
    in_place: bool = False

    def __post_init__(self) -> None:
        require_beside((self.of,), self.axes)
        require_beside((self.word, self.new), self.axes[:-1])

    @property
    def parts(self) -> tuple[Node, ...]:
        """The array, the words and what is put there."""
        return (self.of, self.word, self.new)

    @property
    def calls(self) -> tuple[str, ...]:
        """The runtime does it."""
        return ("overwritten" if self.in_place else "replaced",)


@dataclass(frozen=True)
class SummedWithout(Node):
    """Sum over w of (1 - delta(w, n)) p, w the last axis of p, which is lent to be written to."""

    of: Node
    over: Index
    word: Node
    axes: Axes

    def __post_init__(self) -> None:
        require_beside((self.of,), (*self.axes, self.over))
        require_beside((self.word,), self.axes)

    @property
    def parts(self) -> tuple[Node, ...]:
        """The array and the words."""
        return (self.of, self.word)

    @property
    def calls(self) -> tuple[str, ...]:
        """The runtime does it."""
        return ("sum_without",)


@dataclass(frozen=True)
class Leader(Node):
    """The place along one dimension at which p is largest."""

    of: Node
    place: int
    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """The array."""
        return (self.of,)


@dataclass(frozen=True)
class RowTerm:
    """Sum over the axes of the words n of delta(n, x) a p, x the row: p falls on the row n.

    Where ``numbers`` a are left apart, the rows p have the leading axes of the words alone.
    """

    words: Node
    numbers: Node | None
    rows: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """All three, or two."""
        return tuple(one for one in (self.words, self.numbers, self.rows) if one is not None)


@dataclass(frozen=True)
class RowSums(Node):
    """The sum of terms that fall on rows; of the distinct rows, or of all of ``dense``.

    A row that is no array is one number, ``is_column``.
    """

    terms: tuple[RowTerm, ...]
    dense: str = ""
    is_column: bool = False
    axes: Axes = field(default=())

    @property
    def parts(self) -> tuple[Node, ...]:
        """What the terms are of."""
        return tuple(part for term in self.terms for part in term.parts)

    @property
    def named(self) -> tuple[str, ...]:
        """The argument that has as many rows."""
        return (self.dense,) if self.dense else ()

    @property
    def calls(self) -> tuple[str, ...]:
        """The runtime does it."""
        return ("matrix_of" if self.dense else "row_sums",)


@dataclass(frozen=True)
class Totals(Node):
    """Sum over k of delta(n[k], x) a[k], for the rows x that a row-sparse gradient lists."""

    gradient: str
    words: Node
    numbers: Node
    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """Words and numbers."""
        return (self.words, self.numbers)

    @property
    def named(self) -> tuple[str, ...]:
        """The gradient."""
        return (self.gradient,)

    @property
    def calls(self) -> tuple[str, ...]:
        """The runtime does it."""
        return ("totals",)
