"""LaTeX as tokens: markup dropped, every spelling of a sign made one."""

from __future__ import annotations

from collections.abc import Iterator

from lark import Token

from derivations.reader.bars import step, told_apart
from derivations.reader.limits import MOST_CHARACTERS, MOST_NESTED, MOST_TOKENS
from derivations.reader.problem import Place, Unreadable
from derivations.reader.scanner import Scanner
from derivations.reader.source import Span


def tokenize(
    span: Span, *, gaps: bool = False, unknown: dict[int, Unreadable] | None = None
) -> list[Token]:
    """The tokens of a formula, wide spaces only if ``gaps``.

    Raises Unreadable at what is too much, and at what is unknown where no mapping is given that
    takes these problems by their offsets.
    """
    if span.end - span.start > MOST_CHARACTERS:
        what = f"a formula of more than {MOST_CHARACTERS:,} characters"
        raise Unreadable(span.place, "", what)
    tokens: list[Token] = []
    depth = 0
    for token in _primes(Scanner(span).tokens(unknown)):
        depth += step(token)
        if depth > MOST_NESTED:
            raise Unreadable(place(token), token.value, f"more than {MOST_NESTED} brackets deep")
        if len(tokens) >= MOST_TOKENS:
            raise Unreadable(
                place(token), token.value, f"a formula of more than {MOST_TOKENS} signs"
            )
        if gaps or token.type != "GAP":
            tokens.append(token)
    return told_apart(tokens)


def place(token: Token) -> Place:
    """Where a token stands."""
    return Place(token.line or 1, token.column or 1)


def _primes(tokens: Iterator[Token]) -> Iterator[Token]:
    """``^\\prime`` and ``^{\\prime}`` as the sign that ``'`` is."""
    held: list[Token] = []
    for token in tokens:
        held.append(token)
        kinds = [each.type for each in held]
        if kinds in (["SUP", "PRIME"], ["SUP", "LBRACE", "PRIME", "RBRACE"]):
            yield held[kinds.index("PRIME")]
            held.clear()
        elif kinds not in (["SUP"], ["SUP", "LBRACE"], ["SUP", "LBRACE", "PRIME"]):
            yield from held
            held.clear()
    yield from held
