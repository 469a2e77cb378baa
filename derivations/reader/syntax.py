"""Syntax tree of a formula, and its parser by the LALR grammar in ``grammar.lark``.

Nodes, how they are written, rewriting rules on them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache, singledispatch
from importlib.util import cache_from_source
from itertools import takewhile
from pathlib import Path

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from derivations.reader.latex_commands import DETERMINANT, WORD_FUNCTIONS
from derivations.reader.lexer import still_open, tokenize
from derivations.reader.source import BRACKETS, Place, Sign, Span, Unreadable, place_of

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

    ``style`` is BARE or CALLED for a function without its backslash, DIFFERENTIAL for an upright d,
    BOLD or PLAIN of a letter whose text has it in both.
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


_CLOSING_OF = {"(": ")", "[": "]", r"\{": r"\}", "|": "|", r"\|": r"\|", "<": r"\rangle"}
_TEXTS = {
    "TOP": r"\top",
    "PARTIAL": r"\partial",
    "INDICATOR": r"\mathbb{1}",
    "SUM": r"\sum",
    "PROD": r"\prod",
}


def unspaced(node: Node) -> str:
    """The node as LaTeX, however it is spaced."""
    return "".join(written(node).split())


def is_even(node: Script) -> bool:
    """Whether what stands above is an even number."""
    power = node.sup.only if node.sup is not None else None
    return isinstance(power, Leaf) and power.text.isdigit() and int(power.text) % 2 == 0


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
    return f"{opening}{written(node.content)}{_CLOSING_OF[node.bracket]}"


@written.register
def _written_content(node: Content) -> str:
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


_JOINS = {
    "CDOT": r"\cdot",
    "TIMES": r"\times",
    "ODOT": r"\odot",
    "OSLASH": r"\oslash",
    "SLASH": "/",
    "DOT": ".",
}
_BRACKETS = {"LPAR": "(", "LSQB": "[", "LSET": r"\{", "LBAR": "|", "LNORM": r"\|", "LANGLE": "<"}
_BRACKETS["LEVALUATED"] = EVALUATED
# tokens that are leaves of another kind, and how they were written
_STYLES = {"BARE": "FUNCTION", "CALLED": "WORD", "DIFFERENTIAL": "LETTER"}


@dataclass(frozen=True)
class _Raised:
    """A superscript, or a subscript where it is not ``above``, behind its sign."""

    above: bool
    content: Content
    sign: Token


_Child = Node | Content | Token  # what a rule is made of
_Case = tuple[Node, Content | None]  # a value with its condition, none of the last


class Build(Transformer[Token, Node]):
    """One method for each rule; children are nodes and the tokens between them."""

    def start(self, children: list[_Child]) -> Node:
        return _node(children[0])

    def leaf(self, children: list[Token]) -> Node:
        (token,) = children
        kind = _STYLES.get(token.type, token.type)
        style = "" if kind == token.type else token.type
        face = token.face if isinstance(token, Sign) else ""
        return Leaf(place_of(token), kind, token.value, style or face)

    def expr(self, children: list[_Child]) -> Node:
        signs = ["-" if token.type == "MINUS" else "+" for token in _tokens(children)]
        parts = _nodes(children)
        if len(signs) < len(parts):
            signs.insert(0, "+")
        if signs == ["+"]:
            return parts[0]
        return Terms(_at(children), tuple(signs), tuple(parts))

    def term(self, children: list[_Child]) -> Node:
        factors: list[Node] = []
        joins: list[str] = []
        join = ""
        for child in children:
            if isinstance(child, Token):
                join = _JOINS[child.type]
                continue
            if factors:
                joins.append(join)
            argument = bool(factors) and not join and _takes_braces(factors[-1])
            new = nested(_unwrapped(_node(child), argument))
            factors += new
            joins += ("",) * (len(new) - 1)
            join = ""
        if len(factors) == 1:
            return factors[0]
        return Product(_at(children), tuple(factors), tuple(joins))

    def factor(self, children: list[_Child | _Raised]) -> Node:
        first, *suffixes = children
        assert not isinstance(first, _Raised)
        if isinstance(first, Content) and first.only is not None and not suffixes:
            return Group(first.at, "{", first)
        base = _node(first)
        for suffix in suffixes:
            if isinstance(suffix, _Raised):
                base = _scripted(base, suffix)
                continue
            sign = _token(suffix)
            primed = sign.type != "FACTORIAL"
            base = _primed(base) if primed else _factorial(_hat_outside(base), sign)
        return _hat_outside(base)

    def subscript(self, children: list[_Child]) -> _Raised:
        return _Raised(False, _content(children[1]), _token(children[0]))

    def superscript(self, children: list[_Child]) -> _Raised:
        return _Raised(True, _content(children[1]), _token(children[0]))

    def entrywise(self, children: list[_Child]) -> Content:
        """An exponent that is taken entry by entry, as a group of its own kind."""
        at = _at(children)
        return Content(at, (Group(at, ENTRYWISE, _content(children[2])),))

    def braced(self, children: list[_Child]) -> Content:
        content = _content(children[1])
        return Content(_at(children), content.items, content.separators)

    def accented(self, children: list[_Child]) -> Node:
        mark = _token(children[0])
        return Accented(place_of(mark), mark.value, _node(children[1]))

    def fraction(self, children: list[_Child]) -> Node:
        for part in children[1:]:
            if isinstance(part, Leaf) and part.kind == "NUMBER" and len(part.text) > 1:
                what = "LaTeX takes only the first digit"
                raise Unreadable(part.at, part.text, what, f"write {{{part.text}}}")
        return Fraction(_at(children), _node(children[1]), _node(children[2]))

    def root(self, children: list[_Child]) -> Node:
        return Group(_at(children), SQUARE_ROOT, _content(children[1]))

    def group(self, children: list[_Child]) -> Node:
        opening = _token(children[0])
        return Group(place_of(opening), _BRACKETS[opening.type], _content(children[1]))

    def content(self, children: list[_Child]) -> Content:
        items = tuple(_nodes(children))
        at = items[0].at if items else Place()
        return Content(at, items, tuple(map(_separator, _tokens(children))))

    def item(self, children: list[_Child]) -> Node:
        parts, signs = _nodes(children), [token.value for token in _tokens(children)]
        return Relation(_at(children), tuple(parts), tuple(signs)) if signs else parts[0]

    def matrix(self, children: list[Token | tuple[Node, ...]]) -> Node:
        rows = [child for child in children if not isinstance(child, Token)]
        at, found = _begin(children), Matrix(_begin(children), tuple(rows))
        if children[0] != DETERMINANT:
            return found
        of = _product_of((Leaf(at, "WORD", "det"), found))
        return Group(at, "(", Content(at, (of,)))

    def row(self, children: list[_Child]) -> tuple[Node, ...]:
        return tuple(_nodes(children))

    def cases(self, children: list[Token | _Case]) -> Node:
        rows = [child for child in children if not isinstance(child, Token)]
        values, conditions = zip(*rows, strict=True)
        return Cases(_begin(children), values, conditions)

    def case(self, children: list[_Child]) -> _Case:
        content = _content(children[2]) if len(children) > 2 else None
        return _node(children[0]), content

    def substack(self, children: list[_Child]) -> Node:
        lines = tuple(child for child in children if isinstance(child, Content))
        return Stack(_at(children), lines)


def _takes_braces(node: Node) -> bool:
    """Whether braces behind this hold its argument: ``\\log{x} y`` is ``\\log(x) y``."""
    return isinstance(node, Leaf) and (node.kind == "FUNCTION" or node.text in WORD_FUNCTIONS)


def _unwrapped(node: Node, argument: bool) -> Node:
    """What stands in braces alone, or the argument of a function in parentheses."""
    if not isinstance(node, Group) or node.bracket != "{":
        return node
    if argument:
        return Group(node.at, "(", node.content)
    return _node(node.content)


def _separator(token: Token) -> str:
    return "|" if token.type == "VERT" else str(token.value)


def _tokens(children: Sequence[_Child]) -> list[Token]:
    return [child for child in children if isinstance(child, Token)]


def _nodes(children: Sequence[_Child]) -> list[Node]:
    return [_node(child) for child in children if not isinstance(child, Token)]


def _token(child: object) -> Token:
    """A child that is a token: the sign that its rule begins with."""
    assert isinstance(child, Token)
    return child


def _begin(children: Sequence[object]) -> Place:
    """Where an environment begins."""
    return place_of(_token(children[0]))


def _node(child: _Child) -> Node:
    """Braces that only hold one thing together are that thing."""
    if isinstance(child, Content):
        if child.only is None:
            raise Unreadable(child.at, "{", "braces around nothing, or around a list")
        return child.only
    assert isinstance(child, Node)
    return child


def _content(child: _Child) -> Content:
    if isinstance(child, Content):
        return child
    node = _node(child)
    return Content(node.at, (node,))


def _at(children: Sequence[_Child]) -> Place:
    first = children[0]
    return place_of(first) if isinstance(first, Token) else first.at


def _factorial(base: Node, sign: Token) -> Node:
    if isinstance(base, Group) and base.bracket == FACTORIAL:
        what, advice = "a factorial of a factorial, or a double one?", "write (n!)!"
        raise Unreadable(place_of(sign), "!!", what, advice)
    return Group(base.at, FACTORIAL, Content(base.at, (base,)))


def _primed(base: Node) -> Node:
    script = base if isinstance(base, Script) else Script(base.at, base)
    return replace(script, primes=script.primes + 1)


def _scripted(base: Node, suffix: _Raised) -> Node:
    script = base if isinstance(base, Script) else Script(base.at, base)
    content, above = suffix.content, suffix.above
    if not content.items:
        return base  # \sum_w^{}: nothing stands there on paper
    if not above and _is_star(content) and script.sub is None and script.sup is None:
        return replace(script, sub=None, sup=content)  # w_*
    if above and script.sup is not None and _is_star(script.sup):
        return Script(base.at, base, None, content)  # w_*^T
    if above and _is_numbered(script.sup):
        return Script(base.at, base, None, content)  # {x^{(i)}}^T
    if (script.sup if above else script.sub) is not None:
        sign = suffix.sign
        raise Unreadable(place_of(sign), sign.value, "a second one here", "use braces")
    return replace(script, sup=content) if above else replace(script, sub=content)


def _is_star(content: Content) -> bool:
    """Whether this is a star alone: below a name it says what it says above one, as in w^*."""
    only = content.only
    return isinstance(only, Leaf) and (only.kind, only.text) == ("MARK", "*")


def _is_numbered(sup: Content | None) -> bool:
    """Whether this is a number in brackets, as in ``x^{(i)}``."""
    return sup is not None and isinstance(sup.only, Group)


def _hat_outside(node: Node) -> Node:
    """``\\hat{y_w}`` is ``\\hat{y}_w``: the accent belongs to the base."""
    accent = node.base if isinstance(node, Script) else node
    if not isinstance(accent, Accented) or not isinstance(accent.base, Script):
        return node
    inner = accent.base
    bare = Script(
        node.at,
        Accented(accent.at, accent.mark, inner.base),
        inner.sub,
        inner.sup,
        inner.primes,
    )
    if not isinstance(node, Script):
        return bare
    if (bare.sub and node.sub) or (bare.sup and node.sup):
        raise Unreadable(node.at, accent.mark, "two scripts on one name", "write one")
    return Script(
        node.at, bare.base, bare.sub or node.sub, bare.sup or node.sup, bare.primes + node.primes
    )


GRAMMAR = Path(__file__).with_name("grammar.lark")
_CLOSES = {"RPAR": "(", "RSQB": "[", "RSET": r"\{"}
_SAID = {"RBRACE": "}", "RPAR": ")", "RSQB": "]", "RSET": r"\}", "RBAR": "|", "RNORM": r"\|"}


class _Given(Lexer):
    """Hands over tokens that were made before."""

    def __init__(self, _: object) -> None:
        pass

    def lex(self, lexer_state: object, parser_state: object = None) -> Iterator[Token]:
        assert isinstance(lexer_state, Sequence)
        yield from lexer_state


@lru_cache(maxsize=1)
def _parser() -> Lark:
    text = GRAMMAR.read_text(encoding="utf-8")
    return Lark(
        text,
        parser="lalr",
        lexer=_Given,
        transformer=Build(),
        maybe_placeholders=False,
        cache=_table(),
    )


def _table() -> str | bool:
    """Where the table of the grammar is kept: among compiled modules, if these are kept at all.

    To make it takes as long as a quarter of ``import sympy``. Lark makes it anew for another
    grammar, another version of itself or of Python, for a file it cannot read, and where it can
    write none.
    """
    if sys.dont_write_bytecode:
        return False
    compiled = cache_from_source(str(GRAMMAR.with_suffix(".py")))
    return str(Path(compiled).with_suffix(".lark"))


def parsed(tokens: Sequence[Token], where: Place) -> Node:
    """The tree of one side; raises Unreadable where the grammar has no use for a token."""
    if not tokens:
        raise Unreadable(where, "", "an empty side", "write what it equals")
    try:
        node: object = _parser().parse(tokens)
    except UnexpectedToken as error:
        ends = error.token.type == "$END" or not error.token.value
        written_ = [token for token in tokens if token.value]
        token = written_[-1] if ends else error.token
        what = "the formula breaks off here" if ends else "this cannot stand here"
        before = tokens if ends else [*takewhile(lambda each: each is not token, tokens)]
        if not ends and token.type in _CLOSES and still_open(before) is None:
            what = "a bracket is closed here that was never opened"
            advice = f"write {_CLOSES[token.type]} where it begins, or leave it out"
            raise Unreadable(place_of(token), token.value, what, advice) from None
        raise Unreadable(place_of(token), token.value, what, _advice(error, before)) from None
    assert isinstance(node, Node)
    return node


def _advice(error: UnexpectedToken, before: Sequence[Token]) -> str:
    """What would settle it; ``before`` are the tokens in front of it."""
    if error.token.type in ("COMMA", "SEMI", "RELATION"):
        return "a list stands in brackets; each equality has a display of its own"
    opened = still_open(before)
    closing = _SAID.get(BRACKETS[opened.type], "") if opened is not None else ""
    if opened is None or not closing or not error.expected & {*_SAID}:
        return "a factor is missing before it, or a bracket is not open"
    return f"{closing} would close the {opened.value} at {place_of(opened)}"


def formula(span: Span) -> Node:
    """The tree of a formula."""
    return parsed(tokenize(span), span.place)


def listing(span: Span) -> Content:
    """The trees of formulas and relations with commas between them."""
    return bracketed(tokenize(span), span)


def bracketed(tokens: list[Token], span: Span) -> Content:
    """The same of tokens: read as what stands in one pair of brackets."""
    # the end is nothing that was written
    first = Sign.placed("LPAR", "(", None, None, span.place)
    last = Sign.placed("RPAR", "", None, None, span.source.place(span.end))
    node = parsed([first, *tokens, last], span.place)
    if not isinstance(node, Group):
        raise Unreadable(span.place, span.text.strip()[:40], "brackets that close before they open")
    return node.content


def subscripts(content: Content) -> list[Node]:
    """The single subscripts of ``_{wi}`` and ``_{w,i}``."""
    parts: list[Node] = []
    for item in content.items:
        if isinstance(item, Product) and not any(item.joins):
            parts.extend(_with_brackets(item))
        else:
            parts.append(item)
    for part in parts:
        if isinstance(part, Relation):
            advice = "write the condition below the sum, or behind the formula"
            raise Unreadable(part.at, written(part), "a condition in a subscript", advice)
    return parts


def _with_brackets(item: Product) -> Iterator[Node]:
    """The factors of ``wi`` and of ``j(i)k``: brackets belong to the letter before them."""
    factors = list(item.factors)
    while factors:
        first = factors.pop(0)
        if factors and isinstance(first, Leaf) and isinstance(factors[0], Group):
            yield Product(first.at, (first, factors.pop(0)), ("",))
        else:
            yield first
