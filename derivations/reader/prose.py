"""Prose around displays: paragraphs, headings, remarks, and conditions that sentences state.

Equalities of the prose that no one judges are found and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from derivations.claim import Verdict
from derivations.reader.latex_commands import CONDITIONAL, DEFINING, ENVIRONMENTS, NUMBERED
from derivations.reader.source import MOST_DECLARED, Place, Span, Unreadable

# A paragraph as what stands in it: prose, formulas in the text and displayed ones, code, comments.
#
# One scan finds them all, in Markdown and in LaTeX; what begins one of them inside another one does
# not count.


PROSE = ""
DISPLAY, INLINE, PARENTHESES, CODE, COMMENT = "display", "inline", r"\( \)", "code", "comment"

_ENVIRONMENT = r"\\begin\{(?P<name>[A-Za-z]+\*?)\}"
_FORMULAS = rf"(?<!\\)\$\$|(?<!\\)\\\[|(?<!\\)\\\(|{_ENVIRONMENT}"
_MARKDOWN = re.compile(rf"<!--|`+|(?<![\\$])\$(?=[^\s$])|{_FORMULAS}")
_LATEX = re.compile(rf"(?<![\\$])\$(?!\$)|{_FORMULAS}")
_INSIDE_DOLLARS = {
    _MARKDOWN: re.compile(r"((?:\\.|[^$\\])*+)(?<!\s)\$(?!\d)", re.DOTALL),
    _LATEX: re.compile(r"((?:\\.|[^$\\])*+)\$", re.DOTALL),
}
_COLUMNS = re.compile(r"\s*\{[^{}\n]{0,40}\}")
DISPLAY_BEGINS = re.compile(rf"(?<!\\)\$\$|(?<!\\)\\\[|{_ENVIRONMENT}")


@dataclass(frozen=True)
class Piece:
    """A piece of a paragraph by its kind, and what is wrong with how it stands there."""

    kind: str
    span: Span
    problem: Unreadable | None = None


def pieces(paragraph: Span, *, latex: bool = False) -> Iterator[Piece]:
    """All pieces, in their order; prose is what is nothing else."""
    opens = _LATEX if latex else _MARKDOWN
    text, at, told = paragraph.text, 0, 0
    missing: set[str] = set()  # what does not come any more
    while opening := opens.search(text, at):
        at = opening.end()
        found = _inside(paragraph, text, opening, _INSIDE_DOLLARS[opens], missing)
        if found is None:
            continue
        piece, end = found
        if text[told : opening.start()].strip():
            yield Piece(PROSE, paragraph.part(told, opening.start()))
        yield piece
        at = told = end
    if text[told:].strip():
        yield Piece(PROSE, paragraph.part(told, len(text)))


def _inside(
    paragraph: Span,
    text: str,
    opening: re.Match[str],
    dollars: re.Pattern[str],
    missing: set[str],
) -> tuple[Piece, int] | None:
    """The piece that begins here, and where it ends with its mark; None where none begins."""
    start, mark = opening.end(), opening.group()
    if mark == "$":
        inside = dollars.match(text, start)
        if inside is None:
            return None  # a sign of money
        return Piece(INLINE, paragraph.part(*inside.span(1))), inside.end()
    kind, closing = closing_of(opening)
    if not closing:
        return None  # an environment of text
    end = text.find(closing, start) if closing not in missing else -1
    if end < 0:
        missing.add(closing)
    if end < 0 and kind == CODE:
        return None
    if opening["name"] and ENVIRONMENTS[opening["name"]]:
        columns = _COLUMNS.match(text, start, end if end >= 0 else len(text))
        start = columns.end() if columns else start
    if end >= 0:
        return Piece(kind, paragraph.part(start, end)), end + len(closing)
    begins = paragraph.source.place(paragraph.start + opening.start())
    if kind == COMMENT:
        end = text.find("\n", start)
        end = end if end >= 0 else len(text)
        problem = Unreadable(begins, mark, "a comment that is never closed", "write -->")
        return Piece(COMMENT, paragraph.part(start, end), problem), end
    end = len(text.rstrip())
    what = "a display that is never closed" if kind == DISPLAY else "a formula that is never closed"
    problem = Unreadable(begins, mark, what, f"close it with {closing}")
    return Piece(kind, paragraph.part(min(start, end), end), problem), len(text)


def closing_of(opening: re.Match[str]) -> tuple[str, str]:
    """What kind of piece an opening begins, and what closes it; nothing for text."""
    mark, name = opening.group(), opening["name"]
    if name is not None:
        known = name in ENVIRONMENTS
        kind = PARENTHESES if name == "math" else DISPLAY
        return kind, f"\\end{{{name}}}" if known else ""
    if mark.startswith("`"):
        return CODE, mark
    return {
        "<!--": (COMMENT, "-->"),
        "$$": (DISPLAY, "$$"),
        r"\[": (DISPLAY, r"\]"),
        r"\(": (PARENTHESES, r"\)"),
    }[mark]


# Headings that divide a text: their numbers and letters are the names of parts.
#
# ``(b) Title``, ``Exercise 2``, ``Problem 3b: ...``, ``2.1 Title``; a title alone divides
# nothing. A letter below a heading with a number belongs to that: (b) under Exercise 2 is part
# 2b.


BOLD = 7  # the level of a paragraph in bold type, below those of headings

_NAMED = re.compile(r"\(([\w-]+)\)")
_WORDS = "|".join(sorted(NUMBERED))
_NUMBER = re.compile(
    rf"(?:(?:{_WORDS})\s*(?:n?o\.|\#|:)?\s*\(?(?P<number>\d+(?:\.\d+)*[a-z]?|[a-z]|[ivx]{{1,4}})\)?(?=[.):]|\s*$|(?<=\d)\s|(?<=\d[a-z])\s)"
    r"|(?P<plain>\d+(?:\.\d+)*)(?=[.):]|\s|$)|(?P<letter>[a-z])[.)](?=\s|$))",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"\d+\s+\w")  # no number of a heading: "3 things"
_LETTER = re.compile(r"[a-z]|[ivx]{1,4}")
_BOLD = re.compile(
    r"(?:\\(?:noindent|bigskip|medskip|smallskip)\s*)*"
    r"(?:(?P<mark>\*\*|__)(?P<inside>[^*_\n]{1,120}?)(?P=mark)"
    r"|(?:\\textbf\s*\{|\{\\bf(?:series)?\s+)(?P<upright>[^{}\n]{1,120})\})"
)


@dataclass(frozen=True)
class Heading:
    """A name with its level, and whether it may occur only once, as where brackets name it."""

    name: str
    level: int
    place: Place
    unique: bool = False

    @property
    def is_letter(self) -> bool:
        """Whether it counts by letters or small roman numbers."""
        return _LETTER.fullmatch(self.name) is not None

    def is_under(self, other: Heading) -> bool:
        """Whether it divides what stands under another one; letters go under numbers."""
        if self.is_letter and other.name[-1].isdigit() and self.level == other.level:
            return True
        return self.level > other.level


def name_under(heading: Heading, above: Sequence[Heading]) -> str:
    """The name of the part that a heading begins."""
    numbers = [each.name for each in above if each.name[-1].isdigit()]
    return f"{numbers[-1]}{heading.name}" if heading.is_letter and numbers else heading.name


def heading_of(span: Span, level: int) -> Heading | None:
    """What a title names; None where it has neither number nor letter."""
    text = span.text.strip().strip("*_").strip()
    named = _NAMED.match(text)
    if named is not None:
        return Heading(named[1], level, span.place, unique=True)
    found = _NUMBER.match(text)
    if found is None:
        return None
    name = found["number"] or found["plain"] or found["letter"]
    return Heading(name.replace(".", "-").lower(), level, span.place)


def bold_heading(paragraph: Span) -> Heading | None:
    """The heading that a paragraph begins with in bold type, or that stands in it alone."""
    text = paragraph.text
    bold = _BOLD.match(text)
    if bold is not None:
        title = paragraph.part(*bold.span("inside" if bold["mark"] else "upright"))
        return None if _COUNTS.match(title.text) else heading_of(title, BOLD)
    if _NAMED.fullmatch(text.strip()) and len(text.strip()) <= 6:
        return heading_of(paragraph, BOLD)
    return None


# What stands under a display: conditions, expected verdicts, corrections.


_FORM = re.compile(
    r"(?:if\s+\$(?P<condition>[^$]+)\$"
    r"|(?P<line>[\w.:-]+?)"
    r"(?:\s+(?:is\s+)?(?P<verdict>proved|refuted|ill-typed|undecided|not read))?"
    r"(?:,?\s+should be\s+\$(?P<correction>[^$]+)\$)?)(?:\s*+[.,;])?\s*+",
    re.DOTALL,
)
_ABOUT = re.compile(
    rf"(?:{'|'.join(sorted(CONDITIONAL))})\b|[\w-]+\.[\w:-]+\s+(?:is|proved|refuted|ill|undecided|not|should)\b"
    r"|[\w-]+\.\d+\b",
    re.IGNORECASE,
)
_FORMS = "if $w = o$   or   b.2 refuted, should be $...$"


@dataclass(frozen=True)
class Remark:
    """One bullet: a condition on the chain, or what is said of one of its lines."""

    span: Span
    condition: Span | None = None
    line: str = ""
    expected: Verdict | None = None
    correction: Span | None = None


def says_of_lines(text: str) -> bool:
    """Whether a bullet is meant to be read: it begins as a condition, or with the id of a line."""
    return _ABOUT.match(text) is not None


def remark(span: Span) -> Remark:
    """What a bullet says; raises Unreadable where it says nothing that is known."""
    if len(span.text) > MOST_DECLARED:
        what = f"a remark of more than {MOST_DECLARED} characters"
        raise Unreadable(span.place, span.text[:60], what)
    found = _FORM.fullmatch(span.text)
    if found is None:
        raise Unreadable(span.place, span.text[:60], "not understood", f"write {_FORMS}")

    def piece(name: str) -> Span | None:
        return span.part(*found.span(name)) if found[name] is not None else None

    verdict = Verdict(found["verdict"]) if found["verdict"] else None
    correction = piece("correction")
    if found["line"] and verdict is None and correction is None:
        raise Unreadable(span.place, span.text[:60], "says nothing of the line", f"write {_FORMS}")
    return Remark(span, piece("condition"), found["line"] or "", verdict, correction)


# Equalities that stand where none is judged: found and counted, not read.


PLAIN = "plain text"
MOST_SHOWN = 60

_BLANK = re.compile(r"\n[ \t\r]*(?=\n)")
_PLAIN_SIGN = re.compile(r"(?<=\s)=(?=\s)")
_SIGNS = re.compile(
    r"\\(?:begin|end)\s*\{[^{}\n]{0,40}\}|\\[A-Za-z]+|\\."
    r"|(?<!\\)%[^\n]*|<=|>=|!=|==+|[(){}\[\]=]",
    re.DOTALL,
)
SIGN = re.compile(rf"=|\\(?:equiv|{'|'.join(sorted(DEFINING))})(?![A-Za-z])")  # of an equality
_COMMENT = re.compile(r"(?<!\\)%([^\n]*)")
_CLOSES = {")": "(", "]": "[", "}": "{", r"\}": r"\{"}


@dataclass(frozen=True)
class Elsewhere:
    """A formula, or a sign alone, with so many equalities; ``kind`` says what it stands in."""

    place: Place
    kind: str
    text: str
    count: int

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}: {self.text}"


@dataclass(frozen=True)
class Region:
    """A formula that is not read, or words, where only a sign between blanks counts."""

    span: Span
    kind: str
    formula: bool = True


def equality_signs(formula: str) -> list[int]:
    """The offsets of the signs that seem to be equalities of a formula, brackets being closed.

    A rough reading, for what cannot be read: those within closed brackets, as below a sum, are
    none; a bracket that is not closed groups nothing.
    """
    signs: list[int] = []
    depth_changes: dict[int, int] = {}
    opened: list[tuple[str, int]] = []
    for found in _SIGNS.finditer(formula):
        sign = found.group()
        if SIGN.fullmatch(sign):
            signs.append(found.start())
        elif sign in _CLOSES.values():
            opened.append((sign, found.start()))
        elif sign in _CLOSES and opened and opened[-1][0] == _CLOSES[sign]:
            _, start = opened.pop()
            depth_changes[start], depth_changes[found.start()] = 1, -1
    at = sorted(depth_changes)
    depths = list(accumulate(depth_changes[offset] for offset in at))
    found_signs, before = [], 0
    for offset in signs:
        while before < len(at) and at[before] < offset:
            before += 1
        if before == 0 or depths[before - 1] == 0:
            found_signs.append(offset)
    return found_signs


def elsewhere(skipped: list[Region]) -> list[Elsewhere]:
    """All equalities of what is not read, as they stand in the file."""
    found = [each for region in skipped for each in _of_region(region)]
    return sorted(found, key=lambda each: each.place)


def comments_of(display: Span) -> Iterator[Elsewhere]:
    """The equalities behind a ``%`` of a display."""
    for found in _COMMENT.finditer(display.text):
        yield from _formula(display.part(*found.span(1)), COMMENT)


def regions(span: Span, kind: str = "") -> Iterator[Region]:
    """What there may be of equalities in a text; all of it is of the kind, where one is given."""
    text, start = span.text, 0
    for blank in (*_BLANK.finditer(text), None):
        end = blank.start() if blank else len(text)
        for piece in pieces(span.part(start, end)):
            yield from region_of(piece, kind)
        start = end


def region_of(piece: Piece, kind: str = "") -> Iterator[Region]:
    """The same of a piece of a paragraph."""
    if piece.kind == COMMENT:
        yield from regions(piece.span, COMMENT)
    elif piece.kind == PROSE:
        yield Region(piece.span, kind or PLAIN, formula=False)
    else:
        yield Region(piece.span, kind or piece.kind)


def _of_region(region: Region) -> Iterator[Elsewhere]:
    if region.formula:
        yield from _formula(region.span, region.kind)
        return
    for sign in _PLAIN_SIGN.finditer(region.span.text):
        yield Elsewhere(region.span.part(*sign.span()).place, region.kind, "=", 1)


def _formula(span: Span, kind: str) -> Iterator[Elsewhere]:
    count = len(equality_signs(span.text))
    if count:
        shown = " ".join(span.text.split())
        shown = shown if len(shown) <= MOST_SHOWN else f"{shown[: MOST_SHOWN - 1]}…"
        yield Elsewhere(span.stripped.place, kind, shown, count)


# The sentence around a display, which may say under which condition it is claimed.


_ENDS = re.compile(r"(?<!\b[A-Za-z])[.!?](?=[\s)]|$)")
_DISPLAY_ENDS = re.compile(r"[.!]\s*(?:\\(?:end|tag|label)\s*\{[^{}]*\}\s*|\\[a-z]+\s*)*\Z")
WORD = re.compile(r"[A-Za-z]+")
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
    words = [word.lower() for word in WORD.findall(piece.span.text)]
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
    words = WORD.findall(piece.span.text)
    return piece.kind == PROSE and bool(words) and words[0].lower() in _COUNTING


def condition_above(said: Sequence[Piece]) -> Unreadable | None:
    """What of a sentence that goes on with a display may be a condition of it."""
    last: set[str] = set()  # the words right before a formula
    words: set[str] = set()
    for piece in said:
        text = piece.span.text
        if piece.kind == PROSE:
            found = [word.lower() for word in WORD.findall(text)]
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
