"""Reading of a derivation file, of any format: its lines as claims, and what cannot be read.

A file is read part by part, each chain of equalities with what is known where it stands; what was
read before is kept where nothing that it depends on has changed (incremental reading).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Generic, TypeVar

from derivations.reader.chain import ChainReading, OfFile
from derivations.reader.consistency import letters_distinct, marked, rows_or_columns
from derivations.reader.declare.block import Known, declarations, winning
from derivations.reader.declare.definitions import SIDES, Beside
from derivations.reader.environment import Scope
from derivations.reader.equation import Line, NotRead
from derivations.reader.premises import KEYWORD as REQUIRE
from derivations.reader.premises import Required, under_premises
from derivations.reader.references import MOST_TOGETHER, in_one, joined
from derivations.reader.references import Elsewhere as FromPart
from derivations.reader.segmentation import UNNAMED, Elsewhere, Writer, comments_of, elsewhere
from derivations.reader.source import (
    MOST_BYTES,
    MOST_DECLARATIONS,
    MOST_LINES,
    MOST_NOTEBOOK,
    MOST_ROWS,
    NOTEBOOK,
    TEX,
    Attempts,
    Chain,
    Display,
    Document,
    Given,
    GivenUp,
    NoFile,
    Page,
    Part,
    Place,
    Siblings,
    Span,
    Unreadable,
    kind_of,
    paged,
)

_TAKEN = re.compile(r"^\s*#\s*\?.*: introduced at \S")


def _takes_definitions(lines: Iterable[Span]) -> bool:
    """Whether a block has definitions that were proposed from the displays."""
    return any(_TAKEN.match(each) for line in lines for each in line.text.splitlines())


_NOTHING = "nothing has this name"
COMMON = "declare it above the first heading for all parts"


def _hinted(problem: Unreadable, part: str, scopes: Mapping[str, Scope]) -> Unreadable:
    """A problem of a part, told where a name is declared; ``scopes`` are those of all parts."""
    if problem.what != _NOTHING:
        return problem
    names = (problem.token, problem.token.partition("_")[0])
    advice = next(_advices(names, part, scopes), problem.advice)
    return Unreadable(problem.place, problem.token, problem.what, advice, follows=problem.follows)


def _advices(names: tuple[str, str], part: str, scopes: Mapping[str, Scope]) -> Iterator[str]:
    own = scopes.get(part)
    for other, scope in scopes.items():
        found = [name for name in names if any(name in each for each in _known(scope))]
        if own is not None and any(name in each for name in found for each in _known(own)):
            break  # it is declared here as well, and means something else
        if found and other != part:
            yield f"{found[0]} is declared in part {other} only; {COMMON}"
    for function in own.functions.values() if own is not None else ():
        if any(each.latex in names for each in function.meaning.parameters):
            yield f"it only stands for what {function.name} is taken of; declare it as well"


def _known(scope: Scope) -> tuple[Mapping[str, object], ...]:
    return (scope.things, scope.functions, scope.letters, scope.lists)


def document_of(
    text: str,
    name: str,
    siblings: Siblings,
    *,
    inline: bool = False,
    page: Page | None = None,
    declares: bool = False,
) -> Document:
    """The document that a text is; raises NoFile for a notebook that is none.

    ``page`` is said with every place in it; ``declares`` that its declarations alone are wanted.
    """
    kind = kind_of(name, text)
    writer = Writer(inline=inline, latex=kind == TEX, declares=declares)
    if kind == TEX:
        from derivations.reader.markup import write_tex

        write_tex(text, siblings, writer, page)
    elif kind == NOTEBOOK:
        from derivations.reader.markup import write_notebook

        write_notebook(text, writer)
    else:
        from derivations.reader.markup import write_markdown

        write_markdown(paged([(text, page)]).whole, writer)
    return writer.finished()


def declarations_of(text: str, name: str, siblings: Siblings) -> Given:
    """The declarations of a file: its blocks, or all of its lines where it has none.

    Those under a heading are for the part of its name.
    """
    page = Page(-1, name)
    document = document_of(text, name, siblings, page=page, declares=True)
    common = [line for block in document.given for line in block]
    parts: dict[str, list[Span]] = {}
    for part in document.parts:
        lines = common if part.name == UNNAMED else parts.setdefault(part.name, [])
        lines += (line for block in part.given for line in block)
    if not common and not any(parts.values()):
        common = paged([(text, page)]).whole.lines()
    under = {part.name: part.under.name for part in document.parts if part.under is not None}
    return Given(common, parts, under)


# Incremental reading: what was read before is kept, as long as all that it depends on is the same.
#
# A chain means what it does by its own text and place, what is known where it stands, and what the
# text beside the displays says; a block of declarations by its text, place and what is known. All
# of that is the key here: two things known are the same if every name stands for the same object,
# which is so where what declared it was itself kept. Whatever differs is read anew, and so is
# everything that depends on it.


T = TypeVar("T")


@dataclass(frozen=True)
class ReadChain:
    """The lines of a chain, what is known behind it, and what else its reading came to."""

    lines: tuple[Line | NotRead, ...]
    known: Known
    problems: tuple[Unreadable, ...]
    introduced: tuple[tuple[str, FromPart], ...]
    passes: bool  # the equality that is shown behind it is the one that was shown before it


@dataclass
class Kept(Generic[T]):
    """What was read under a key and what was known there; of two readings ago nothing is kept."""

    earlier: dict[Hashable, tuple[Known, T]] = field(default_factory=dict)
    current: dict[Hashable, tuple[Known, T]] = field(default_factory=dict)

    def __call__(self, key: Hashable, known: Known, read: Callable[[], T]) -> T:
        """What was read before, or is read now."""
        before = self.earlier.get(key)
        found = before[1] if before is not None and before[0] == known else read()
        self.current[key] = (known, found)
        return found

    def begin(self) -> None:
        """The file is read once more."""
        self.earlier, self.current = self.current, {}


@dataclass
class Readings:
    """What one file was read as, piece by piece."""

    blocks: Kept[tuple[Known, list[Unreadable]]] = field(default_factory=Kept)
    winning: Kept[Known | Unreadable] = field(default_factory=Kept)
    chains: Kept[ReadChain] = field(default_factory=Kept)

    def begin(self) -> None:
        """The file is read once more."""
        for kept in (self.blocks, self.winning, self.chains):
            kept.begin()


def key_of_span(span: Span) -> Hashable:
    """What stands there and where: of a text that was made, where each of its signs comes from."""
    author = span.source.author
    if author is None:
        return (span.text, span.place)
    at = span.source.at[span.start : span.end + 1]
    if author.author is not None:
        return (span.text, tuple(map(author.place, at)))
    starts = [n for n in range(len(at)) if n == 0 or at[n] != at[n - 1] + 1]
    runs = zip(starts, [*starts[1:], len(at)], strict=True)
    return (
        span.text,
        tuple((author.place(at[a]), author.text[at[a] : at[b - 1]]) for a, b in runs),
    )


def key_of_spans(spans: Iterable[Span]) -> Hashable:
    """The same of several."""
    return tuple(map(key_of_span, spans))


def key_of_problem(problem: Unreadable | None) -> Hashable:
    """All that is told of what cannot be read."""
    if problem is None:
        return None
    return (type(problem).__name__, *sorted(vars(problem).items()))


def _of_display(display: Display) -> Hashable:
    return (key_of_span(display.span), key_of_problem(display.problem))


def key_of_chain(chain: Chain) -> Hashable:
    """All that a chain is, beside what is known where it stands."""
    return (
        tuple(map(_of_display, chain.displays)),
        key_of_spans(chain.remarks),
        chain.words,
        chain.series,
        tuple(chain.notes),
        key_of_problem(chain.perhaps),
        tuple((key_of_span(each.span), each.plainly) for each in chain.supposed),
        key_of_spans(chain.beside),
        tuple((key_of_span(each.span), each.plainly) for each in chain.told),
    )


@dataclass
class ChainReader(OfFile):
    """The chains of one file, read one after the other; ``problems`` are those of remarks.

    ``readings`` has those that were read before.
    """

    readings: Readings = field(default_factory=Readings)
    problems: list[Unreadable] = field(default_factory=list)

    def lines_of(
        self, chain: Chain, part: str, before: int, known: Known
    ) -> tuple[list[Line | NotRead], Known]:
        """The lines of a chain, and what is known behind it.

        ``before`` lines of the part come before it.
        """
        self.chains += 1
        introduced = tuple((name, each.key) for name, each in self.introduced.items())
        shown = known.introductions.shown
        text = "".join(display.span.text for display in chain.displays)
        spoken_of = shown if any(name in text for name in SIDES) else None
        key = (key_of_chain(chain), part, before, self.chains, introduced, self.beside, spoken_of)
        found = self.readings.chains(key, known, lambda: self._read(chain, part, before, known))
        self.introduced |= found.introduced
        self.problems += found.problems
        after = found.known
        if found.passes:
            after = replace(after, introductions=replace(after.introductions, shown=shown))
        return list(found.lines), after

    def _read(self, chain: Chain, part: str, before: int, known: Known) -> ReadChain:
        reading = ChainReading(self, chain, part, before, known)
        lines, after = tuple(reading.lines()), reading.here.known
        passes = after.introductions.shown is known.introductions.shown
        problems = tuple(reading.problems)
        return ReadChain(lines, after, problems, tuple(self.introduced.items()), passes)


TOO_MANY = f"more than {MOST_LINES} lines"


class UnreadableFile(ValueError):
    """What could not be read in a file, each with its place."""

    def __init__(self, name: str, problems: list[Unreadable]) -> None:
        super().__init__("\n".join(f"{name}:{problem}" for problem in problems))
        self.problems = problems


class NoEquality(UnreadableFile):
    """A file in which no equality stands, displayed or not."""


@dataclass(frozen=True)
class Derivation:
    """All equalities of a file in reading order, and whatever in it could not be read.

    ``problems`` are those of declarations, remarks and blocks; a line that is not read carries
    its own. ``elsewhere`` are the equalities that stand outside of displays, ``taken`` the names of
    the files taken in, ``required`` the equalities that are to be shown.
    """

    name: str
    entries: tuple[Line | NotRead, ...]
    problems: tuple[Unreadable, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    taken: frozenset[str] = frozenset()
    required: tuple[Required, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are read."""
        return tuple(entry for entry in self.entries if isinstance(entry, Line))

    @property
    def unread(self) -> tuple[Unreadable, ...]:
        """Everything that could not be read, once each, as it stands in the file.

        What fails only because something before it failed is left out.
        """
        of_lines = [entry.problem for entry in self.entries if isinstance(entry, NotRead)]
        roots = [each for each in (*self.problems, *of_lines) if not each.follows]
        return tuple(sorted(dict.fromkeys(roots), key=lambda each: each.place))


