"""The sentence around a display, which may say under which condition it is claimed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derivations.reader.paragraph import PROSE, Piece
from derivations.reader.problem import Unreadable

_ENDS = re.compile(r"(?<!\b[A-Za-z])[.!?](?=[\s)]|$)")
_DISPLAY_ENDS = re.compile(r"[.!]\s*(?:\\(?:end|tag|label)\s*\{[^{}]*\}\s*|\\[a-z]+\s*)*\Z")
_WORD = re.compile(r"[A-Za-z]+")
_RELATION = re.compile(r"[=<>≠≤≥∈∉]|\\(?:ne|neq|le|leq|ge|geq|lt|gt|in|notin)(?![A-Za-z])")
_UNEQUAL = re.compile(r"[≠∉]|\\(?:ne|neq|notin)(?![A-Za-z])")
_RUN = re.compile(r"\\[lc]?dots(?![A-Za-z])|\.\.\.|…|\\in(?![A-Za-z])|∈")
_CONDITION = frozenset(
    {"if", "when", "whenever", "unless", "case", "assume", "assuming", "suppose", "supposing"}
    | {"provided", "only"}
)
_COUNTING = frozenset(
    {"and", "also", "second", "secondly", "third", "thirdly", "finally", "moreover"}
)
_OF_INDICES = re.compile(r"[\s${]*[A-Za-z]\s*(?:=|≠|\\neq?\b|\\not\s*=)\s*[A-Za-z][\s$}]*")
_ABOVE, _BEHIND = (f"what is said {where} may be a condition of it" for where in ("above", "below"))
_ADVICE = "write it under the display, as - if $...$"


def sentence_ends(text: str) -> list[int]:
    """Behind which characters of a text a sentence ends."""
    return [found.end() for found in _ENDS.finditer(text)]


def ends_sentence(text: str) -> bool:
    """Whether a sentence ends in a text, or with it."""
    return _ENDS.search(text) is not None


def display_ends_sentence(text: str) -> bool:
    """Whether a display is the last of its sentence."""
    return _DISPLAY_ENDS.search(text) is not None


def condition_behind(piece: Piece) -> Unreadable | None:
    """What words right behind a display may say: ``if $k = l$``."""
    words = [word.lower() for word in _WORD.findall(piece.span.text)]
    if piece.kind != PROSE or not words or words[0] not in _CONDITION | {"otherwise"}:
        return None
    place = piece.span.stripped.place
    return Unreadable(place, " ".join(piece.span.text.split())[:40], _BEHIND, _ADVICE)


def in_sentence(said: Sequence[Piece], piece: Piece) -> list[Piece]:
    """What has been said of a sentence with one piece more; nothing of sentences before it."""
    if piece.kind != PROSE:
        return [*said, piece]
    ends = sentence_ends(piece.span.text)
    if not ends:
        return [*said, piece]
    rest = piece.span.part(ends[-1], len(piece.span.text))
    return [Piece(PROSE, rest)] if rest.text.strip() else []


def condition_announced(said: Sequence[Piece], piece: Piece) -> Unreadable | None:
    """What a sentence that ends without a display says of two indices.

    It may be a condition of what follows in its paragraph: for i ≠ j there are two facts.
    """
    end = _ENDS.search(piece.span.text)
    if end is None or not any(_OF_INDICES.fullmatch(each.span.text) for each in said):
        return None
    return condition_above([*said, Piece(PROSE, piece.span.part(0, end.end()))])


def goes_on_counting(piece: Piece) -> bool:
    """Whether a paragraph begins as one of several that were announced: second, ..."""
    words = _WORD.findall(piece.span.text)
    return piece.kind == PROSE and bool(words) and words[0].lower() in _COUNTING


def condition_above(said: Sequence[Piece]) -> Unreadable | None:
    """What of a sentence that goes on with a display may be a condition of it."""
    last: set[str] = set()  # the words right before a formula
    words: set[str] = set()
    for piece in said:
        text = piece.span.text
        if piece.kind == PROSE:
            found = [word.lower() for word in _WORD.findall(text)]
            begins = not words and found[:1] == ["else"]
            words.update(found)
            last = set(found[-2:])
            if begins or "otherwise" in found:
                place = piece.span.stripped.place
                return Unreadable(place, " ".join(text.split())[:40], _ABOVE, _ADVICE)
            continue
        restricts = words & _CONDITION or "for" in last
        relation = _RELATION.search(text) is not None and not _RUN.search(text)
        if _UNEQUAL.search(text) or (restricts and relation):
            return Unreadable(piece.span.stripped.place, " ".join(text.split()), _ABOVE, _ADVICE)
    return None
