"""A program: steps in order, what is returned, and what is changed in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from sympy import Expr

from codegen.arrays.nodes import Axes, Node, RowTerm, nodes, reads
from codegen.kernel import Kernel

_Kind = TypeVar("_Kind", Node, RowTerm)


def rebuilt(node: _Kind, how: Callable[[Node], Node]) -> _Kind:
    """The same node, each of its parts handed through ``how``."""
    changed = {}
    for field in fields(node):  # type: ignore[arg-type]  # every node is a dataclass
        value = getattr(node, field.name)
        new = _part(value, how)
        if new is not value:
            changed[field.name] = new
    return replace(node, **changed) if changed else node  # type: ignore[type-var,arg-type]


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