def derivation(text: str, name: str) -> Derivation:
    """A derivation all of whose displays are read; raises UnreadableFile with all that is not."""
    found = reading(text, name)
    if found.unread:
        raise UnreadableFile(name, list(found.unread))
    return found


def reading(
    text: str,
    name: str,
    attempts: Attempts | None = None,
    *,
    siblings: Siblings | None = None,
    inline: bool = False,
    given: Given | None = None,
    readings: Readings | None = None,
) -> Derivation:
    """What can be read of a derivation, and what cannot.

    ``siblings`` are the files that it may take in; ``inline`` says that formulas in the text are
    claims as well; ``given`` are declarations that win over its own; ``readings`` has what the same
    file was read as before. Raises UnreadableFile for one that is too large, or has no displays.
    """
    attempts = attempts or Attempts()
    document = _document(text, name, attempts, siblings or Siblings(), inline=inline)
    given = _for(document, given or Given(()))
    if sum(1 for _ in document.displays) > MOST_LINES:
        raise _refused(name, TOO_MANY)
    outside = elsewhere(document.regions)
    outside += (each for display in document.displays for each in comments_of(display.span))
    outside.sort(key=lambda each: each.place)
    texts = [(each.span.text, each.formula) for each in document.regions]
    formulas = "\n\n".join(text for text, formula in texts if formula)
    beside = Beside("\n\n".join(text for text, _ in texts), formulas)
    reader = _Reader(name, attempts, given, beside, readings or Readings())
    reader.read(document)
    problems = sorted(document.problems + reader.problems, key=lambda each: each.place)
    if not reader.entries and problems:
        raise UnreadableFile(name, problems)
    if not reader.entries:
        count = sum(each.count for each in outside)
        found = f" (but {count} equalities outside of displays)" if count else ""
        advice = "put equalities between $$ and $$, or judge those in the text with --inline"
        problem = Unreadable(Place(), "", f"there is no line to judge{found}", advice)
        raise (UnreadableFile if count else NoEquality)(name, [problem])
    return Derivation(
        name,
        tuple(reader.entries),
        tuple(problems),
        tuple(outside),
        frozenset(document.taken),
        tuple(reader.required),
    )


