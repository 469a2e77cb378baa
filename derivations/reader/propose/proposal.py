"""From a text to the blocks that are proposed for it, each accepted by the reader."""

from __future__ import annotations

import re
from dataclasses import dataclass

from derivations.reader.attempts import Attempts
from derivations.reader.declare.block import Known, declarations
from derivations.reader.document import Chain, Document
from derivations.reader.files import MARKDOWN, TEX
from derivations.reader.problem import Place
from derivations.reader.propose.declaring import FRONT, Block, Writer
from derivations.reader.propose.definitions_found import definitions
from derivations.reader.propose.displays import Displayed, displayed
from derivations.reader.propose.equations import Equations
from derivations.reader.propose.function_names import functions
from derivations.reader.propose.habits import Habits
from derivations.reader.propose.index_letters import Letters
from derivations.reader.propose.letters import letters
from derivations.reader.propose.raised_indices import Raised
from derivations.reader.propose.said import as_terms
from derivations.reader.propose.shapes import Contradiction, Link, Shapes
from derivations.reader.source import Source, origin

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
        Habits(shapes).settle()
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


def _place(chain: Chain) -> tuple[Place, int]:
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
