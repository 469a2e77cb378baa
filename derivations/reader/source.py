"""Source text: spans and their locations, diagnostics of them, fault isolation; a document as data.

Bytes become text here; pieces of work that may each fail do so without the others. What a text is
cut into (`segmentation.py`) are chains of displays, and declarations, in parts.
"""

from __future__ import annotations

import codecs
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from derivations.claim import Evidence

from collections.abc import Iterator

from lark import Token


@dataclass(frozen=True, order=True)
class Page:
    """A piece of what is read with lines of its own: a cell, or another file; in reading order."""

    number: int
    name: str


@dataclass(frozen=True)
class Place:
    """Line and column, both counted from one, in the file itself or on a page."""

    line: int = 1
    column: int = 1
    page: Page | None = None

    def __str__(self) -> str:
        return f"{self.within}{':' if self.page else ''}{self.line}:{self.column}"

    def __lt__(self, other: Place) -> bool:
        return self._order < other._order

    @property
    def within(self) -> str:
        """The name of the page; empty for the file itself."""
        return self.page.name if self.page else ""

    @property
    def row(self) -> str:
        """The line in words: ``line 3``, ``cell 2, line 3``."""
        return f"{self.within}{', ' if self.page else ''}line {self.line}"

    @property
    def _order(self) -> tuple[int, int, int]:
        return (self.page.number if self.page else 0, self.line, self.column)


class Unreadable(ValueError):
    """Text outside what the reader takes; ``advice`` says what would settle it.

    ``follows`` says that it fails only because something before it could not be read.
    """

    def __init__(
        self, place: Place, token: str, what: str, advice: str = "", *, follows: bool = False
    ) -> None:
        super().__init__(what)
        self.place, self.token, self.what, self.advice = place, token, what, advice
        self.follows = follows

    def __str__(self) -> str:
        at = f"{self.place}: at {self.seen}: " if self.token else f"{self.place}: "
        return at + self.said

    @property
    def seen(self) -> str:
        """What stands there in quotation marks, on one line."""
        mark = '"' if "'" in self.token else "'"
        return f"{mark}{' '.join(self.token.split())}{mark}"

    @property
    def said(self) -> str:
        """What it is and what would settle it, without its place."""
        return self.what + (f"; {self.advice}" if self.advice else "")


class Question(Unreadable):
    """What an author may mean otherwise than it was read: no line falls by how it was read.

    It arises only where the letter ``free`` is free in the line, and where no condition says
    whether the two letters ``apart`` are one; ``unless_it_fits``, only where the sides do not fit.
    """

    free: str = ""
    apart: frozenset[str] = frozenset()
    unless_it_fits: bool = False


class Saying(Question):
    """A line may say what its left side is, which nothing else says; so it is no claim."""


class HowFar(Question):
    """A sum over ``letter`` may be meant to reach over a term behind it that has the letter."""

    letter: str = ""


class Implied(Question):
    """A name is introduced behind a sign of implication: is it so without what implies it?"""


class AnyValues(Question):
    """The values of a recurrence are read as any: what is false of these may be true of its own.

    What falls at a member where all is written out is false.
    """


# The text of a file, and where in it something stands.
#
# What is read need not stand in the file as it is: signs of a quotation are left out, macros
# written out. Such a text knows for each of its characters where in the author's text it comes
# from.


_BRACES = re.compile(r"\\.|%[^\n]*|[{}]", re.DOTALL)


# Faces of letters: bold and calligraphic ones beside the same ones in plain type.

