"""Which of several things a ``|`` is: it opens, it closes, or it separates."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, takewhile

from lark import Token

from derivations.reader.position import place_of, retyped
from derivations.reader.problem import Unreadable

_OPENS = {
    "LPAR": "RPAR",
    "LSQB": "RSQB",
    "LSET": "RSET",
    "LBRACE": "RBRACE",
    "LBAR": "RBAR",
    "LNORM": "RNORM",
    "LANGLE": "RANGLE",
    "LEVALUATED": "REVALUATED",
}
# every opening bracket, and what closes it
BRACKETS = {**_OPENS, "BEGIN_MATRIX": "END_MATRIX", "BEGIN_CASES": "END_CASES"}
_CLOSES = frozenset(BRACKETS.values())
_NAMES = {"LETTER", "WORD", "NUMBER", "PRIME", "DOTS", "TOP", "INDICATOR", "DIFFERENTIAL", "MARK"}
_ENDS_OPERAND = frozenset({*_NAMES, *_OPENS.values()})
_DERIVATIVES = frozenset({"FRACTION", "NABLA", "PARTIAL"})
_ENDS_TERM = frozenset(
    {"PLUS", "MINUS", "RELATION", "COMMA", "SEMI", "AMP", "GAP", "BREAK", "TEXT", "COLON"}
    | {"IMPLIES", "THEREFORE", "INTERTEXT"}
)
_SUMS = frozenset({"SUM", "PROD"})
_SEPARATES_IN = frozenset({"LPAR", "LSQB", "LSET"})


def step(token: Token) -> int:
    """How much deeper the brackets are behind a token: one, minus one, or nothing."""
    return (token.type in BRACKETS) - (token.type in _CLOSES)


def enclosing(tokens: list[Token]) -> list[int]:
    """How many brackets enclose each token; one that is never closed, or opened, encloses none."""
    depths = [0] * (len(tokens) + 1)  # as changes first
    opened: list[tuple[str, int]] = []
    for at, token in enumerate(tokens):
        if token.type in BRACKETS:
            opened.append((BRACKETS[token.type], at))
        elif token.type in _CLOSES and any(closing == token.type for closing, _ in opened):
            while opened[-1][0] != token.type:
                opened.pop()
            _, start = opened.pop()
            depths[start] += 1
            depths[at] -= 1
    return list(accumulate(depths[:-1]))


def still_open(tokens: Sequence[Token]) -> Token | None:
    """The innermost bracket that is opened and not closed, if there is one."""
    opened: list[Token] = []
    for token in tokens:
        if token.type in BRACKETS:
            opened.append(token)
        elif opened and token.type == BRACKETS[opened[-1].type]:
            opened.pop()
    return opened[-1] if opened else None


def innermost(tokens: list[Token]) -> list[str]:
    """The kind of the innermost bracket around each token, empty where there is none."""
    depths = [0, *enclosing(tokens)]
    found: list[str] = []
    opened: list[str] = []
    for token, before, depth in zip(tokens, depths, depths[1:], strict=False):
        found.append(opened[-1] if opened else "")
        if depth > before:
            opened.append(token.type)
        elif depth < before:
            opened.pop()
            found[-1] = opened[-1] if opened else ""
    return found


def told_apart(tokens: list[Token]) -> list[Token]:
    """The tokens with every BAR and NORM made an opening, a closing or a separating one.

    A bar closes the bracket around it where that is a bar. Otherwise, behind something it
    separates, as in P(O = o | C = c), and elsewhere it opens. With a subscript it says where the
    term before it is taken: ``\\frac{df}{dt} \\Big|_{t = 0}``.
    """
    result: list[Token] = []
    open_brackets: list[str] = []
    for number, token in enumerate(tokens):
        kind = token.type
        following = tokens[number + 1].type if number + 1 < len(tokens) else ""
        if following == "SUB" and _stands_alone(kind, open_brackets):
            result.insert(_start_of_term(result, token), retyped(token, "LEVALUATED"))
            result.append(retyped(token, "REVALUATED"))
            continue
        if kind == "NORM" and _is_alone(tokens, number, open_brackets):
            kind = "VERT"
            token = retyped(token, kind)
        elif kind in ("BAR", "NORM"):
            kind = _kind(kind, open_brackets, result)
            token = retyped(token, kind)
        if kind == "CDOT" and _stands_for_any(result, following):
            token = retyped(token, "LETTER")
        if kind == "CDOT" and _stands_for_all(result, following):
            token = retyped(token, "MARK")
        if kind in _OPENS:
            open_brackets.append(kind)
        elif open_brackets and kind == _OPENS[open_brackets[-1]]:
            open_brackets.pop()
        result.append(token)
    return result


def _is_alone(tokens: list[Token], number: int, open_brackets: list[str]) -> bool:
    """Whether a double bar is the only one in its brackets: it separates, as in KL(p || q)."""
    if not open_brackets or open_brackets[-1] not in _SEPARATES_IN:
        return False
    depths = accumulate(map(step, tokens[number + 1 :]))
    inside = takewhile(lambda pair: pair[1] >= 0, zip(tokens[number + 1 :], depths, strict=True))
    alone = all(token.type != "NORM" for token, _ in inside)
    return alone and tokens[number - 1].type in _ENDS_OPERAND


def _stands_for_any(before: list[Token], following: str) -> bool:
    """Whether a dot stands for any argument: ``p(\\cdot | x)``."""
    opens = bool(before) and before[-1].type in ("LPAR", "COMMA")
    return opens and following in ("BAR", "VERT", "RPAR", "COMMA", "SEMI")


def _stands_for_all(before: list[Token], following: str) -> bool:
    """Whether a dot in a subscript stands for all members: ``A_{i \\cdot}``, ``A_{\\cdot, j}``."""
    if not before:
        return False
    at_an_end = before[-1].type in ("LBRACE", "COMMA") or following in ("RBRACE", "COMMA")
    return at_an_end and _is_below(before)


def _is_below(before: list[Token], of: frozenset[str] | None = None) -> bool:
    """Whether the innermost open bracket is that of a subscript, of one of some kinds of sign."""
    depth, at = 0, len(before)
    while at and depth <= 0:
        at -= 1
        depth += step(before[at])
    if depth <= 0 or before[at].type != "LBRACE" or at < 1 or before[at - 1].type != "SUB":
        return False
    return of is None or (at > 1 and before[at - 2].type in of)


def _stands_alone(kind: str, open_brackets: list[str]) -> bool:
    """Whether a bar closes no bracket that is a bar."""
    return kind in ("BAR", "RBAR", "VERT") and "LBAR" not in open_brackets


def _start_of_term(before: list[Token], bar: Token) -> int:
    """Where the term begins that a bar with a subscript stands behind.

    Raises Unreadable unless it is one derivative, or one name with its argument.
    """
    depth, start = 0, len(before)
    inside: list[Token] = []
    while start and (depth or before[start - 1].type not in _ENDS_TERM):
        depth -= step(before[start - 1])
        if depth < 0:
            break
        start -= 1
        inside += [] if depth else [before[start]]
    inside.reverse()
    signs = [token for token in inside if token.type in _DERIVATIVES]
    alone = inside and inside[0].type in _NAMES | {"FUNCTION", "ACCENT"}
    single = alone and not any(token.type in _NAMES for token in _unscripted(inside)[1:])
    if not (signs == inside[:1] and signs) and not (single and not signs):
        what, advice = "how far back does this bar reach?", r"write \left. ... \right|_{x = 0}"
        raise Unreadable(place_of(bar), bar.value, what, advice)
    return start


def _unscripted(tokens: list[Token]) -> list[Token]:
    """The tokens without those that are a script, or what an accent is over."""
    pairs = zip([None, *tokens], tokens, strict=False)
    scripts = ("SUB", "SUP", "ACCENT")
    kept = [token for before, token in pairs if before is None or before.type not in scripts]
    return [token for token in kept if token.type != "PRIME"]


def _kind(kind: str, open_brackets: list[str], before: list[Token]) -> str:
    around = open_brackets[-1] if open_brackets else ""
    if around == f"L{kind}":
        return f"R{kind}"
    behind_something = bool(before) and before[-1].type in _ENDS_OPERAND
    separates = around in _SEPARATES_IN or _is_below(before, _SUMS)
    if kind == "BAR" and behind_something and separates:
        return "VERT"
    return f"L{kind}"
