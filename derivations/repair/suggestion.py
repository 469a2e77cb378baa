"""A repaired line. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from derivations.claim import Claim
from derivations.reader.equality import Equality


@dataclass(frozen=True)
class Suggestion:
    """A line that is proved, and what was changed to get it.

    ``edits`` says in words what changed; ``before`` is the id of the line above whose repaired
    right side stands on the left, if one does.
    """

    equality: Equality
    edits: tuple[str, ...]
    claim: Claim
    before: str = ""

    @property
    def latex(self) -> str:
        """The new line."""
        return self.equality.latex
