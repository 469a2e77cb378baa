"""The nodes that compute: entrywise functions, sums and products, entries at places."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen.arrays.nodes import Axes, Name, Node, require_beside
from derivations.indices import Index

# Nodes that compute each entry from the entries of their operands at the same place.


@dataclass(frozen=True)
class Terms(Node):
    """p + q - r: the terms with their signs, the first one added."""

    terms: tuple[Node, ...]
    negative: tuple[bool, ...]
    axes: Axes

    def __post_init__(self) -> None:
        require_beside(self.terms, self.axes)

    @property
    def parts(self) -> tuple[Node, ...]:
        """The terms."""
        return self.terms


@dataclass(frozen=True)
class Product(Node):
    """p q / (r s)."""

    above: tuple[Node, ...]
    below: tuple[Node, ...]
    axes: Axes

    def __post_init__(self) -> None:
        require_beside(self.parts, self.axes)

    @property
    def parts(self) -> tuple[Node, ...]:
        """The factors, those divided by last."""
        return self.above + self.below


@dataclass(frozen=True)
class Negative(Node):
    """-p."""

    of: Node
    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """What is negated."""
        return (self.of,)


@dataclass(frozen=True)
class Power(Node):
    """p to a whole power."""

    base: Node
    exponent: int
    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """The base."""
        return (self.base,)


@dataclass(frozen=True)
class Applied(Node):
    """f(p, q, ...), f a function of numbers; written to the memory ``out`` where that is given.

    The functions are NumPy's of the names below, and those that a claim or the runtime says are
    functions of numbers: ``weigh`` is p q, and 0 where p is.
    """

    function: str
    operands: tuple[Node, ...]
    axes: Axes
    out: Name | None = None

    def __post_init__(self) -> None:
        require_beside(self.operands, self.axes)

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operands, and the memory."""
        return self.operands if self.out is None else (*self.operands, self.out)

    @property
    def calls(self) -> tuple[str, ...]:
        """The function, unless it is NumPy's."""
        return () if self.function in NUMPY else (self.function,)


NUMPY = frozenset(
    "exp log log1p abs sqrt minimum maximum where subtract tanh sign".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Compared(Node):
    """Whether p < q, or any other of the six comparisons."""

    sign: str
    left: Node
    right: Node
    axes: Axes

    def __post_init__(self) -> None:
        require_beside(self.parts, self.axes)

    @property
    def parts(self) -> tuple[Node, ...]:
        """Both sides."""
        return (self.left, self.right)


@dataclass(frozen=True)
class AllOf(Node):
    """Whether all conditions hold."""

    conditions: tuple[Node, ...]
    axes: Axes

    def __post_init__(self) -> None:
        require_beside(self.conditions, self.axes)

    @property
    def parts(self) -> tuple[Node, ...]:
        """The conditions."""
        return self.conditions


@dataclass(frozen=True)
class Indicator(Node):
    """1 where the condition holds, else 0, in the type of an argument."""

    condition: Node
    like: str
    axes: Axes

    @property
    def parts(self) -> tuple[Node, ...]:
        """The condition."""
        return (self.condition,)

    @property
    def named(self) -> tuple[str, ...]:
        """The argument whose type it has."""
        return (self.like,)


# Nodes that sum: along axes, and products of arrays summed over what they share.


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


# Nodes that look entries up, or write some: at words, which are places along an axis.


class AtWords(Node):
    """An array, looked at or written to at words."""

    of: Node
    word: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """The array and the words."""
        return (self.of, self.word)


@dataclass(frozen=True)
class Taken(AtWords):
    """p[..., n, ...]: the entries at the words n, whose own axes stand for the one looked up."""

    of: Node
    place: int
    word: Node
    axes: Axes

    @property
    def is_rows(self) -> bool:
        """Whether whole rows are copied, one for each of several words."""
        return bool(self.word.axes) and self.place == 0 and len(self.of.axes) > 1

    @property
    def is_view(self) -> bool:
        """As the array, unless rows are copied."""
        return self.of.is_view and not self.is_rows


@dataclass(frozen=True)
class Picked(AtWords):
    """p[..., n[...]]: of each row, its last dimension, the entry at a word of its own."""

    of: Node
    word: Node
    axes: Axes

    def __post_init__(self) -> None:
        require_beside((self.word,), self.axes)

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
class SummedWithout(AtWords):
    """Sum over w of (1 - delta(w, n)) p, w the last axis of p, which is lent to be written to."""

    of: Node
    over: Index
    word: Node
    axes: Axes

    def __post_init__(self) -> None:
        require_beside((self.of,), (*self.axes, self.over))
        require_beside((self.word,), self.axes)

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
