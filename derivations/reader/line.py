"""A printed equality with all that is said of it."""

from __future__ import annotations

from dataclasses import dataclass

from derivations.claim import Claim, Verdict
from derivations.reader.equality import Equality
from derivations.reader.problem import Place


@dataclass(frozen=True)
class Line:
    """One equality of a derivation file.

    ``left`` and ``right`` are as printed. ``from_start`` equates the start of the chain with
    this right side; it is None for the first line of a chain, which does so itself. ``words`` is
    the paragraph right above its chain.
    """

    id: str
    part: str
    place: Place
    left: str
    right: str
    equality: Equality
    claim: Claim
    from_start: Claim | None = None
    ends_chain: bool = True
    expected: Verdict | None = None
    correction: Claim | None = None
    notes: tuple[str, ...] = ()
    words: str = ""

    @property
    def latex(self) -> str:
        """The equality as printed."""
        return f"{self.left} = {self.right}"


@dataclass(frozen=True)
class Derivation:
    """All lines of a file, in reading order."""

    name: str
    lines: tuple[Line, ...]
