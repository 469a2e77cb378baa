"""A picture of the first screen (SVG), for a page that shows one: light or dark as the reader's.

Times are left out, so that the same results make the same bytes. Every piece of text says how wide
it is: the signs stand below one another whichever font there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import StringIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style

from derivations.report.findings import screen, screens
from derivations.report.results import FileResult
from derivations.report.stdio import visible

COLUMNS = 100
ACROSS, DOWN, SIZE, MARGIN = 8.4, 20, 14, 20  # of a sign, of a line, of the letters; in pixels
STYLE = """
text { font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  white-space: pre; fill: #1c1c1e; }
.paper { fill: #fff; stroke: #d9d9de; }
.quiet { fill: #5b5b63; } .good { fill: #14692f; } .bad { fill: #a3171f; }
.strong { font-weight: bold; }
@media (prefers-color-scheme: dark) {
  text { fill: #ececf0; } .paper { fill: #141416; stroke: #3a3a42; }
  .quiet { fill: #a7a7b2; } .good { fill: #7fd99a; } .bad { fill: #ff9ca1; }
}
"""
COLOURS = {"green": "good", "red": "bad"}


def page(files: Sequence[FileResult]) -> str:
    """What needs looking at in the files, as in a terminal."""
    lines = [line for line in _lines(files) if line]
    width = COLUMNS * ACROSS + 2 * MARGIN
    height = max((down for down, _ in lines), default=0) * DOWN + 2 * MARGIN + DOWN
    picture = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
    picture.set("viewBox", f"0 0 {width:g} {height:g}")
    picture.set("width", f"{width:g}")
    picture.set("height", f"{height:g}")
    told = ", ".join(visible(file.name or "word2vec") for file in files)
    SubElement(picture, "title").text = f"What the checker says of {told}"
    SubElement(picture, "desc").text = "; ".join(map(_in_words, files))
    SubElement(picture, "style").text = STYLE
    paper = {"class": "paper", "x": "0.5", "y": "0.5", "rx": "8"}
    SubElement(picture, "rect", paper, width=f"{width - 1:g}", height=f"{height - 1:g}")
    for down, pieces in lines:
        for across, text, kind in pieces:
            piece = SubElement(picture, "text", {"class": kind} if kind else {})
            piece.set("x", f"{MARGIN + across * ACROSS:g}")
            piece.set("y", f"{MARGIN + down * DOWN + SIZE:g}")
            piece.set("textLength", f"{len(text) * ACROSS:g}")
            piece.text = text
    indent(picture)
    return tostring(picture, encoding="unicode") + "\n"


def _in_words(file: FileResult) -> str:
    """For who does not see the picture."""
    if file.results is None:
        return visible(f"{file.name}: {file.error or f'judged in {file.taken_in_by}'}")
    bad = [line for line in file.results.lines if line.failures]
    return visible(
        ", ".join(f"{line.line.id} is {line.verdict.value}" for line in bad) or "all well"
    )


Piece = tuple[int, str, str]  # the column, the text, how it looks


def _lines(files: Sequence[FileResult]) -> Iterator[tuple[int, list[Piece]]]:
    """Each line that has text: its number from 0, and its pieces."""
    console = Console(file=StringIO(), width=COLUMNS, force_terminal=True, legacy_windows=False)
    for number, line in enumerate(console.render_lines(_screen(files), pad=False)):
        pieces = list(_pieces(line))
        if pieces:
            yield number, pieces


def _screen(files: Sequence[FileResult]) -> RenderableType:
    untimed = [
        replace(file, results=replace(file.results, seconds=0.0)) if file.results else file
        for file in files
    ]
    if len(untimed) == 1 and untimed[0].results is not None:
        return screen(untimed[0].results, COLUMNS, untimed[0].name, everything=False)
    return screens(untimed, COLUMNS, everything=False)


def _pieces(line: Sequence[Segment]) -> Iterator[Piece]:
    across = 0
    for segment in line:
        text = visible(segment.text)
        stripped = text.strip()
        if stripped:
            yield across + len(text) - len(text.lstrip()), stripped, _kind(segment.style)
        across += len(text)


def _kind(style: Style | None) -> str:
    if style is None:
        return ""
    colour = COLOURS.get(style.color.name, "") if style.color else ""
    kinds = (colour, "strong" if style.bold else "", "quiet" if style.dim else "")
    return " ".join(filter(None, kinds))
