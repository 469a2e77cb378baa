"""What stands under a display: conditions, expected verdicts, corrections."""

from __future__ import annotations

import re
from dataclasses import dataclass

from derivations.claim import Verdict
from derivations.reader.limits import MOST_DECLARED
from derivations.reader.problem import Unreadable
from derivations.reader.source import Span
from derivations.reader.vocabulary import CONDITIONAL

_FORM = re.compile(
    r"(?:if\s+\$(?P<condition>[^$]+)\$"
    r"|(?P<line>[\w.:-]+?)"
    r"(?:\s+(?:is\s+)?(?P<verdict>proved|refuted|ill-typed|undecided|not read))?"
    r"(?:,?\s+should be\s+\$(?P<correction>[^$]+)\$)?)(?:\s*+[.,;])?\s*+",
    re.DOTALL,
)
_ABOUT = re.compile(
    rf"(?:{'|'.join(sorted(CONDITIONAL))})\b|[\w-]+\.[\w:-]+\s+(?:is|proved|refuted|ill|undecided|not|should)\b"
    r"|[\w-]+\.\d+\b",
    re.IGNORECASE,
)
FORMS = "if $w = o$   or   b.2 refuted, should be $...$"


@dataclass(frozen=True)
class Remark:
    """One bullet: a condition on the chain, or what is said of one of its lines."""

    span: Span
    condition: Span | None = None
    line: str = ""
    expected: Verdict | None = None
    correction: Span | None = None


def says_of_lines(text: str) -> bool:
    """Whether a bullet is meant to be read: it begins as a condition, or with the id of a line."""
    return _ABOUT.match(text) is not None


def remark(span: Span) -> Remark:
    """What a bullet says; raises Unreadable where it says nothing that is known."""
    if len(span.text) > MOST_DECLARED:
        what = f"a remark of more than {MOST_DECLARED} characters"
        raise Unreadable(span.place, span.text[:60], what)
    found = _FORM.fullmatch(span.text)
    if found is None:
        raise Unreadable(span.place, span.text[:60], "not understood", f"write {FORMS}")

    def piece(name: str) -> Span | None:
        return span.part(*found.span(name)) if found[name] is not None else None

    verdict = Verdict(found["verdict"]) if found["verdict"] else None
    correction = piece("correction")
    if found["line"] and verdict is None and correction is None:
        raise Unreadable(span.place, span.text[:60], "says nothing of the line", f"write {FORMS}")
    return Remark(span, piece("condition"), found["line"] or "", verdict, correction)
