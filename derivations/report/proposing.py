"""Declarations proposed for a file: asked for, or instead of judging one that has none."""

from __future__ import annotations

from pathlib import Path

from derivations.reader.attempts import Attempts, GivenUp
from derivations.reader.document import Document
from derivations.reader.files import MARKDOWN, NoFile, kind_of
from derivations.reader.formats import document_of
from derivations.reader.propose import Proposal, inserted, proposed
from derivations.report.session import Answer
from derivations.report.subject import HowToRead, text_of

ALL_WELL, FAILED, NOT_JUDGED = 0, 1, 2
HOW = "python -m derivations.verify --new --write"


def instead(
    file: str, how: HowToRead, attempts: Attempts, *, new: bool, write: bool
) -> Answer | None:
    """What is said in the place of verdicts; None where the file is to be judged."""
    path = Path(file)
    try:
        text, siblings = text_of(path, how)
        document = attempts(
            lambda: document_of(text, path.name, siblings, inline=how.inline), NoFile
        )
        declares = _declares(document)
        if declares and not new:
            return None
        found = attempts(lambda: proposed(document))
    except (NoFile, GivenUp) as reason:
        return Answer(NOT_JUDGED, complaints=(f"{file}: {reason}",)) if new else None
    if not new:
        return _nothing_declared(file, found) if found.blocks else None
    if not found.blocks:
        return Answer(ALL_WELL, f"{file}: nothing has to be declared\n")
    code = FAILED if found.contradictions else ALL_WELL
    if not write:
        return Answer(code, f"{found.text}\n")
    if declares or kind_of(path.name, text) != MARKDOWN or not path.is_file():
        why = "has declarations already" if declares else "is no file of Markdown"
        said = f"{file} {why}, and is left as it is; without --write the blocks are shown"
        return Answer(NOT_JUDGED, complaints=(said,))
    return _written(path, text, found, code)


def _declares(document: Document) -> bool:
    return bool(document.given or any(part.given for part in document.parts))


def _nothing_declared(file: str, found: Proposal) -> Answer:
    said = (
        f"{file} declares nothing, so that nothing is judged. These declarations are proposed: "
        f"paste them, or put them into the file with {HOW} {file}"
    )
    return Answer(NOT_JUDGED, f"{found.text}\n", (said,))


def _written(path: Path, text: str, found: Proposal, code: int) -> Answer:
    raw = path.read_bytes()
    new = inserted(text, found)
    ending = "\r\n" if b"\r\n" in raw else "\n"
    path.write_text(new, encoding="utf-8", newline=ending)
    count = f"{len(found.blocks)} block{'s' * (len(found.blocks) > 1)}"
    questions = f"{found.questions} question{'s' * (found.questions != 1)}"
    return Answer(code, f"{path}: {count} of declarations put in; {questions} to look at (# ?)\n")
