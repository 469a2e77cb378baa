"""Lines of mathematics in a table's cell, folded to the width the cell has."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from derivations.report.fold import fold

NARROWEST = 24


class Folded:
    """What rich asks of a renderable: how wide it may be, and its lines at a given width."""

    def __init__(self, lines: Iterable[str], style: str = "") -> None:
        self._lines = list(lines)
        self._style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self._lines:
            for piece in fold(line, options.max_width):
                yield Text(piece, self._style, no_wrap=True)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        longest = max(map(len, self._lines), default=0)
        return Measurement(min(longest, NARROWEST), longest).with_maximum(options.max_width)
