"""Markup: Markdown, notebooks of it, and LaTeX documents, as pieces of one document.

Which block of Markdown is what, a library of Markdown says; of LaTeX, conditionals are decided,
macros expanded and files taken in first.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.rules_block import (
    StateBlock,
    code,
    fence,
    heading,
    html_block,
    lheading,
    paragraph,
)
from markdown_it.token import Token

from derivations.reader.latex_commands import (
    CONSTANT,
    DEFINES,
    GIVEN_WORDS,
    MACRO_DEFINITIONS,
    MATHEMATICS,
    Expansion,
    Frame,
    Macro,
    Macros,
    with_openings,
)
from derivations.reader.segmentation import (
    BOLD,
    CODE,
    COMMENT,
    DISPLAY,
    DISPLAY_BEGINS,
    Heading,
    Writer,
    bold_heading,
    closing_of,
    elsewhere,
    heading_of,
    pieces,
    regions,
    says_of_lines,
)
from derivations.reader.source import (
    MOST_BYTES,
    MOST_FILES,
    Made,
    NoFile,
    Page,
    Region,
    Siblings,
    Source,
    Span,
    Unreadable,
    joined,
    paged,
    with_suffix,
)

MOST_NESTED = 60  # lists and quotations within one another
TEXT = "mathematics"
_Rule = Callable[[StateBlock, int, int, bool], bool]
_ENDS_SECTION = re.compile(r"^[ \t]*(?:```|~~~|#{1,6}[ \t])", re.MULTILINE)
_UNREAD = re.compile(r"\s*(?:<(?:pre|script|style|textarea)\b)", re.IGNORECASE)
_FENCE = re.compile(r"(`{3,}|~{3,})\s*(\S*)")
_TITLE = re.compile(r"\s*(#{1,6})\s+")
_ENDS = ("paragraph", "reference", "blockquote", "list")  # what a display may end


def write_markdown(span: Span, writer: Writer) -> None:
    """Tell a writer what stands in a piece of Markdown."""
    if writer.openings.known or DEFINES.search(span.text):
        span = with_openings(span, writer.openings)
    text = span.text
    parser = _parser()
    tokens: list[Token] = []
    parser.block.parse(text, parser, {"sections": _Sections(text)}, tokens)
    _Blocks(span, tokens, writer).write()


class _Blocks:
    """Goes through the blocks once."""

    def __init__(self, span: Span, tokens: Sequence[Token], writer: Writer) -> None:
        self.span, self.tokens, self.writer = span, tokens, writer
        self.lines = span.lines()
        self.told = 0  # lines

    def write(self) -> None:
        """Tell all of it."""
        remarks = 0  # level of the list that stands under a display, whose bullets are remarks
        bullet = False
        for token in self.tokens:
            if token.type == "bullet_list_open":
                remarks = remarks or (token.level + 1) * self.writer.after_display
            elif token.type == "bullet_list_close" and token.level + 1 == remarks:
                remarks = 0
            elif token.type == "list_item_open":
                bullet = token.markup in "-*+" and (remarks > 0 or self.writer.after_display)
            elif token.type in _LEAVES and token.map:
                self._untold(token.map[0])
                self.told = token.map[1]
                lines = self._lines(token)
                if lines:
                    self._leaf(token, joined(lines), lines, remark=bullet)
                bullet = False
        self._untold(len(self.lines))

    def _leaf(self, token: Token, whole: Span, lines: list[Span], *, remark: bool) -> None:
        writer = self.writer
        if token.type == "fence":
            self._fence(token, lines)
        elif token.type == "code_block" or _UNREAD.match(whole.text):
            writer.block(whole)
        elif token.type in ("heading_open", "lheading_open"):
            title = _TITLE.match(whole.text)
            name = whole.part(title.end(), len(whole.text)) if title else whole
            writer.title(heading_of(name, int(token.tag[1:])))
            writer.paragraph(name)
            writer.forget()
        elif remark and token.type == "paragraph_open":
            writer.remark(whole.stripped)
        else:
            bold = bold_heading(whole) if token.type == "paragraph_open" else None
            if bold is not None:
                writer.title(bold)
            writer.paragraph(whole)

    def _fence(self, token: Token, lines: list[Span]) -> None:
        word = _first_word(token)
        first, *inside = lines
        if inside and _closes(token, inside[-1].text):
            inside.pop()
        else:
            what = "a block that is never closed"
            place, said = first.place, first.text.strip()
            problem = Unreadable(place, said, what, f"write {token.markup}")
            self.writer.document.problems.append(problem)
        if word in GIVEN_WORDS:
            self.writer.given(inside)
        elif inside and word in MATHEMATICS:
            self.writer.display(joined(inside))
        elif inside:
            self.writer.block(joined(inside))

    def _lines(self, token: Token) -> list[Span]:
        marks: list[tuple[int, int]] = token.meta.get("lines", [])
        return [self.span.part(start, max(start, end)) for start, end in marks]

    def _untold(self, until: int) -> None:
        """Lines that belong to no block, such as those nested too deep, are text as well."""
        lines = [each for each in self.lines[self.told : until] if each.text.strip(" \t>*-+_=")]
        if lines:
            self.writer.paragraph(joined(lines))


_LEAVES = frozenset(
    {"fence", "code_block", "heading_open", "html_block", "paragraph_open", "mathematics"}
)


class _Sections:
    """Where displays of a text end, looked for once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end, self.uneven = -1, False
        self.next: dict[str, int] = {}
        self.last_comment_end = text.rfind("-->")

    @cached_property
    def _fences(self) -> dict[str, tuple[list[int], list[int]]]:
        """What may close a fence, by its sign: offsets, and the longest from there on."""
        found: dict[str, tuple[list[int], list[int]]] = {}
        for sign in "`~":
            marks = list(
                re.finditer(rf"(?<!{sign}){sign}{{3,}}(?=[ \t]*$)", self.text, re.MULTILINE)
            )
            lengths = [mark.end() - mark.start() for mark in marks]
            longest = list(accumulate(reversed(lengths), max))[::-1]
            found[sign] = ([mark.start() for mark in marks], longest)
        return found

    def may_close(self, sign: str, length: int, start: int) -> bool:
        """Whether a fence that begins here may have an end."""
        offsets, longest = self._fences[sign]
        after = bisect_left(offsets, start)
        return after < len(offsets) and longest[after] >= length

    def closing(self, mark: str, start: int) -> int:
        """Where a mark comes next before a heading or a block; -1 where it does not."""
        self._enter(start)
        found = self.next.get(mark, -1)
        if found < start:
            found = self.text.find(mark, start)
            found = self.next[mark] = found if found >= 0 else len(self.text)
        return found if found < self.end else -1

    def is_uneven(self, start: int) -> bool:
        """Whether one ``$$`` is missing in this section: then empty lines end displays.

        As in LaTeX, and so that what follows is not read inside out.
        """
        self._enter(start)
        return self.uneven

    def _enter(self, start: int) -> None:
        if start > self.end:
            found = _ENDS_SECTION.search(self.text, start)
            self.end = found.start() if found else len(self.text)
            self.uneven = self.text.count("$$", max(start - 2, 0), self.end) % 2 == 1


