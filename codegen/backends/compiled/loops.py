"""The loop language: statements on single entries, and on rows of arrays.

What they compute with are nodes of the array language that have no axes, and two more of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from codegen.arrays.nodes import Axes, Name, Node, nodes


@dataclass(frozen=True)
class Entry(Node):
    """x[p, q, ...]: one entry; None for a place is all of them, which makes it a row of x."""

    name: str
    places: tuple[Node | None, ...]
    axes: Axes = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        """The places."""
        return tuple(place for place in self.places if place is not None)

    @property
    def named(self) -> tuple[str, ...]:
        """The array."""
        return (self.name,)


@dataclass(frozen=True)
class Choice(Node):
    """p where the condition holds, else q."""

    condition: Node
    yes: Node
    no: Node
    axes: Axes = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        """All three."""
        return (self.condition, self.yes, self.no)


@dataclass(frozen=True)
class Size(Node):
    """How many places an axis has, as a whole number: a variable of the text."""

    letter: str
    axes: Axes = ()


@dataclass(frozen=True)
class Shape(Node):
    """The shape of an array, or without its name the one that some sizes make."""

    name: str
    sizes: tuple[Size, ...] = ()
    axes: Axes = ()


@dataclass(frozen=True)
class Seen(Node):
    """A whole array, its axes in the other order (``T``), or as one list (``ravel()``)."""

    name: str
    how: str
    axes: Axes = ()


@dataclass(frozen=True)
class Call(Node):
    """A function of the runtime, of entries, rows and sizes."""

    function: str
    given: tuple[Node, ...]
    axes: Axes = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        """What it is given."""
        return self.given

    @property
    def calls(self) -> tuple[str, ...]:
        """The function."""
        return (self.function,)


@dataclass(frozen=True)
class Set:
    """target = value."""

    target: Entry | Name
    value: Node
    comment: str = ""


@dataclass(frozen=True)
class Increase:
    """target += value."""

    target: Entry | Name
    value: Node
    comment: str = ""


@dataclass(frozen=True)
class Do:
    """A call for what it does to a row that it is given."""

    call: Call
    comment: str = ""


class Kind(Enum):
    """What an array holds: numbers of the arguments' type, places, or flags."""

    NUMBERS = "dtype"
    PLACES = "np.intp"
    FLAGS = "np.bool_"


@dataclass(frozen=True)
class Make:
    """A new array, unwritten or of zeros."""

    name: str
    shape: tuple[Node, ...]
    function: str = "empty"
    kind: Kind = Kind.NUMBERS
    comment: str = ""


@dataclass(frozen=True)
class List:
    """The distinct words of some arrays in order, and the place of each: ``rows``, ``places``."""

    rows: str
    places: str
    size: Node
    words: tuple[tuple[str, int], ...]  # arrays of words, and how many axes they have
    comment: str = ""


@dataclass(frozen=True)
class Loop:
    """for index in range(length)."""

    index: str
    length: Node
    body: tuple[Statement, ...]
    comment: str = ""


Statement = Set | Increase | Do | Make | List | Loop


def held(statements: Iterable[Statement]) -> Iterator[Node]:
    """The nodes of some statements, and what they are computed from."""
    for one in statements:
        if isinstance(one, Loop):
            yield from held(one.body)
            continue
        parts: tuple[Node, ...]
        if isinstance(one, List):
            parts = (one.size,)
        elif isinstance(one, Make):
            parts = one.shape
        else:
            parts = (one.call,) if isinstance(one, Do) else (one.target, one.value)
        for part in parts:
            yield from nodes(part)


def called(statements: Sequence[Statement]) -> set[str]:
    """The functions that some statements call."""
    found = {name for node in held(statements) for name in node.calls}
    for one in every(statements):
        if isinstance(one, List):
            found |= {"unmarked", "listed"}
            found |= {"mark" if axes else "mark_one" for _, axes in one.words}
    return found


def every(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The statements, those inside loops as well."""
    for one in statements:
        yield one
        if isinstance(one, Loop):
            yield from every(one.body)
