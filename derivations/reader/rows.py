"""The pieces of a display: what stands between its line breaks, wide spaces, commas and words.

Only what stands in no bracket is divided. Whether a piece is an equality of its own, goes on with
the one before or is a condition of it, is settled in `chains.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from lark import Token

from derivations.reader.bars import BRACKETS, enclosing, innermost
from derivations.reader.position import place_of, retyped
from derivations.reader.problem import Unreadable

SIGNS = frozenset({"PLUS", "MINUS", "CDOT", "TIMES", "ODOT", "OSLASH", "SLASH"})
PUNCTUATION = frozenset({"COMMA", "DOT", "SEMI", "COLON"})
_LAYOUT = frozenset({"GAP", "AMP"})
_PLAIN = frozenset({"LPAR", "LSQB", "LSET", "LANGLE", "LBAR", "LNORM"})


class Mark(IntEnum):
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

    mark: Mark
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
    "COMMA": Mark.COMMA,
    "SEMI": Mark.COMMA,
    "COLON": Mark.COMMA,
    "GAP": Mark.GAP,
    "TEXT": Mark.GAP,
    "BREAK": Mark.ROW,
    "THEREFORE": Mark.INFERENCE,
    "IMPLIES": Mark.IMPLICATION,
}


def pieces(tokens: list[Token]) -> list[Piece]:
    """All pieces in their order; those without tokens have words."""
    tokens = list(_joined_rows(list(_remarks_in_brackets(list(_rows_of_words(tokens))))))
    found = [Piece(Mark.START, 0)]
    inside = innermost(tokens)
    for number, (token, depth) in enumerate(zip(tokens, enclosing(tokens), strict=True)):
        last = found[-1]
        mark = _MARKS.get(token.type) if depth == 0 else None
        if depth == 0 and token.type == "AMP":
            if last.tokens and _divides(tokens, number):
                found.append(Piece(Mark.GAP, last.row, column=True))
            elif last.tokens:
                last.later_column = True
            else:
                last.column = True
        elif mark is None:
            cell = token.type == "AMP" and inside[number] == "BEGIN_MATRIX"
            if depth == 0 or token.type not in _LAYOUT or cell:
                last.tokens.append(token)
        else:
            if last.tokens or (last.words and token.type != "TEXT" and mark >= Mark.ROW):
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
        in_list = piece.mark is Mark.COMMA and piece.tokens and not piece.relations
        if in_list and result and result[-1].tokens and not _is_bracket(piece):
            result[-1].tokens += [*piece.signs, *piece.tokens]
        elif piece.tokens or piece.words or piece.signs:
            result.append(piece)
    return result


def _is_bracket(piece: Piece) -> bool:
    return piece.tokens[0].type == "LPAR" and holds_relation(piece.tokens)


def holds_relation(tokens: list[Token]) -> bool:
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
            raise line_broken(rest)


def line_broken(token: Token) -> Unreadable:
    """The error that a row begins as if it were a factor of the row above."""
    advice = "write the sign where the line is broken, or \\cdot"
    return Unreadable(place_of(token), token.value, "a factor of the line above?", advice)
