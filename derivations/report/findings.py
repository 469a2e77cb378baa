"""What is said of one line that is not as it should be, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derivations.reader.line import NotRead
from derivations.report.counterexample import as_python, sides_in_short
from derivations.report.line_table import RECOVERS, in_brief
from derivations.report.marks import BAD, GOOD, QUIET
from derivations.report.results import JudgedLine, is_proved

Styled = tuple[str, str]  # a text and its style


def in_a_sentence(judged: JudgedLine) -> str:
    """The verdict and all that is said of it, on one line."""
    if not judged.failures:
        return judged.verdict.value
    return f"{judged.verdict.value}: {'; '.join(text for text, _ in findings(judged))}"


def findings(judged: JudgedLine) -> Iterator[Styled]:
    """Why it is not as it should be: difference, numbers to try, the best suggestion."""
    judgement = judged.judgement
    if isinstance(judged.line, NotRead):
        seen = f"at {judged.line.problem.token!r}: " if judged.line.problem.token else ""
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


@dataclass(frozen=True)
class Found:
    """Where a line stands, or the part of it that could not be read, and what is said of it."""

    line: int
    column: int
    message: str


def of_line(judged: JudgedLine) -> Found:
    """What other programs are told of a line."""
    place = judged.line.place
    if isinstance(judged.line, NotRead):
        place = judged.line.problem.place
    return Found(place.line, place.column, in_a_sentence(judged))
