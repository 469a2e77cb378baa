"""The array language: expressions of arrays by their axes, and programs of named steps.

A program is a list of steps, and each step gives a name to a node. A node has axes, which are
running indices, each once, and means the array whose entry at any place is an index formula with
each index the member at that place. ``axes`` are in the order of the array's dimensions. The
operands of an entrywise node have some of its axes, in the same order; that they are repeated along
the others is part of the node, and how that is written is for the printer. In the formulas, p[...]
is the formula of the operand p.

Passes (`codegen.compiler`) turn programs into programs; a back end (`codegen.backends`) prints
one. Text is made once, at the end: nothing reads what was printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from typing import TYPE_CHECKING, ClassVar, TypeVar

from sympy import Expr, Rational

from codegen.kernel import Kernel
from derivations.indices import Index

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Axes = tuple[Index, ...]


class LoweringError(Exception):
    """An expression that no program computes exactly: what it is, and what would help."""


class Node:
    """An array with one dimension for each of ``axes``, in that order."""

    axes: Axes
    __dataclass_fields__: ClassVar[dict[str, Field[object]]]  # every kind of node is a dataclass

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


_Kind = TypeVar("_Kind", bound="DataclassInstance")  # a node, or a term of rows


def rebuilt(node: _Kind, how: Callable[[Node], Node]) -> _Kind:
    """The same node, each of its parts handed through ``how``."""
    changed = {}
    for one in fields(node):
        value = getattr(node, one.name)
        new = _part(value, how)
        if new is not value:
            changed[one.name] = new
    return replace(node, **changed) if changed else node


def _part(value: object, how: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return how(value)
    if isinstance(value, RowTerm):
        return rebuilt(value, how)
    if isinstance(value, tuple):
        new = tuple(_part(one, how) for one in value)
        return value if all(a is b for a, b in zip(new, value, strict=True)) else new
    return value


@dataclass(frozen=True)
class Step:
    """A name for what a node computes; ``formula`` says what that is, for a reader."""

    name: str
    value: Node
    formula: Expr | None = None
    is_output: bool = False

    @property
    def axes(self) -> Axes:
        """Those of the node."""
        return self.value.axes

    @property
    def names(self) -> tuple[str, ...]:
        """What it gives a value to."""
        return (self.name,)

    @property
    def is_view(self) -> bool:
        """Whether it may be memory of another step; what is returned owns its memory."""
        return self.value.is_view and not self.is_output

    @property
    def calls(self) -> tuple[str, ...]:
        """The functions that it calls."""
        return tuple(name for node in nodes(self.value) for name in node.calls)

    def reads(self, name: str) -> bool:
        """Whether its value is computed from what has this name."""
        return reads(self.value, name) > 0


@dataclass(frozen=True)
class PartsStep:
    """Steps of another function, run for some leading places of ``alike`` at a time.

    ``whole`` is given to it as it is each time. ``results`` are put together again.
    """

    results: tuple[str, ...]
    by: str
    function: str
    whole: tuple[str, ...]
    alike: tuple[str, ...]

    @property
    def name(self) -> str:
        """The first of the results."""
        return self.results[0]

    @property
    def names(self) -> tuple[str, ...]:
        """What it gives a value to."""
        return self.results

    @property
    def calls(self) -> tuple[str, ...]:
        """What runs the parts."""
        return (self.by,)

    def reads(self, name: str) -> bool:
        """Whether it hands this over."""
        return name in (*self.whole, *self.alike)


@dataclass(frozen=True)
class Move:
    """An argument moved against a row-sparse gradient: by one rate, or by one for each row."""

    argument: str
    gradient: str
    rate: Node

    @property
    def calls(self) -> tuple[str, ...]:
        """The functions that it calls."""
        own = ("descend",) if self.rate.axes else ()
        return (*own, *(name for node in nodes(self.rate) for name in node.calls))


@dataclass(frozen=True)
class Part:
    """A function of some places, which is run for all of them in turn."""

    name: str
    of: str
    given: tuple[str, ...]
    steps: tuple[Step, ...]
    results: tuple[str, ...]


@dataclass(frozen=True)
class Memory:
    """Memory that the caller may give, a `Workspace`, and what is written to it: ``written``.

    It is for so many places of the ``lists``. Where it is for fewer than there are, the function
    is called for as many at a time as it holds, in tiles, each with all of the ``matrices``.
    """

    written: tuple[str, ...]
    matrices: tuple[str, ...]
    lists: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """One of what is returned; a number is no array."""

    name: str
    is_number: bool = False
    is_sparse: bool = False


@dataclass(frozen=True)
class Program:
    """What a kernel does once its arguments are checked."""

    kernel: Kernel
    steps: tuple[Step | PartsStep, ...]
    results: tuple[Result, ...]
    moves: tuple[Move, ...] = ()
    part: Part | None = None
    memory: Memory | None = None

    @property
    def calls(self) -> Iterator[str]:
        """The functions of the runtime and of the package that it calls."""
        inside = self.part.steps if self.part else ()
        for each in (*inside, *self.steps, *self.moves):
            yield from each.calls
