"""Claims judged, and repairs sought, in processes that can be ended: of one file or of many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from derivations.claim import FALLEN, Claim, Judgement, Verdict
from derivations.proof.judge import Disagreement, judge
from derivations.reader.line import Line
from derivations.reader.source import Attempts
from derivations.repair import Before, Budget, ending, suggestions
from derivations.report import workers
from derivations.report.results import JudgedLine, Results, Suggested
from derivations.report.stdio import progress
from derivations.report.subject import Subject
from derivations.report.workers import FORKS, Limits, Stopped, Work

# Judging many claims at once, one process a core, each claim within limits.
#
# A claim stays where it is: worker processes are forked with all claims at hand, are told an id
# and answer with plain evidence, so that no expression is ever sent between processes. Where
# processes cannot be forked, each comes by the claims anew.


Judge = Callable[[Claim, str], Judgement]
Claims = Callable[[], Iterable[Claim]]
MOST_PROCESSES = 8


def judge_all(
    claims: Sequence[Claim],
    by: Judge | None,
    sizes: str,
    on_judged: Callable[[str], None],
    limits: Limits | None = None,
    again: Claims | None = None,
) -> list[Judgement]:
    """The judgements in the order of ``claims``; ``on_judged`` hears of each as it is judged.

    Whatever happens while one is judged, it is undecided with the reason, and the others are
    judged. ``by`` stands in for the judge where the command itself is tested. ``again`` is how a
    process that is not forked comes by the claims; without it they are judged in this one, where
    no limit is enforced.
    """
    limits = limits or Limits()
    work = _Judging({claim.id: claim for claim in claims}, by or judge, sizes, again)
    found: dict[str, Judgement] = {}

    def done(name: str, outcome: object) -> None:
        found[name] = _judgement(work.claims[name], outcome)
        on_judged(name)

    if workers.FORKS or again is not None:
        shares = _shares(claims, sizes)
        processes = min(workers.cores(), len(shares), MOST_PROCESSES)
        workers.run(work, shares, limits, processes, done)
    else:
        judge_one = work()
        for claim in claims:
            done(claim.id, workers.outcome_of(judge_one, claim.id, limits))
    return [found[claim.id] for claim in claims]


@dataclass
class _Judging:
    """What every process has at hand; one that is not forked comes by the claims again."""

    claims: dict[str, Claim]
    judge: Judge
    sizes: str
    again: Claims | None

    def __call__(self) -> Work:
        if not self.claims and self.again is not None:
            self.claims = {claim.id: claim for claim in self.again()}
        return partial(_evidence, self.claims, self.judge, self.sizes)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "claims": {}}


def _shares(claims: Sequence[Claim], sizes: str) -> list[list[str]]:
    """What one process is given at a time, the largest share first.

    The claims and slips of a part are about the same derivatives, which are then taken once.
    At full sizes derivatives are the least of the work, and each claim is a share of its own.
    """
    shares: dict[str, list[str]] = {}
    for claim in claims:
        shares.setdefault(claim.id if sizes == "full" else claim.part, []).append(claim.id)
    return sorted(shares.values(), key=len, reverse=True)


def _evidence(claims: dict[str, Claim], by: Judge, sizes: str, name: str) -> dict[str, Any]:
    """A judgement without its claim."""
    try:
        judgement = by(claims[name], sizes)
    except Disagreement as error:
        reason = f"two arguments contradict each other: {error}"
        return {"verdict": Verdict.UNDECIDED, "reason": reason, "disagreement": True}
    return evidence_of(judgement)


def evidence_of(judgement: Judgement) -> dict[str, Any]:
    """All of a judgement but its claim: plain data."""
    names = [field.name for field in fields(Judgement) if field.name != "claim"]
    return {name: getattr(judgement, name) for name in names}


def _judgement(claim: Claim, outcome: object) -> Judgement:
    if isinstance(outcome, Stopped):
        undecided = Verdict.UNDECIDED
        return Judgement(claim, undecided, reason=outcome.reason, seconds=outcome.seconds)
    assert isinstance(outcome, dict)
    return Judgement(claim, **outcome)


# Many files judged while they are read: a number of claims at a time, of one file or of several.
#
# What has been judged is told to the process that watches this one. If this one is replaced, as a
# later file comes to no end, the new one reads all of them again but judges none of these twice.


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


# Suggestions for the lines that do not hold, sought in processes that can be ended.


UNEXPECTED, ALL, NONE = "unexpected", "all", "none"


def with_suggestions(results: Results, which: str, limits: Limits) -> Results:
    """The results with suggestions for wrong lines: the unexpected ones, all, or none.

    A search ends after twice the budget of a line; it is ended from outside after three times.
    """
    shares = list(_runs(results, which))
    if not shares:
        return results
    searches = _Searches(2 * limits.seconds, shares)
    found: dict[str, object] = {}
    with progress(sum(map(len, shares))) as on_searched:

        def done(name: str, outcome: object) -> None:
            found[name] = outcome
            on_searched(f"repairs of {name}")

        names = [[line.id for line in share] for share in shares]
        allowed = replace(limits, seconds=3 * limits.seconds)
        if workers.FORKS:
            processes = min(workers.cores(), len(shares))
            workers.run(lambda: searches.search, names, allowed, processes, done)
        else:
            for name in (name for share in names for name in share):
                done(name, workers.outcome_of(searches.search, name, allowed))
    return replace(results, lines=tuple(_with(each, found) for each in results.lines))


def _runs(results: Results, which: str) -> Iterator[list[Line]]:
    """The wrong lines, those together of which each goes on from the one before it."""
    run: list[Line] = []
    for judged in results.lines:
        sought = judged.verdict in FALLEN and (which == ALL or not judged.as_expected)
        line = judged.line if sought and which != NONE else None
        if run and not (isinstance(line, Line) and _goes_on(run[-1], line)):
            yield run
            run = []
        if isinstance(line, Line):
            run.append(line)
    if run:
        yield run


def _goes_on(before: Line, line: Line) -> bool:
    return line.from_start is not None and before.equality.right == line.equality.left


@dataclass
class _Searches:
    """One search after the other; each knows the repair of the line that it goes on from."""

    seconds: float
    runs: list[list[Line]]
    repaired: Before | None = None

    def search(self, name: str) -> tuple[Suggested, ...]:
        """What is suggested for a line, as plain data."""
        line, first = next(
            (line, line is run[0]) for run in self.runs for line in run if line.id == name
        )
        before = None if first else self.repaired
        self.repaired = None
        found = suggestions(line, Budget(seconds=self.seconds), before)
        self.repaired = ending(line, found)
        return tuple(Suggested(each.latex, each.edits, each.before) for each in found)


def _with(judged: JudgedLine, found: dict[str, object]) -> JudgedLine:
    outcome = found.get(judged.line.id)
    if isinstance(outcome, Stopped):
        return replace(judged, unsearched=outcome.reason)
    if isinstance(outcome, tuple):
        return replace(judged, suggestions=outcome)
    return judged
