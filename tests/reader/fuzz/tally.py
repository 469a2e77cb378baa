"""What a campaign has seen."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.reader.fuzz.target import SLOW, Outcome

KEPT = 20  # texts kept of each sort


@dataclass
class Tally:
    """Counts, and the shortest text for each thing that went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)
    slow: list[tuple[float, str]] = field(default_factory=list)
    slowest: float = 0.0
    megabytes: list[float] = field(default_factory=list)
    coverage: int = 0

    def record(self, text: str, found: Outcome) -> None:
        """One text more."""
        self.counts["texts"] += 1
        self.counts[found.kind] += 1
        self.slowest = max(self.slowest, found.seconds)
        if found.crash:
            known = self.wrong.get(found.crash)
            if known is None or len(text) < len(known):
                self.wrong[found.crash] = text
        if found.seconds > SLOW:
            self.slow = sorted([*self.slow, (found.seconds, text)], reverse=True)[:KEPT]

    def save(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(vars(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Tally:
        """From JSON."""
        found = cls(**json.loads(path.read_text(encoding="utf-8")))
        found.counts = Counter(found.counts)
        return found

    def merge(self, other: Tally) -> None:
        """What another process has seen, added."""
        self.counts += other.counts
        self.wrong.update(other.wrong)
        self.slow = sorted([*self.slow, *other.slow], reverse=True)[:KEPT]
        self.slowest = max(self.slowest, other.slowest)
        self.coverage = max(self.coverage, other.coverage)
        self.megabytes += other.megabytes

    @property
    def broken(self) -> dict[str, str]:
        """What broke while text was read: there may be nothing of this sort."""
        return {said: text for said, text in self.wrong.items() if "judging" not in said}

    def lines(self) -> list[str]:
        """The figures, one a line."""
        kinds = ", ".join(f"{n:,} {kind}" for kind, n in self.counts.items() if kind != "texts")
        lines = [f"{self.counts['texts']:,} texts: {kinds}"]
        if self.coverage:
            lines.append(f"coverage of the reader: {self.coverage:,} edges")
        lines.append(f"slowest {self.slowest:.2f} s, {len(self.slow)} over {SLOW:g} s")
        if self.megabytes:
            lines.append(f"memory, MB: {', '.join(f'{each:.0f}' for each in self.megabytes)}")
        lines += [f"{said}\n{text[-1200:]}\n" for said, text in self.wrong.items()]
        lines += [f"slow, {seconds:.1f} s\n{text[-1200:]}\n" for seconds, text in self.slow[:5]]
        return lines
