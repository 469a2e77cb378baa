"""Lines of mathematics on a page, folded to the width there is for them."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from derivations.report.fold import fold

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
