"""A repaired line, and how much is tried for it. Data only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from derivations.claim import Claim
from derivations.language.tree import Term
from derivations.reader.equation import Equality


@dataclass(frozen=True)
class Suggestion:
    """A line that is proved, and what was changed to get it.

    ``latex`` is the new line, and ``equality`` and ``claim`` what that is read as. ``edits`` says
    in words what changed; ``before`` is the id of the line above whose repaired right side stands
    on the left, if one does.
    """

    latex: str
    equality: Equality
    edits: tuple[str, ...]
    claim: Claim
    before: str = ""


@dataclass(frozen=True)
class Before:
    """The repaired right side of the line above, which a line goes on from."""

    line: str
    term: Term


@dataclass(frozen=True)
class Budget:
    """Bounds on one search.

    ``read`` bounds the edited lines that are looked at, ``judged`` those that are given to the
    judge, ``found`` the suggestions. The counts are meant to bind first, so that a search ends
    in the same place everywhere; ``seconds`` is for lines that are very large.
    """

    read: int = 5_000
    judged: int = 200
    found: int = 3
    seconds: float = 20.0


@dataclass
class Spent:
    """What a search has used up so far."""

    budget: Budget
    progress: Callable[[Spent], None] = lambda spent: None
    read: int = 0
    judged: int = 0
    start: float = field(default_factory=monotonic)

    @property
    def over(self) -> bool:
        """Whether nothing more may be tried."""
        budget = self.budget
        late = monotonic() - self.start > budget.seconds
        return late or self.read >= budget.read or self.judged >= budget.judged

    def reading(self) -> None:
        """Count one edited line."""
        self.read += 1
        self.progress(self)
