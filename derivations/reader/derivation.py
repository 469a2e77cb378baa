"""Reading a derivation file: its lines as claims, and whatever in it cannot be read."""

from __future__ import annotations

from derivations.reader.attempts import Attempts
from derivations.reader.declare.block import Known, declarations
from derivations.reader.document import Chain, Document, Part, structure
from derivations.reader.elsewhere import comments_of, elsewhere
from derivations.reader.limits import MOST_BYTES, MOST_LINES, MOST_ROWS
from derivations.reader.line import Derivation, Line, NotRead
from derivations.reader.links import Links
from derivations.reader.problem import Place, Unreadable
from derivations.reader.source import Source, Span

TOO_MANY = f"more than {MOST_LINES} lines"


class UnreadableFile(ValueError):
    """What could not be read in a file, each with its place."""

    def __init__(self, name: str, problems: list[Unreadable]) -> None:
        super().__init__("\n".join(f"{name}:{problem}" for problem in problems))
        self.problems = problems


def derivation(text: str, name: str) -> Derivation:
    """A derivation all of whose displays are read; raises UnreadableFile with all that is not."""
    found = reading(text, name)
    outside = (each.problem for each in found.elsewhere if each.displayed)
    problems = sorted((*found.unread, *outside), key=lambda each: each.place)
    if problems:
        raise UnreadableFile(name, problems)
    return found


def reading(text: str, name: str, attempts: Attempts | None = None) -> Derivation:
    """What can be read of a derivation, and what cannot.

    Raises UnreadableFile for one that is too large, or has no displays.
    """
    if len(text) > MOST_BYTES:
        raise _refused(name, f"a file of more than {MOST_BYTES:,} characters")
    if text.count("\n") > MOST_ROWS:
        raise _refused(name, f"a file of more than {MOST_ROWS:,} lines")
    document = structure(Source(text))
    displays = [display for each in document.parts for display in each.displays]
    if len(displays) > MOST_LINES:
        raise _refused(name, TOO_MANY)
    outside = elsewhere(document.regions)
    outside += (each for display in displays for each in comments_of(display.span))
    outside.sort(key=lambda each: each.place)
    reader = _Reader(name, attempts or Attempts())
    reader.read(document)
    problems = sorted(document.problems + reader.problems, key=lambda each: each.place)
    if not reader.entries and problems:
        raise UnreadableFile(name, problems)
    if not reader.entries:
        count = sum(each.count for each in outside)
        found = f" (but {count} equalities outside of displays)" if count else ""
        advice = "put equalities between $$ and $$"
        raise _refused(name, f"there is no line to judge{found}", advice)
    return Derivation(name, tuple(reader.entries), tuple(problems), tuple(outside))


def _refused(name: str, what: str, advice: str = "") -> UnreadableFile:
    return UnreadableFile(name, [Unreadable(Place(), "", what, advice)])


class _Reader:
    """Goes through the parts; what cannot be read does not keep the rest from being read."""

    def __init__(self, name: str, attempts: Attempts) -> None:
        self.name, self.attempts = name, attempts
        self.links = Links(attempts)
        self.declaring: list[Unreadable] = []
        self.entries: list[Line | NotRead] = []
        self.counts: dict[str, int] = {}
        self.ids: set[str] = set()

    @property
    def problems(self) -> list[Unreadable]:
        """Those of declarations and remarks."""
        return self.declaring + self.links.problems

    def read(self, document: Document) -> None:
        """All parts in their order."""
        common = Known()
        for block in document.given:
            common = self._declared(block, common)
        for part in document.parts:
            self._part(part, common)

    def _declared(self, lines: list[Span], known: Known) -> Known:
        known, problems = declarations(lines, known, self.attempts)
        self.declaring += problems
        return known

    def _part(self, part: Part, known: Known) -> None:
        for content in part.content:
            if not isinstance(content, Chain):
                known = self._declared(content, known)
                continue
            # a part may be taken up again under the name that it had before
            before = self.counts.get(part.name, 0)
            found = self.links.lines_of(content, part.name, before, known)
            self.counts[part.name] = before + len(found)
            self.entries += found
            for line in found:
                if line.id in self.ids:
                    what = "a line of this name is there already"
                    self.declaring.append(Unreadable(line.place, line.id, what, "change its label"))
                self.ids.add(line.id)
            if len(self.entries) > MOST_LINES:
                raise _refused(self.name, TOO_MANY)