_LETTER_OF_FACE = r"\s*(?:\{\s*(\\?[A-Za-z]+)\s*\}|(\\[A-Za-z]+|[A-Za-z]))"
_CALLIGRAPHIC = re.compile(rf"\\(?:mathcal|mathscr){_LETTER_OF_FACE}")
_BOLD = re.compile(rf"\\(?:mathbf|boldsymbol|bm|bold|pmb|vec){_LETTER_OF_FACE}")
_DECLARED = re.compile(
    r"^(```|~~~)\{?given.*?^\1|<!--\s*given.*?-->|^%\s*given\s*\n(?:%.*\n)*"
    r"|\\begin\{given\}.*?\\end\{given\}",
    re.DOTALL | re.MULTILINE,
)
_FORMULAS = re.compile(
    r"\$\$.*?\$\$|\$[^$]*\$|\\\[.*?\\\]|\\\(.*?\\\)|\\begin\{((?:align|equation|gather|multline|"
    r"eqnarray|flalign|alignat|displaymath|math)\*?)\}.*?\\end\{\1\}",
    re.DOTALL,
)
_WORDS = re.compile(r"\\(?:text\w*|mathrm|operatorname\*?|label|tag|begin|end)\s*\{[^{}]*\}")
_TRANSPOSED = re.compile(r"\s*\^\s*\{?\s*(?:T\b|\\top|\\intercal|\\mathsf|\\mathrm|\\text)")
_PLAIN = re.compile(r"(?<![A-Za-z\\])([A-Za-z])(?![A-Za-z])|(\\[A-Za-z]+)")
# what stands behind an entry, or a member: of x in x_i, x^{(i)}, x(w)_i
_NUMBERED = re.compile(r"\s*(?:_|'|\^\s*\{\s*[(\[]|\((?:[^()]|\([^()]*\))*\)\s*_)")


def _letters(face: re.Pattern[str], text: str) -> set[str]:
    return {found[1] or found[2] for found in face.finditer(text)}


def _plain(face: re.Pattern[str], text: str) -> set[str]:
    """The letters in plain type."""
    rest = _WORDS.sub(" ", face.sub(" ", text))
    return {found[1] or found[2] for found in _PLAIN.finditer(rest)}


def _alone(text: str) -> set[str]:
    """The letters in plain type without a subscript that are not transposed: perhaps numbers."""
    rest = _WORDS.sub(" ", _BOLD.sub(" ", text))
    found = [(each[1], each.end()) for each in _PLAIN.finditer(rest) if each[1]]
    alone = {letter for letter, end in found if not _NUMBERED.match(rest, end)}
    return alone - {letter for letter, end in found if _TRANSPOSED.match(rest, end)}


@dataclass(frozen=True, eq=False)
class Source:
    """A whole text; pieces of it are spans of offsets.

    ``pages`` are the offsets where a page begins. A text that was made of another one has that
    for its ``author``, and ``at`` has the offset there of each character, and of the end.
    """

    text: str
    pages: tuple[tuple[int, Page | None], ...] = ()
    author: Source | None = None
    at: Sequence[int] = ()
    known: frozenset[str] = frozenset()

    @cached_property
    def calligraphic(self) -> frozenset[str]:
        """The letters that are names of their own where they are calligraphic.

        So they are in a text whose formulas, or whose declarations, have them in plain type as
        well: a loss \\mathcal{L} beside a constant L. They are ``known`` for a piece of a text.
        """
        if self.author is not None:
            return self.author.calligraphic
        if not _CALLIGRAPHIC.search(self.text):
            return self.known
        declared, around, formulas = self._parts
        both = _letters(_CALLIGRAPHIC, declared) & _plain(_CALLIGRAPHIC, declared)
        found = _letters(_CALLIGRAPHIC, around) & _plain(_CALLIGRAPHIC, formulas)
        return self.known | both | found

    def bold(self, offset: int) -> frozenset[str]:
        """The letters that a text has in bold and formulas, without a subscript, in plain type.

        None of them stands in declarations, whose author may write either for the other.
        """
        if self.author is not None:
            return self.author.bold(self.at[offset])
        inside = any(first <= offset < last for first, last in self._declared)
        return frozenset() if inside else self._bold

    @cached_property
    def _bold(self) -> frozenset[str]:
        if not _BOLD.search(self.text):
            return frozenset()
        _, _, formulas = self._parts
        return frozenset(_letters(_BOLD, self.text) & _alone(formulas))

    @cached_property
    def _declared(self) -> tuple[tuple[int, int], ...]:
        return tuple(found.span() for found in _DECLARED.finditer(self.text))

    @cached_property
    def _parts(self) -> tuple[str, str, str]:
        """What is declared, what stands around that, macros as well, and the formulas in it."""
        declared = " ".join(found[0] for found in _DECLARED.finditer(self.text))
        around = _DECLARED.sub(" ", self.text)
        formulas = " ".join(found[0] for found in _FORMULAS.finditer(around))
        return (declared, around, formulas) if declared or formulas else (self.text, "", "")

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(at + 1 for at, char in enumerate(self.text) if char == "\n")]

    @cached_property
    def braces(self) -> dict[int, int]:
        """Where each brace that is closed is closed, as LaTeX counts them."""
        found: dict[int, int] = {}
        opened: list[int] = []
        for brace in _BRACES.finditer(self.text):
            if brace.group() == "{":
                opened.append(brace.start())
            elif brace.group() == "}" and opened:
                found[opened.pop()] = brace.start()
        return found

    def place(self, offset: int) -> Place:
        """Line and column of an offset."""
        if self.author is not None:
            return self.author.place(self.at[offset])
        line = bisect_right(self._starts, offset)
        column = offset - self._starts[line - 1] + 1
        page = bisect_right(self.pages, offset, key=lambda each: each[0])
        if page == 0:
            return Place(line, column)
        start, name = self.pages[page - 1]
        return Place(line - bisect_right(self._starts, start) + 1, column, name)

    @property
    def whole(self) -> Span:
        """All of it."""
        return Span(self, 0, len(self.text))


