"""Declarations proposed for a file: asked for, or instead of judging one that has none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from derivations.reader.derivation import document_of
from derivations.reader.propose import Proposal, inserted, proposed
from derivations.reader.segmentation import Document
from derivations.reader.source import MARKDOWN, TEX, Attempts, GivenUp, NoFile, kind_of
from derivations.report.exit_codes import ALL_WELL, FAILED, WRONG_USAGE
from derivations.report.stdio import called
from derivations.report.subject import HowToRead, text_of
from derivations.report.verify_options import STANDARD_INPUT


@dataclass(frozen=True)
class Instead:
    """What is said in the place of verdicts: a page to be pasted, and why nothing is judged."""

    code: int
    page: str = ""
    complaint: str = ""


def instead(
    file: str, how: HowToRead, attempts: Attempts, *, new: bool = False, write: bool = False
) -> Instead | None:
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
        return Instead(WRONG_USAGE, complaint=f"{file}: {reason}") if new else None
    kind = kind_of(path.name, text)
    if not new:
        return _nothing_declared(file, found, kind) if found.blocks else None
    if not found.blocks:
        return Instead(ALL_WELL, f"{file}: nothing has to be declared\n")
    code = FAILED if found.contradictions else ALL_WELL
    if not write:
        return Instead(code, f"{found.text(kind)}\n")
    why = _why_not_written(file, found, kind, declares=declares)
    if why:
        said = f"{file} {why}, and is left as it is; without --write the blocks are shown"
        return Instead(WRONG_USAGE, complaint=said)
    return _written(path, text, found, kind, code)


def _declares(document: Document) -> bool:
    return bool(document.given or any(part.given for part in document.parts))


def _why_not_written(file: str, found: Proposal, kind: str, *, declares: bool) -> str:
    """Why a file is left as it is; empty where the blocks are put in."""
    if declares:
        return "has declarations already"
    if not Path(file).is_file():
        return "is no file"
    if kind == TEX and len(found.blocks) > 1:
        return "needs blocks in several places"
    return "" if kind in (MARKDOWN, TEX) else "is a notebook"


def _nothing_declared(file: str, found: Proposal, kind: str) -> Instead:
    asked = f"{found.questions} question{'s' * (found.questions != 1)}"
    look = f" Look at the {asked} in them (# ?): the first choice of each is in force."
    look = look if found.questions else ""
    how = f"{called('verify')} --new --write"
    clash = (
        " Lines with # ! show two places that contradict each other: one of them is wrong, or they "
        "belong under different headings."
        if found.contradictions
        else ""
    )
    put = "paste them"
    if kind == MARKDOWN and file != STANDARD_INPUT:
        put += f", or put them into the file with {how} {file}"
    elif kind == TEX:
        put += " behind \\begin{document}; in LaTeX they are comments"
        put += f", which {how} {file} puts in" if file != STANDARD_INPUT else ""
    else:
        put += " into a cell of Markdown in front"
    said = (
        f"{file} declares nothing, so that nothing is judged. These declarations are proposed: "
        f"{put}.{look}{clash}"
    )
    return Instead(WRONG_USAGE, f"{found.text(kind)}\n", said)


def _written(path: Path, text: str, found: Proposal, kind: str, code: int) -> Instead:
    raw = path.read_bytes()
    new = inserted(text, found, kind)
    ending = "\r\n" if b"\r\n" in raw else "\n"
    path.write_text(new, encoding="utf-8", newline=ending)
    count = f"{len(found.blocks)} block{'s' * (len(found.blocks) > 1)}"
    questions = f"{found.questions} question{'s' * (found.questions != 1)}"
    said = f"{path}: {count} of declarations put in; {questions} to look at (# ?)"
    if found.contradictions:
        said += f"; {len(found.contradictions)} contradictions (# !)"
    return Instead(code, f"{said}\n")
