"""The loop language and its pretty printer: statements on single entries, and on rows of arrays.

What they compute with are nodes of the array language that have no axes, and some more of them.
They are printed as Python that Numba compiles: one rule a node, one a statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import singledispatch

from codegen.array_language import (
    AllOf,
    Axes,
    Compared,
    LoweringError,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Terms,
    nodes,
)
from codegen.backends.numpy.numpy_text import (
    ATOM,
    COMPARISON,
    PRODUCT,
    SUM,
    Text,
    broken,
    compared_text,
    indented,
    negative_text,
    product_text,
    sum_text,
)


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


LINE = 96  # inside a function


def code(node: Node) -> str:
    """The node as a whole expression."""
    return written(node).text


def _operand(part: Node, binding: int) -> str:
    return written(part).within(binding)


@singledispatch
def written(node: Node) -> Text:
    """The node as text; one that has no rule is an error."""
    raise LoweringError(f"no rule prints {type(node).__name__} as loops")


@written.register
def _number(node: Number) -> Text:
    """A number of the arguments' type: one of another type would make what follows another."""
    whole = f"number({node.value.p})"
    if node.value.q == 1:
        return Text(whole)
    return Text(f"{whole} / number({node.value.q})", PRODUCT)


@written.register
def _name(node: Name) -> Text:
    return Text(node.name)


@written.register
def _size(node: Size) -> Text:
    return Text(node.letter)


@written.register
def _shape(node: Shape) -> Text:
    if node.name:
        return Text(f"{node.name}.shape")
    comma = "," if len(node.sizes) == 1 else ""
    return Text(f"({', '.join(map(code, node.sizes))}{comma})")


@written.register
def _seen(node: Seen) -> Text:
    return Text(f"{node.name}.{node.how}")


@written.register
def _entry(node: Entry) -> Text:
    places = [":" if place is None else code(place) for place in node.places]
    while places and places[-1] == ":":
        places.pop()
    return Text(f"{node.name}[{', '.join(places)}]" if places else node.name)


@written.register
def _call(node: Call) -> Text:
    parts = tuple(map(code, node.given))
    given = ", ".join(parts)
    return Text(f"{node.function}({given})", call=(node.function, given), parts=parts)


@written.register
def _choice(node: Choice) -> Text:
    yes, condition = written(node.yes).within(SUM), written(node.condition).within(COMPARISON)
    return Text(f"{yes} if {condition} else {code(node.no)}", COMPARISON - 1)


@written.register
def _terms(node: Terms) -> Text:
    return sum_text(node, _operand)


@written.register
def _product(node: Product) -> Text:
    return product_text(node, _operand)


@written.register
def _negative(node: Negative) -> Text:
    return negative_text(written(node.of))


@written.register
def _power(node: Power) -> Text:
    """A whole power as a product: of floats and whole numbers, Numba's is a call."""
    if node.exponent < 1:
        raise LoweringError(f"no rule prints a power of {node.exponent} as loops")
    return Text(" * ".join([written(node.base).within(ATOM)] * node.exponent), PRODUCT)


@written.register
def _compared(node: Compared) -> Text:
    return compared_text(node, _operand)


@written.register
def _all_of(node: AllOf) -> Text:
    parts = " and ".join(written(one).within(SUM) for one in node.conditions)
    return Text(f"({parts})")


@singledispatch
def lines(statement: Statement, room: int) -> list[str]:
    """A statement as lines no longer than there is room for."""
    raise LoweringError(f"no rule prints {type(statement).__name__}")


def all_lines(statements: Iterable[Statement], room: int = LINE) -> list[str]:
    """Statements one after the other."""
    return [line for statement in statements for line in lines(statement, room)]


@lines.register
def _set(statement: Set, room: int) -> list[str]:
    start = f"{code(statement.target)} = "
    value = statement.value
    if isinstance(value, Terms) and len(start) + len(code(value)) > room:
        return _with(statement.comment, _term_by_term(statement.target, value), room)
    return _with(statement.comment, broken(start, written(statement.value), room), room)


def _term_by_term(target: Node, value: Terms) -> list[str]:
    """A sum that is too long for one line: the first term, and the others added in turn."""
    signs = ["=", *("-=" if negative else "+=" for negative in value.negative[1:])]
    return [f"{code(target)} {s} {code(t)}" for s, t in zip(signs, value.terms, strict=True)]


@lines.register
def _increase(statement: Increase, room: int) -> list[str]:
    start = f"{code(statement.target)} += "
    return _with(statement.comment, broken(start, written(statement.value), room), room)


@lines.register
def _do(statement: Do, room: int) -> list[str]:
    return _with(statement.comment, broken("", written(statement.call), room), room)


@lines.register
def _make(statement: Make, room: int) -> list[str]:
    shape = list(map(code, statement.shape))
    whole = shape[0] if len(shape) == 1 else f"({', '.join(shape)})"
    line = f"{statement.name} = np.{statement.function}({whole}, {statement.kind.value})"
    return _with(statement.comment, [line], room)


@lines.register
def _list(statement: List, room: int) -> list[str]:
    bits, size = f"{statement.rows}_marked", code(statement.size)
    count = f"{statement.rows}_count"
    signs = ("=", *["+="] * len(statement.words))
    marks = [
        f"{count} {sign} mark_one({bits}, {name})"
        if axes == 0
        else f"{count} {sign} mark({bits}, {code(flat(name, axes))})"
        for sign, (name, axes) in zip(signs, statement.words, strict=False)
    ]
    listed = f"{statement.rows}, {statement.places} = listed({bits}, {size}, {count})"
    return [f"{bits} = unmarked({size})", *marks, listed]


@lines.register
def _loop(statement: Loop, room: int) -> list[str]:
    head = f"for {statement.index} in range({code(statement.length)}):"
    body = all_lines(statement.body, room - 4)
    return [*_with(statement.comment, [head], room), *indented(body)]


def flat(name: str, axes: int) -> Node:
    """An array of words as a list."""
    return Name(name) if axes == 1 else Seen(name, "ravel()")


def _with(comment: str, some: list[str], room: int) -> list[str]:
    """Lines with what they compute behind the one there is, or above them."""
    if not comment:
        return some
    beside = f"{some[0]}  # {comment}"
    return [beside] if len(some) == 1 and len(beside) <= room else [f"# {comment}", *some]
