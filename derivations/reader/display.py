"""Displays as chains of relations: their rows, the sides between the signs, conditions beside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from lark import Token

from derivations.reader.latex_commands import CONNECTING_WORDS, RESTRICTING_WORDS, SUPPOSING_WORDS
from derivations.reader.lexer import innermost, tokenize
from derivations.reader.segmentation import SIGN, equality_signs
from derivations.reader.source import (
    BRACKETS,
    MOST_LINES,
    Display,
    Place,
    Sign,
    Span,
    Unreadable,
    enclosing,
    place_of,
    retyped,
)
from derivations.reader.syntax import Node

# The pieces of a display: what stands between its line breaks, wide spaces, commas and words.
#
# Only what stands in no bracket is divided. Whether a piece is an equality of its own, goes on with
# the one before or is a condition of it, is settled by `_Splitter`.


SIGNS = frozenset({"PLUS", "MINUS", "CDOT", "TIMES", "ODOT", "OSLASH", "SLASH"})
_PUNCTUATION = frozenset({"COMMA", "DOT", "SEMI", "COLON"})
_LAYOUT = frozenset({"GAP", "AMP"})
_PLAIN = frozenset({"LPAR", "LSQB", "LSET", "LANGLE", "LBAR", "LNORM"})


class _Mark(IntEnum):
    """What stands before a piece, the strongest last."""

    START = 0
    COMMA = 1
    GAP = 2  # a wide space, words, or a column
    ROW = 3
    INFERENCE = 4  # \\therefore
    IMPLICATION = 5  # \\Rightarrow


@dataclass
class Piece:
    """Tokens without anything of the layout around them, and what stands before them.

    ``signs`` are the marks themselves, ``words`` what stands in \\text right before the piece.
    ``column`` says that an & stands before it in its row, ``later_column`` that one stands in it.
    """

    mark: _Mark
    row: int
    tokens: list[Token] = field(default_factory=list)
    signs: list[Token] = field(default_factory=list)
    words: list[Token] = field(default_factory=list)
    column: bool = False
    later_column: bool = False

    @property
    def relations(self) -> list[Token]:
        """The signs of relations in it, in no bracket."""
        pairs = zip(self.tokens, enclosing(self.tokens), strict=True)
        return [token for token, depth in pairs if token.type == "RELATION" and depth == 0]


_MARKS = {
    "COMMA": _Mark.COMMA,
    "SEMI": _Mark.COMMA,
    "COLON": _Mark.COMMA,
    "GAP": _Mark.GAP,
    "TEXT": _Mark.GAP,
    "BREAK": _Mark.ROW,
    "THEREFORE": _Mark.INFERENCE,
    "IMPLIES": _Mark.IMPLICATION,
}


def pieces(tokens: list[Token]) -> list[Piece]:
    """All pieces in their order; those without tokens have words."""
    tokens = list(_joined_rows(list(_remarks_in_brackets(list(_rows_of_words(tokens))))))
    found = [Piece(_Mark.START, 0)]
    inside = innermost(tokens)
    for number, (token, depth) in enumerate(zip(tokens, enclosing(tokens), strict=True)):
        last = found[-1]
        mark = _MARKS.get(token.type) if depth == 0 else None
        if depth == 0 and token.type == "AMP":
            if last.tokens and _divides(tokens, number):
                found.append(Piece(_Mark.GAP, last.row, column=True))
            elif last.tokens:
                last.later_column = True
            else:
                last.column = True
        elif mark is None:
            cell = token.type == "AMP" and inside[number] == "BEGIN_MATRIX"
            if depth == 0 or token.type not in _LAYOUT or cell:
                last.tokens.append(token)
        else:
            if last.tokens or (last.words and token.type != "TEXT" and mark >= _Mark.ROW):
                found.append(Piece(mark, last.row))
            last = found[-1]
            last.mark = max(last.mark, mark)
            last.row += token.type == "BREAK"
            last.column = last.column and token.type != "BREAK"
            (last.words if token.type == "TEXT" else last.signs).append(token)
    return _with_lists(found)


def _divides(tokens: list[Token], number: int) -> bool:
    """Whether an & stands between two columns, and not beside a sign that it aligns."""
    before = next((t for t in reversed(tokens[:number]) if t.type not in _LAYOUT), None)
    after = next((t for t in tokens[number + 1 :] if t.type not in _LAYOUT), None)
    if before is None or after is None:
        return False
    joined = SIGNS | {"RELATION"}
    return before.type not in joined and after.type not in joined | {"BREAK"}


def _with_lists(found: list[Piece]) -> list[Piece]:
    """The pieces, the members of a list put together again: ``k = 1, \\ldots, K``."""
    result: list[Piece] = []
    for piece in found:
        in_list = piece.mark is _Mark.COMMA and piece.tokens and not piece.relations
        if in_list and result and result[-1].tokens and not _is_bracket(piece):
            result[-1].tokens += [*piece.signs, *piece.tokens]
        elif piece.tokens or piece.words or piece.signs:
            result.append(piece)
    return result


def _is_bracket(piece: Piece) -> bool:
    return piece.tokens[0].type == "LPAR" and _holds_relation(piece.tokens)


def _holds_relation(tokens: list[Token]) -> bool:
    """Whether brackets with a relation in them come first."""
    if tokens[0].type != "LPAR":
        return False
    for token, depth in zip(tokens[1:], enclosing(tokens)[1:], strict=True):
        if depth == 0:
            return False
        if token.type == "RELATION":
            return True
    return False


def _rows_of_words(tokens: list[Token]) -> Iterator[Token]:
    """The tokens, an \\intertext as a row of words."""
    for token in tokens:
        if token.type != "INTERTEXT":
            yield token
        else:
            for kind in ("BREAK", "TEXT", "BREAK"):
                yield retyped(token, kind)


def _remarks_in_brackets(tokens: list[Token]) -> Iterator[Token]:
    """The tokens without brackets around words: ``(\\text{chain rule})`` is a remark as well."""
    depths = enclosing(tokens)
    left_out: set[int] = set()
    for number, token in enumerate(tokens[:-1]):
        opens = token.type in ("LPAR", "LSQB") and depths[number] == 1 == depths[number + 1]
        if opens and tokens[number + 1].type == "TEXT":
            behind = (n for n in range(number + 1, len(tokens)) if depths[n] == 0)
            left_out |= {number, next(behind, len(tokens) - 1)}
    for number, token in enumerate(tokens):
        if number not in left_out:
            yield token


def _joined_rows(tokens: list[Token]) -> Iterator[Token]:
    """The tokens without the line breaks in plain brackets, where a sign says how it goes on."""
    before: Token | None = None
    for number, (token, around) in enumerate(zip(tokens, innermost(tokens), strict=True)):
        if token.type != "BREAK" or around not in _PLAIN:
            yield token
            before = token if token.type not in _LAYOUT else before
            continue
        rest = next((each for each in tokens[number + 1 :] if each.type not in _LAYOUT), token)
        plain = SIGNS | {"RELATION", "COMMA", "BREAK"}
        begins = before is None or before.type in plain or before.type in BRACKETS
        if not begins and rest.type not in plain and rest.type not in BRACKETS.values():
            raise _line_broken(rest)


def _line_broken(token: Token) -> Unreadable:
    """The error that a row begins as if it were a factor of the row above."""
    advice = "write the sign where the line is broken, or \\cdot"
    return Unreadable(place_of(token), token.value, "a factor of the line above?", advice)


# A display as the sides of its equalities, with what stands beside them.
#
# What cannot be read spoils the side that it stands in. Where it cannot be told what the sides are,
# all of the display are spoilt, and its equalities are counted roughly.


BECAUSE = (r"\because", "∵")
ASSUMED_BEFORE = "is this assumed of what stands before?"
BACKWARD = (r"\Leftarrow", r"\Longleftarrow", r"\impliedby", "⇐")
NOT_JUDGED = "an implication is not judged"
_CLOSING = re.compile(r"\s*(\}|\\right\.)")
_MOST_OF_RANGE = 20  # tokens
MOST_SHOWN = 200  # characters of what could not be read
PROPORTIONAL = r"\propto"
ASSIGNED = r"\leftarrow"
_BOUNDS = ("<", ">", r"\le", r"\ge", r"\succ", r"\succeq", r"\prec", r"\preceq")
EQUALITIES = ("=", r"\equiv", ":=")
_LABEL = re.compile(r"\s*\((?:[ivx]+|[a-z]|\d+)\)\s*\\q?quad\b")
_BEFORE = re.compile(r"^(?:\s|&|\\begin\{(?!\w*matrix|d?cases)\w+\*?\}(?:\{[lcr|]*\})?|\\\\)+")
_END_MARKS = _PUNCTUATION | {"QED"}
_NAME = re.compile(r"[A-Za-z][\w:-]*")  # of a label that an id can be made of
# signs of a condition, where a side cannot be read
_MAY_BE_CONDITION = re.compile(r"[<>≠≤≥∈∉=]|\\(?:ne|le|ge|in|notin|lt|gt|text|mbox|q?quad)")


@dataclass
class Side:
    """One side of an equality: its tokens, remarks behind it, and a label's name.

    ``row`` is the row it begins in; ``sign_token`` the sign before it. ``problem`` is why it
    cannot be read, ``sign`` why the sign before it is no equality, ``notes`` what was left out.
    """

    span: Span
    tokens: list[Token] = field(default_factory=list)
    remarks: list[list[Token]] = field(default_factory=list)
    name: str = ""
    problem: Unreadable | None = None
    sign: Unreadable | None = None
    row: int = 0
    sign_token: Token | None = None
    notes: list[str] = field(default_factory=list)
    tree: Node | None = None  # once it was read
    proportional: bool = False  # to what stands before

    @property
    def place(self) -> Place:
        """Where it begins."""
        return place_of(self.tokens[0]) if self.tokens else self.span.place

    @property
    def latex(self) -> str:
        """What is printed there, on one line."""
        pieces = [*self.tokens, *(token for remark in self.remarks for token in remark)]
        if not pieces:
            return _shortened(self.span.text) if self.problem else ""
        end = max(token.end_pos or 0 for token in pieces)
        return _one_line(_balanced(self.span.source.text, self.span.start, end))

    @property
    def may_have_condition(self) -> bool:
        """Whether a condition may stand in it, as far as can be told of what is not read."""
        return _MAY_BE_CONDITION.search(self.span.text) is not None


@dataclass
class Statement:
    """A chain of equalities: its sides, and what is said of all of them.

    ``remarks`` are conditions in front of it; ``notes`` how it was read. ``perhaps`` says that it
    stands behind a comma or a wide space and may be a condition of the statement before;
    ``premise``, that something follows from it, ``leads``, that this is what stands behind it, and
    ``follows``, that it follows from what stands before it.
    ``doubt`` is what it may be claimed under, ``word`` the first of those before it.
    """

    sides: list[Side]
    remarks: list[list[Token]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    perhaps: bool = False
    premise: bool = False
    doubt: Unreadable | None = None
    leads: bool = False
    follows: bool = False
    word: str = ""

    @property
    def may_be_condition(self) -> bool:
        """Whether it stands where one of its neighbours may have it for a condition."""
        return self.perhaps or self.premise


def statements(displays: Iterable[Display]) -> list[Statement]:
    """All statements of some displays, each of two sides at least; a problem where not read."""
    found: list[Statement] = []
    count = 0
    for display in displays:
        pieces = _pieces(display)
        first = pieces[0].sides[0]
        if found and not first.tokens and not (first.problem and first.latex):
            pieces = _gone_on(found[-1], pieces)  # it goes on with the display before
        found.extend(pieces)
        count += sum(len(each.sides) for each in pieces)
        if count > MOST_LINES + 1:
            break  # the file is refused
    if len(found) == 1 and len(found[0].sides) < 2:
        (only,) = found[0].sides
        what, advice = "a display without an equality", "use $...$ for a formula in the text"
        only.problem = only.problem or Unreadable(only.place, only.latex[:40], what, advice)
        found[0].sides.append(Side(Span(only.span.source, only.span.end, only.span.end)))
    return [each for each in found if len(each.sides) > 1]


def _gone_on(before: Statement, pieces: list[Statement]) -> list[Statement]:
    """The last statement goes on with the first piece; the rest stand by themselves."""
    first, *rest = pieces
    row = max(side.row for side in before.sides) + 1
    for side in first.sides[1:]:
        side.row += row
    before.sides += first.sides[1:]
    before.notes += first.notes
    before.doubt = before.doubt or first.doubt
    return rest


def spoilt(display: Span, problem: Unreadable) -> Statement:
    """The sides that a display seems to have, none of which is read."""
    text = display.text
    signs = equality_signs(text)
    starts = [0, *(found.end() for at in signs if (found := SIGN.match(text, at)))]
    pieces = [
        display.part(start, end).stripped
        for start, end in zip(starts, [*signs, len(text)], strict=True)
    ]
    return Statement([Side(piece, problem=problem) for piece in pieces])


def _pieces(display: Display) -> list[Statement]:
    if display.problem is not None:
        return [spoilt(display.span, display.problem)]
    try:
        return split(display.span)
    except Unreadable as problem:
        return [spoilt(display.span, problem)]


def split(display: Span) -> list[Statement]:
    """The statements of one display, the first side without tokens where it begins with a sign.

    Raises Unreadable where it cannot be told what the sides are.
    """
    label = _LABEL.match(display.text)
    span = display.part(label.end(), len(display.text)) if label else display
    unknown: dict[int, Unreadable] = {}
    tokens = tokenize(span, gaps=True, unknown=unknown)
    beside = [token for token in tokens if token.type in ("LABEL", "ASIDE")]
    splitter = _Splitter(span, unknown)
    splitter.read(pieces([token for token in tokens if token.type not in ("LABEL", "ASIDE")]))
    for each in splitter.found:
        _without_membership(each)
        _without_bounds(each)
        _without_assignment(each)
    every = [side for each in splitter.found for side in each.sides]
    for token in beside:
        if token.type == "ASIDE":
            _side_at(token, every).notes.append(token.value)
        elif _NAME.fullmatch(token.value):
            _name(token, splitter.found)
    for side in every:
        for words in (side.tokens, *side.remarks):
            while words and words[-1].type in _END_MARKS:
                words.pop()
    return splitter.found


def _without_membership(statement: Statement) -> None:
    """Leave out what an equality is said to be a member of: ``z = A x \\in \\mathbb{R}^n``."""
    *before, last = statement.sides
    if len(before) > 1 and last.sign_token is not None and last.sign_token.value == r"\in":
        statement.sides.pop()
        statement.notes.append(rf"what stands behind \in is not read: {last.latex}")


def _without_bounds(statement: Statement) -> None:
    """Leave out what bounds the end of a chain: ``f''(x) = 2 a > 0`` says that f''(x) is 2 a."""
    while len(statement.sides) > 2:
        *_, last = statement.sides
        sign = last.sign_token.value if last.sign_token is not None else ""
        if sign not in _BOUNDS or last.problem is not None or last.remarks:
            return
        statement.sides.pop()
        said = " ".join((sign, last.latex))
        statement.notes.append(f"the inequality {said} at its end is not judged")


def _without_assignment(statement: Statement) -> None:
    """Leave out what the sides are assigned to: ``x \\leftarrow y = z`` says that y is z."""
    signs = [side.sign_token.value if side.sign_token else "" for side in statement.sides]
    at = len(signs) - 1 - signs[::-1].index(ASSIGNED) if ASSIGNED in signs else 0
    if at and len(signs) - at > 1:
        for side in statement.sides[:at]:
            statement.notes.append(f"the assignment to {side.latex} is not judged")
        del statement.sides[:at]
        statement.sides[0].sign = None


def _side_at(token: Token, sides: list[Side]) -> Side:
    """The side that a token stands in or behind."""
    before = [side for side in sides if side.span.start <= (token.start_pos or 0)]
    return before[-1] if before else sides[0]


def _name(label: Token, found: list[Statement]) -> None:
    """A label is of the line whose right side it stands behind, or of the first one."""
    at = label.start_pos or 0
    before = [each for each in found if each.sides[0].span.start <= at] or found[:1]
    sides = before[-1].sides
    side = _side_at(label, sides)
    side = sides[min(1, len(sides) - 1)] if side is sides[0] else side
    if side.name:
        what = "a second label of one line"
        raise Unreadable(place_of(label), label.value, what, "keep one of the two")
    side.name = label.value


class _Splitter:
    """Goes through the pieces of a display once."""

    def __init__(self, span: Span, unknown: dict[int, Unreadable]) -> None:
        self.span, self.unknown = span, unknown
        self.found = [Statement([Side(span)])]
        self.row = 0
        self.introduced: list[list[Token]] = []  # conditions in front of the next statement
        self.following: Unreadable | None = None  # the implication that it stands behind
        self.given: Unreadable | None = None  # the sign behind which premises stand

    @property
    def side(self) -> Side:
        """The last side so far."""
        return self.found[-1].sides[-1]

    @property
    def goes_on(self) -> bool:
        """Whether the last side is still to be written, or ends with a sign."""
        tokens, sides = self.side.tokens, self.found[-1].sides
        return tokens[-1].type in SIGNS if tokens else len(sides) > 1

    def read(self, found: list[Piece]) -> None:
        """All pieces."""
        for number, piece in enumerate(found):
            self.row = piece.row
            if _is_range_in_brackets(piece):
                word = worded("for", piece.tokens[0])
                self.side.remarks.append([*(piece.words[-1:] or [word]), *piece.tokens[1:-1]])
                continue
            self._inferred(piece)
            if not piece.tokens or all(token.type in _END_MARKS for token in piece.tokens):
                self._words(piece.words)
                self._row_of_words(piece)
            elif piece.mark is not _Mark.START and _is_number(piece.tokens):
                self.side.notes.append("the number behind it is read as the formula's")
            elif not piece.relations:
                self._beside(piece)
            elif piece.tokens[0].type == "RELATION" or self.goes_on or _is_remark(piece):
                self._words(piece.words)
                self._feed(piece.tokens)
            else:
                self._equality(piece, found[number + 1 :])
        if self.introduced and len(self.found) == 1 and not self.side.tokens:
            word, *_ = self.introduced[0]
            what = "where does the condition end, and the equality begin?"
            raise Unreadable(place_of(word), word.value, what, "put a comma between them")

    def _inferred(self, piece: Piece) -> None:
        """Note that an implication is not judged; both that it joins may stand under it.

        So may all behind \\because, the premises and what follows from them.
        """
        because = next((each for each in piece.signs if each.value in BECAUSE), None)
        if because is not None:
            what, advice = "premises stand behind it", "give what is assumed as - if $...$"
            self.given = Unreadable(place_of(because), because.value, what, advice)
        sign = next((each for each in piece.signs if each.type == "IMPLIES"), None)
        if sign is None:
            return
        what, advice = NOT_JUDGED, "give what it assumes as - if $...$"
        doubt = Unreadable(place_of(sign), sign.value, what, advice)
        before = self.found[-1]
        if len(before.sides) > 1:
            before.premise = True
            before.leads = sign.value not in BACKWARD
            before.doubt = before.doubt or doubt
        self.following = doubt

    def _words(self, words: list[Token]) -> None:
        for word in words:
            if word.value.lower() not in CONNECTING_WORDS:
                self.side.remarks.append([word])

    def _row_of_words(self, piece: Piece) -> None:
        """A row of words alone, which may begin a condition of all that follows."""
        if piece.mark is _Mark.ROW and _first_word(piece.words) in RESTRICTING_WORDS:
            what, advice = "a condition in words", "write it under the display, as - if $...$"
            first = piece.words[0]
            self.following = Unreadable(place_of(first), first.value[:40], what, advice)

    def _beside(self, piece: Piece) -> None:
        """A piece without a relation: it goes on with a side, or is said of it."""
        tokens, side = piece.tokens, self.side
        signed = tokens[0].type in SIGNS or self.goes_on or _holds_relation(tokens)
        first = piece.mark is _Mark.START or not (side.tokens or side.remarks or self.found[1:])
        if piece.words and not signed:
            if first and _first_word(piece.words[-1:]) == "for":
                self.introduced.append([*piece.words[-1:], *tokens])
            elif first:
                self.found[-1].notes.append(_not_read(piece.words))
                self._feed(tokens)
            else:
                side.remarks.append([*piece.words[-1:], *tokens])
        elif signed or first:
            self._words(piece.words)
            self._feed(tokens)
        elif piece.mark >= _Mark.INFERENCE:
            self.found[-1].notes.append("what stands behind it is no equality, and not read")
        elif piece.mark is _Mark.ROW:
            side.problem = side.problem or _line_broken(tokens[0])
        else:
            advice = r"conditions stand in parentheses, numbers of formulas in \tag{..}"
            what = "what is this behind a wide space?"
            problem = self.unknown.get(tokens[0].start_pos or 0)
            problem = problem or Unreadable(place_of(tokens[0]), tokens[0].value, what, advice)
            side.problem = side.problem or problem

    def _equality(self, piece: Piece, rest: list[Piece]) -> None:
        """A piece with a relation that does not begin with it: a statement, or a condition."""
        first = _first_word(piece.words[-1:])
        said = [*piece.words[-1:], *piece.tokens]
        equalities = [each for each in piece.relations if _is_equality(each)]
        stands_first = piece.mark is _Mark.START or piece.mark >= _Mark.ROW
        restricts = first in RESTRICTING_WORDS
        if equalities and first in ("with", "where"):
            restricts = False  # a claim of its own, unless it is one of indices
        if restricts or (not stands_first and (not equalities or _is_run(piece.tokens))):
            said = said if piece.words else [worded("for", piece.tokens[0]), *piece.tokens]
            introduces = stands_first and any(
                each.row == piece.row and each.relations and each.mark < _Mark.ROW for each in rest
            )
            if introduces or not (self.side.tokens or self.side.remarks):
                self.introduced.append(said)
            else:
                self.side.remarks.append(said)
            return
        if piece.mark is _Mark.ROW and piece.tokens[0].type in SIGNS:
            if piece.column or piece.tokens[0].type != "MINUS":
                self._feed(piece.tokens)
                return
            if not piece.later_column:
                what = "does the row above go on here, or is this an equality of its own?"
                advice = "mark where rows are aligned with &, or give it a display of its own"
                raise Unreadable(place_of(piece.tokens[0]), "-", what, advice)
        self._open(piece, perhaps=not stands_first)
        self._said_before(piece.words, first)
        self._feed(piece.tokens)

    def _open(self, piece: Piece, *, perhaps: bool) -> None:
        """A new statement; the first one is there already."""
        start = piece.tokens[0].start_pos or self.span.start
        if self.side.tokens or self.side.remarks or len(self.found[-1].sides) > 1:
            last, alone = self.side, len(self.found[-1].sides) == 1
            last.span = Span(self.span.source, last.span.start, max(start, last.span.start))
            side = Side(Span(self.span.source, start, self.span.end), row=self.row)
            self.found.append(Statement([side], perhaps=perhaps))
            if alone and all(token.type == "WORD" for token in last.tokens):
                # words such as \\text{minimize}
                self.found[-1].notes.append(_not_read(last.tokens))
            elif alone and last.tokens:
                what = "what is this in front of an equality?"
                advice = "write each equality with both its sides, and the sign where a row goes on"
                token = last.tokens[0]
                side.problem = last.problem or Unreadable(
                    place_of(token), token.value, what, advice
                )
        statement = self.found[-1]
        statement.sides[0].row = self.row
        statement.remarks += self.introduced
        self.introduced = []
        if self.following is not None:
            statement.doubt = self.following
            if self.following.what == NOT_JUDGED:
                statement.follows = self.following.token not in BACKWARD
                statement.notes.append(f"the implication {self.following.token} is not judged")
            self.following = None
        statement.doubt = statement.doubt or self.given

    def _said_before(self, words: list[Token], first: str) -> None:
        """The words in front of a statement: an assumption is no claim."""
        statement = self.found[-1]
        statement.word = first
        if not words or first in CONNECTING_WORDS:
            return
        if first == "or":
            what, advice = "one or the other is claimed", "give each a display with its condition"
            problem = Unreadable(place_of(words[0]), words[0].value, what, advice)
            for each in self.found[-2:]:
                each.doubt = each.doubt or problem
        elif first in SUPPOSING_WORDS:
            what, advice = "an assumption", "conditions stand under a display: - if $...$"
            problem = Unreadable(place_of(words[0]), words[0].value, what, advice)
            for each in self.found:
                each.doubt = each.doubt or problem
        elif first == "where" and len(self.found) > 1:
            advice = "give it a display of its own"
            problem = Unreadable(place_of(words[0]), words[0].value, ASSUMED_BEFORE, advice)
            self.found[-2].doubt = self.found[-2].doubt or problem
        else:
            statement.notes.append(_not_read(words))

    def _feed(self, tokens: list[Token]) -> None:
        """Tokens of the last side, and of those that begin behind the relations among them."""
        for token, depth in zip(tokens, enclosing(tokens), strict=True):
            if token.type == "RELATION" and depth == 0:
                self._open_side(token)
                continue
            if token.type == "UNKNOWN":
                problem = self.unknown[token.start_pos or 0]
                self.side.problem = self.side.problem or problem
            self.side.tokens.append(token)

    def _open_side(self, token: Token) -> None:
        """The side behind a sign; one that is no equality is a problem of the two sides."""
        before = self.side
        span = Span(self.span.source, token.end_pos or self.span.start, self.span.end)
        side = Side(span, row=self.row, sign_token=token)
        if token.value == PROPORTIONAL:
            side.proportional = True
        elif not _is_equality(token):
            advice = "a condition stands in parentheses at the end of a side"
            what = "only equalities are judged"
            if token.value == ASSIGNED:
                what, advice = "an assignment is no equality", "write = where it is meant as one"
            side.sign = Unreadable(place_of(token), token.value, what, advice)
        elif before.sign and not before.tokens:
            before.span = side.span  # the second half of <=
            return
        elif before.sign_token is not None and not before.tokens:
            before.span = side.span
            before.notes.append("= = is read as one sign")
            return
        elif token.value != "=":
            side.notes.append(_noted(token))
        before.span = Span(span.source, before.span.start, token.start_pos or span.start)
        self.found[-1].sides.append(side)


def _is_remark(piece: Piece) -> bool:
    """Whether a condition in brackets stands before the sign: ``y_w \\quad (w \\ne o) = 0``."""
    return piece.mark is _Mark.GAP and _holds_relation(piece.tokens)


def _is_range_in_brackets(piece: Piece) -> bool:
    """Whether the range of a letter stands in brackets: ``\\quad (i = 1, \\ldots, n)``."""
    tokens = piece.tokens
    behind = piece.mark in (_Mark.COMMA, _Mark.GAP) and bool(tokens) and _holds_relation(tokens)
    return behind and _is_run(tokens) and all(enclosing(tokens)[:-1])


def _is_equality(token: Token) -> bool:
    return token.value in EQUALITIES or token.value.startswith("= ")


def _noted(sign: Token) -> str:
    if sign.value.startswith("= "):
        return f"the {sign.value[2:]!r} at the sign is not read"
    return f"{sign.value} is read as an equality"


def _first_word(words: list[Token]) -> str:
    """The first of some words; empty where there is none."""
    return next(iter(" ".join(word.value for word in words).lower().split()), "").strip(",.:;")


def _not_read(words: list[Token]) -> str:
    return f"the remark {' '.join(word.value for word in words)!r} is not read"


def worded(word: str, at: Token) -> Token:
    """A word that was not written, in front of a token."""
    return Sign.placed("TEXT", word, at.start_pos, at.start_pos, place_of(at))


def _is_number(tokens: list[Token]) -> bool:
    """Whether this is a number of a formula: ``(8)``, ``(*)``."""
    kinds = [token.type for token in tokens if token.type not in _END_MARKS or token.type == "DOT"]
    return len(kinds) == 3 and kinds[::2] == ["LPAR", "RPAR"] and kinds[1] in ("NUMBER", "TIMES")


def _is_run(tokens: list[Token]) -> bool:
    """Whether a range of an index is written with dots: ``k = 1, \\ldots, K``."""
    return any(token.type == "DOTS" for token in tokens) and len(tokens) <= _MOST_OF_RANGE


def _balanced(text: str, start: int, end: int) -> str:
    """A piece of a text, with the braces and \\right. behind it that it opened itself."""
    open_braces = text.count("{", start, end) - text.count("}", start, end)
    while closing := _CLOSING.match(text, end):
        brace = closing[1] == "}"
        if (brace and open_braces < 1) or (not brace and r"\left" not in text[start:end]):
            break
        open_braces -= brace
        end = closing.end()
    return text[start:end]


def _one_line(text: str) -> str:
    return " ".join(_BEFORE.sub("", text, count=1).split())


def _shortened(text: str) -> str:
    shown = _one_line(text)
    return shown if len(shown) <= MOST_SHOWN else f"{shown[: MOST_SHOWN - 1]}…"
