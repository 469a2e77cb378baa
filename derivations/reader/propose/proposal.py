"""Declarations proposed for a text, each accepted by the reader; what stays open by defaulting."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from derivations.reader import segmentation
from derivations.reader.attempts import Attempts
from derivations.reader.declare.block import Known, declarations
from derivations.reader.propose.abbreviations import definitions
from derivations.reader.propose.declaring import FRONT, Block, Writer
from derivations.reader.propose.displays import Displayed, displayed
from derivations.reader.propose.index_analysis import Letters, Raised, letters
from derivations.reader.propose.shape_inference import (
    MANY,
    ONE,
    Asked,
    Contradiction,
    Equations,
    Habit,
    Link,
    Name,
    Shape,
    Shapes,
    is_capital,
)
from derivations.reader.propose.sketch import Identity, Times, Use, as_terms, functions, within
from derivations.reader.segmentation import Document
from derivations.reader.source import MARKDOWN, TEX, Place, Source, origin
from derivations.reader.syntax import Leaf

# What the equations leave open, decided by the habits of writers: each a question.


class _Habits:
    """Decides one thing after the other; each may settle more."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes

    def settle(self) -> None:
        """All that is open, the surest first."""
        self.shapes.link = (-1, 0)
        raised = self.shapes.letters.raised
        self._links(name for name in self.shapes.entries if name[1] not in raised)
        self._numbers()
        self._families(guess=False)
        self._follow(Habit.STRONG)
        self._follow(Habit.WEAK)
        self._links(name for name in self.shapes.entries if name[1] in raised)
        self._families(guess=True)
        waiting = [name for name in self.shapes.whole if name not in self.shapes.entries]
        for name in [each for each in waiting if is_capital(each[1])]:
            if self._in_a_product(name):
                waiting.remove(name)
                self._by_habit(name)
        self._follow(Habit.LAST)
        for name, (_, entry) in self.shapes.entries.items():
            if not self.shapes.is_some(entry) and name[1] not in self.shapes.bold:
                self._decide(name, entry, ("numbers", "vectors"), ONE)
            else:
                self.shapes.column(entry)
        while waiting:
            # what stands in products that are open comes first
            name = next(filter(self._in_a_product, waiting), waiting[0])
            waiting.remove(name)
            self._by_habit(name)
        self.shapes.progress()
        for shape in self.shapes.whole.values():
            for axis in shape:
                if not self.shapes.state(axis):
                    self.shapes.axes.mark(axis, ONE, Place())

    def _follow(self, kind: Habit) -> None:
        for decide, link in self.shapes.habits[kind]:
            self.shapes.link = link
            decide()
            self.shapes.progress()
        self.shapes.link = (-1, 0)

    def _numbers(self) -> None:
        """A capital letter is the matrix of the numbers r_{ui} that its small letter names."""
        indexed = self.shapes.letters.indexed
        for name in list(self.shapes.whole):
            whole = (name[0], name[1].upper())
            numbers = (name[1], 2) in indexed and name not in self.shapes.bare
            alone = whole in self.shapes.bare and (whole[1], 2) not in indexed
            if whole != name and numbers and alone and name not in self.shapes.entries:
                term = self._alone(whole)
                self.shapes.same(self.shapes.whole[name], self.shapes.whole[whole], term)
                self.shapes.numbers[whole[1]] = name[1]
        self.shapes.progress()

    def _families(self, *, guess: bool) -> None:
        """A capital letter is the matrix of the vectors that its small letter names."""
        open_ = {name: whole for name in self.shapes.entries if (whole := self._matrix_of(name))}
        for whole in open_.values():
            term = self._alone(whole)
            for each in self.shapes.whole[whole]:
                self.shapes.mark(each, MANY, term)
        self.shapes.progress()
        while open_:
            told = next((name for name in open_ if self._laid(name, open_[name])), None)
            if told is None and not guess:
                break
            name = told or next(iter(open_))
            whole = open_.pop(name)
            if told is None:
                choices = (f"columns of {whole[1]}", f"rows of {whole[1]}")
                self.shapes.asked[name] = Asked(name, self.shapes.first[whole], choices)
            laid = self._laid(name, whole) or "columns"
            axis, entry = self.shapes.entries[name]
            order = (axis, entry[0]) if laid == "rows" else (entry[0], axis)
            self.shapes.same(self.shapes.whole[whole], order, self._alone(whole))
            self.shapes.matrices[name] = (whole[1], laid)
            self.shapes.progress()

    def _matrix_of(self, name: Name) -> Name | None:
        """The capital letter of a family that has no matrix yet."""
        whole = (name[0], name[1].upper())
        if name in self.shapes.matrices or whole not in self.shapes.whole or whole == name:
            return None
        alone = name in self.shapes.bare and name[1] not in self.shapes.letters.raised
        vectors = self.shapes.is_some(self.shapes.entries[name][1])
        return None if alone or whole in self.shapes.entries or not vectors else whole

    def _laid(self, name: Name, whole: Name) -> str:
        """Whether vectors are the rows or the columns, as the axes say; empty where both fit."""
        axis, entry = self.shapes.entries[name]
        root, high, wide = self.shapes.axes.root, *self.shapes.whole[whole]
        rows = root(high) == root(axis) or root(wide) == root(entry[0])
        columns = root(wide) == root(axis) or root(high) == root(entry[0])
        return "" if rows == columns else "rows" if rows else "columns"

    def _alone(self, name: Name) -> Use:
        return Use(Leaf(self.shapes.first[name], "LETTER", name[1]), name[1])

    def _links(self, names: Iterable[Name]) -> None:
        for name in names:
            if name in self.shapes.bare or self.shapes.is_some(self.shapes.whole[name]):
                self._link(name, *self.shapes.entries[name])
        self.shapes.progress()

    def _link(self, name: Name, axis: int, entry: Shape) -> None:
        """Where x and x_i both stand, x_i is an entry of x; x^{(i)} may be one of the x as well."""
        term = self._alone(name)
        if name[1] in self.shapes.letters.raised and self.shapes.is_some(entry):
            self.shapes.same(self.shapes.whole[name], entry, term)
            return
        self.shapes.attempt(lambda: self.shapes.axes.join(axis, self.shapes.whole[name][0]), term)
        self.shapes.mark(self.shapes.whole[name][1], ONE, term)
        self.shapes.number(entry, term)

    def _decide(self, name: Name, shape: Shape, choices: tuple[str, ...], state: str) -> None:
        open_ = [axis for axis in shape if not self.shapes.state(axis)]
        if open_:
            self.shapes.asked[name] = Asked(name, self.shapes.first[name], choices)
            for axis in open_:
                self.shapes.axes.mark(axis, state, self.shapes.first[name])
            self.shapes.progress()

    def _by_habit(self, name: Name) -> None:
        shape = self.shapes.whole[name]
        if all(self.shapes.state(axis) for axis in shape):
            return
        capital = is_capital(name[1])
        if self.shapes.is_some(shape):
            # one axis is no unit: a column, unless it is written like a matrix
            if self.shapes.state(shape[0]) == MANY and not capital:
                self._decide(name, shape, ("vector", "matrix"), ONE)
            else:
                self._decide(name, shape, ("matrix", "vector"), MANY)
        elif name[1] in self.shapes.bold or (not capital and self._behind_a_matrix(name)):
            self.shapes.column(shape)
            self.shapes.asked[name] = Asked(name, self.shapes.first[name], ("vector", "scalar"))
        elif capital and self._in_a_product(name):
            self._decide(name, shape, ("matrix", "scalar", "vector"), MANY)
        else:
            self._decide(name, shape, ("scalar", "vector"), ONE)

    def _behind_a_matrix(self, name: Name) -> bool:
        """Whether it stands right behind a matrix, in a product that is still open."""
        for _, term, _ in self.shapes.open:
            factors = term.factors if isinstance(term, Times) else ()
            for before, behind in pairwise(factors):
                matrix = isinstance(before, Use) and is_capital(before.name) and not before.sub
                matrix = matrix or any(isinstance(each, Identity) for each in within(before))
                if matrix and isinstance(behind, Use) and behind.name == name[1]:
                    return True
        return False

    def _in_a_product(self, name: Name) -> bool:
        """Whether it stands in a product that is still open."""
        return any(
            isinstance(each, Use) and each.name == name[1]
            for _, term, _ in self.shapes.open
            for each in within(term)
        )


