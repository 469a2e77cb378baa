"""A table of claims or lines: one row each, under a heading for each part.

On a narrow page the id stands above what is said, not in a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derivations.report.folded import Folded
from derivations.report.marks import HEADING

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
