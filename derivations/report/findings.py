"""What is said of one line that is not as it should be, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from derivations.reader.line import NotRead
from derivations.reader.source import Place
from derivations.report.arguments import is_derivation
from derivations.report.counterexample import as_python, sides_in_short
from derivations.report.line_table import RECOVERS, in_brief
from derivations.report.marks import BAD, GOOD, QUIET
from derivations.report.results import JudgedLine, is_proved
from derivations.report.roles import Role

Styled = tuple[str, str]  # a text and its style


def in_a_sentence(judged: JudgedLine) -> str:
    """The verdict and all that is said of it, on one line."""
    if judged.role is Role.DEFINITION:
        return f"definition of {judged.defines}"
    if not judged.failures:
        return judged.told
    return f"{judged.verdict.value}: {'; '.join(text for text, _ in findings(judged))}"


def findings(judged: JudgedLine) -> Iterator[Styled]:
    """Why it is not as it should be: difference, numbers to try, the best suggestion."""
    judgement = judged.judgement
    if isinstance(judged.line, NotRead):
        seen = f"at {judged.line.problem.seen}: " if judged.line.problem.token else ""
        yield f"{seen}{judged.line.problem.said}", ""
    elif judgement is None or judgement.witness is None:
        yield judged.reason, ""
    else:
        if judgement.difference:
            yield f"the sides differ by {judgement.difference}", ""
        numbers = "; ".join(as_python(judgement.witness))
        left, right = sides_in_short(judgement.witness)
        where = f"at {numbers}: " if numbers else ""
        yield f"{where}left {left}, right {right}", ""
        if judgement.shown:
            yield judgement.shown, ""
    if judged.line.expected and not judged.as_expected:
        yield f"expected: {judged.expected.value}", BAD
    if judged.chain_recovers:
        yield RECOVERS, QUIET
    if judged.correction is not None and not is_proved(judged.correction):
        yield f"should be: {judged.correction.claim.title}  {in_brief(judged.correction)}", BAD
    if judged.unsearched:
        yield f"the search for small edits was given up: {judged.unsearched}", QUIET
    for best in (judged.suggestions or ())[:1]:
        yield f"perhaps {best.latex}  (proved)", GOOD


def place_of(judged: JudgedLine) -> Place:
    """Where a line stands, or the part of it that could not be read."""
    line = judged.line
    return line.problem.place if isinstance(line, NotRead) else line.place


@dataclass(frozen=True)
class Located:
    """A place as other programs take it: a file, and line and column unless it is in a cell."""

    file: str
    line: int
    column: int
    cell: str = ""

    def __str__(self) -> str:
        """As it can be clicked on in a terminal."""
        within = f"{self.cell}:" if self.cell else ""
        return f"{self.file}:{within}{self.line}:{self.column}"


def located(file: str, place: Place) -> Located:
    """A place of a file, which may be one in a file beside it that it takes in."""
    if is_derivation(place.within):
        taken = str(Path(file).parent / place.within)
        return Located(taken, place.line, place.column)
    return Located(file, place.line, place.column, place.within)


@dataclass(frozen=True)
class Found:
    """Where a line stands, or the part of it that could not be read, and what is said of it."""

    line: int
    column: int
    message: str


def of_line(judged: JudgedLine) -> Found:
    """What other programs are told of a line."""
    place = place_of(judged)
    return Found(place.line, place.column, in_a_sentence(judged))
