"""A table of claims: one row a claim, under a heading for each part.

On a narrow page the id stands above what the claim says, not in a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derivations.claim import Claim
from derivations.report.folded import Folded
from derivations.report.marks import HEADING
from derivations.report.statement import readings

Note = tuple[str, str]  # a text and its style
Notes = Sequence[Note]
Row = tuple[Claim, Notes, Notes, Sequence[RenderableType]]


NARROW = {"how it falls": 32, "in the document": 20}
UNBROKEN = ("claim", "false claim", "verdict", "time")


def grid(headings: tuple[str, ...], rows: Iterable[Row], roomy: bool) -> Table:
    """Rows of a claim, notes above and below its statement, and further cells."""
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
        parts.setdefault(row[0].part, []).append(row)
    for part, members in parts.items():
        table.add_row(Text(f"part {part}", HEADING))
        for member in members:
            table.add_row(*_cells(*member, roomy=roomy))
        table.add_section()
    return table


def _cells(
    claim: Claim, above: Notes, below: Notes, further: Sequence[RenderableType], *, roomy: bool
) -> list[RenderableType]:
    said = Folded([*above, *((reading, "") for reading in readings(claim)), *below])
    if roomy:
        return [claim.id, said, *further]
    return [Group(Text(claim.id), Padding(said, (0, 0, 0, 2))), *further]
