"""Segmentation of a document: declarations, displays and remarks, in reading order.

Markdown, LaTeX and notebooks are told here piece by piece. What is malformed, such as a display
that is never closed, spoils itself and nothing behind it; what is not read is kept as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from derivations.reader.latex_commands import (
    ASSUMING_WORDS,
    BESIDE_WORDS,
    DEFINING,
    GIVEN_WORDS,
    LASTING_WORDS,
)
from derivations.reader.macros import SPOILT, Macros
from derivations.reader.prose import (
    CODE,
    COMMENT,
    DISPLAY,
    INLINE,
    PARENTHESES,
    PROSE,
    WORD,
    Heading,
    Piece,
    Region,
    condition_above,
    condition_announced,
    condition_behind,
    display_ends_sentence,
    ends_sentence,
    goes_on_counting,
    in_sentence,
    name_under,
    pieces,
    region_of,
    regions,
    says_of_lines,
    sentence_ends,
)
from derivations.reader.source import MOST_LINES, MOST_SUPPOSED, Span, Unreadable, origin, without

UNNAMED = "line"
INLINE_PREFIX = "inline"
MOST_SAID = 1000  # characters of a sentence that are looked at
_CONTINUES = re.compile(r"(?:\s|&|\\begin\{\w+\*?\})*(?:=|\\propto(?![A-Za-z]))")
_SENTENCE_ENDS = re.compile(r"[.!?;:](?=\s|$)")


# What the text supposes of declared things beside the displays: ``Let $a = 2 b$. Then ...``.
#
# A line that depends on them may be claimed under that alone: it can be proved, and not refuted.


RELATION_SIGNS = r"\\(?:ne|neq|le|leq|ge|geq|lt|gt|in|notin|equiv)(?![A-Za-z])"
_SUPPOSED_RELATION = re.compile(rf"[=<>≠≤≥∈∉]|{RELATION_SIGNS}")
_DEFINING = re.compile(rf":=|\\(?:{'|'.join(sorted(DEFINING))})(?![A-Za-z])")
_IS = re.compile(
    r"\s*(?:is|are|be|being)\s+(?:[a-z]+\s+){0,2}(?:positive|negative|non-?negative|non-?positive|"
    r"non-?zero|zero|one|symmetric|diagonal|orthogonal|orthonormal|binary|equal|distinct|different|"
    r"even|odd|independent)\b"
)
_NEAR = 4  # words before a formula
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


@dataclass(frozen=True)
class Supposed:
    """A formula of the text that may suppose something; ``plainly``: its words say that it does.

    Where they do not, it may as well follow from something: it counts where it says what a number,
    vector or matrix is that was declared to be any, and not where it is about an index or a size.
    """

    span: Span
    plainly: bool = True


class Supposing:
    """What has been supposed in a part so far, told piece by piece."""

    def __init__(self, told: Iterable[Supposed] = ()) -> None:
        self.lasting: list[Supposed] = []  # beyond its sentence
        self.sentence: list[Piece] = []  # the one that is not over yet
        self.names: list[Span] = []  # formulas in it that say nothing
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
        if self.names and _IS.match(text):
            self.lasting += map(Supposed, self.names)
        words = [word.lower() for word in WORD.findall(text)]
        if after is not None:
            self.behind = after if words and words[0] in BESIDE_WORDS else None
        ends = sentence_ends(text)
        if ends:
            self._tell(text[: ends[0]])
            self.behind = None
            self.sentence, self.names = [], []
            piece = Piece(PROSE, piece.span.part(ends[-1], len(text)))
        self.sentence.append(piece)

    def _formula(self, piece: Piece) -> None:
        if _SUPPOSED_RELATION.search(piece.span.text) is None:
            self.names.append(piece.span)
            return
        said = Supposed(piece.span, bool(LASTING_WORDS & {*self._words()[-_NEAR:]}))
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
        self.sentence, self.names = [], []
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
        self.sentence, self.names, self.behind = [], [], None


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
                continue
            if piece.kind == COMMENT:
                self.comment(piece.span)
                continue
            self.document.regions += region_of(piece)
            if self.after_display and self.chain is not None:
                self.chain.perhaps = self.chain.perhaps or condition_behind(piece)
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
                self.perhaps, self.shown = None, False
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
        block = [self.macros.expanded(line) for line in lines]
        (parts[-1].content if parts else self.document.given).append(block)

    def display(self, span: Span, problem: Unreadable | None = None) -> None:
        """A displayed formula."""
        printed, span = span, self.macros.expanded(span)
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
        return ASSUMING_WORDS.isdisjoint(word.lower() for word in WORD.findall(said))

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
        if not continues or self.chain is None:
            self.perhaps = condition_above(self.said) or self.perhaps
            perhaps = self.perhaps or (self.announced if self.said else None)
            self.chain = Chain(words=" ".join(self.words), perhaps=perhaps)
            part.content.append(self.chain)
        self.chain.supposed = self.supposing.so_far
        self.chain.beside += beside
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
