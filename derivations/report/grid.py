"""A table of claims: one row a claim, under a heading for each part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from derivations.claim import Claim
from derivations.report.folded import Folded
from derivations.report.marks import HEADING
from derivations.report.statement import readings

Row = tuple[Claim, Sequence[RenderableType]]
Note = tuple[str, str]  # a text and its style

NARROW = {"how it falls": 32, "in the document": 20}
UNBROKEN = ("claim", "false claim", "verdict", "time")


def grid(headings: Sequence[str], rows: Iterable[Row]) -> Table:
    """Each row's claim by its id, then the other cells."""
    table = Table(box=SIMPLE_HEAD, header_style=HEADING, pad_edge=False)
    for heading in headings:
        table.add_column(
            heading,
            no_wrap=heading in UNBROKEN,
            max_width=NARROW.get(heading),
            justify="right" if heading == "time" else "left",
        )
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(row[0].part, []).append(row)
    for part, members in parts.items():
        table.add_row(Text(f"part {part}", HEADING))
        for claim, cells in members:
            table.add_row(claim.id, *cells)
        table.add_section()
    return table


def said(claim: Claim, above: Sequence[Note] = (), below: Sequence[Note] = ()) -> RenderableType:
    """What the claim says, with notes above and below."""
    return Folded([*above, *readings(claim), *below])
