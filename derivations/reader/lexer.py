"""Lexer: the tokens of a formula, markup dropped, every spelling of a sign made one.

Environments become brackets and separators by where they stand, and each ``|`` is made a
delimiter that opens or closes, or a separator.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from lark import Token

from derivations.reader.latex_commands import CONDITION_WORDS, OTHERWISE, WORD_FUNCTIONS
from derivations.reader.scanner import Scanner, Sign, place_of, retyped
from derivations.reader.source import MOST_CHARACTERS, MOST_NESTED, MOST_TOKENS, Span, Unreadable

# Which of several things a ``|`` is: it opens, it closes, or it separates.


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


def _step(token: Token) -> int:
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


def _told_apart(tokens: list[Token]) -> list[Token]:
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
    depths = accumulate(map(_step, tokens[number + 1 :]))
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
        depth += _step(before[at])
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
        depth -= _step(before[start - 1])
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


# Environments by where they stand: cases, matrices, lines below a sum, or mere layout.
#
# An array behind a brace that nothing closes lists cases, one in other brackets is a matrix, one
# below a sum lists conditions; elsewhere it lays out rows, as the environments for equations do.


_OPEN = frozenset({"LPAR", "LSQB", "BAR", "NORM", "LBAR", "LNORM"})
_SPACE = frozenset({"AMP", "GAP"})
_ENDS_VALUE = frozenset({"AMP", "TEXT", "GAP", "COMMA", "SEMI", "COLON"})
_MARKS = frozenset({"COMMA", "SEMI", "COLON", "DOT"})
_BEFORE_SYSTEM = frozenset({"BREAK", "IMPLIES", "THEREFORE", "COMMA", "TEXT", "QED", "LAYOUT"})


def _laid_out(tokens: list[Token]) -> list[Token]:
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
        depth += _step(token)
        if depth > MOST_NESTED:
            raise Unreadable(place_of(token), token.value, f"more than {MOST_NESTED} brackets deep")
        if len(tokens) >= MOST_TOKENS:
            raise Unreadable(
                place_of(token), token.value, f"a formula of more than {MOST_TOKENS} signs"
            )
        tokens.append(token)
    beside = () if gaps else ("GAP", "LABEL", "ASIDE")
    laid = [token for token in _laid_out(tokens) if token.type not in beside]
    return _told_apart(list(_empty_cells(list(_ended_lines(laid)))))


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
            inside.nested += _step(token)
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
