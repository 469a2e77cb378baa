"""Nodes that compute each entry from the entries of their operands at the same place."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.arrays.tree import Axes, Name, Node, require_beside


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