def _display(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Lines with a display, from the one in which it begins to the one in which it ends."""
    if state.is_code_block(first):
        return False
    start, end = _marks(state, first)
    line = Source(state.src[start:end])
    if not DISPLAY_BEGINS.search(line.text):
        return False
    if silent:
        return any(piece.kind == DISPLAY for piece in pieces(line.whole))
    at = _end(state, first, last)
    if at is None:
        return False
    state.line = at
    token = state.push(TEXT, "", 0)
    token.map = [first, at]
    return True


def _end(state: StateBlock, first: int, last: int) -> int | None:
    """The line behind the displays that begin in a line; None if none does."""
    sections: _Sections = state.env["sections"]
    at = first
    begins, end = _marks(state, at)
    found = False
    while True:
        text = Source(state.src[begins:end]).whole
        unclosed = None
        for piece in pieces(text):
            if piece.kind == DISPLAY:
                found = True
                unclosed = piece if piece.problem is not None else None
        if unclosed is None:
            return at + 1 if found else None
        opening = _opening(text.text, unclosed.span.start)
        mark = closing_of(opening)[1]
        inside = begins + opening.end()
        closing = sections.closing(mark, inside)
        closed = _line_of(state, at, last, closing) if closing >= 0 else last
        uneven = mark == "$$" and sections.is_uneven(inside)
        for number in range(at + 1, min(closed + 1, last)):
            blank = state.isEmpty(number)
            dedented = not blank and state.sCount[number] < state.blkIndent
            if dedented or (blank and (uneven or closing < 0 or closed >= last)):
                return number
        if closing < 0 or closed >= last:
            return last
        at, begins = closed, closing + len(mark)
        end = state.eMarks[at]


def _opening(text: str, before: int) -> re.Match[str]:
    """The mark that begins a display which has its inside here, or a bit further on."""
    found = [each for each in DISPLAY_BEGINS.finditer(text) if each.end() <= before]
    return found[-1]


def _line_of(state: StateBlock, first: int, last: int, offset: int) -> int:
    return bisect_left(state.eMarks, offset, first, last)


def _marks(state: StateBlock, line: int) -> tuple[int, int]:
    return state.bMarks[line] + state.tShift[line], state.eMarks[line]


def _html(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """HTML; a comment that is never closed is none, or all that follows would be one."""
    start, _ = _marks(state, first)
    sections: _Sections = state.env["sections"]
    if state.src.startswith("<!--", start) and sections.last_comment_end < start:
        return False
    return html_block(state, first, last, silent)


def _closes(token: Token, line: str) -> bool:
    mark = token.markup
    return re.fullmatch(rf"\s*{re.escape(mark[0])}{{{len(mark)},}}\s*", line) is not None


def _first_word(token: Token) -> str:
    return token.info.strip().lower().partition(" ")[0]


def _fence(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """A fenced block; declarations that are never closed end at the first empty line."""
    if silent:
        return fence(state, first, last, silent)
    start, end = _marks(state, first)
    mark = _FENCE.match(state.src, start, end)
    if mark is None:
        return False
    given = mark[2].lower() in GIVEN_WORDS
    empty = (number for number in range(first, last) if state.isEmpty(number))
    sections: _Sections = state.env["sections"]
    if given and not sections.may_close(mark[1][0], len(mark[1]), mark.end()):
        return fence(state, first, next(empty, last), silent)
    if not fence(state, first, last, silent):
        return False
    token = state.tokens[-1]
    start, end = _marks(state, state.line - 1)
    if given and (state.line - 1 == first or not _closes(token, state.src[start:end])):
        state.line = min(state.line, next(empty, last))
        token.map = [first, state.line]
    return True


def _placed(rule: _Rule) -> _Rule:
    """A rule whose blocks keep the lines that they are made of."""

    def run(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        before = len(state.tokens)
        if not rule(state, first, last, silent):
            return False
        for token in () if silent else state.tokens[before:]:
            if token.map and token.nesting >= 0:
                token.meta["lines"] = [_marks(state, n) for n in range(*token.map)]
        return True

    return run


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MOST_NESTED})
    rules = parser.block.ruler
    ends = {name: list(_ENDS) for name in ("fence",)} | {
        name: list(_ENDS[:3]) for name in ("html_block", "heading")
    }
    every: dict[str, _Rule] = {
        "code": code,
        "fence": _fence,
        "html_block": _html,
        "heading": heading,
        "lheading": lheading,
        "paragraph": paragraph,
    }
    for name, rule in every.items():
        rules.at(name, _placed(rule), {"alt": ends.get(name, [])})
    rules.before("lheading", TEXT, _placed(_display), {"alt": list(_ENDS)})
    parser.disable("reference")
    return parser


RAW = "raw cell"


def write_notebook(text: str, writer: Writer) -> None:
    """Tell a writer what stands in the cells; raises NoFile for what is no notebook."""
    cells = [(n, *cell) for n, cell in enumerate(_cells(text), 1) if any(cell)]
    source = paged((said or raw, Page(number, f"cell {number}")) for number, said, raw in cells)
    starts = [start for start, _ in source.pages]
    ends = [*starts[1:], len(source.text)]
    for start, end, (_, said, _) in zip(starts, ends, cells, strict=True):
        if said:
            write_markdown(Span(source, start, end), writer)
        else:
            writer.skipped(Span(source, start, end), RAW)


def _cells(text: str) -> list[tuple[str, str]]:
    """The text of each cell that is Markdown, and of each that is raw; empty for all others."""
    try:
        notebook = json.loads(text)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        kinds = [cell["cell_type"] for cell in cells]
        texts = [_said(cell.get("source", "")) for cell in cells]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise NoFile("no notebook: no cells can be found in it") from None
    return [
        (said if kind == "markdown" else "", said if kind == "raw" else "")
        for kind, said in zip(kinds, texts, strict=True)
    ]


def _said(source: object) -> str:
    lines = source if isinstance(source, list) else [source]
    said = "".join(line for line in lines if isinstance(line, str))
    return said.replace("\r\n", "\n").replace("\r", "\n")


# Conditionals of a LaTeX document: what is switched off is left out, and counted.
#
# Switches are decided, of ``\newif``, ``\newtoggle``, ``\newbool``. Of ``\ifx``, ``\ifnum`` and
# their kin no branch is judged, and what it would define is not read.


_LEFT_OUT = "left out by a conditional"
_WHAT = "a conditional that only TeX can decide"
_ADVICE = r"write \newif and its switch, or leave one branch"
_SCAN = re.compile(r"\\(?:newif\s*\\[A-Za-z@]+|(if[A-Za-z@]*|else|fi)(?![A-Za-z@]))|(?<!\\)%[^\n]*")
_DEFINED = re.compile(
    rf"\\(?:{'|'.join(map(re.escape, sorted(MACRO_DEFINITIONS)))})\s*\{{?\s*\\([A-Za-z@]+)"
)
_NO_CONDITIONAL = frozenset({"iff", "ifthenelse", "iftoggle", "ifbool"})
_BRACE = re.compile(r"\s*(?=\{)")
_BOOLEAN = re.compile(r"\\(?:boolean|value)\s*\{([^{}]*)\}")
_SWITCHING = (
    *("newtoggle", "newbool", "newboolean"),
    *("toggletrue", "togglefalse", "booltrue", "boolfalse"),
)
_SETTING = ("settoggle", "setbool", "setboolean")
_CHOOSING = ("iftoggle", "ifbool", "ifthenelse")


class _Conditionals:
    """Decides the conditionals of one document as it is written out."""

    def __init__(self, to: Expansion, told: Callable[[Unreadable], None]) -> None:
        self.to, self.told = to, told
        self.left_out: list[Span] = []
        self.opened = 0  # conditionals whose first branch is being written
        self.unclosed = False  # one was found that never ends: no other one is looked for
        to.handlers["iftrue"] = lambda token, deep: self._true()
        to.handlers["iffalse"] = lambda token, deep: self._false(token)
        to.handlers["else"] = self._else
        to.handlers["fi"] = self._fi
        for name in _SWITCHING:
            to.handlers[name] = self._switch
        for name in _SETTING:
            to.handlers[name] = self._set
        for name in _CHOOSING:
            to.handlers[name] = self._choose

    def is_conditional(self, name: str) -> bool:
        """Whether a command begins a conditional that a ``\\fi`` ends."""
        macro = self.to.macros.known.get(name)
        if macro is not None:
            return macro.body in CONSTANT
        return name.startswith("if") and name not in _NO_CONDITIONAL

    def undecided(self, name: str, token: Span, deep: int) -> bool:
        """Leave out a conditional that is not decided; False where it is none, and takes braces."""
        if not self.is_conditional(name) or self.unclosed or self._stands(_BRACE):
            return False
        skipped = self._skip(until_else=False)
        if skipped is None:
            return False
        self._refuse(token, skipped, deep)
        return True

    def _refuse(self, token: Span, skipped: Span, deep: int) -> None:
        """Say of a conditional that it is not decided, where that matters."""
        self.left_out.append(skipped)
        for found in _DEFINED.finditer(skipped.text):
            what = f"a macro that {token.text} defines: {_WHAT}"
            self.to.define(found[1], Macro(0, "", refused=what))
        count = sum(each.count for each in elsewhere(list(regions(skipped))))
        if count and not deep:
            said = f"{_WHAT}: {count} equalit{'y is' if count == 1 else 'ies are'} not judged"
            self.told(Unreadable(token.place, token.text, said, _ADVICE))
        self.to.spoil(token, _WHAT, _ADVICE)

    def _true(self) -> None:
        self.opened += 1

    def _false(self, token: Span) -> None:
        skipped = None if self.unclosed else self._skip(until_else=True)
        if skipped is None:
            self.to.write(token)
            return
        self.left_out.append(skipped)

    def _else(self, token: Span, deep: int) -> None:
        skipped = self._skip(until_else=False) if self.opened and not self.unclosed else None
        if skipped is None:
            self.to.write(token)
            return
        self.opened -= 1
        self.left_out.append(skipped)

    def _fi(self, token: Span, deep: int) -> None:
        if self.opened:
            self.opened -= 1
        else:
            self.to.write(token)

    def _skip(self, *, until_else: bool) -> Span | None:
        """What stands before the ``\\fi`` that ends this, or before its ``\\else``, both taken."""
        while self.to.frames and not self.to.frames[-1].span.text.strip():
            self.to.frames.pop()  # the blank behind a macro that is a conditional
        if not self.to.frames:
            return None
        span, depth = self.to.frames[-1].span, 0
        for found in _SCAN.finditer(span.source.text, span.start, span.end):
            name = found[1]
            if name is None:
                continue
            if name == "fi":
                depth -= 1
            elif name != "else":
                depth += self.is_conditional(name)
            if depth < 0 or (depth == 0 and name == "else" and until_else):
                self.opened += name == "else"
                self.to.advance(found.end())
                return Span(span.source, span.start, found.start())
        self.unclosed = True
        return None

    def _stands(self, pattern: re.Pattern[str]) -> bool:
        span = self.to.frames[-1].span if self.to.frames else None
        return span is not None and bool(pattern.match(span.source.text, span.start, span.end))

    # Switches by name -----------------------------------------------------------------------------

    def _switch(self, token: Span, deep: int) -> None:
        name = self.to.argument()
        if name is not None:
            self._turn(name.text, to="true" if token.text.endswith("true") else "false")

    def _set(self, token: Span, deep: int) -> None:
        name, value = self.to.argument(), self.to.argument()
        if name is not None and value is not None:
            self._turn(name.text, to=value.text.strip())

    def _turn(self, name: str, *, to: str) -> None:
        refused = "" if to in ("true", "false") else f"the switch {name}: {_WHAT}"
        self.to.define(f"switch{{{name.strip()}}}", Macro(0, to, refused=refused))

    def _choose(self, token: Span, deep: int) -> None:
        """One of two arguments, by a switch."""
        test, *branches = [self.to.argument() for _ in range(3)]
        first, second = branches
        if test is None or first is None or second is None:
            self.to.spoil(token, "an argument of this conditional is missing", "put it in braces")
            return
        name = test.text.strip()
        if token.text == r"\ifthenelse":
            boolean = _BOOLEAN.fullmatch(name)
            name = boolean[1].strip() if boolean else ""
        switch = self.to.macros.known.get(f"switch{{{name}}}")
        if switch is None or switch.refused:
            self._refuse(token, Span(test.source, first.start, max(first.end, second.end)), deep)
            return
        taken, other = (first, second) if switch.body == "true" else (second, first)
        self.left_out.append(other)
        if taken.end > taken.start:
            self.to.frames.append(Frame(taken, deep))


SECTIONS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph")
VERBATIM = frozenset({"verbatim", "verbatim*", "lstlisting", "minted", "Verbatim", "alltt"})
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n|\\par(?![A-Za-z])")
_ENVIRONMENT = re.compile(r"\s*\{([^{}\n]{1,40})\}")
_FILE = re.compile(r"\s*\{([^{}\n]{1,200})\}|\s+([\w./-]{1,200})")
_INPUT = re.compile(rf"\\(?:input|include|subfile)(?:{_FILE.pattern})")
_COMMENT_LINE = re.compile(r"[ \t]*%([^\n]*)\n?")
_BULLET = re.compile(r"\s*[-*]\s+")
_LABEL = re.compile(r"\s*\[([^\[\]\n]{1,20})\]")
_VERB = re.compile(r"(\W)([^\n]*?)\1")
_SHORT = re.compile(r"\s*\[[^\[\]]{0,200}\]")


@dataclass(frozen=True)
class _Event:
    """What is told to the writer when the text is told up to an offset."""

    offset: int
    tell: Callable[[Writer], None]


def write_tex(text: str, siblings: Siblings, writer: Writer, page: Page | None = None) -> None:
    """Tell a writer what stands in a LaTeX document."""
    flat = _Flat(text, siblings, page)
    whole = flat.whole()
    writer.document.problems += flat.problems
    writer.document.regions += flat.skipped
    for left_out in flat.conditionals.left_out:
        writer.document.regions += regions(left_out, _LEFT_OUT)
    writer.document.taken |= set(flat.above)
    writer.macros.spoilt = flat.macros.spoilt
    at, ends = flat.begins, flat.made.length if flat.ends is None else flat.ends
    for event in (*flat.events, _Event(ends, lambda _: None)):
        if event.offset > at:
            _paragraphs(whole.part(at, event.offset), writer)
            at = event.offset
        event.tell(writer)


def _paragraphs(text: Span, writer: Writer) -> None:
    start = 0
    for blank in (*_BLANK_LINE.finditer(text.text), None):
        end = blank.start() if blank else len(text.text)
        paragraph = text.part(start, end)
        if paragraph.text.strip():
            heading = bold_heading(paragraph.stripped)
            if heading is not None:
                writer.title(heading)
            writer.paragraph(paragraph)
        start = blank.end() if blank else end


@dataclass
class _Numbers:
    """Of sections that have none in their title."""

    counts: list[int] = field(default_factory=lambda: [0] * len(SECTIONS))

    def next(self, level: int) -> str:
        """The number of the next one."""
        self.counts[level] += 1
        self.counts[level + 1 :] = [0] * (len(SECTIONS) - level - 1)
        return "-".join(str(count) for count in self.counts[: level + 1] if count)


class _Flat(Expansion):
    """The text written out, with its events."""

    def __init__(self, text: str, siblings: Siblings, page: Page | None) -> None:
        self.files = _Files(text, siblings, page)
        self.events: list[_Event] = []
        self.problems: list[Unreadable] = []
        self.skipped: list[Region] = []
        self.begins = 0
        self.ends: int | None = None
        self.numbers = _Numbers()
        self.above: dict[str, frozenset[str]] = {"": frozenset()}  # what takes in each file
        self.taken = 0
        self.comments = {"comment"}  # environments that are not printed
        handlers: dict[str, Callable[[Span, int], None]] = {
            "begin": self._begin,
            "end": self._end,
            "input": self._input,
            "include": self._input,
            "subfile": self._input,
            "item": self._item,
            "verb": self._verb,
            "verb*": self._verb,
            "excludecomment": self._excluded,
            "begingroup": lambda token, deep: self.group(opens=True),
            "endgroup": lambda token, deep: self.group(opens=False),
        }
        for level, name in enumerate(SECTIONS):
            handlers[name] = partial(self._section, level, numbered=True)
            handlers[f"{name}*"] = partial(self._section, level, numbered=False)
        super().__init__(Macros(), self.files.spans[""], handlers)
        self.conditionals = _Conditionals(self, self.problems.append)

    def other(self, name: str, token: Span, deep: int) -> None:
        """A command that is no macro may be a conditional."""
        if not self.conditionals.undecided(name, token, deep):
            self.write(token)

    def group(self, *, opens: bool) -> None:
        """Definitions within a group end with it."""
        if opens:
            self.undo.append([])
        elif self.undo:
            for name, before in reversed(self.undo.pop()):
                self.macros.known.pop(name, None)
                if before is not None:
                    self.macros.known[name] = before

    def comment(self, token: Span) -> None:
        """Comments are not printed; declarations and remarks may stand in one."""
        text, source = token.text, token.source
        inside = token.part(1, len(text.split("\n")[0]))
        alone = not source.text[source.text.rfind("\n", 0, token.start) + 1 : token.start].strip()
        bullet = _BULLET.match(inside.text)
        if alone and inside.text.strip().lower() in GIVEN_WORDS:
            self._given_comment()
        elif alone and bullet and says_of_lines(inside.text[bullet.end() :]):
            remark = self._meant(inside.part(bullet.end(), len(inside.text)).stripped)
            self._event(lambda writer: writer.remark(remark))
        else:
            self.skipped += regions(inside, COMMENT)
        self._blank(token)

    def _blank(self, at: Span) -> None:
        self.made.add(" ", at)

    def _event(self, tell: Callable[[Writer], None]) -> None:
        self.events.append(_Event(self.made.length, tell))

    def _meant(self, span: Span) -> Span:
        """A piece that is kept aside, with its macros written out.

        Braces of a comment pair among themselves: it is looked through as a text of its own.
        """
        made = Made(span.source)
        made.add(span)
        end = Span(span.source, span.end, span.end)
        return self.macros.expanded(made.source(end).whole)

    def _given_comment(self) -> None:
        """The comments of the lines that follow are declarations."""
        lines: list[Span] = []
        while self.frames:
            source = self.frames[-1].span.source
            found = self.next(_COMMENT_LINE)
            if found is None or found[1].strip().lower() in ("end", "end given"):
                break
            lines.append(self._meant(Span(source, *found.span(1))))
        self._event(lambda writer: writer.given(lines))

    def _environment(self) -> tuple[str, Span | None]:
        """The name in braces that comes next, and where it stands."""
        source = self.frames[-1].span.source if self.frames else None
        found = self.next(_ENVIRONMENT)
        if found is None or source is None:
            return "", None
        return found[1], Span(source, *found.span())

    def _begin(self, token: Span, deep: int) -> None:
        name, where = self._environment()
        if name == "document":
            self.begins = self.begins or self.made.length
            self.group(opens=True)
        elif name in VERBATIM or name.lower() in GIVEN_WORDS or name in self.comments:
            inside = self.until(f"\\end{{{name}}}")
            if inside is None:
                what, advice = "an environment that is never closed", f"write \\end{{{name}}}"
                self.problems.append(Unreadable(token.place, f"\\begin{{{name}}}", what, advice))
            elif name in self.comments:
                self.skipped += regions(inside, COMMENT)
            elif name in VERBATIM:
                self._event(lambda writer: writer.block(inside))
            else:
                lines = [self._meant(line) for line in inside.lines()]
                self._event(lambda writer: writer.given(lines))
        else:
            self.group(opens=True)
            self.write(token)
            if where is not None:
                self.write(where)

    def _end(self, token: Span, deep: int) -> None:
        name, where = self._environment()
        if name == "document":
            self.group(opens=False)
            if token.place.page == self.first.place.page:
                self.ends = self.made.length
                self.frames.clear()
            elif self.frames and self.frames[-1].span.place.page == token.place.page:
                self.frames.pop()  # the rest of a file that was taken in
            return
        self.group(opens=False)
        self.write(token)
        if where is not None:
            self.write(where)

    def _section(self, level: int, token: Span, deep: int, *, numbered: bool) -> None:
        self.next(_SHORT)
        title = self.argument()
        if title is None:
            self.write(token)
            return
        title = self._meant(title)
        heading = heading_of(title, level + 1)
        if heading is None and numbered and level < SECTIONS.index("paragraph"):
            heading = Heading(self.numbers.next(level), level + 1, token.place)

        def tell(writer: Writer) -> None:
            writer.title(heading)
            writer.paragraph(title)
            writer.forget()

        self._event(tell)

    def _item(self, token: Span, deep: int) -> None:
        source = self.frames[-1].span.source if self.frames else None
        label = self.next(_LABEL)
        heading = None
        if label is not None and source is not None:
            heading = heading_of(Span(source, *label.span(1)), BOLD)
        if heading is None:
            self._event(lambda writer: writer.item())
        else:
            self._event(lambda writer: writer.title(heading))

    def _verb(self, token: Span, deep: int) -> None:
        source = self.frames[-1].span.source if self.frames else None
        found = self.next(_VERB)
        if found is not None and source is not None:
            self.skipped += regions(Span(source, *found.span(2)), CODE)
        self._blank(token)

    def _excluded(self, token: Span, deep: int) -> None:
        name = self.argument()
        if name is not None:
            self.comments.add(name.text)

    def _input(self, token: Span, deep: int) -> None:
        found = self.next(_FILE)
        if found is None:
            self.write(token)
            return
        name = self.files.name_of(found)
        here, said = token.place, f"{token.text}{found.group()}"
        current = here.page.name if here.page and here.page.number > 0 else ""
        taken = self.files.spans.get(name)
        above = self.above[current] | {current}
        self.taken += 1
        if taken is None:
            why = self.files.missing.get(name, f"more than {MOST_FILES} files are taken in")
            self.problems.append(Unreadable(here, said, why, "its lines are not judged"))
        elif name in above or self.taken > MOST_FILES:
            what = "a file that takes itself in" if name in above else "too many files are taken in"
            self.problems.append(Unreadable(here, said, what, "leave it out"))
        else:
            self.above[name] = above
            self.frames.append(Frame(taken, deep))


class _Files:
    """The file with all that it takes in, as pages of one source."""

    def __init__(self, text: str, siblings: Siblings, page: Page | None) -> None:
        self.own = siblings.own
        self.missing: dict[str, str] = {}
        texts = {"": text}
        waiting, length = deque([text]), len(text)
        while waiting:
            for found in _INPUT.finditer(waiting.popleft()):
                name = self.name_of(found)
                if name in texts or name in self.missing or len(texts) > MOST_FILES:
                    continue
                try:
                    taken = siblings.text_of(name)
                except NoFile as error:
                    self.missing[name] = str(error)
                    continue
                length += len(taken)
                if length > MOST_BYTES:
                    self.missing[name] = f"files of more than {MOST_BYTES:,} characters"
                    continue
                texts[name] = taken
                waiting.append(taken)
        source = paged(
            (said, Page(number, name) if name else page)
            for number, (name, said) in enumerate(texts.items())
        )
        starts = [start for start, _ in source.pages]
        ends = [*starts[1:], len(source.text)]
        self.spans = {
            name: Span(source, start, end)
            for name, start, end in zip(texts, starts, ends, strict=True)
        }

    def name_of(self, found: re.Match[str]) -> str:
        """The file that is taken in here; empty for the one that this is."""
        name = with_suffix((found[1] or found[2]).strip())
        return "" if name == self.own else name
