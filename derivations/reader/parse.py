"""From tokens to the tree of a formula, by the grammar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from derivations.reader import syntax
from derivations.reader.build import Build
from derivations.reader.problem import Place, Unreadable
from derivations.reader.tokens import place

GRAMMAR = Path(__file__).with_name("grammar.lark")
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
    return Lark(text, parser="lalr", lexer=_Given, transformer=Build(), maybe_placeholders=False)


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
        raise Unreadable(place(token), token.value, what, _advice(error)) from None
    assert isinstance(node, syntax.Node)
    return node


def _advice(error: UnexpectedToken) -> str:
    if error.token.type in ("COMMA", "SEMI", "RELATION"):
        return "a list stands in brackets; each equality has a display of its own"
    return _closing(error.expected)


def _closing(expected: set[str]) -> str:
    wanted = sorted(_SAID[kind] for kind in expected if kind in _SAID)
    if not wanted:
        return "a factor is missing before it, or a bracket is not open"
    return f"{' or '.join(wanted)} would close what is open"
