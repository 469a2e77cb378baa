"""Syntax tree of a formula: its nodes, its unparser, and rewriting rules on it.

Structure only: what the names in it mean is for the elaboration to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import singledispatch

from derivations.reader.source import Place

# What was written, as a tree: structure only, no meaning.
#
# Whether ``v(P - 1)`` is a product or an application, and how far a sum reaches, is settled later
# by what the names mean; here a product is the list of its factors.


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


# A tree of a formula as LaTeX again, in one spelling for each thing.


_CLOSING = {"(": ")", "[": "]", r"\{": r"\}", "|": "|", r"\|": r"\|", "<": r"\rangle"}
_TEXTS = {
    "TOP": r"\top",
    "PARTIAL": r"\partial",
    "INDICATOR": r"\mathbb{1}",
    "SUM": r"\sum",
    "PROD": r"\prod",
}


@singledispatch
def written(node: Node) -> str:
    """The node as LaTeX."""
    raise TypeError(f"{type(node).__name__} has no spelling")


@written.register
def _leaf(node: Leaf) -> str:
    if node.kind == "FUNCTION":
        return f"\\{node.text}"
    if node.kind == "WORD":
        return f"\\mathrm{{{node.text}}}"
    return _TEXTS.get(node.kind, node.text)


@written.register
def _accented(node: Accented) -> str:
    return f"\\{node.mark}{{{written(node.base)}}}"


@written.register
def _script(node: Script) -> str:
    base = written(node.base)
    if isinstance(node.base, Terms | Product | Fraction):
        base = f"{{{base}}}"
    sub = f"_{_braced(node.sub)}" if node.sub else ""
    sup = f"^{_braced(node.sup)}" if node.sup else ""
    primes = "'" * node.primes
    return f"{base}{primes}{sub}{sup}"


def _braced(content: Content) -> str:
    text = written(content)
    if isinstance(content.only, Terms):
        text = text.replace(" + ", "+").replace(" - ", "-")
    return text if len(text) == 1 else f"{{{text}}}"


@written.register
def _fraction(node: Fraction) -> str:
    return f"\\frac{{{written(node.over)}}}{{{written(node.under)}}}"


@written.register
def _group(node: Group) -> str:
    if node.bracket == ENTRYWISE:
        return rf"\odot {written(node.content)}"
    if node.bracket == FACTORIAL:
        return f"{written(node.content)}!"
    if node.bracket == SQUARE_ROOT:
        return rf"\sqrt{{{written(node.content)}}}"
    if node.bracket == EVALUATED:
        return rf"\left. {written(node.content)} \right|"
    opening = r"\langle " if node.bracket == "<" else node.bracket
    return f"{opening}{written(node.content)}{_CLOSING[node.bracket]}"


@written.register
def _content(node: Content) -> str:
    texts = [written(item) for item in node.items]
    text = texts[0] if texts else ""
    for separator, item in zip(node.separators, texts[1:], strict=True):
        text += f"{separator} {item}" if separator in ",;" else f" {separator} {item}"
    return text


@written.register
def _relation(node: Relation) -> str:
    text = written(node.parts[0])
    for sign, part in zip(node.signs, node.parts[1:], strict=True):
        text += f" {sign} {written(part)}"
    return text


@written.register
def _terms(node: Terms) -> str:
    text = ""
    for position, (sign, part) in enumerate(zip(node.signs, node.parts, strict=True)):
        piece = written(part)
        if isinstance(part, Terms):
            piece = f"{{{piece}}}"
        if position:
            text += f" {sign} {piece}"
        else:
            text = f"-{piece}" if sign == "-" else piece
    return text


@written.register
def _product(node: Product) -> str:
    text = _factor(node.factors[0])
    for before, join, factor in zip(node.factors, node.joins, node.factors[1:], strict=False):
        piece = _factor(factor)
        if join:
            text += f" {join} {piece}"
        else:
            text += piece if _touch(before, factor, text) else f" {piece}"
    return text


def _touch(before: Node, factor: Node, text: str) -> bool:
    """Whether two factors are written without a blank: letters, and what has an argument."""
    if isinstance(factor, Group) and factor.bracket in ("(", "["):
        base = before.base if isinstance(before, Script) else before
        if isinstance(base, Leaf):
            return base.kind not in ("NUMBER", "SUM", "PROD")
        return isinstance(base, Accented)
    single = all(isinstance(each, Leaf) and len(each.text) == 1 for each in (before, factor))
    return single and not (text[-1].isdigit() and written(factor).isdigit())


def _factor(node: Node) -> str:
    text = written(node)
    return f"{{{text}}}" if isinstance(node, Terms | Product) else text


@written.register
def _matrix(node: Matrix) -> str:
    rows = r" \\ ".join(" & ".join(map(written, row)) for row in node.rows)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


@written.register
def _cases(node: Cases) -> str:
    pairs = zip(node.values, node.conditions, strict=True)
    rows = r" \\ ".join(
        f"{written(value)} & {written(said) if said else 'otherwise'}" for value, said in pairs
    )
    return rf"\begin{{cases}} {rows} \end{{cases}}"


@written.register
def _stack(node: Stack) -> str:
    lines = r" \\ ".join(map(written, node.lines))
    return rf"\substack{{{lines}}}"


# Second derivatives, written out as one derivative of another: a rewriting of what was written.


def nested(node: Node) -> tuple[Node, ...]:
    r"""The factors that a factor stands for: itself, unless it is a second derivative.

    ``\frac{\partial^2 f}{\partial x \partial y}`` is the derivative by x of that by y, and
    ``\frac{\partial^2}{\partial x^2}`` two derivatives in front of what stands behind them.
    """
    if not isinstance(node, Fraction):
        return (node,)
    above, joins = _factors(node.over)
    sign = _squared(above[0])
    by = _below(node.under, sign) if sign is not None else None
    if sign is None or by is None:
        return (node,)
    outer = Fraction(node.at, sign, _product_of((sign, by[0])))
    inner = Fraction(node.at, _product_of((sign, *above[1:]), joins), _product_of((sign, by[1])))
    if len(above) == 1:
        return outer, inner
    return (Group(node.at, "(", Content(node.at, (_product_of((outer, inner)),))),)


def _factors(node: Node) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    return (node.factors, node.joins) if isinstance(node, Product) else ((node,), ())


def _product_of(factors: tuple[Node, ...], joins: tuple[str, ...] = ()) -> Node:
    if len(factors) == 1:
        return factors[0]
    return Product(factors[0].at, factors, joins or ("",) * (len(factors) - 1))


def _squared(node: Node) -> Leaf | None:
    """The sign of a derivative in a square of it."""
    if not isinstance(node, Script) or not isinstance(node.base, Leaf) or not is_two(node.sup):
        return None
    plain = node.sub is None and not node.primes and _is_sign(node.base)
    return node.base if plain else None


def _is_sign(node: Node) -> bool:
    return isinstance(node, Leaf) and (node.kind == "PARTIAL" or node.text == "d")


def is_two(sup: Content | None) -> bool:
    """Whether an exponent is a two."""
    two = sup.only if sup is not None else None
    return isinstance(two, Leaf) and two.text == "2"


def _below(under: Node, sign: Leaf) -> tuple[Node, Node] | None:
    """What both derivatives are by: ``\\partial x \\partial y``, or ``\\partial x^2``."""
    factors, joins = _factors(under)
    if any(joins) or factors[0] != sign:
        return None
    match factors[1:]:
        case (Script(sup=sup) as square,) if is_two(sup):
            bare = replace(square, sup=None)
            plain = bare.sub is None and not bare.primes
            return (bare.base, bare.base) if plain else (bare, bare)
        case (first, between, second) if between == sign:
            return first, second
    return None