@dataclass(frozen=True)
class Span:
    """A piece of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """What stands there."""
        return self.source.text[self.start : self.end]

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.source.place(self.start)

    @property
    def stripped(self) -> Span:
        """The same without blanks around it."""
        text = self.text
        return self.part(len(text) - len(text.lstrip()), len(text.rstrip()))

    def part(self, start: int, end: int) -> Span:
        """A piece of this piece, by offsets from its start."""
        return Span(self.source, self.start + start, self.start + end)

    @property
    def offsets(self) -> Sequence[int]:
        """For each character, where in the author's text it comes from."""
        if self.source.author is not None:
            return self.source.at[self.start : self.end]
        return range(self.start, self.end)

    def lines(self) -> list[Span]:
        """Its lines, without what ends them."""
        found, start = [], 0
        for line in self.text.split("\n"):
            found.append(self.part(start, start + len(line)))
            start += len(line) + 1
        return found


def joined(lines: Sequence[Span]) -> Span:
    """Lines of one source as one piece: of that source, if nothing but blanks is left out."""
    first, last = lines[0], lines[-1]
    text = first.source.text
    if all(not text[one.end : other.start].strip() for one, other in pairwise(lines)):
        return Span(first.source, first.start, last.end)
    made = Made(first.source)
    for line in lines:
        if made.pieces:
            made.add("\n", at=line)
        made.add(line)
    return made.source(last).whole


class Made:
    """A text in the making, from pieces of another one and from what stands for a piece of it."""

    def __init__(self, source: Source) -> None:
        self.author = source.author or source
        self.pieces: list[str] = []
        self.at = array("q")

    @property
    def length(self) -> int:
        """How many characters there are."""
        return len(self.at)

    def add(self, what: Span | str, at: Span | None = None) -> None:
        """A piece as it stands there, or words that stand for the place of a piece."""
        if isinstance(what, str):
            assert at is not None
            self.pieces.append(what)
            self.at.extend([origin(at)] * len(what))
        else:
            self.pieces.append(what.text)
            self.at.extend(what.offsets)

    def source(self, last: Span) -> Source:
        """All of it; it ends where ``last`` ends."""
        end = last.source.at[last.end] if last.source.author is not None else last.end
        return Source("".join(self.pieces), author=self.author, at=array("q", [*self.at, end]))


def without(span: Span, sign: str) -> Span:
    """A piece without some sign of one character."""
    made = Made(span.source)
    start = 0
    for piece in span.text.split(sign):
        made.add(span.part(start, start + len(piece)))
        start += len(piece) + 1
    return made.source(Span(span.source, span.end, span.end)).whole


def origin(span: Span) -> int:
    """Where in the author's text a piece begins."""
    return span.source.at[span.start] if span.source.author is not None else span.start


def paged(pages: Iterable[tuple[str, Page | None]]) -> Source:
    """Texts one after the other, each on a page of its own."""
    texts: list[str] = []
    starts: list[tuple[int, Page | None]] = []
    length = 0
    for text, page in pages:
        text = text if text.endswith("\n") else f"{text}\n"
        starts.append((length, page))
        texts.append(text)
        length += len(text)
    return Source("".join(texts), tuple(starts))


