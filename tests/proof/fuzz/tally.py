"""What a run has seen, counted: a run that saw no zero or no condition has shown nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.proof.fuzz.cases import KINDS, REWRITTEN, Case
from tests.proof.fuzz.check import Outcome

SHOWN = 5


@dataclass
class Tally:
    """Figures of one run; ``reports`` are the faults found, the slowest form is in seconds."""

    counts: Counter[str] = field(default_factory=Counter)
    reports: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    seconds: float = 0.0

    def record(self, case: Case, outcome: Outcome, where: str) -> None:
        """Count one case."""
        self.counts["expressions"] += 1
        self.counts[case.kind] += 1
        self.counts["with conditions"] += bool(case.conditions)
        self.counts["outside"] += outcome.form is None and outcome.finding is None
        self.counts["given up"] += outcome.gave_up
        self.counts["instances"] += outcome.compared
        self.counts["instances without a value"] += outcome.undefined
        self.counts["values compared"] += bool(outcome.form and outcome.compared)
        if outcome.form == ():
            self.counts["zeros"] += 1
            self.counts[f"zeros, {case.kind}"] += 1
            self.counts["zeros without an instance"] += not outcome.compared
            self.counts["zeros that need conditions"] += outcome.conditional
            self.counts["zeros with other sides"] += not case.obvious
        self.slowest = max(self.slowest, (outcome.seconds, where))
        self.seconds += outcome.seconds
        if outcome.finding is not None:
            self.counts[outcome.finding.fault] += 1

    def merge(self, other: Tally) -> None:
        """Add the figures of another part of the run."""
        self.counts.update(other.counts)
        self.reports += other.reports
        self.slowest = max(self.slowest, other.slowest)
        self.seconds += other.seconds

    def vacuous(self) -> list[str]:
        """What a run must have seen and has not."""
        needed = ("instances", "zeros with other sides", "zeros that need conditions",
                  "with conditions", "values compared")  # fmt: skip
        return [f"nothing counted under: {name}" for name in needed if not self.counts[name]]

    def lines(self) -> list[str]:
        """The summary."""
        c = self.counts
        known = c[f"zeros, {REWRITTEN}"] / max(1, c[REWRITTEN])
        kinds = ", ".join(f"{kind} {c[kind]:,}" for kind in KINDS)
        zeros = ", ".join(f"{kind} {c[f'zeros, {kind}']:,}" for kind in KINDS)
        return [
            f"{c['expressions']:,} expressions: {kinds}",
            f"{c['with conditions']:,} under conditions, {c['outside']:,} outside the fragment "
            f"({c['given up']:,} given up), {known:.1%} of the rewritten recognised as equal",
            f"{c['zeros']:,} zeros: {zeros}",
            f"{c['zeros with other sides']:,} of them between sides written differently, "
            f"{c['zeros that need conditions']:,} need their conditions, "
            f"{c['zeros without an instance']:,} had no instance",
            f"{c['instances']:,} instances compared, {c['instances without a value']:,} without a "
            f"value, {c['values compared']:,} forms that are not zero compared by value",
            f"{self.seconds:.0f} s in the normal form, the slowest {self.slowest[0]:.2f} s "
            f"({self.slowest[1]})",
            f"{c['wrong zero']} wrong zeros, {c['wrong value']} wrong values, {c['crash']} crashes",
        ]