def _for(document: Document, given: Given) -> Given:
    """What is given, for all of a document that has none of the parts that it is given for.

    That is so if it is given under one heading; what is under others below that one is for the
    parts of the rest of their names: a solution of Exercise 1 has its (a) for 1a.
    """
    if any(part.name in given.parts for part in document.parts):
        return given
    tops = [name for name in given.parts if name not in given.under]
    if len(tops) != 1:
        return given
    (top,) = tops
    rest = {name: name.removeprefix(top) for name in given.parts if name != top}
    return Given(
        (*given.common, *given.parts[top]),
        {rest[name]: given.parts[name] for name in rest},
        {rest[name]: rest[over] for name, over in given.under.items() if over != top},
    )


def _document(
    text: str, name: str, attempts: Attempts, siblings: Siblings, *, inline: bool
) -> Document:
    if len(text) > (MOST_NOTEBOOK if name.lower().endswith(".ipynb") else MOST_BYTES):
        raise _refused(name, f"a file of more than {MOST_BYTES:,} characters")
    if text.count("\n") > MOST_ROWS and not name.lower().endswith(".ipynb"):
        raise _refused(name, f"a file of more than {MOST_ROWS:,} lines")
    try:
        return attempts(lambda: document_of(text, name, siblings, inline=inline), NoFile)
    except (NoFile, GivenUp) as error:
        raise _refused(name, str(error)) from error


