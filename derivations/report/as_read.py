"""Many files judged while they are read: a number of claims at a time, of one file or of several.

What has been judged is told to the process that watches this one. If this one is replaced, as a
later file comes to no end, the new one reads all of them again but judges none of these twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from derivations.claim import Judgement
from derivations.reader.attempts import Attempts
from derivations.report.judging import Judge, evidence_of, judge_all
from derivations.report.progress import progress
from derivations.report.subject import Subject
from derivations.report.workers import FORKS, Limits

ENOUGH = 24  # claims for which processes are started
TAKES_IN = (".tex", ".ltx")  # what another file may take in


@dataclass
class AsRead:
    """Files that wait to be judged, and the judgements on those that have been.

    ``found`` are the files that nobody named: one of them is not judged where another takes it in,
    which is known when all are read. Where processes are not forked, none is judged here.
    """

    judge: Judge | None
    sizes: str
    limits: Limits
    attempts: Attempts
    found: frozenset[str]
    files: int
    read: int = 0
    waiting: dict[str, Subject] = field(default_factory=dict)
    judgements: dict[str, list[Judgement]] = field(default_factory=dict)

    def add(self, file: str, subject: Subject) -> None:
        """One file more; those that wait are judged where they are enough."""
        self.waiting[file] = subject
        ready = {name: each for name, each in self.waiting.items() if not self._may_be_taken(name)}
        if sum(len(each.everything) for each in ready.values()) >= ENOUGH:
            self._judge(ready)

    def finish(self) -> None:
        """Judge those that still wait."""
        self._judge(self.waiting)

    def _may_be_taken(self, file: str) -> bool:
        return file in self.found and Path(file).suffix.lower() in TAKES_IN

    def _judge(self, files: dict[str, Subject]) -> None:
        self.attempts.require_sound()
        if not FORKS:
            return
        named = {
            f"{file}: {claim.id}": replace(
                claim, id=f"{file}: {claim.id}", part=f"{file}: {claim.part}"
            )
            for file, subject in files.items()
            for claim in subject.everything
        }
        new = [claim for name, claim in named.items() if name not in self.attempts.known]
        with progress(len(new), self._said) as on_judged:
            for each in judge_all(new, self.judge, self.sizes, on_judged, self.limits):
                self.attempts.tell(each.claim.id, evidence_of(each))
        known = self.attempts.known
        for file, subject in files.items():
            self.judgements[file] = [
                Judgement(claim, **known[f"{file}: {claim.id}"]) for claim in subject.everything
            ]
        self.waiting = {name: each for name, each in self.waiting.items() if name not in files}

    @property
    def _said(self) -> str:
        return f"{self.read} of {self.files} read" if self.read < self.files else ""
