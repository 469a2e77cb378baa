"""Segmentation of a document: declarations, displays and prose, in reading order.

Paragraphs, headings, remarks, conditions that sentences state, what the text supposes; equalities
of the prose that no one judges are counted. What is malformed, such as a display that is never
closed, spoils itself and nothing behind it; what is not read is kept as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from derivations.claim import Verdict
from derivations.reader.latex_commands import (
    ASSUMING_WORDS,
    BESIDE_WORDS,
    CLAIMING_WORDS,
    CONCLUDING_WORDS,
    CONDITIONAL,
    DEFINES,
    DEFINING,
    ENVIRONMENTS,
    GIVEN_WORDS,
    LASTING_WORDS,
    NUMBERED,
    SATISFYING_WORDS,
    SPOILT,
    Macros,
)
from derivations.reader.source import (
    MOST_DECLARED,
    MOST_LINES,
    MOST_SUPPOSED,
    Chain,
    Display,
    Document,
    Part,
    Place,
    Region,
    Span,
    Supposed,
    Unreadable,
    origin,
    without,
)

# One scan finds all that stands in a paragraph, in Markdown and in LaTeX; what begins a piece
# inside another one does not count.


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


# what a sentence says that something is, and what it says before the name of something
_SIGNED = r"(?:non-?)?(?:positive|negative|zero)|one|binary|distinct|different|even|odd|independent"
_SHAPED = (
    r"(?:non-?singular|singular|anti-?symmetric|symmetric|skew\S*|diagonal|triangular|orthogonal|"
    r"orthonormal|perpendicular|parallel|collinear|proportional|equals?|identical|idempotent|unitary|"
    r"hermitian|stochastic|traceless|cent(?:ere|re)d|standardi[sz]ed|normali[sz]ed|whitened|one-hot|"
    r"unit\s+(?:norms?|lengths?|vectors?)|full\s+(?:\w+\s+)?rank|eigenvectors?|eigenvalues?)"
)
_IS = re.compile(
    r"\b(?:is|are|be|being|has|have|having)\s+(?:[a-z-]+\s+){0,3}"
    rf"(?:{_SIGNED}|{_SHAPED}|projections?|projectors?|permutations?|involutions?)\b"
    rf"|\b(?:{_SIGNED})\s*\$|\b{_SHAPED}\s+(?:(?!is\b|are\b)[a-z]+\s+){{0,2}},?\s*\$"
    r"|\$\s+equals?\s|\b(?:orthogonality|orthonormality|normali[sz]ation)\b",
    re.IGNORECASE,
)

_ENDS = re.compile(r"(?<!\b[A-Za-z])[.!?](?=[\s)]|$)")
_DISPLAY_ENDS = re.compile(r"[.!]\s*(?:\\(?:end|tag|label)\s*\{[^{}]*\}\s*|\\[a-z]+\s*)*\Z")
WORD = re.compile(r"[A-Za-z]+")
RELATION_SIGNS = (
    r"\\(?:ne|neq|le|leq|ge|geq|lt|gt|in|notin|equiv|perp|parallel|succ|succeq|prec|preceq|sim)"
    r"(?![A-Za-z])"
)
_RELATION = re.compile(rf"[=<>≠≤≥∈∉⊥∥]|{RELATION_SIGNS}")
_UNEQUAL = re.compile(r"[≠∉]|\\(?:ne|neq|notin)(?![A-Za-z])")
_RUN = re.compile(r"\\[lc]?dots(?![A-Za-z])|\.\.\.|…|\\in(?![A-Za-z])|∈")
_CONDITION = frozenset(
    {"if", "when", "whenever", "unless", "case", "assume", "assuming", "suppose", "supposing"}
    | {"provided", "only"}
)
_OF_NEXT = frozenset({"assume", "suppose", "case"})  # a sentence that they begin is of what follows
_REASONS = _CONDITION | {"since", "because", "as", "for", "using", "given"}
_COUNTING = frozenset(
    {"and", "also", "second", "secondly", "third", "thirdly", "finally", "moreover"}
)
_OF_INDICES = re.compile(r"[\s${]*[A-Za-z]\s*(?:=|≠|\\neq?\b|\\not\s*=)\s*[A-Za-z][\s$}]*")
_OF_LETTERS = re.compile(r"\s*\\?[A-Za-z]+\s*\(([^()=]+)\)\s*=")
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
    if begins_condition(piece) and words[0] in _OF_NEXT:
        return None
    place = piece.span.stripped.place
    return Unreadable(place, " ".join(piece.span.text.split())[:40], _BEHIND, _ADVICE)


def begins_condition(piece: Piece) -> bool:
    """Whether a sentence of its own begins with a condition: ``If $k = l$, then ...``."""
    words = WORD.findall(piece.span.text)
    return bool(words) and words[0][0].isupper() and words[0].lower() in _CONDITION


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
        restricts = words & _CONDITION or ("for" in last and not _defines_function(text))
        relation = _RELATION.search(text) is not None and not _RUN.search(text)
        if _UNEQUAL.search(text) or (restricts and relation):
            return Unreadable(piece.span.stripped.place, " ".join(text.split()), _ABOVE, _ADVICE)
    if said and words & _REASONS and all(piece.kind == PROSE for piece in said):
        text = " ".join(" ".join(piece.span.text for piece in said).split())
        if _IS.search(text):
            return Unreadable(said[0].span.stripped.place, text[-40:], _ABOVE, _ADVICE)
    return None


def _defines_function(text: str) -> bool:
    """Whether a formula says what a function is: ``f(x, y) = x^2 y``, at its own letters."""
    head = _OF_LETTERS.match(text)
    return head is not None and all(
        re.search(rf"(?<![A-Za-z\\]){re.escape(each.strip())}(?![a-z])", text[head.end() :])
        for each in head[1].split(",")
    )


UNNAMED = "line"
INLINE_PREFIX = "inline"
MOST_SAID = 1000  # characters of a sentence that are looked at
_CONTINUES = re.compile(r"(?:\s|&|\\begin\{\w+\*?\})*(?:=|\\propto(?![A-Za-z]))")
_SENTENCE_ENDS = re.compile(r"[.!?;:](?=\s|$)")


# A line that depends on what the text supposes may be claimed under that alone: it can be proved,
# and not refuted.


_DEFINING = re.compile(rf":=|\\(?:{'|'.join(sorted(DEFINING))})(?![A-Za-z])")
_NEAR, MOST_BETWEEN = 4, 12  # words before a formula
# words that may stand beside those that suppose what a display says
_BESIDE = frozenset(
    {"that", "now", "also", "and", "we", "further", "furthermore", "the", "to", "then"}
)
# words of a sentence whose formulas say what holds in a case, or what is to be shown, or is wrong
_NO_DEFINITION = frozenset(
    {"if", "when", "whenever", "unless", "case", "cases", "otherwise", "else", "example", "not"}
    | {"instance", "show", "shows", "showing", "prove", "proves", "verify", "want", "claim"}
    | {"instead", "would", "wrong", "mistake", "cannot", "contradiction", "unlike"}
)
_BETWEEN = frozenset({"and", "that", "also", "by", "as", "the", "then"})
_DEFINES = frozenset({"let", "define", "where", "with", "denote", "put", "write", "set", "writing"})


# Words beside a formula that say more of what it names than of which set it is.
#
# ``Let $Q \\in R^{n x n}$ be orthogonal``, ``for any unit vector $u \\in R^n$``.


_MEMBER = re.compile(r"\\in(?![A-Za-z])|∈")
_CLASSES = "examples?|samples?|pairs?|class|classes|items?|labels?|keys?|words?|and|instances?|log"
_RESTRICTING = (
    rf"(?:{_SIGNED}|{_SHAPED}|(?<!the )projections?|permutations?|rotations?|(?:semi-?)?definite"
    rf"|probabilit(?:y|ies)|(?:probability\s+)?simplex)(?!\s+(?:{_CLASSES})\b)\b"
)
_IS_SO = re.compile(rf"\b(?:is|are|be|being)\s+(?:[a-z-]+\s+){{0,3}}{_RESTRICTING}", re.IGNORECASE)
_SO = re.compile(rf"\b{_RESTRICTING}\s+(?:[a-z]+\s+){{0,2}}\Z", re.IGNORECASE)
_JOINING = re.compile(r"[\s,]*(?:and)?[\s,]*")


def _is_restricted(said: str, place: int) -> bool:
    """Whether words around a formula, the sign at a place of a sentence, restrict what it names."""
    last, behind = place, said.find("$", place + 1)
    while behind > 0 and _JOINING.fullmatch(said, last + 1, behind):
        last, behind = behind, said.find("$", behind + 1)  # p and q are ...
    after = said[last + 1 : behind if behind > 0 else len(said)]
    return bool(_IS_SO.search(after) or _SO.search(said[said.rfind("$", 0, place) + 1 : place]))


class Supposing:
    """What has been supposed in a part so far, told piece by piece."""

    def __init__(self, told: Iterable[Supposed] = ()) -> None:
        self.lasting: list[Supposed] = []  # beyond its sentence
        self.sentence: list[Piece] = []  # the one that is not over yet
        self.names: list[Span] = []  # formulas in it that say nothing
        self.members: list[tuple[Span, int]] = []  # names in it of some set, and their places
        self.said = ""  # its words, with a sign for each formula
        self.behind: list[Span] | None = None  # of the display that it goes on with
        self.told = [*told]  # what may say what an undeclared name is
        self.open: list[Supposed] = []  # the same in a sentence that is not over

    def piece(self, piece: Piece, *, after: list[Span] | None) -> None:
        """One more piece of text; ``after`` is what is said beside a display right before it."""
        if piece.kind in (INLINE, PARENTHESES):
            self._formula(piece)
            return
        if piece.kind != PROSE:
            return
        text = piece.span.text
        words = [word.lower() for word in WORD.findall(text)]
        if after is not None:
            beside = words and words[0] in BESIDE_WORDS and not begins_condition(piece)
            self.behind = after if beside else None
        ends = sentence_ends(text)
        if ends:
            self._tell(text[: ends[0]])
            self.behind = None
            self._over(text[: ends[0]])
            piece = Piece(PROSE, piece.span.part(ends[-1], len(text)))
        self.sentence.append(piece)
        self.said += piece.span.text

    def _formula(self, piece: Piece) -> None:
        self.said += "$"
        if (sign := _MEMBER.search(piece.span.text)) is not None:
            self.members.append((piece.span.part(0, sign.start()), len(self.said) - 1))
        if _RELATION.search(piece.span.text) is None:
            self.names.append(piece.span)
            return
        said = Supposed(piece.span, self._supposes())
        self.lasting.append(said)
        self.open.append(replace(said, plainly=said.plainly or self._goes_on_defining()))
        if self.behind is not None:
            self.behind.append(piece.span)
        self.sentence.append(piece)

    def display(self, display: Span) -> list[Span]:
        """A display, which may itself be what is supposed: the formulas before it in its sentence.

        What is supposed where it stands is `so_far`.
        """
        formulas = [each.span for each in self.sentence if each.kind != PROSE]
        words = self._words()
        only = {*words} <= LASTING_WORDS | _BESIDE and {*words} & LASTING_WORDS
        says_so = not formulas and (only or words == ["where"])
        if says_so or _DEFINING.search(display.text):
            self.lasting.append(Supposed(display))
        self._tell("")
        self._over()
        return formulas

    @property
    def so_far(self) -> list[Supposed]:
        """What has been supposed so far; of very much the last."""
        return self.lasting[-MOST_SUPPOSED:]

    def _tell(self, rest: str) -> None:
        """The sentence is over, with this: its formulas say what names are, where nothing else."""
        words = {*self._words(), *(word.lower() for word in WORD.findall(rest))}
        if words.isdisjoint(_NO_DEFINITION):
            self.told += self.open
        self.open = []

    def _supposes(self) -> bool:
        """Whether the words before a formula suppose it: ``let w satisfy the equations``."""
        words = self._words()
        if CLAIMING_WORDS & {*words}:
            return False
        follows = not CONCLUDING_WORDS.isdisjoint(words)
        lasting = LASTING_WORDS if follows else LASTING_WORDS | SATISFYING_WORDS
        if lasting & {*words[-_NEAR:]}:
            return True
        said = words[-MOST_BETWEEN:]
        last = max((n for n, word in enumerate(said) if word in lasting), default=len(said))
        return last < len(said) and CONCLUDING_WORDS.isdisjoint(said[last:])

    def _goes_on_defining(self) -> bool:
        """Whether nothing but words as and stands between this formula and one that defines."""
        words = [word for word in self._words() if word not in _BETWEEN]
        return bool(words) and words[-1] in _DEFINES

    def _words(self) -> list[str]:
        said = (each.span.text for each in self.sentence if each.kind == PROSE)
        return [word.lower() for text in said for word in WORD.findall(text)]

    def forget_sentence(self) -> None:
        """A sentence does not go on beyond its paragraph, but behind a display."""
        self._tell("")
        self.behind = None
        self._over()

    def _over(self, rest: str = "") -> None:
        """The sentence is over, with this: it may say something of what it names."""
        said = self.said + rest
        if self.names and _IS.search(said):
            self.lasting += map(Supposed, self.names)
        found = (name for name, place in self.members if _is_restricted(said, place))
        self.lasting += map(Supposed, found)
        self.sentence, self.names, self.members, self.said = [], [], [], ""


class Writer:
    """Puts a document together from what is told of it, in reading order.

    ``inline`` says that formulas in the text are claims as well; ``latex`` that it is no Markdown;
    ``declares`` that nothing is claimed anywhere, so that each part declares what is for itself.
    """

    def __init__(self, *, inline: bool, latex: bool = False, declares: bool = False) -> None:
        self.inline, self.latex, self.declares = inline, latex, declares
        self.document = Document()
        self.macros = Macros()
        self.openings = Macros(spoilt=self.macros.spoilt)  # those that begin or end displays
        self.above: list[tuple[Heading, Part]] = []  # the headings above what comes next
        self.words: list[str] = []  # of the paragraph that may stand right above a display
        self.said: list[Piece] = []  # of a sentence that may go on with it
        self.perhaps: Unreadable | None = None  # what a sentence said that has had a display
        self.announced: Unreadable | None = None  # and one that had none, of its paragraph
        self.shown = False  # whether the sentence has had a display
        self.of_next = False  # whether what may be a condition behind a display begins a sentence
        self.supposing = Supposing()  # what the text of the part supposes
        self.chain: Chain | None = None  # the last one of the part
        self.after_display = False
        self.displays = 0
        self.names: set[str] = set()

    def title(self, heading: Heading | None) -> None:
        """A heading; one with a number or a letter begins a part."""
        self.after_display, self.announced = False, None
        self.forget()
        if heading is None:
            return
        parts = self.document.parts
        while self.above and not heading.is_under(self.above[-1][0]):
            self.above.pop()
        name = name_under(heading, [each for each, _ in self.above])
        if heading.unique and name in self.names:
            what = "a part of this name is there already"
            problem = Unreadable(heading.place, name, what, "give each part a name of its own")
            self.document.problems.append(problem)
        self.names.add(name)
        under = self.above[-1][1] if self.above else None
        preamble = len(parts) == 1 and not parts[0].chains and not self.declares
        first = not any(each.chains for each in parts) and under is None
        told = self.supposing.told if first else under.told if under is not None else []
        if preamble and under is None:
            # declared where nothing is claimed: for all that follows
            self.document.given += parts[0].given
            parts.clear()
        self.supposing.forget_sentence()
        self.supposing = Supposing(told)
        parts.append(Part(name, under, told=self.supposing.told))
        self.above.append((heading, parts[-1]))
        self.chain = None

    def paragraph(self, text: Span) -> None:
        """Text with formulas in it."""
        said, first = "", True
        for piece in pieces(text, latex=self.latex):
            if self.displays > MOST_LINES:
                return  # the file is refused
            if piece.problem is not None and piece.kind == COMMENT:
                self.document.problems.append(piece.problem)
            if piece.kind == DISPLAY:
                self.display(piece.span, piece.problem)
                continue
            if piece.kind not in (COMMENT, CODE):
                piece = replace(piece, span=self.macros.expanded(piece.span))
            if piece.kind in (INLINE, PARENTHESES) and self._is_claim(piece, said):
                self._chained(Display(piece.span, piece.problem), INLINE_PREFIX)
                self.supposing.piece(piece, after=None)  # what follows may be claimed under it
                continue
            if piece.kind == COMMENT:
                self.comment(piece.span)
                continue
            self.document.regions += region_of(piece)
            if self.after_display and self.chain is not None and self.chain.perhaps is None:
                self.chain.perhaps = condition_behind(piece)
                self.of_next = self.chain.perhaps is not None and begins_condition(piece)
            behind = self.chain.beside if self.chain and self.after_display else None
            if first and behind is None:
                self.supposing.forget_sentence()
            self.supposing.piece(piece, after=behind)
            if first:
                if not (self.after_display and goes_on_counting(piece)):
                    self.announced = None
                self.forget()
            if piece.kind == PROSE and ends_sentence(piece.span.text):
                if not self.shown:
                    self.announced = condition_announced(self.said, piece) or self.announced
                self.perhaps, self.shown, self.of_next = None, False, False
            self.said = in_sentence(self.said, piece)
            self.words.append(" ".join(piece.span.text.split()))
            if self.inline and piece.kind == PROSE:
                said = _sentence(f"{said} {piece.span.text}")
            self.after_display = first = False

    def comment(self, span: Span) -> None:
        """A comment; one that begins with the word is a block of declarations."""
        first, *lines = span.lines()
        if first.text.strip().lower() in GIVEN_WORDS:
            self.given(lines)
        else:
            self.skipped(span, COMMENT)

    def skipped(self, span: Span, kind: str = CODE) -> None:
        """Code or a comment."""
        self.document.regions += regions(span, kind)

    def block(self, span: Span) -> None:
        """Code on lines of its own."""
        self.forget()
        self.after_display = False
        self.skipped(span)

    def given(self, lines: Sequence[Span]) -> None:
        """A block of declarations, one a line."""
        self.forget()
        self.after_display = False
        for each in lines:
            if each.text.lstrip().startswith("#"):
                self.skipped(each, COMMENT)
        parts = self.document.parts
        block = [self._expanded(line) for line in lines]
        (parts[-1].content if parts else self.document.given).append(block)

    def _expanded(self, span: Span) -> Span:
        """A piece with its macros written out, where one may stand in it or be defined."""
        may_have = self.macros.known or DEFINES.search(span.text)
        return self.macros.expanded(span) if may_have else span

    def display(self, span: Span, problem: Unreadable | None = None) -> None:
        """A displayed formula."""
        printed, span = span, self._expanded(span)
        at = span.text.find(SPOILT)
        if at >= 0:
            problem = problem or self.macros.spoilt.get(origin(span.part(at, at + 1)))
            span = without(span, SPOILT)
        if printed.text.strip() and not span.text.strip():
            return  # it defined macros, and nothing is left of it
        self._chained(Display(span, problem))

    def forget(self) -> None:
        """No words stand above what comes next."""
        self.words.clear()
        self.said, self.perhaps = [], None

    def remark(self, span: Span) -> None:
        """A bullet under a display; one that says nothing of its lines is prose."""
        if self.chain is None or not says_of_lines(span.text):
            self.paragraph(span)
        else:
            self.chain.remarks.append(self.macros.expanded(span))
            self.after_display = True

    def item(self) -> None:
        """A new item of a list begins."""
        self.announced = None
        self.forget()
        self.after_display = False

    def finished(self) -> Document:
        """All of it."""
        self.supposing.forget_sentence()
        for part in self.document.parts:
            for chain in part.chains:
                behind = (each for each in part.told if each.span in chain.beside)
                chain.told += [each for each in behind if each not in chain.told]
        self._declare_above()
        return self.document

    def _is_claim(self, piece: Piece, said: str) -> bool:
        if not self.inline or not any(sign in piece.span.text for sign in ("=", r"\equiv")):
            return False
        return (ASSUMING_WORDS | LASTING_WORDS).isdisjoint(
            word.lower() for word in WORD.findall(said)
        )

    def _chained(self, display: Display, series: str = "") -> None:
        if not self.document.parts:
            self.document.parts.append(Part(UNNAMED, told=self.supposing.told))
        self.displays += 1
        part = self.document.parts[-1]
        if series:
            part.content.append(Chain([display], words=" ".join(self.words), series=series))
            return
        continues = _CONTINUES.match(display.span.text) is not None
        if continues and self.chain is None:
            what = "there is nothing before it to equal"
            problem = Unreadable(display.span.place, "=", what, "write both sides")
            display = Display(display.span, display.problem or problem)
        beside = self.supposing.display(display.span)
        under: list[Span] = []  # conditions of a sentence that goes on
        if self.chain is not None and self.perhaps is not None and not (self.words or beside):
            under = beside = self.chain.beside
        if self.of_next and self.chain is not None and self.said:
            self.chain.perhaps = None  # it is of the sentence that goes on with this one
        self.of_next = False
        if not continues or self.chain is None:
            self.perhaps = condition_above(self.said) or self.perhaps
            perhaps = self.perhaps or (self.announced if self.said else None)
            self.chain = Chain(words=" ".join(self.words), perhaps=perhaps)
            part.content.append(self.chain)
        self.chain.supposed = [
            replace(each, plainly=True) if each.span in under else each
            for each in self.supposing.so_far
        ]
        self.chain.beside += [each for each in beside if each not in self.chain.beside]
        self.chain.told = self.supposing.told[-MOST_SUPPOSED:]
        self.chain.displays.append(display)
        self.after_display = self.shown = True
        perhaps = None if display_ends_sentence(display.span.text) else self.perhaps
        self.forget()
        self.perhaps = perhaps

    def _declare_above(self) -> None:
        """Where nothing is declared above the first line, the first block below it holds there."""
        blocks = [each for part in self.document.parts for each in part.content]
        first = next((n for n, each in enumerate(blocks) if isinstance(each, list)), None)
        if self.document.given or not first or self.declares:
            return
        block = blocks[first]
        assert isinstance(block, list)
        filled = [line for line in block if line.text.strip()]
        if not filled:
            return
        for part in self.document.parts:
            part.content = [each for each in part.content if each is not block]
        self.document.given.append(block)
        for chain in blocks[:first]:
            if isinstance(chain, Chain):
                chain.notes.append(f"read with the declarations below it, at {filled[0].place}")


def _sentence(said: str) -> str:
    """What has been said in a sentence that is not over."""
    ends = [found.end() for found in _SENTENCE_ENDS.finditer(said)]
    return said[ends[-1] if ends else -MOST_SAID :]