def _refused(name: str, what: str, advice: str = "") -> UnreadableFile:
    return UnreadableFile(name, [Unreadable(Place(), "", what, advice)])


def _requires(line: Span) -> bool:
    return line.text.split(maxsplit=1)[:1] == [REQUIRE]


class _Reader:
    """Goes through the parts; what cannot be read does not keep the rest from being read."""

    def __init__(
        self,
        name: str,
        attempts: Attempts,
        given: Given,
        beside: Beside,
        readings: Readings,
    ) -> None:
        self.name, self.attempts, self.readings = name, attempts, readings
        self.given = given
        self.waiting: dict[Span, Unreadable] = {}  # of these, what could not be read so far
        self.read_once: set[Span] = set()
        self.chain_reader = ChainReader(attempts, beside, readings=readings)
        self.declaring: list[Unreadable] = []
        self.entries: list[Line | NotRead] = []
        self.counts: dict[tuple[str, str], int] = {}
        self.ends: dict[int, Known] = {}  # what is known at the end of each part
        self.ids: set[str] = set()
        self.taken = False  # whether definitions were taken from the displays
        self.parts: dict[Place, str] = {}  # of declarations that could not be read
        self.required: list[Required] = []

    @property
    def problems(self) -> list[Unreadable]:
        """Those of declarations and remarks."""
        return self.declaring + self.chain_reader.problems

    def read(self, document: Document) -> None:
        """All parts in their order."""
        self.readings.begin()
        self._ask()
        common = Known()
        for line in self.given.common[:MOST_DECLARATIONS]:
            common = self._with(line, common)
        for block in document.given:
            common = self._declared(block, common)
        for part in document.parts:
            known = common if part.under is None else self.ends[id(part.under)]
            for line in self.given.parts.get(part.name, ()):
                known = self._with(line, known)
            self.ends[id(part)] = self._part(part, known)
        self.declaring += [
            problem for line, problem in self.waiting.items() if line not in self.read_once
        ]
        entries = self.entries
        if any(isinstance(each, Line) and each.is_of_rows for each in entries):
            entries = rows_or_columns(entries)
        if any(isinstance(each, Line) and each.is_in_argument for each in entries):
            entries = under_premises(entries)
        if any(isinstance(each, Line) and each.asks_of_letters for each in entries):
            entries = letters_distinct(entries)
        self.entries = entries
        ends = {part.name: self.ends[id(part)].scope for part in document.parts}
        self.entries = [
            replace(each, problem=_hinted(each.problem, each.part, ends))
            if isinstance(each, NotRead)
            else each
            for each in self.entries
        ]
        self.declaring = [
            _hinted(each, self.parts.get(each.place, ""), ends) for each in self.declaring
        ]

    def _ask(self) -> None:
        """The equalities that are asked for, read by what is given with them and nothing else."""
        known = {"": self._asked(self.given.common, Known(), "")}
        for name, lines in self.given.parts.items():
            above = self.given.under.get(name, "")
            known[name] = self._asked(lines, replace(known[above], required=()), name)

    def _asked(self, lines: Sequence[Span], known: Known, part: str) -> Known:
        for line in lines[:MOST_DECLARATIONS]:
            before, (known, problems) = known, declarations([line], known, self.attempts)
            self._require(known, before, part)
            self.declaring += problems if _requires(line) else []
        return known

    def _require(self, known: Known, before: Known, part: str) -> None:
        new = known.required[len(before.required) :]
        self.required += (replace(each, part=part) for each in new)

    def _declared(self, lines: list[Span], known: Known, part: str = "") -> Known:
        self.taken = self.taken or _takes_definitions(lines)
        before = known
        known, problems = self.readings.blocks(
            key_of_spans(lines), before, lambda: declarations(lines, before, self.attempts)
        )
        self._require(known, before, part)
        self.parts |= dict.fromkeys((each.place for each in problems), part)
        self.declaring += problems
        again = (line for line in self.given.common if line in self.waiting)
        for line in (*again, *self.given.parts.get(part, ())):
            known = self._with(line, known)
        return known

    def _with(self, line: Span, known: Known) -> Known:
        """What is known behind a declaration that wins over those of the text.

        One that cannot be read yet is read behind each block, as it may use what that declares.
        """
        if not line.text.strip() or line.text.lstrip().startswith("#") or _requires(line):
            return known
        found = self.readings.winning(
            key_of_span(line), known, lambda: winning(line, known, self.attempts)
        )
        if isinstance(found, Known):
            self.read_once.add(line)
            return found
        self.waiting[line] = found
        return known

    def _part(self, part: Part, known: Known) -> Known:
        taken = 0  # chains that are read already, with the one before them
        for number, content in enumerate(part.content):
            if not isinstance(content, Chain):
                known = self._declared(content, known, part.name)
                continue
            if taken:
                taken -= 1
                continue
            first = islice(part.chains_from(number), MOST_TOGETHER)
            if any(each.has_step for each in first):
                together = in_one(
                    part.chains_from(number), known, self.attempts, self.chain_reader.beside
                )
                content, taken = joined(together), len(together) - 1
            # a part may be taken up again under the name that it had before
            series = (part.name, content.series)
            before = self.counts.get(series, 0)
            found, known = self.chain_reader.lines_of(content, part.name, before, known)
            self.counts[series] = before + len(found)
            self.entries += map(marked, found) if self.taken else found
            for line in found:
                if line.id in self.ids:
                    what = "a line of this name is there already"
                    self.declaring.append(Unreadable(line.place, line.id, what, "change its label"))
                self.ids.add(line.id)
            if len(self.entries) > MOST_LINES:
                raise _refused(self.name, TOO_MANY)
        return known
