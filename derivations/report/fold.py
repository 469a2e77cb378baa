"""Breaking a long line of mathematics where a reader would."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

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
