"""Environments of LaTeX by where they stand: cases, matrices, lines below a sum, mere layout.

An array behind a brace that nothing closes lists cases, one in other brackets is a matrix, one
below a sum lists conditions; elsewhere it lays out rows, as the environments for equations do.
"""

from __future__ import annotations

from lark import Token

from derivations.reader.latex_commands import CONDITION_WORDS, OTHERWISE
from derivations.reader.source import Unreadable, enclosing, place_of, retyped

_OPEN = frozenset({"LPAR", "LSQB", "BAR", "NORM", "LBAR", "LNORM"})
_SPACE = frozenset({"AMP", "GAP"})
_ENDS_VALUE = frozenset({"AMP", "TEXT", "GAP", "COMMA", "SEMI", "COLON"})
_MARKS = frozenset({"COMMA", "SEMI", "COLON", "DOT"})
_BEFORE_SYSTEM = frozenset({"BREAK", "IMPLIES", "THEREFORE", "COMMA", "TEXT", "QED", "LAYOUT"})


def laid_out(tokens: list[Token]) -> list[Token]:
    """The tokens with every environment read as what it is, and brackets left out resolved.

    Raises Unreadable at cases that are not read, and at a bracket left out elsewhere.
    """
    tokens = _rejoined(tokens)
    done: list[Token] = []
    opened: list[int] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.type.startswith("BEGIN_"):
            opened.append(len(done))
        elif token.type.startswith("END_") and opened:
            start = opened.pop()
            begin, body = done[start], done[start + 1 :]
            del done[start:]
            following = tokens[at].type if at < len(tokens) else ""
            brace = bool(done) and done[-1].type == "LSET" and following != "RSET"
            if brace:
                done.pop()
                at += following == "NO_BRACKET"
            done += _read(begin, body, token, done, following, brace=brace)
            continue
        done.append(token)
    for token in done:
        if token.type == "NO_BRACKET":
            what, advice = "a bracket left out", "write both brackets"
            raise Unreadable(place_of(token), token.value, what, advice)
    return [token for token in done if token.type not in ("BEGIN_LAYOUT", "END_LAYOUT")]


def _rejoined(tokens: list[Token]) -> list[Token]:
    """The tokens without ``\\right.`` and the ``\\left.`` behind it, between which a row ends."""
    left_out: set[int] = set()
    closed: int | None = None
    for number, token in enumerate(tokens):
        if token.type == "NO_BRACKET" and token.value == r"\right":
            closed = number
        elif token.type == "NO_BRACKET" and token.value == r"\left" and closed is not None:
            left_out |= {closed, number}
            closed = None
        elif token.type not in ("BREAK", "AMP", "GAP"):
            closed = None
    return [token for number, token in enumerate(tokens) if number not in left_out]


def _read(
    begin: Token, body: list[Token], end: Token, before: list[Token], following: str, *, brace: bool
) -> list[Token]:
    """An environment as the tokens that it stands for."""
    last = before[-1].type if before else ""
    if brace or begin.type == "BEGIN_CASES":
        return _cases(begin, body, end, before)
    while body and body[-1].type == "BREAK":
        body.pop()
    if begin.type == "BEGIN_MATRIX":
        return [begin, *body, end]
    below = last == "LBRACE" and len(before) > 1 and before[-2].type == "SUB"
    if below:
        kept = [token for token in body if token.type not in _SPACE]
        return [retyped(token, "COMMA") if token.type == "BREAK" else token for token in kept]
    if begin.value == "array" and last in _OPEN and following:
        return [retyped(begin, "BEGIN_MATRIX"), *body, retyped(end, "END_MATRIX")]
    return [begin, *body, end]


def _cases(begin: Token, body: list[Token], end: Token, before: list[Token]) -> list[Token]:
    rows = [row for row in _divided(body) if any(token.type not in _SPACE for token in row)]
    parts = [_parted(row) for row in rows]
    if any(token.type == "RELATION" for value, _ in parts for token in _outside(value)):
        last = next((token for token in reversed(before) if token.type not in _SPACE), None)
        if last is None or last.type in _BEFORE_SYSTEM or last.type.endswith("_LAYOUT"):
            return body  # a brace before several equalities
        what, advice = "equalities within cases", "write its value, then its condition behind an &"
        raise Unreadable(place_of(begin), begin.value, what, advice)
    found = [retyped(begin, "BEGIN_CASES")]
    for number, (value, said) in enumerate(parts):
        if number:
            found.append(retyped(begin, "BREAK"))
        found += [*value, *_condition(value, said, begin)]
    return [*found, retyped(end, "END_CASES")]


def _divided(body: list[Token]) -> list[list[Token]]:
    rows: list[list[Token]] = [[]]
    for token, depth in zip(body, enclosing(body), strict=True):
        if token.type == "BREAK" and depth == 0:
            rows.append([])
        else:
            rows[-1].append(token)
    return rows


def _outside(tokens: list[Token]) -> list[Token]:
    """The tokens in no bracket."""
    pairs = zip(tokens, enclosing(tokens), strict=True)
    return [token for token, depth in pairs if depth == 0]


def _parted(row: list[Token]) -> tuple[list[Token], list[Token]]:
    """The value of a case, and what stands behind it."""
    while row and row[0].type in _SPACE:
        row = row[1:]
    for number, (token, depth) in enumerate(zip(row, enclosing(row), strict=True)):
        if token.type in _ENDS_VALUE and depth == 0:
            return row[:number], row[number:]
    pairs = enumerate(zip(row, enclosing(row), strict=True))
    opened = [number for number, (token, depth) in pairs if token.type == "LPAR" and depth == 1]
    if opened and opened[-1] and _encloses(row[opened[-1] :]):
        return row[: opened[-1]], row[opened[-1] :]
    return row, []


def _encloses(tokens: list[Token]) -> bool:
    """Whether the first bracket encloses all of the tokens, among them a relation."""
    inside = enclosing(tokens)[:-1]
    return all(inside) and any(token.type == "RELATION" for token in tokens)


def _condition(value: list[Token], said: list[Token], begin: Token) -> list[Token]:
    """The condition of a case, behind a token of its own; OTHERWISE for all other cases."""
    at = said[0] if said else (value or [begin])[-1]
    found: list[Token] = []
    for token, depth in zip(said, enclosing(said), strict=True):
        said_here = token.value.lower().strip(" .,;:") if token.type == "TEXT" else ""
        words = said_here.split()
        if words and words[0] in OTHERWISE:
            return [retyped(token, "OTHERWISE")]
        if words == ["and"]:
            found.append(retyped(token, "COMMA"))
        elif words and not set(words) <= CONDITION_WORDS | {"in", "case", "all"}:
            what, advice = "words in a case", "write if ..., or otherwise"
            raise Unreadable(place_of(token), token.value, what, advice)
        elif not words and (depth or token.type not in _SPACE):
            found.append(token)
    while found and found[-1].type in _MARKS:
        found.pop()
    while found and found[0].type in _MARKS:
        del found[0]
    if len(found) > 1 and found[0].type == "LPAR" and _encloses(found):
        found = found[1:-1]
    if not found:
        what = "a case without a condition"
        advice = r"write & \text{if } w = o, or & \text{otherwise}"
        raise Unreadable(place_of(at), at.value, what, advice)
    return [retyped(at, "WHERE"), *found]
