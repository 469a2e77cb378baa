"""What a line does in a text: most claim something, some only say what a name is or set up.

A condition (``\\nabla_w J = 0``) claims nothing, so it can be neither right nor wrong. It passes as
one where two things hold, or a wrong step could hide in it: what vanishes is a derivative, or was
shown to be one by a line before, and another line goes on from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from derivations.claim import Judgement, Verdict
from derivations.language.arrangement import Key, key
from derivations.language.tree import Derivative, Term
from derivations.reader.line import Line, NotRead
from derivations.reader.premises import is_zero_alone

UNFOUNDED = "no line judged before it shows what is zero to be a derivative; write that in front"
UNUSED = "no other line uses it"


class Role(StrEnum):
    """What a line does: only a claim can be proved."""

    CLAIM = "claim"
    DEFINITION = "definition"
    CONDITION = "condition"


MARKS: dict[Role, str] = {Role.DEFINITION: "≔", Role.CONDITION: "⇒"}

Judged = tuple[Line | NotRead, Judgement | None]


def conditions(lines: Sequence[Judged], beside: Sequence[Line | NotRead]) -> dict[str, str]:
    """The ids of the conditions among the lines, and why each does not pass as one, or empty.

    ``beside`` are lines that are not judged, and may use a condition.
    """
    lines_and_others = (*(line for line, _ in lines), *beside)
    used = frozenset(name for line in lines_and_others for name in _premises(line))
    parts = {line.part for line, judgement in lines if _is_condition(line, judgement)}
    found: dict[str, str] = {}
    known: set[tuple[str, Key]] = set()  # what is shown to be a derivative, in which part
    for line, judgement in lines:
        if line.part not in parts or not isinstance(line, Line) or line.claim.misfit is not None:
            continue
        sides = [term for term in line.claim.terms if not is_zero_alone(term)]
        keys = {(line.part, each) for each in map(_key, sides) if each is not None}
        is_one = any(isinstance(term, Derivative) for term in sides) or bool(keys & known)
        if _is_condition(line, judgement):
            reasons = ("" if is_one else UNFOUNDED, "" if line.id in used else UNUSED)
            found[line.id] = ", and ".join(filter(None, reasons))
        elif is_one and judgement is not None and _is_shown(judgement):
            known |= keys
    return found


def _is_condition(line: Line | NotRead, judgement: Judgement | None) -> bool:
    """Whether a line says what determines something, and is not true by itself."""
    if not isinstance(line, Line) or not line.claim.determines or judgement is None:
        return False
    return judgement.verdict is Verdict.UNDECIDED and not judgement.disagreement


def _is_shown(judgement: Judgement) -> bool:
    """Whether it is proved under nothing that lines before it say."""
    return judgement.verdict is Verdict.PROVED and not judgement.premises


def _key(term: Term) -> Key | None:
    """What tells a term apart; None where it is nested too deep."""
    try:
        return key(term)
    except RecursionError:
        return None


def _premises(line: Line | NotRead) -> list[str]:
    under = line.claim.under if isinstance(line, Line) else None
    return [each.name for each in under.premises] if under is not None else []
