"""LaTeX as tokens: markup dropped, every spelling of a sign made one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lark import Token

from derivations.reader.bars import BRACKETS, innermost, step, told_apart
from derivations.reader.environments import laid_out
from derivations.reader.limits import MOST_CHARACTERS, MOST_NESTED, MOST_TOKENS
from derivations.reader.position import Sign, place_of
from derivations.reader.problem import Unreadable
from derivations.reader.scanner import Scanner
from derivations.reader.source import Span
from derivations.reader.vocabulary import WORD_FUNCTIONS


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
    for token in _visible(_marks(_physics(_primes(Scanner(span).tokens(unknown))))):
        depth += step(token)
        if depth > MOST_NESTED:
            raise Unreadable(place_of(token), token.value, f"more than {MOST_NESTED} brackets deep")
        if len(tokens) >= MOST_TOKENS:
            raise Unreadable(
                place_of(token), token.value, f"a formula of more than {MOST_TOKENS} signs"
            )
        tokens.append(token)
    beside = () if gaps else ("GAP", "LABEL", "ASIDE")
    laid = [token for token in laid_out(tokens) if token.type not in beside]
    return told_apart(list(_empty_cells(list(_ended_lines(laid)))))


def _empty_cells(tokens: list[Token]) -> Iterator[Token]:
    """The tokens with one for each cell of a matrix in which nothing stands."""
    begins, ends = ("BEGIN_MATRIX", "AMP", "BREAK"), ("AMP", "BREAK", "END_MATRIX")
    after = tokens[1:]
    for token, around, following in zip(tokens, innermost(tokens), [*after, None], strict=False):
        yield token
        inside = token.type == "BEGIN_MATRIX" or around == "BEGIN_MATRIX"
        if inside and token.type in begins and following is not None and following.type in ends:
            at = place_of(token)
            yield Sign.placed("EMPTY", "~", token.start_pos, token.end_pos, at)


def _ended_lines(tokens: list[Token]) -> Iterator[Token]:
    """The tokens without a comma at the end of a line below a sum."""
    stacks: list[bool] = []  # the open braces, and whether each holds the lines of a \substack
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.type == "LBRACE":
            stacks.append(before is not None and before.type == "SUBSTACK")
        elif token.type == "RBRACE" and stacks:
            stacks.pop()
        ends = after is not None and after.type == "BREAK" and token.type in ("COMMA", "SEMI")
        if not (ends and stacks and stacks[-1]):
            yield token


_ARGUMENT_FOLLOWS = {"SUB", "SUP", "ACCENT", "SUBSTACK", "ROOT"}
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
    that they hold could be thought to stand outside, and no bracket in them is closed outside.
    A sum in a frame stands alone.
    """
    every = list(tokens)
    torn = _torn(every)
    before, wanted = "", 0  # the kind of the last token, the arguments of \frac still to come
    operand = False  # whether what stands before could be a factor of what follows, or a minus
    braces: list[_Brace] = []
    framed: _Brace | None = None  # that was closed right before, with a sum in it
    in_frame = False
    for at, token in enumerate(every):
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
            brace.function = before in ("FUNCTION", "BARE", *WORD_FUNCTIONS) and at not in torn
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
        before = token.value if token.value in WORD_FUNCTIONS else token.type
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


def _physics(tokens: Iterator[Token]) -> Iterator[Token]:
    """``\\pdv{f}{x}`` and ``\\dv{x}`` of the physics package as fractions."""
    for token in tokens:
        if token.type != "DERIVATIVE":
            yield token
            continue
        arguments: list[list[Token]] = []
        rest = next(tokens, None)
        while rest is not None and rest.type == "LBRACE" and len(arguments) < 3:
            arguments.append(_braced(rest, tokens))
            rest = next(tokens, None)
        if len(arguments) not in (1, 2):
            what = "only first derivatives are read so"
            advice = rf"write {token.value}{{f}}{{x}}, or \frac{{\partial^2 f}}{{\partial x^2}}"
            raise Unreadable(place_of(token), token.value, what, advice)
        above, below = arguments if len(arguments) == 2 else ([], arguments[0])
        yield Token.new_borrow_pos("FRACTION", r"\frac", token)
        for inside in (above, below):
            yield Token.new_borrow_pos("LBRACE", "{", token)
            yield Token.new_borrow_pos("PARTIAL", r"\partial", token)
            yield from inside[:-1]
            yield inside[-1] if inside else Token.new_borrow_pos("RBRACE", "}", token)
        if rest is not None:
            yield rest


def _braced(opening: Token, tokens: Iterator[Token]) -> list[Token]:
    """What stands in braces, with the brace that closes them."""
    depth, inside = 1, list[Token]()
    for token in tokens:
        depth += {"LBRACE": 1, "RBRACE": -1}.get(token.type, 0)
        inside.append(token)
        if not depth:
            return inside
    raise Unreadable(place_of(opening), "{", "a brace that is never closed")


def _torn(tokens: list[Token]) -> set[int]:
    """Where braces open in which a bracket opens that closes outside, or the other way round."""
    found: set[int] = set()
    opened: list[tuple[int, int, int]] = []  # a brace, the brackets open before it, and at least
    depth = 0
    for at, token in enumerate(tokens):
        if token.type == "LBRACE":
            opened.append((at, depth, depth))
        elif token.type == "RBRACE" and opened:
            start, before, least = opened.pop()
            if depth != before or least < before:
                found.add(start)
            if opened:
                outer = opened[-1]
                opened[-1] = (outer[0], outer[1], min(outer[2], least))
        elif token.type in _OPENING or token.type in _CLOSING:
            depth += 1 if token.type in _OPENING else -1
            if opened:
                start, before, least = opened[-1]
                opened[-1] = (start, before, min(least, depth))
    return found


_OPENING = ("LPAR", "LSQB", "LSET")
_CLOSING = ("RPAR", "RSQB", "RSET")
_SIGNS = ("TIMES", "PLUS", "MINUS")
_BEGIN = ("LBRACE", "LSQB", "COMMA")
_END = ("RBRACE", "RSQB", "COMMA")


def _marks(tokens: Iterator[Token]) -> Iterator[Token]:
    """Signs that are names: ``w^*``, ``s^{+}``, and the colon of ``A_{i,:}``."""
    every = list(tokens)
    for at, token in enumerate(every):
        before = [each.type for each in every[max(at - 2, 0) : at]]
        after = every[at + 1].type if at + 1 < len(every) else ""
        mark = False
        if token.type == "COLON":
            mark = before[-1:] in ([], *([each] for each in _BEGIN)) or after in _END
        elif token.type in _SIGNS:
            scripts = (["SUB"], ["SUP"], ["SUB", "LBRACE"], ["SUP", "LBRACE"])
            star = token.type == "TIMES"
            mark = before[-1:] in scripts or (before in scripts and (star or after == "RBRACE"))
            # A_{i*} and A_{i,*}; nothing is multiplied by what is not there
            mark |= (
                star and after == "RBRACE" and before[-1:] in (["LETTER"], ["NUMBER"], ["COMMA"])
            )
        text = "*" if token.type == "TIMES" else token.value
        yield Token.new_borrow_pos("MARK", text, token) if mark else token


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