MOST_BYTES = 1_000_000  # of one derivation file
MOST_ROWS = 50_000  # lines of text of one file
MOST_LINES = 2_000  # equalities in one file
MOST_DECLARED = 2_000  # characters of one declaration or remark
MOST_DECLARATIONS = 500  # in one block
MOST_CHARACTERS = 50_000  # of one display
MOST_TOKENS = 4_000  # of one formula
MOST_NESTED = 40  # brackets within brackets
MOST_DIGITS = 12  # of one number
MOST_BITS = 2_000  # of a power of a number
MOST_POWER = 12  # of one exponent
MOST_DEGREE = 144  # of exponents within exponents, multiplied
MOST_MATRICES = 6  # times a matrix itself
MOST_TOWER = 3  # exponentials of numbers within one another
MOST_FACTORS = 24  # vectors and matrices in one product
MOST_SIDE_BY_SIDE = 100  # factors of one product
MOST_BINDERS = 6  # sums and derivatives within one another
MOST_DEEP = 150  # nesting of a line with its definitions written out
MOST_UNFOLDED = 20_000  # nodes of a line with its definitions written out
MOST_MACROS = 2_000  # that a file defines
MOST_EXPANSIONS = 2_000  # uses of macros that one use comes to
MOST_EXPANDED = 60_000  # characters that it writes
MOST_MACROS_DEEP = 50  # macros that write uses of macros
MOST_FILES = 50  # that a file takes in
MOST_NOTEBOOK = 20_000_000  # bytes of a notebook, whose pictures are not read
MOST_READ_AGAIN = 3_000  # readings of formulas of the text of one file, where names change
MOST_SUPPOSED = 400  # formulas of the text of a part that may be conditions of what follows


MARKDOWN, TEX, NOTEBOOK = "markdown", "tex", "notebook"
SUFFIXES = {
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".qmd": MARKDOWN,
    ".rmd": MARKDOWN,
    ".tex": TEX,
    ".ltx": TEX,
    ".ipynb": NOTEBOOK,
}
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class NoFile(ValueError):
    """Why a file cannot be read as text."""


def kind_of(name: str, text: str) -> str:
    """What a text is, by the name of its file, or by how it begins."""
    known = SUFFIXES.get(Path(name).suffix.lower())
    if known is not None:
        return known
    head = text[:20_000]
    if head.lstrip().startswith("{") and '"cells"' in text:
        return NOTEBOOK
    return TEX if r"\documentclass" in head or r"\begin{document}" in head else MARKDOWN


