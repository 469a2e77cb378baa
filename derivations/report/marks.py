"""Marks and styles shared by all pages; the marks carry the meaning, the colours repeat it."""

from __future__ import annotations

from rich.text import Text

from derivations.claim import Proof

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
