"""From tokens to the tree of a formula, by the grammar."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import cache_from_source
from itertools import takewhile
from pathlib import Path
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from derivations.reader import syntax
from derivations.reader.bars import BRACKETS, still_open
from derivations.reader.build import Build
from derivations.reader.position import place_of
from derivations.reader.problem import Place, Unreadable

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
