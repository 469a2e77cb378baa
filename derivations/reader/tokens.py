"""LaTeX as tokens: markup dropped, every spelling of a sign made one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lark import Token

from derivations.reader.bars import BRACKETS, step, told_apart
from derivations.reader.environments import laid_out
from derivations.reader.limits import MOST_CHARACTERS, MOST_NESTED, MOST_TOKENS
from derivations.reader.position import place_of
from derivations.reader.problem import Unreadable
from derivations.reader.scanner import Scanner
from derivations.reader.source import Span


def tokenize(
    span: Span, *, gaps: bool = False, unknown: dict[int, Unreadable] | None = None
) -> list[Token]:
    """The tokens of a formula, wide spaces, labels and asides only if ``gaps``.

    Raises Unreadable at what is too much, and at what is unknown where no mapping is given that
    takes these problems by their offsets.
    """
    if span.end - span.start > MOST_CHARACTERS:
        what = f"a formula of more than {MOST_CHARACTERS:,} characters"
        raise Unreadable(span.place, "", what)
    tokens: list[Token] = []
    depth = 0
    for token in _visible(_primes(Scanner(span).tokens(unknown))):
        depth += step(token)
        if depth > MOST_NESTED:
            raise Unreadable(place_of(token), token.value, f"more than {MOST_NESTED} brackets deep")
        if len(tokens) >= MOST_TOKENS:
            raise Unreadable(
                place_of(token), token.value, f"a formula of more than {MOST_TOKENS} signs"
            )
        tokens.append(token)
    beside = () if gaps else ("GAP", "LABEL", "ASIDE")
    return told_apart([token for token in laid_out(tokens) if token.type not in beside])


_ARGUMENT_FOLLOWS = {"SUB", "SUP", "ACCENT", "SUBSTACK"}
_BY_BRACES = {"\\frac": 2}


@dataclass
class _Brace:
    """An open brace: whether it stays, whether it holds a function's argument or is framed.

    ``wanted`` are the arguments of a \\frac still to come behind it. ``loose`` says that it has
    something before it that could multiply what it holds, ``terms`` that this is a sum.
    """

    opening: Token
    stays: bool = False
    function: bool = False
    wanted: int = 0
    framed: bool = False
    loose: bool = False
    terms: bool = False
    nested: int = 0  # brackets that are open in it


def _visible(tokens: Iterator[Token]) -> Iterator[Token]:
    """The tokens without braces that only group: on paper they are not there.

    Braces stay around the argument of a command, and around that of a function, where nothing
    that they hold could be thought to stand outside. A sum in a frame stands alone.
    """
    before, wanted = "", 0  # the kind of the last token, the arguments of \frac still to come
    operand = False  # whether what stands before could be a factor of what follows, or a minus
    braces: list[_Brace] = []
    framed: _Brace | None = None  # that was closed right before, with a sum in it
    in_frame = False
    for token in tokens:
        if token.type in ("ASIDE", "LABEL"):
            yield token
            continue
        if framed is not None and token.type not in _ENDS_FRAME:
            raise _unclear_frame(framed.opening)
        framed = None
        if token.type == "FRAME":
            in_frame = True
            continue
        in_frame, in_this = False, in_frame
        if token.type == "LBRACE":
            brace = _Brace(token, framed=in_this, loose=operand)
            brace.function = before == "FUNCTION" or before == "softmax"
            fraction = wanted > 0
            brace.stays = brace.function or fraction or before in _ARGUMENT_FOLLOWS
            brace.wanted = wanted - 1 if fraction else 0
            braces.append(brace)
            if len(braces) > MOST_NESTED:
                what = f"more than {MOST_NESTED} brackets deep"
                raise Unreadable(place_of(token), token.value, what)
            wanted, before = 0, "LBRACE"
            if brace.stays:
                operand = False
                yield token
            continue
        if token.type == "RBRACE":
            if not braces:
                what = "a brace is closed here that was never opened"
                raise Unreadable(place_of(token), "}", what, "write { where it begins, or leave it")
            brace = braces.pop()
            wanted, before = brace.wanted, "RBRACE"
            if brace.terms and brace.loose:
                raise _unclear_frame(brace.opening)
            framed = brace if brace.terms else None
            if brace.stays:
                operand = True
                yield token
            continue
        inside = braces[-1] if braces else None
        sign = token.type in ("PLUS", "MINUS") and before not in ("LBRACE", "SUP", "SUB")
        if inside is not None:
            inside.nested += step(token)
            sign = sign and not inside.nested
        if inside is not None and inside.function and sign:
            what = "does the function reach over both terms? the braces are invisible on paper"
            raise Unreadable(place_of(token), token.value, what, "put its argument in parentheses")
        if inside is not None and inside.framed and sign and not inside.stays:
            inside.terms = True
        wanted = _BY_BRACES.get(token.value, 0) if token.type == "FRACTION" else max(wanted - 1, 0)
        before = token.value if token.value == "softmax" else token.type
        operand = token.type not in _BEGINS_FRAME
        yield token
    if braces:
        opening = braces[-1].opening
        what = "a brace that is opened here is never closed"
        raise Unreadable(place_of(opening), "{", what, "write } where it ends")


_BESIDE_FRAME = frozenset(
    {"PLUS", "RELATION", "COMMA", "SEMI", "AMP", "GAP", "BREAK", "TEXT", "INTERTEXT"}
    | {"IMPLIES", "THEREFORE"}
)
_BEGINS_FRAME = _BESIDE_FRAME | {"BEGIN_LAYOUT"} | {*BRACKETS}
_ENDS_FRAME = _BESIDE_FRAME | {"MINUS", "DOT", "QED", "RBRACE", "END_LAYOUT", *BRACKETS.values()}


def _unclear_frame(opening: Token) -> Unreadable:
    what = "does the frame hold a sum together? it is no bracket on paper"
    return Unreadable(place_of(opening), "{", what, "put the sum in parentheses")


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