# From a text to the blocks that are proposed for it, each accepted by the reader.


_BOLD = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec|pmb)\s*\{?\s*(\\?[A-Za-z]+)")
_DOCUMENT = r"\begin{document}"
_OPENINGS = ("$$", "\\[", "```math", "```latex", "```tex")
MOST_ROUNDS = 40
MOST_LEFT_OUT = 20  # sides that contradict others


@dataclass(frozen=True)
class Proposed:
    """One block, and where in the text it belongs: nowhere in particular for all of the text."""

    lines: tuple[str, ...]
    at: Place | None = None
    line: int = 1  # of the text, that it stands before

    def text(self, kind: str = MARKDOWN) -> str:
        """As it is written in a file of this kind."""
        if kind == TEX:
            return "\n".join(f"% {line}" for line in ("given", *self.lines))
        return "\n".join(["```given", *self.lines, "```"])


@dataclass(frozen=True)
class Proposal:
    """Blocks in the order of the text, and what in the text contradicts itself."""

    blocks: tuple[Proposed, ...]
    contradictions: tuple[Contradiction, ...]
    questions: int

    def text(self, kind: str = MARKDOWN) -> str:
        """All blocks, to be read and pasted into a file of this kind."""
        return "\n\n".join(
            f"before {block.at.row}:\n\n{block.text(kind)}" if block.at else block.text(kind)
            for block in self.blocks
        )


def proposed(document: Document) -> Proposal:
    """What is proposed for a text."""
    chains = displayed(document)
    above = Raised(chains)
    chains = [above.lowered(chain) for chain in chains]
    raised = frozenset(above.brackets)
    known = letters(chains, raised)
    named = functions(chains)
    bold = {name for each in document.displays for name in _BOLD.findall(each.span.text)}
    apart: set[str] = {name for _, name in known.known}
    known, shapes, contradictions = _solved(chains, named, apart, bold, raised)
    terms = as_terms(chains, known, named)
    writer = Writer(terms, known, shapes, definitions(terms, known, apart), named, contradictions)
    blocks = _accepted(writer.write(), document)
    order = [chain for part in document.parts for chain in part.chains]
    found = tuple(
        Proposed(tuple(each.lines))
        if each.before == FRONT
        else Proposed(tuple(each.lines), *_place(order[each.before]))
        for each in blocks
    )
    questions = sum(line.startswith("# ?") for each in blocks for line in each.lines)
    return Proposal(found, tuple(contradictions), questions)


def _solved(
    chains: list[Displayed],
    named: set[str],
    apart: set[str],
    bold: set[str],
    raised: frozenset[str],
) -> tuple[Letters, Shapes, list[Contradiction]]:
    """The shapes without the sides that contradict what stands before them, and how they do."""
    left_out: frozenset[Link] = frozenset()
    found: list[Contradiction] = []
    for _ in range(MOST_LEFT_OUT):
        known = letters(chains, raised)
        shapes = Shapes(known, named, apart, bold, left_out)
        Equations(shapes).of(chains)
        _Habits(shapes).settle()
        more = [each for each in shapes.contradictions if each.link not in left_out][:1]
        if not more:
            break
        found += more
        left_out |= {each.link for each in more}
    return known, shapes, found


def inserted(text: str, proposal: Proposal, kind: str = MARKDOWN) -> str:
    """The text with the blocks where they belong; what holds for all of LaTeX in its document."""
    lines = text.splitlines(keepends=True)
    begin = (n for n, line in enumerate(lines, 1) if line.lstrip().startswith(_DOCUMENT))
    front = next(begin, 0) if kind == TEX else 0
    for block in reversed(proposal.blocks):
        at = block.line - 1 if block.at else front
        lines.insert(at, f"{block.text(kind)}\n\n")
    return "".join(lines)


def _place(chain: segmentation.Chain) -> tuple[Place, int]:
    """Where a chain begins, and the line that its first display is opened in."""
    span = chain.displays[0].span
    author = span.source.author or span.source
    before = author.text[: origin(span)].rstrip()
    opened = before.endswith(_OPENINGS)
    return span.place, before.count("\n") + 1 if opened else span.place.line


def _accepted(blocks: list[Block], document: Document) -> list[Block]:
    """The blocks without what the reader does not take of them."""
    for _ in range(MOST_ROUNDS):
        wrong = _problem(blocks, document)
        if wrong is None:
            break
        block, number, why = wrong
        line = block.lines[number]
        block.lines[number] = f"# not taken: {line} ({why})"
    return [block for block in blocks if any(not line.startswith("#") for line in block.lines)]


def _problem(blocks: list[Block], document: Document) -> tuple[Block, int, str] | None:
    """The first declaration that is not taken, and why."""
    order = [chain for part in document.parts for chain in part.chains]
    part_of = {id(chain): part.name for part in document.parts for chain in part.chains}
    common = Known()
    by_part: dict[str, Known] = {}
    for block in blocks:
        source = Source("\n".join(block.lines))
        spans, start = [], 0
        for line in block.lines:
            spans.append(source.whole.part(start, start + len(line)))
            start += len(line) + 1
        part = "" if block.before == FRONT else part_of[id(order[block.before])]
        known, problems = declarations(spans, by_part.get(part, common), Attempts())
        if problems:
            return block, problems[0].place.line - 1, problems[0].what
        if block.before == FRONT:
            common = known
        else:
            by_part[part] = known
    return None
