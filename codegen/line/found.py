"""The line that a kernel is asked for: found in its file, and proved by itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from codegen.line.refusal import Refusal
from derivations.claim import Claim, Judgement, Verdict
from derivations.language.data_conditions import Between, OneOfTwo, Positive
from derivations.proof.judge import judge
from derivations.reader.derivation import UnreadableFile, reading
from derivations.reader.line import Line
from derivations.reader.source import NoFile
from derivations.report.subject import HowToRead, text_of

MOST_LISTED = 12  # ids that are told where there is no such line


@dataclass(frozen=True)
class Found:
    """A line with the claim from the start of its chain, and what was proved."""

    line: Line
    claim: Claim
    judgement: Judgement
    file: str


def found(path: Path, id: str) -> Found:
    """The line of this id, if it is proved; raises Refusal."""
    try:
        text, siblings = text_of(path, HowToRead())
        derivation = reading(text, path.name, siblings=siblings)
    except (OSError, NoFile, UnreadableFile) as error:
        raise Refusal(f"{path}: {error}") from None
    known = {entry.id: entry for entry in derivation.entries}
    if id not in known:
        some = ", ".join([*known][:MOST_LISTED])
        more = " and others" if len(known) > MOST_LISTED else ""
        raise Refusal(f"{path} has no line {id}; it has {some}{more}")
    line = known[id]
    if not isinstance(line, Line):
        raise Refusal(f"{id} is not read: {line.problem}")
    if line.again:
        raise Refusal(f"{id} uses {line.again[0].name}, which is said twice; define it once")
    claim = line.from_start or line.claim
    judgement = judge(claim)
    if judgement.verdict is not Verdict.PROVED:
        because = f": {judgement.reason}" if judgement.reason else ""
        raise Refusal(f"{id} is {judgement.verdict.value}, not proved{because}")
    if judgement.premises:
        raise Refusal(f"{id} follows from {', '.join(judgement.premises)}, and is not true alone")
    for condition in claim.conditions:
        if not isinstance(condition, Positive | Between | OneOfTwo):
            raise Refusal(
                f"{id} holds only where {condition}; a kernel has to be right everywhere: "
                "take a line without it"
            )
    return Found(line, claim, judgement, path.name)
