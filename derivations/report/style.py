"""Pages for a terminal: line breaking of mathematics, marks and styles, tables of rows by part."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import accumulate
from shutil import get_terminal_size

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from derivations.claim import Proof
from derivations.report.stdio import visible

# Text for standard output: colours for a terminal, none for a pipe or where NO_COLOR is set.
#
# What controls the terminal is this file's colours and nothing else.


PIPED_WIDTH = 140


def width() -> int:
    """The columns there are: the terminal's, or a fixed number where there is no terminal."""
    return get_terminal_size((PIPED_WIDTH, 0)).columns


def rendered(content: RenderableType) -> str:
    """``content`` as text, without blanks at the ends of lines."""
    paper = StringIO()
    console = Console(
        file=paper,
        width=width(),
        force_terminal=sys.stdout.isatty() or None,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    console.print(_Visible(content), crop=False)
    return "".join(f"{line.rstrip()}\n" for line in paper.getvalue().splitlines())


class _Visible:
    """A page on which every character is one that can be seen."""

    def __init__(self, content: RenderableType) -> None:
        self._content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._content, options):
            text = segment.text if segment.control else visible(segment.text)
            yield Segment(text, segment.style, segment.control)


# Breaking a long line of mathematics where a reader would.


INDENT = 4
_STEP = 2
_DEEPEST = 4
_SIGNS = ("=", "≠", "+", "−", "·")
_WANT_MORE = (*_SIGNS, "/", "log")


def fold(line: str, width: int) -> list[str]:
    """The line in pieces of at most ``width``, nothing lost but the blanks at the breaks.

    A break is taken where the brackets around it are fewest, and before a sign rather than
    inside a product. A piece is indented by the brackets it starts in.
    """
    depths = list(accumulate(("([{".count(c) - ")]}".count(c)) for c in line))
    pieces, start, indent = [], 0, 0
    while indent + len(line) - start > width:
        room = max(width - indent, 1)
        end = min(_breaks(line, depths, start, room), default=(0, start + room))[1]
        pieces.append(" " * indent + line[start:end].rstrip())
        start = end + len(line[end:]) - len(line[end:].lstrip())
        indent = min(INDENT + _STEP * max(0, min(depths[end], _DEEPEST)), width // 3)
    return [*pieces, " " * indent + line[start:]] if line[start:] else pieces


def _breaks(line: str, depths: list[int], start: int, room: int) -> Iterator[tuple[float, int]]:
    """Each blank within ``room`` of ``start``, with how bad a break it is."""
    for end in range(start + 1, start + room + 1):
        if line[end] != " " or line[end - 1] == " ":
            continue
        word_before = line[start:end].rsplit(" ", 1)[-1]
        parts_pair = word_before in _WANT_MORE or word_before.startswith("Σ")
        inside_product = not line[end:].lstrip().startswith(_SIGNS)
        unused = 1 - (end - start) / room
        depth = depths[end] - depths[start]
        yield 2 * depth + inside_product + 3 * parts_pair + 3 * unused**2, end


# Lines of mathematics on a page, folded to the width there is for them.


NARROWEST = 24


class Folded:
    """What rich asks of a renderable: how wide it may be, and its lines at a given width."""

    def __init__(self, lines: Iterable[str | tuple[str, str]], style: str = "") -> None:
        """Lines, or pairs of a line and a style of its own."""
        self._lines = [(line, style) if isinstance(line, str) else line for line in lines]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        # one Text for all: each costs rich as much as a line does
        pieces = (
            Text(piece, style)
            for line, style in self._lines
            for piece in fold(line, options.max_width)
        )
        whole = Text("\n", no_wrap=True).join(pieces)
        yield whole

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        longest = max((len(line) for line, _ in self._lines), default=0)
        return Measurement(min(longest, NARROWEST), longest).with_maximum(options.max_width)


# Marks and styles shared by all pages; the marks carry the meaning, the colours repeat it.


HEADING, QUIET, TITLE = "bold", "dim", "italic"
GOOD, BAD = "green", "bold red"


def ruling(told: str, *, passes: bool, mark: str = "✓") -> Text:
    """A verdict or role, with its mark where it is the one hoped for and ✗ where it is not."""
    mark, style = (mark, GOOD) if passes else ("✗", BAD)
    return Text(f"{mark} {told}", style, no_wrap=True)


def duration(seconds: float) -> str:
    """A time with the digits that matter."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def argument(proof: Proof) -> str:
    """Whether an argument holds, and how many instances it decided where it counts them."""
    mark = "✓" if proof.holds else "✗"
    return f"{mark} {proof.instances:,}" if proof.instances else mark


def counted(number: int, thing: str) -> str:
    """``1 instance``, ``1,200 instances``, ``2 equalities``."""
    things = f"{thing[:-1]}ies" if thing.endswith("y") else f"{thing}s"
    return f"{number:,} {thing if number == 1 else things}"


# A table of claims or lines: one row each, under a heading for each part.
#
# On a narrow page the id stands above what is said, not in a column of its own.


Note = tuple[str, str]  # a text and its style


@dataclass(frozen=True)
class Row:
    """What has an id, what is said of it (mathematics, notes in a style), and further cells."""

    id: str
    part: str
    said: Sequence[str | Note]
    further: Sequence[RenderableType]


NARROW = {"how it falls": 32, "in the document": 20}
UNBROKEN = ("claim", "false claim", "line", "verdict", "time")


def grid(headings: tuple[str, ...], rows: Iterable[Row], roomy: bool) -> Table:
    """The rows by part."""
    table = Table(box=SIMPLE_HEAD, header_style=HEADING, pad_edge=False)
    for heading in headings if roomy else headings[:1] + headings[2:]:
        table.add_column(
            heading,
            no_wrap=roomy and heading in UNBROKEN,
            max_width=NARROW.get(heading),
            justify="right" if heading == "time" else "left",
        )
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(row.part, []).append(row)
    for part, members in parts.items():
        table.add_row(Text(f"part {part}", HEADING))
        for member in members:
            table.add_row(*_cells(member, roomy=roomy))
        table.add_section()
    return table


def _cells(row: Row, *, roomy: bool) -> list[RenderableType]:
    said = Folded(row.said)
    if roomy:
        return [row.id, said, *row.further]
    return [Group(Text(row.id), Padding(said, (0, 0, 0, 2))), *row.further]
