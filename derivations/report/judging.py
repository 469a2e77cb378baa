"""Judging many claims at once, one process a core, each claim within limits.

A claim stays where it is: worker processes are forked with all claims at hand, are told an id
and answer with plain evidence, so that no expression is ever sent between processes. Where
processes cannot be forked, each comes by the claims anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from derivations.claim import Claim, Judgement, Verdict
from derivations.proof.judge import Disagreement, judge
from derivations.report import workers
from derivations.report.workers import Limits, Stopped, Work

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
