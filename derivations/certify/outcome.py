"""What a run came to: every judgement with its certificate, or why it has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derivations.certify.coqc import Checked
from derivations.certify.plan import Plan, is_expected
from derivations.claim import Verdict


def subject_of(key: str) -> str:
    """The subject that an id stands under."""
    return key.partition("/")[0]


@dataclass(frozen=True)
class Entry:
    """One judgement: its subject and id, the verdict, and what became of its certificate."""

    key: str
    verdict: str
    theorem: str
    accepted: bool
    expected: bool
    reason: str


@dataclass(frozen=True)
class Outcome:
    """A plan and what Coq said of its certificates."""

    plan: Plan
    checked: dict[str, Checked]

    @property
    def entries(self) -> Iterator[Entry]:
        """Every judgement in order, then the lines that are not read."""
        for key, judgement in self.plan.judgements.items():
            checked = self.checked.get(key)
            yield Entry(
                key,
                judgement.verdict.value,
                checked.certificate.theorem if checked else "",
                bool(checked and checked.accepted),
                is_expected(judgement),
                self._reason(key, checked),
            )
        for key, reason in self.plan.unread.items():
            yield Entry(
                key, Verdict.NOT_READ.value, "", accepted=False, expected=False, reason=reason
            )

    def _reason(self, key: str, checked: Checked | None) -> str:
        if checked is None:
            return self.plan.uncovered[key]
        return "" if checked.accepted else checked.reason

    @property
    def subjects(self) -> frozenset[str]:
        """What the run was of."""
        return frozenset(map(subject_of, self.plan.judgements))

    @property
    def failures(self) -> list[Entry]:
        """What is proved or refuted, and stated in Coq, and not accepted there."""
        return [entry for entry in self.entries if entry.theorem and not entry.accepted]

    @property
    def not_reached(self) -> list[Entry]:
        """What is proved or refuted, and not stated in Coq; the reason says why."""
        return [entry for entry in self.entries if entry.expected and not entry.theorem]
