"""The rows of a display, and what may stand where a row or a wide space ends."""

from __future__ import annotations

from lark import Token

from derivations.reader.bars import enclosing, step
from derivations.reader.problem import Unreadable
from derivations.reader.tokens import place

_SIGNS = {"PLUS", "MINUS", "CDOT", "TIMES", "ODOT", "SLASH"}


def rows(tokens: list[Token]) -> list[list[Token]]:
    """The tokens of each row; alignment marks and wide spaces are left out."""
    found: list[list[Token]] = [[]]
    for at, (token, depth) in enumerate(zip(tokens, enclosing(tokens), strict=True)):
        if token.type == "BREAK" and depth == 0:
            found.append([])
        elif token.type == "GAP":
            if depth == 0 and found[-1]:
                _require_remark(token, tokens[at + 1 :])
        elif token.type != "AMP" or depth > 0:
            found[-1].append(token)
    return [row for row in found if row]


def require_one_equality(row: list[Token], before: list[Token], *, first: bool) -> None:
    """Refuse a row that is an equality of its own, or begins with a factor of the row above."""
    if first or row[0].type in ("RELATION", "TEXT"):
        return
    for token, depth in zip(row, enclosing(row), strict=True):
        if token.type == "TEXT":
            break
        if token.type == "RELATION" and depth == 0:
            advice = "give each equality a display of its own"
            raise Unreadable(place(row[0]), row[0].value, "a second equality begins here", advice)
    if before and before[-1].type not in _SIGNS and row[0].type not in _SIGNS:
        advice = "write the sign where the line is broken, or \\cdot"
        raise Unreadable(place(row[0]), row[0].value, "a factor of the line above?", advice)


def _require_remark(gap: Token, rest: list[Token]) -> None:
    """Behind a wide space stands a sign, a remark, or a condition in parentheses."""
    following = next((token for token in rest if token.type not in ("GAP", "AMP")), None)
    if following is None or following.type in ("RELATION", "TEXT", "BREAK", "UNKNOWN", *_SIGNS):
        return
    if following.type in ("COMMA", "DOT", "SEMI") or _is_condition(rest):
        return
    advice = r"conditions stand in parentheses, numbers of formulas in \tag{..}"
    what = "what is this behind a wide space?"
    raise Unreadable(place(following), following.value, what, advice)


def _is_condition(rest: list[Token]) -> bool:
    """Whether brackets with a relation in them come next."""
    tokens = [token for token in rest if token.type not in ("GAP", "AMP")]
    if tokens[0].type != "LPAR":
        return False
    depth = 0
    for token in tokens:
        depth += step(token)
        if token.type == "RELATION":
            return True
        if depth == 0:
            return False
    return False
