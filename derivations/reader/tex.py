r"""LaTeX documents: conditionals, macros expanded, files taken in, then parts and displays.

First the text is written out as TeX would, from ``\begin{document}`` on; headings, declarations
and what is printed as it stands are kept aside as events, each at its offset of that text. Then
the text between the events is told to the writer, paragraph by paragraph.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from derivations.reader.latex_commands import GIVEN_WORDS
from derivations.reader.macros import CONSTANT, DEFINING, Expansion, Frame, Macro, Macros
from derivations.reader.prose import (
    BOLD,
    CODE,
    COMMENT,
    Heading,
    Region,
    bold_heading,
    elsewhere,
    heading_of,
    regions,
    says_of_lines,
)
from derivations.reader.segmentation import Writer
from derivations.reader.source import (
    MOST_BYTES,
    MOST_FILES,
    Made,
    NoFile,
    Page,
    Siblings,
    Span,
    Unreadable,
    paged,
    with_suffix,
)

# Conditionals of a LaTeX document: what is switched off is left out, and counted.
#
# Switches are decided, of ``\newif``, ``\newtoggle``, ``\newbool``. Of ``\ifx``, ``\ifnum`` and
# their kin no branch is judged, and what it would define is not read.


_LEFT_OUT = "left out by a conditional"
_WHAT = "a conditional that only TeX can decide"
_ADVICE = r"write \newif and its switch, or leave one branch"
_SCAN = re.compile(r"\\(?:newif\s*\\[A-Za-z@]+|(if[A-Za-z@]*|else|fi)(?![A-Za-z@]))|(?<!\\)%[^\n]*")
_DEFINED = re.compile(
    rf"\\(?:{'|'.join(map(re.escape, sorted(DEFINING)))})\s*\{{?\s*\\([A-Za-z@]+)"
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
