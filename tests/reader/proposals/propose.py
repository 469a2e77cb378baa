"""A text, what is proposed for it, and what it comes to with that."""

from __future__ import annotations

import re

from derivations.proof.judge import judge
from derivations.reader.derivation import document_of, reading
from derivations.reader.line import Derivation, Line
from derivations.reader.propose import Proposal, inserted, proposed
from derivations.reader.source import Siblings

GIVEN = re.compile(r"^```given\n.*?^```\n", re.DOTALL | re.MULTILINE)


def proposal(text: str) -> Proposal:
    """What is proposed for a text."""
    return proposed(document_of(text, "text.md", Siblings()))


def said(*displays: str) -> list[str]:
    """The declarations proposed for displays, without what is asked."""
    text = "\n\n".join(f"$${display}$$" for display in displays)
    lines = proposal(text).text().splitlines()
    return [line for line in lines if line and not line.startswith(("#", "```", "before"))]


def asked(*displays: str) -> list[str]:
    """The questions and contradictions of a proposal."""
    text = "\n\n".join(f"$${display}$$" for display in displays)
    return [line for line in proposal(text).text().splitlines() if line.startswith("#")]


def without(text: str) -> str:
    """A text without its declarations."""
    return GIVEN.sub("", text)


def read(text: str) -> Derivation:
    """A text without declarations, with those that are proposed."""
    return reading(inserted(text, proposal(text)), "text.md")


def verdicts(text: str) -> list[str]:
    """The verdicts of a text with the declarations that are proposed."""
    entries = read(text).entries
    return [
        judge(each.claim).verdict.value if isinstance(each, Line) else "not read"
        for each in entries
    ]
