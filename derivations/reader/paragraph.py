"""A paragraph as what stands in it: prose, formulas in the text and displayed ones, code, comments.

One scan finds them all, in Markdown and in LaTeX; what begins one of them inside another one does
not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derivations.reader.problem import Unreadable
from derivations.reader.source import Span
from derivations.reader.vocabulary import ENVIRONMENTS

PROSE = ""
DISPLAY, INLINE, PARENTHESES, CODE, COMMENT = "display", "inline", r"\( \)", "code", "comment"

_ENVIRONMENT = r"\\begin\{(?P<name>[A-Za-z]+\*?)\}"
_FORMULAS = rf"(?<!\\)\$\$|(?<!\\)\\\[|(?<!\\)\\\(|{_ENVIRONMENT}"
_MARKDOWN = re.compile(rf"<!--|`+|(?<![\\$])\$(?=[^\s$])|{_FORMULAS}")
_LATEX = re.compile(rf"(?<![\\$])\$(?!\$)|{_FORMULAS}")
_INSIDE_DOLLARS = {
    _MARKDOWN: re.compile(r"((?:\\.|[^$\\])*+)(?<!\s)\$(?!\d)", re.DOTALL),
    _LATEX: re.compile(r"((?:\\.|[^$\\])*+)\$", re.DOTALL),
}
_COLUMNS = re.compile(r"\s*\{[^{}\n]{0,40}\}")
DISPLAY_BEGINS = re.compile(rf"(?<!\\)\$\$|(?<!\\)\\\[|{_ENVIRONMENT}")


@dataclass(frozen=True)
class Piece:
    """A piece of a paragraph by its kind, and what is wrong with how it stands there."""

    kind: str
    span: Span
    problem: Unreadable | None = None


def pieces(paragraph: Span, *, latex: bool = False) -> Iterator[Piece]:
    """All pieces, in their order; prose is what is nothing else."""
    opens = _LATEX if latex else _MARKDOWN
    text, at, told = paragraph.text, 0, 0
    missing: set[str] = set()  # what does not come any more
    while opening := opens.search(text, at):
        at = opening.end()
        found = _inside(paragraph, text, opening, _INSIDE_DOLLARS[opens], missing)
        if found is None:
            continue
        piece, end = found
        if text[told : opening.start()].strip():
            yield Piece(PROSE, paragraph.part(told, opening.start()))
        yield piece
        at = told = end
    if text[told:].strip():
        yield Piece(PROSE, paragraph.part(told, len(text)))


def _inside(
    paragraph: Span,
    text: str,
    opening: re.Match[str],
    dollars: re.Pattern[str],
    missing: set[str],
) -> tuple[Piece, int] | None:
    """The piece that begins here, and where it ends with its mark; None where none begins."""
    start, mark = opening.end(), opening.group()
    if mark == "$":
        inside = dollars.match(text, start)
        if inside is None:
            return None  # a sign of money
        return Piece(INLINE, paragraph.part(*inside.span(1))), inside.end()
    kind, closing = closing_of(opening)
    if not closing:
        return None  # an environment of text
    end = text.find(closing, start) if closing not in missing else -1
    if end < 0:
        missing.add(closing)
    if end < 0 and kind == CODE:
        return None
    if opening["name"] and ENVIRONMENTS[opening["name"]]:
        columns = _COLUMNS.match(text, start, end if end >= 0 else len(text))
        start = columns.end() if columns else start
    if end >= 0:
        return Piece(kind, paragraph.part(start, end)), end + len(closing)
    begins = paragraph.source.place(paragraph.start + opening.start())
    if kind == COMMENT:
        end = text.find("\n", start)
        end = end if end >= 0 else len(text)
        problem = Unreadable(begins, mark, "a comment that is never closed", "write -->")
        return Piece(COMMENT, paragraph.part(start, end), problem), end
    end = len(text.rstrip())
    what = "a display that is never closed" if kind == DISPLAY else "a formula that is never closed"
    problem = Unreadable(begins, mark, what, f"close it with {closing}")
    return Piece(kind, paragraph.part(min(start, end), end), problem), len(text)


def closing_of(opening: re.Match[str]) -> tuple[str, str]:
    """What kind of piece an opening begins, and what closes it; nothing for text."""
    mark, name = opening.group(), opening["name"]
    if name is not None:
        known = name in ENVIRONMENTS
        kind = PARENTHESES if name == "math" else DISPLAY
        return kind, f"\\end{{{name}}}" if known else ""
    if mark.startswith("`"):
        return CODE, mark
    return {
        "<!--": (COMMENT, "-->"),
        "$$": (DISPLAY, "$$"),
        r"\[": (DISPLAY, r"\]"),
        r"\(": (PARENTHESES, r"\)"),
    }[mark]