def decoded(data: bytes) -> str:
    """The text of a file, with line breaks made one; raises NoFile for what is none."""
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    if not encoding:
        encoding = _without_mark(data[:4000])
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise NoFile(f"not text in {encoding.upper()}, as it begins") from None
        what = f"not text in UTF-8 (byte {error.start})"
        if b"\0" in data:
            raise NoFile(what) from None
        advice = "it may be Latin-1 or Windows-1252: iconv -f WINDOWS-1252 -t UTF-8 makes it UTF-8"
        raise NoFile(f"{what}; {advice}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_mark(head: bytes) -> str:
    """UTF-16 can be told by the zeros beside its letters."""
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(head) > 3 and zeros.count(0) > 0.4 * len(zeros) and head.count(0) < len(head) * 0.6:
            return encoding
    return "utf-8"


def bytes_of(path: Path) -> bytes:
    """What stands in a file, not much more than may be read; raises NoFile."""
    most = MOST_NOTEBOOK if path.suffix.lower() == ".ipynb" else 4 * MOST_BYTES
    try:
        if path.is_dir():
            raise NoFile(f"a folder without derivation files ({', '.join(sorted(SUFFIXES))})")
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise NoFile(str(error.strerror)) from None
    except NoFile:
        raise
    except ValueError as error:  # a name with a zero in it
        raise NoFile(str(error)) from None


def with_suffix(name: str) -> str:
    """The name of a file as LaTeX completes it."""
    return name if Path(name).suffix else f"{name}.tex"


@dataclass(frozen=True)
class Siblings:
    """The files of a folder and below it; none where there is no folder.

    ``own`` is the name of the file that takes them in.
    """

    folder: Path | None = None
    own: str = ""

    def text_of(self, name: str) -> str:
        """What a file says; raises NoFile for one that is not there, or not below the folder."""
        if self.folder is None:
            raise NoFile("there is no folder to look for files in")
        try:
            folder = self.folder.resolve()
            path = (folder / name).resolve()
            inside = path.is_relative_to(folder) and not Path(name).is_absolute()
            if inside and not path.is_file():
                raise NoFile("there is no such file")
        except (OSError, ValueError) as error:
            if isinstance(error, NoFile):
                raise
            raise NoFile("this is no name of a file") from None
        if not inside:
            raise NoFile("a file outside of the folder is not taken in")
        return decoded(bytes_of(path))


T = TypeVar("T")
TOO_DEEP = "it is nested too deep for this program"
TOO_LARGE = "it needs more memory than there is"
MOST_SAID = 200


class GivenUp(Exception):
    """A piece of work that came to no end of its own; the message says why."""


class Broken(Exception):
    """Memory or the stack ran out in some pieces: what was being built there may be half done."""

    def __init__(self, pieces: dict[int, str]) -> None:
        super().__init__(pieces)
        self.pieces = pieces


@dataclass
class Attempts:
    """Carries out one piece after the other; each has a number, the same in every process.

    ``given_up`` says why a piece is not tried; ``begin`` and ``end`` hear of each that is.
    ``broken`` are those in which memory or the stack ran out; ``number`` is that of the next.
    ``known`` is what an earlier process has told of what it found, by names; ``telling`` hears of
    what this one finds.
    """

    given_up: Mapping[int, str] = field(default_factory=dict)
    begin: Callable[[int], None] = lambda number: None
    end: Callable[[], None] = lambda: None
    broken: dict[int, str] = field(default_factory=dict)
    number: int = 0
    known: dict[str, Evidence] = field(default_factory=dict)
    telling: Callable[[str, Evidence], None] = lambda name, found: None

    def tell(self, name: str, found: Evidence) -> None:
        """Something was found out that another process need not find out again."""
        self.known[name] = found
        self.telling(name, found)

    def __call__(self, piece: Callable[[], T], *passed: type[Exception]) -> T:
        """What the piece returns; raises GivenUp, or what it raises where that is ``passed``."""
        number, self.number = self.number, self.number + 1
        if number in self.given_up:
            raise GivenUp(self.given_up[number])
        self.begin(number)
        try:
            return piece()
        except passed:
            raise
        except (RecursionError, MemoryError) as error:
            self.broken[number] = what_happened(error)
            raise GivenUp(self.broken[number]) from error
        except Exception as error:
            raise GivenUp(what_happened(error)) from error
        finally:
            self.end()

    def require_sound(self) -> None:
        """Raise Broken where this process had better not go on."""
        if self.broken:
            raise Broken(self.broken)


def what_happened(error: BaseException) -> str:
    """An exception nobody expected, as a reason for a reader: never a traceback."""
    if isinstance(error, RecursionError):
        return TOO_DEEP
    if isinstance(error, MemoryError):
        return TOO_LARGE
    said = " ".join(str(error).split())[:MOST_SAID]
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return f"an error of this program, {text}{_where(error)}"


def _where(error: BaseException) -> str:
    """The innermost step that is of this project."""
    trace, found = error.__traceback__, ""
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if "derivations" in path.parts:
            found = f" ({'/'.join(path.parts[-2:])}:{trace.tb_lineno})"
        trace = trace.tb_next
    return found


class Sign(Token):
    """A token that knows its place; lines and columns alone do not tell the page.

    ``face`` is BOLD or PLAIN of a letter that stands in both in its text.
    """

    place: Place = Place()
    face: str = ""

    @classmethod
    def placed(cls, kind: str, value: str, start: int | None, end: int | None, at: Place) -> Sign:
        """A token of text that stands between these offsets of its source."""
        made = cls(kind, value, start_pos=start, end_pos=end, line=at.line, column=at.column)
        made.place = at
        return made


def place_of(token: Token) -> Place:
    """Where a token stands."""
    return token.place if isinstance(token, Sign) else Place(token.line or 1, token.column or 1)


def retyped(token: Token, kind: str) -> Token:
    """The same token as one of another kind."""
    return Sign.placed(kind, token.value, token.start_pos, token.end_pos, place_of(token))


DELIMITERS = {
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
BRACKETS = {**DELIMITERS, "BEGIN_MATRIX": "END_MATRIX", "BEGIN_CASES": "END_CASES"}
CLOSING_BRACKETS = frozenset(BRACKETS.values())


def enclosing(tokens: list[Token]) -> list[int]:
    """How many brackets enclose each token; one that is never closed, or opened, encloses none."""
    depths = [0] * (len(tokens) + 1)  # as changes first
    opened: list[tuple[str, int]] = []
    for at, token in enumerate(tokens):
        if token.type in BRACKETS:
            opened.append((BRACKETS[token.type], at))
        elif token.type in CLOSING_BRACKETS and any(closing == token.type for closing, _ in opened):
            while opened[-1][0] != token.type:
                opened.pop()
            _, start = opened.pop()
            depths[start] += 1
            depths[at] -= 1
    return list(accumulate(depths[:-1]))


@dataclass(frozen=True)
class Region:
    """A formula that is not read, or words, where only a sign between blanks counts."""

    span: Span
    kind: str
    formula: bool = True


_STEP = re.compile(r"[-+]\s*1\s*[})]")


@dataclass(frozen=True)
class Supposed:
    """A formula of the text that may suppose something; ``plainly``: its words say that it does.

    Where they do not, it may as well follow from something: it counts where it says what a number,
    vector or matrix is that was declared to be any, and not where it is about an index or a size.
    """

    span: Span
    plainly: bool = True


@dataclass(frozen=True)
class Display:
    """A displayed formula, and what is wrong with how it stands there."""

    span: Span
    problem: Unreadable | None = None


@dataclass
class Chain:
    """Displays that make up one chain of equalities, the remarks under it, the words above.

    ``series`` is empty, or what the numbers of its lines begin with; ``notes`` are of all of them.
    ``perhaps`` is what the words above may say: a condition. Formulas of the text may be conditions
    of lines which depend on what they are about: those of its own sentence are ``beside`` it.
    ``told`` are those that may say what an undeclared name is.
    """

    displays: list[Display] = field(default_factory=list)
    remarks: list[Span] = field(default_factory=list)
    words: str = ""
    series: str = ""
    notes: list[str] = field(default_factory=list)
    perhaps: Unreadable | None = None
    supposed: list[Supposed] = field(default_factory=list)
    beside: list[Span] = field(default_factory=list)
    told: list[Supposed] = field(default_factory=list)

    @property
    def has_step(self) -> bool:
        """Whether a member one before or behind stands in it: the trigger of recurrences."""
        return any(_STEP.search(display.span.text) for display in self.displays)


@dataclass
class Part:
    """A titled part: chains, and declarations that hold for the chains after them.

    What is declared in the part that it is ``under`` holds in it as well, and what the text there
    has ``told`` of names.
    """

    name: str
    under: Part | None = None
    content: list[Chain | list[Span]] = field(default_factory=list)
    told: list[Supposed] = field(default_factory=list)

    @property
    def chains(self) -> list[Chain]:
        """The chains alone."""
        return [each for each in self.content if isinstance(each, Chain)]

    def chains_from(self, number: int) -> Iterator[Chain]:
        """The chain at a place of the content, and those that follow with nothing between."""
        for each in self.content[number:]:
            if not isinstance(each, Chain):
                return
            yield each

    @property
    def given(self) -> list[list[Span]]:
        """The blocks of declarations alone."""
        return [each for each in self.content if isinstance(each, list)]


@dataclass
class Document:
    """Declarations for all parts, the parts, what is malformed, and what is not read.

    ``taken`` are the names of the files that it takes in.
    """

    given: list[list[Span]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    problems: list[Unreadable] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    @property
    def displays(self) -> Iterator[Display]:
        """All displays of all chains."""
        return (each for part in self.parts for chain in part.chains for each in chain.displays)


@dataclass(frozen=True)
class Given:
    """Declarations that win over those of a text: for all of it, and for its parts by name.

    ``under`` has the part that a part is under, by their names.
    """

    common: Sequence[Span]
    parts: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    under: Mapping[str, str] = field(default_factory=dict)
