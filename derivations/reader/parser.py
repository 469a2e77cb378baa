"""Parser: from tokens to the syntax tree, by the LALR grammar in ``grammar.lark``.

`Build` has an action for each rule of the grammar.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import cache_from_source
from itertools import takewhile
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from derivations.reader import syntax
from derivations.reader.latex_commands import WORD_FUNCTIONS
from derivations.reader.lexer import BRACKETS, still_open, tokenize
from derivations.reader.scanner import Sign, place_of
from derivations.reader.source import Place, Span, Unreadable
from derivations.reader.syntax import Content, Group, Node, nested

# A node of the tree for each rule of the grammar.


_JOINS = {
    "CDOT": r"\cdot",
    "TIMES": r"\times",
    "ODOT": r"\odot",
    "OSLASH": r"\oslash",
    "SLASH": "/",
    "DOT": ".",
}
_BRACKETS = {"LPAR": "(", "LSQB": "[", "LSET": r"\{", "LBAR": "|", "LNORM": r"\|", "LANGLE": "<"}
_BRACKETS["LEVALUATED"] = syntax.EVALUATED
# tokens that are leaves of another kind, and how they were written
_STYLES = {"BARE": "FUNCTION", "CALLED": "WORD", "DIFFERENTIAL": "LETTER"}


class Build(Transformer[Token, Node]):
    """One method for each rule; children are nodes and the tokens between them."""

    def start(self, children: list[Any]) -> Node:
        return _node(children[0])

    def leaf(self, children: list[Token]) -> Node:
        (token,) = children
        kind = _STYLES.get(token.type, token.type)
        style = "" if kind == token.type else token.type
        return syntax.Leaf(place_of(token), kind, token.value, style)

    def expr(self, children: list[Any]) -> Node:
        signs = ["-" if token.type == "MINUS" else "+" for token in _tokens(children)]
        parts = _nodes(children)
        if len(signs) < len(parts):
            signs.insert(0, "+")
        if signs == ["+"]:
            return parts[0]
        return syntax.Terms(_at(children), tuple(signs), tuple(parts))

    def term(self, children: list[Any]) -> Node:
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
            new = nested(_unwrapped(child, argument))
            factors += new
            joins += ("",) * (len(new) - 1)
            join = ""
        if len(factors) == 1:
            return factors[0]
        return syntax.Product(_at(children), tuple(factors), tuple(joins))

    def factor(self, children: list[Any]) -> Node:
        base, *suffixes = children
        if isinstance(base, Content) and base.only is not None and not suffixes:
            return syntax.Group(base.at, "{", base)
        base = _node(base)
        for suffix in suffixes:
            if isinstance(suffix, Token) and suffix.type == "FACTORIAL":
                base = _factorial(_hat_outside(base), suffix)
                continue
            base = _scripted(base, suffix)
        return _hat_outside(base)

    def subscript(self, children: list[Any]) -> tuple[str, Content, Token]:
        return ("sub", _content(children[1]), children[0])

    def superscript(self, children: list[Any]) -> tuple[str, Content, Token]:
        return ("sup", _content(children[1]), children[0])

    def entrywise(self, children: list[Any]) -> Content:
        """An exponent that is taken entry by entry, as a group of its own kind."""
        content: Content = children[2]
        at = _at(children)
        return Content(at, (syntax.Group(at, syntax.ENTRYWISE, content),))

    def braced(self, children: list[Any]) -> Content:
        content: Content = children[1]
        return Content(_at(children), content.items, content.separators)

    def accented(self, children: list[Any]) -> Node:
        mark, base = children
        return syntax.Accented(place_of(mark), mark.value, _node(base))

    def fraction(self, children: list[Any]) -> Node:
        for part in children[1:]:
            if isinstance(part, syntax.Leaf) and part.kind == "NUMBER" and len(part.text) > 1:
                what = "LaTeX takes only the first digit"
                raise Unreadable(part.at, part.text, what, f"write {{{part.text}}}")
        return syntax.Fraction(_at(children), _node(children[1]), _node(children[2]))

    def root(self, children: list[Any]) -> Node:
        return syntax.Group(_at(children), syntax.SQUARE_ROOT, _content(children[1]))

    def group(self, children: list[Any]) -> Node:
        opening, content, _ = children
        return syntax.Group(place_of(opening), _BRACKETS[opening.type], content)

    def content(self, children: list[Any]) -> Content:
        items = tuple(_nodes(children))
        at = items[0].at if items else Place()
        return Content(at, items, tuple(map(_separator, _tokens(children))))

    def item(self, children: list[Any]) -> Node:
        parts, signs = _nodes(children), [token.value for token in _tokens(children)]
        return syntax.Relation(_at(children), tuple(parts), tuple(signs)) if signs else parts[0]

    def matrix(self, children: list[Any]) -> Node:
        rows = [child for child in children if not isinstance(child, Token)]
        return syntax.Matrix(_at(children), tuple(rows))

    def row(self, children: list[Any]) -> tuple[Node, ...]:
        return tuple(_nodes(children))

    def cases(self, children: list[Any]) -> Node:
        rows = [child for child in children if not isinstance(child, Token)]
        values, conditions = zip(*rows, strict=True)
        return syntax.Cases(_at(children), values, conditions)

    def case(self, children: list[Any]) -> tuple[Node, Content | None]:
        content = children[2] if len(children) > 2 else None
        return _node(children[0]), content

    def substack(self, children: list[Any]) -> Node:
        lines = tuple(child for child in children if isinstance(child, Content))
        return syntax.Stack(_at(children), lines)


def _takes_braces(node: Node) -> bool:
    """Whether braces behind this hold its argument: ``\\log{x} y`` is ``\\log(x) y``."""
    return isinstance(node, syntax.Leaf) and (
        node.kind == "FUNCTION" or node.text in WORD_FUNCTIONS
    )


def _unwrapped(node: Node, argument: bool) -> Node:
    """What stands in braces alone, or the argument of a function in parentheses."""
    if not isinstance(node, syntax.Group) or node.bracket != "{":
        return node
    if argument:
        return syntax.Group(node.at, "(", node.content)
    return _node(node.content)


def _separator(token: Token) -> str:
    return "|" if token.type == "VERT" else str(token.value)


def _tokens(children: Sequence[Any]) -> list[Token]:
    return [child for child in children if isinstance(child, Token)]


def _nodes(children: Sequence[Any]) -> list[Node]:
    return [_node(child) for child in children if not isinstance(child, Token)]


def _node(child: Any) -> Node:
    """Braces that only hold one thing together are that thing."""
    if isinstance(child, Content):
        if child.only is None:
            raise Unreadable(child.at, "{", "braces around nothing, or around a list")
        return child.only
    assert isinstance(child, Node)
    return child


def _content(child: Any) -> Content:
    return child if isinstance(child, Content) else Content(child.at, (child,))


def _at(children: Sequence[Any]) -> Place:
    first = children[0]
    return place_of(first) if isinstance(first, Token) else first.at


def _factorial(base: Node, sign: Token) -> Node:
    if isinstance(base, syntax.Group) and base.bracket == syntax.FACTORIAL:
        what, advice = "a factorial of a factorial, or a double one?", "write (n!)!"
        raise Unreadable(place_of(sign), "!!", what, advice)
    return syntax.Group(base.at, syntax.FACTORIAL, syntax.Content(base.at, (base,)))


def _scripted(base: Node, suffix: Any) -> Node:
    script = base if isinstance(base, syntax.Script) else syntax.Script(base.at, base)
    if isinstance(suffix, Token):
        return syntax.Script(script.at, script.base, script.sub, script.sup, script.primes + 1)
    which, content, token = suffix
    if not content.items:
        return base  # \sum_w^{}: nothing stands there on paper
    if which == "sub" and _is_star(content) and script.sub is None and script.sup is None:
        return syntax.Script(script.at, script.base, None, content, script.primes)  # w_*
    if which == "sup" and script.sup is not None and _is_star(script.sup):
        return syntax.Script(base.at, base, None, content)  # w_*^T
    if which == "sup" and _is_numbered(script.sup):
        return syntax.Script(base.at, base, None, content)  # {x^{(i)}}^T
    if getattr(script, which) is not None:
        raise Unreadable(place_of(token), token.value, "a second one here", "use braces")
    sub = content if which == "sub" else script.sub
    sup = content if which == "sup" else script.sup
    return syntax.Script(script.at, script.base, sub, sup, script.primes)


def _is_star(content: Content) -> bool:
    """Whether this is a star alone: below a name it says what it says above one, as in w^*."""
    only = content.only
    return isinstance(only, syntax.Leaf) and (only.kind, only.text) == ("MARK", "*")


def _is_numbered(sup: Content | None) -> bool:
    """Whether this is a number in brackets, as in ``x^{(i)}``."""
    return sup is not None and isinstance(sup.only, syntax.Group)


def _hat_outside(node: Node) -> Node:
    """``\\hat{y_w}`` is ``\\hat{y}_w``: the accent belongs to the base."""
    accent = node.base if isinstance(node, syntax.Script) else node
    if not isinstance(accent, syntax.Accented) or not isinstance(accent.base, syntax.Script):
        return node
    inner = accent.base
    bare = syntax.Script(
        node.at,
        syntax.Accented(accent.at, accent.mark, inner.base),
        inner.sub,
        inner.sup,
        inner.primes,
    )
    if not isinstance(node, syntax.Script):
        return bare
    if (bare.sub and node.sub) or (bare.sup and node.sup):
        raise Unreadable(node.at, accent.mark, "two scripts on one name", "write one")
    return syntax.Script(
        node.at, bare.base, bare.sub or node.sub, bare.sup or node.sup, bare.primes + node.primes
    )


# From tokens to the tree of a formula, by the grammar.


GRAMMAR = Path(__file__).with_name("grammar.lark")
_CLOSING = {"RPAR": "(", "RSQB": "[", "RSET": r"\{"}
_SAID = {"RBRACE": "}", "RPAR": ")", "RSQB": "]", "RSET": r"\}", "RBAR": "|", "RNORM": r"\|"}


class _Given(Lexer):
    """Hands over tokens that were made before."""

    def __init__(self, _: Any) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Token]:
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


def parsed(tokens: Sequence[Token], where: Place) -> syntax.Node:
    """The tree of one side; raises Unreadable where the grammar has no use for a token."""
    if not tokens:
        raise Unreadable(where, "", "an empty side", "write what it equals")
    try:
        node: Any = _parser().parse(tokens)
    except UnexpectedToken as error:
        ends = error.token.type == "$END" or not error.token.value
        written_ = [token for token in tokens if token.value]
        token = written_[-1] if ends else error.token
        what = "the formula breaks off here" if ends else "this cannot stand here"
        before = tokens if ends else [*takewhile(lambda each: each is not token, tokens)]
        if not ends and token.type in _CLOSING and still_open(before) is None:
            what = "a bracket is closed here that was never opened"
            advice = f"write {_CLOSING[token.type]} where it begins, or leave it out"
            raise Unreadable(place_of(token), token.value, what, advice) from None
        raise Unreadable(place_of(token), token.value, what, _advice(error, before)) from None
    assert isinstance(node, syntax.Node)
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


# A piece of text as the tree of one formula.


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
