"""A piece of text as the tree of one formula."""

from __future__ import annotations

from lark import Token

from derivations.reader.parse import parsed
from derivations.reader.position import Sign
from derivations.reader.problem import Unreadable
from derivations.reader.source import Span
from derivations.reader.syntax import Content, Group, Node
from derivations.reader.tokens import tokenize


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
