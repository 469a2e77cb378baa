"""Headings that divide a text: their numbers and letters are the names of parts.

``(b) Title``, ``Exercise 2``, ``Problem 3b: ...``, ``2.1 Title``; a title alone divides nothing. A
letter below a heading with a number belongs to that: (b) under Exercise 2 is part 2b.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from derivations.reader.problem import Place
from derivations.reader.source import Span
from derivations.reader.vocabulary import NUMBERED

BOLD = 7  # the level of a paragraph in bold type, below those of headings

_NAMED = re.compile(r"\(([\w-]+)\)")
_WORDS = "|".join(sorted(NUMBERED))
_NUMBER = re.compile(
    rf"(?:(?:{_WORDS})\s*(?:n?o\.|\#|:)?\s*\(?(?P<number>\d+(?:\.\d+)*[a-z]?|[a-z]|[ivx]{{1,4}})\)?(?=[.):]|\s*$|(?<=\d)\s|(?<=\d[a-z])\s)"
    r"|(?P<plain>\d+(?:\.\d+)*)(?=[.):]|\s|$)|(?P<letter>[a-z])[.)](?=\s|$))",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"\d+\s+\w")  # no number of a heading: "3 things"
_LETTER = re.compile(r"[a-z]|[ivx]{1,4}")
_BOLD = re.compile(
    r"(?:\\(?:noindent|bigskip|medskip|smallskip)\s*)*"
    r"(?:(?P<mark>\*\*|__)(?P<inside>[^*_\n]{1,120}?)(?P=mark)"
    r"|(?:\\textbf\s*\{|\{\\bf(?:series)?\s+)(?P<upright>[^{}\n]{1,120})\})"
)


@dataclass(frozen=True)
class Heading:
    """A name with its level, and whether it may occur only once, as where brackets name it."""

    name: str
    level: int
    place: Place
    unique: bool = False

    @property
    def is_letter(self) -> bool:
        """Whether it counts by letters or small roman numbers."""
        return _LETTER.fullmatch(self.name) is not None

    def is_under(self, other: Heading) -> bool:
        """Whether it divides what stands under another one; letters go under numbers."""
        if self.is_letter and other.name[-1].isdigit() and self.level == other.level:
            return True
        return self.level > other.level


def name_under(heading: Heading, above: Sequence[Heading]) -> str:
    """The name of the part that a heading begins."""
    numbers = [each.name for each in above if each.name[-1].isdigit()]
    return f"{numbers[-1]}{heading.name}" if heading.is_letter and numbers else heading.name


def heading_of(span: Span, level: int) -> Heading | None:
    """What a title names; None where it has neither number nor letter."""
    text = span.text.strip().strip("*_").strip()
    named = _NAMED.match(text)
    if named is not None:
        return Heading(named[1], level, span.place, unique=True)
    found = _NUMBER.match(text)
    if found is None:
        return None
    name = found["number"] or found["plain"] or found["letter"]
    return Heading(name.replace(".", "-").lower(), level, span.place)


def bold_heading(paragraph: Span) -> Heading | None:
    """The heading that a paragraph begins with in bold type, or that stands in it alone."""
    text = paragraph.text
    bold = _BOLD.match(text)
    if bold is not None:
        title = paragraph.part(*bold.span("inside" if bold["mark"] else "upright"))
        return None if _COUNTS.match(title.text) else heading_of(title, BOLD)
    if _NAMED.fullmatch(text.strip()) and len(text.strip()) <= 6:
        return heading_of(paragraph, BOLD)
    return None
