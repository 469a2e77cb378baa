"""Text for standard output: colours for a terminal, none for a pipe or where NO_COLOR is set.

What controls the terminal is this file's colours and nothing else.
"""

from __future__ import annotations

import os
import sys
from io import StringIO
from shutil import get_terminal_size

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment

from derivations.report.streams import visible

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
