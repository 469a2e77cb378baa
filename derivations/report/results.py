"""The judgements of a run, and whether each is as it should be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derivations.claim import FALLEN, Judgement, Verdict
from derivations.reader.line import Line

if TYPE_CHECKING:  # the search for repairs is loaded only where one is made
    from derivations.repair.suggestion import Suggestion


def is_proved(judgement: Judgement) -> bool:
    """A claim passes when it is proved, and in no other case."""
    return judgement.verdict is Verdict.PROVED


def has_fallen(judgement: Judgement) -> bool:
    """A false claim passes when it is shown to be false or without meaning."""
    return judgement.verdict in FALLEN


@dataclass(frozen=True)
class JudgedLine:
    """What was found out about a printed line, its chain so far, and its correction.

    ``chain_recovers`` says that the end of its chain does follow from its start.
    ``suggestions`` are small edits that make the line true; None where none were sought.
    """

    line: Line
    judgement: Judgement
    from_start: Judgement | None = None
    correction: Judgement | None = None
    chain_recovers: bool = False
    suggestions: tuple[Suggestion, ...] | None = None

    @property
    def expected(self) -> Verdict:
        """The verdict that the file says it expects; proved where it says nothing."""
        return self.line.expected or Verdict.PROVED

    @property
    def as_expected(self) -> bool:
        """Whether the line has the verdict expected."""
        return self.judgement.verdict is self.expected

    @property
    def failures(self) -> tuple[Judgement, ...]:
        """The line where its verdict is not the expected one, its correction if not proved."""
        failed = () if self.as_expected else (self.judgement,)
        if self.correction is None or is_proved(self.correction):
            return failed
        return (*failed, self.correction)

    @property
    def seconds(self) -> float:
        """The time for all that was judged of it."""
        return sum(judgement.seconds for judgement in self.judgements)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """All that was judged of it."""
        every = (self.judgement, self.from_start, self.correction)
        return tuple(judgement for judgement in every if judgement)


@dataclass(frozen=True)
class Results:
    """The judgements on claims, false claims and lines, each in the order they are listed."""

    claims: tuple[Judgement, ...]
    slips: tuple[Judgement, ...]
    seconds: float
    lines: tuple[JudgedLine, ...] = ()

    @property
    def failures(self) -> tuple[Judgement, ...]:
        """Claims not proved, false claims that did not fall, lines not as expected."""
        return (
            *(claim for claim in self.claims if not is_proved(claim)),
            *(slip for slip in self.slips if not has_fallen(slip)),
            *(failure for line in self.lines for failure in line.failures),
        )

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """All that was judged, of claims, false claims and lines."""
        of_lines = (judgement for line in self.lines for judgement in line.judgements)
        return (*self.claims, *self.slips, *of_lines)

    @property
    def fallen(self) -> dict[str, int]:
        """How many false claims fell with each verdict."""
        counts = Counter(slip.verdict for slip in self.slips)
        return {verdict.value: counts[verdict] for verdict in FALLEN if counts[verdict]}

    @property
    def instances(self) -> int:
        """How many small instances were decided exactly in all."""
        return sum(judgement.instances for judgement in self.judgements)
