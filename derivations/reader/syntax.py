"""What was written, as a tree: structure only, no meaning.

Whether ``v(P - 1)`` is a product or an application, and how far a sum reaches, is settled later
by what the names mean; here a product is the list of its factors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace

from derivations.reader.problem import Place

ENTRYWISE = r"\odot"  # the bracket around an exponent that is taken entry by entry
FACTORIAL = "!"  # the bracket around what a factorial is of
SQUARE_ROOT = r"\sqrt"  # the bracket around what a root is of
EVALUATED = r"\left."  # the bracket of \left. ... \right|_{x = 0}


@dataclass(frozen=True)
class Node:
    """A piece of a formula; ``at`` is where it begins, which does not count for equality."""

    at: Place = field(compare=False)


@dataclass(frozen=True)
class Leaf(Node):
    """A name, number or sign: its kind of token, and its text without markup.

    ``style`` is BARE or CALLED for a function without its backslash, DIFFERENTIAL for an upright d.
    """

    kind: str
    text: str
    style: str = field(default="", compare=False)


@dataclass(frozen=True)
class Accented(Node):
    """A base under a hat, bar or tilde."""

    mark: str
    base: Node


@dataclass(frozen=True)
class Script(Node):
    """A base with a subscript, a superscript or primes."""

    base: Node
    sub: Content | None = None
    sup: Content | None = None
    primes: int = 0


@dataclass(frozen=True)
class Fraction(Node):
    """One thing over another."""

    over: Node
    under: Node


@dataclass(frozen=True)
class Group(Node):
    """Something in brackets: ``(``, ``[``, ``{``, ``|``, ``‖`` or ``⟨``."""

    bracket: str
    content: Content


@dataclass(frozen=True)
class Content(Node):
    """Items between separators: what brackets, subscripts and superscripts hold."""

    items: tuple[Node, ...]
    separators: tuple[str, ...] = ()

    @property
    def only(self) -> Node | None:
        """The item, where there is just one."""
        return self.items[0] if len(self.items) == 1 else None


@dataclass(frozen=True)
class Relation(Node):
    """Expressions with signs like ``=`` between them."""

    parts: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Terms(Node):
    """A sum of terms, each with its sign, ``+`` or ``-``."""

    signs: tuple[str, ...]
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Product(Node):
    """Factors side by side; ``joins`` are the signs between them, empty where there is none."""

    factors: tuple[Node, ...]
    joins: tuple[str, ...]


@dataclass(frozen=True)
class Matrix(Node):
    """Cells in rows."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Cases(Node):
    """Values, each under its conditions; None for all other cases."""

    values: tuple[Node, ...]
    conditions: tuple[Content | None, ...]


@dataclass(frozen=True)
class Stack(Node):
    """The lines of a ``\\substack``."""

    lines: tuple[Content, ...]


def nodes(*within: Node) -> Iterator[Node]:
    """These nodes, and all that are in them."""
    waiting = [*within]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += inner(node)


def inner(node: Node) -> Iterator[Node]:
    """The nodes right inside a node; the base of an accent is part of a name."""
    match node:
        case Script(base=base, sub=sub, sup=sup):
            yield from filter(None, (base, sub, sup))
        case Accented(base=Script() as base):
            yield base
        case Fraction(over=over, under=under):
            yield from (over, under)
        case Group(content=content):
            yield content
        case Content(items=items):
            yield from items
        case Relation(parts=parts) | Terms(parts=parts):
            yield from parts
        case Product(factors=factors):
            yield from factors
        case Matrix(rows=rows):
            for row in rows:
                yield from row
        case Cases(values=values, conditions=conditions):
            yield from values
            yield from filter(None, conditions)
        case Stack(lines=lines):
            yield from lines
        case Leaf() | Accented():
            pass
        case _:
            raise TypeError(f"no parts are known of a {type(node).__name__}")


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """A tree in which each node, from the leaves on, is what ``change`` makes of it."""
    before = {each.name: getattr(node, each.name) for each in fields(node)}
    after = {name: _rebuilt(value, change) for name, value in before.items()}
    new = {name: value for name, value in after.items() if value is not before[name]}
    return change(replace(node, **new) if new else node)  # type: ignore[arg-type]  # same kinds


def _rebuilt(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, tuple):
        new = tuple(_rebuilt(each, change) for each in value)
        return value if all(a is b for a, b in zip(value, new, strict=True)) else new
    return rebuilt(value, change) if isinstance(value, Node) else value
