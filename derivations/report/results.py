"""The judgements of a run, and whether each is as it should be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from derivations.claim import Judgement, Verdict

FALLEN = (Verdict.REFUTED, Verdict.ILL_TYPED)


def is_proved(judgement: Judgement) -> bool:
    """A claim passes when it is proved, and in no other case."""
    return judgement.verdict is Verdict.PROVED


def has_fallen(judgement: Judgement) -> bool:
    """A false claim passes when it is shown to be false or without meaning."""
    return judgement.verdict in FALLEN


@dataclass(frozen=True)
class Results:
    """The judgements on claims and on false claims, each in the order they are listed."""

    claims: tuple[Judgement, ...]
    slips: tuple[Judgement, ...]
    seconds: float

    @property
    def failures(self) -> tuple[Judgement, ...]:
        """Claims not proved and false claims that did not fall."""
        return (
            *(claim for claim in self.claims if not is_proved(claim)),
            *(slip for slip in self.slips if not has_fallen(slip)),
        )

    @property
    def fallen(self) -> dict[str, int]:
        """How many false claims fell with each verdict."""
        counts = Counter(slip.verdict for slip in self.slips)
        return {verdict.value: counts[verdict] for verdict in FALLEN if counts[verdict]}

    @property
    def instances(self) -> int:
        """How many small instances were decided exactly in all."""
        return sum(judgement.instances for judgement in (*self.claims, *self.slips))
