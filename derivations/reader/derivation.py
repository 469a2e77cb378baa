"""Reading a derivation file: everything in it as claims, or everything that is wrong with it."""

from __future__ import annotations

from derivations.reader.declare import declared
from derivations.reader.document import Chain, Document, Part, structure
from derivations.reader.limits import MOST_BYTES, MOST_LINES, MOST_ROWS
from derivations.reader.line import Derivation, Line
from derivations.reader.links import lines_of
from derivations.reader.problem import Place, Unreadable
from derivations.reader.scope import Scope
from derivations.reader.source import Source


class UnreadableFile(ValueError):
    """All that could not be read in a file, each with its place."""

    def __init__(self, name: str, problems: list[Unreadable]) -> None:
        super().__init__("\n".join(f"{name}:{problem}" for problem in problems))
        self.problems = problems


def derivation(text: str, name: str) -> Derivation:
    """Read a derivation; raises UnreadableFile with everything that cannot be read."""
    if len(text) > MOST_BYTES:
        problem = Unreadable(Place(), "", f"a file of more than {MOST_BYTES:,} characters")
        raise UnreadableFile(name, [problem])
    if text.count("\n") > MOST_ROWS:
        problem = Unreadable(Place(), "", f"a file of more than {MOST_ROWS:,} lines")
        raise UnreadableFile(name, [problem])
    reader = _Reader()
    try:
        reader.read(structure(Source(text)))
    except Unreadable as problem:
        reader.problems.append(problem)
    if not reader.problems and not reader.lines:
        advice = "put equalities between $$ and $$"
        reader.problems.append(Unreadable(Place(), "", "there is no line to judge", advice))
    if reader.problems:
        raise UnreadableFile(name, reader.problems)
    return Derivation(name, tuple(reader.lines))


class _Reader:
    """Goes through the parts; a problem in one chain does not keep the others from being read."""

    def __init__(self) -> None:
        self.problems: list[Unreadable] = []
        self.lines: list[Line] = []
        self.ids: set[str] = set()

    def read(self, document: Document) -> None:
        common = declared(document.given, Scope())
        for part in document.parts:
            self._part(part, common)

    def _part(self, part: Part, scope: Scope) -> None:
        before = 0
        for content in part.content:
            if len(self.lines) > MOST_LINES:
                raise Unreadable(Place(), "", f"more than {MOST_LINES} lines")
            if not isinstance(content, Chain):
                try:
                    scope = declared(content, scope)
                except Unreadable as problem:
                    self.problems.append(problem)
                    return  # what follows would complain of what is not declared
                continue
            try:
                found = lines_of(content, part.name, before, scope)
            except Unreadable as problem:
                self.problems.append(problem)
                continue
            before += len(found)
            self.lines.extend(found)
            for line in found:
                if line.id in self.ids:
                    what = "a line of this name is there already"
                    self.problems.append(Unreadable(line.place, line.id, what, "change its label"))
                self.ids.add(line.id)
