"""One size: the contenders that can take it, checked against ours, then timed."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from benchmarks.batch import limit
from benchmarks.batch.agreement import check
from benchmarks.batch.bounds import Bounds
from benchmarks.batch.clock import interleaved
from benchmarks.batch.contender import Call, Contender
from benchmarks.batch.problem import Problem, drawn
from benchmarks.batch.row import Row, Skipped
from benchmarks.batch.size import Size

Agreed = list[tuple[Contender, Call]]


def measure(
    part: str, size: Size, contenders: Sequence[Contender], rounds: int, bounds: Bounds
) -> tuple[list[Row], list[Skipped]]:
    """Raises DisagreementError, before anything is timed. The first that can is the reference."""
    problem = drawn(size)
    agreed, reasons = _checked(problem, contenders, bounds)
    calls = {each.name: call for each, call in agreed}
    limits = limit.calls(problem) if part == "softmax" else {}
    timed = interleaved({**calls, **limits}, rounds)
    least = limit.limit(size, timed) if limits else None
    peers = [timed[each.name].median for each, _ in agreed if not each.ours]
    rows = [
        Row(
            part,
            size,
            each.name,
            each.gives,
            each.ours,
            took.median,
            min(took.seconds),
            max(took.seconds),
            took.busy,
            took.median / min(peers) if peers else None,
            took.median / least if least else None,
        )
        for each, _ in agreed
        for took in (timed[each.name],)
    ]
    return rows, [Skipped(part, size, name, reason) for name, reason in reasons.items()]


def _checked(
    problem: Problem, contenders: Sequence[Contender], bounds: Bounds
) -> tuple[Agreed, dict[str, str]]:
    """The calls that agree with each other, and why others are left out."""
    agreed: Agreed = []
    reasons: dict[str, str] = {}
    reference = None
    for each in contenders:
        if reason := bounds.too_large(each, problem.size):
            reasons[each.name] = reason
            continue
        call = each.prepare(problem)
        start = perf_counter()
        found = call()
        seconds = perf_counter() - start
        result = each.read(found, problem.size.N)
        reference = reference or result
        check(each.name, result, reference, problem.size)
        if reason := bounds.too_slow(seconds):
            reasons[each.name] = reason
        else:
            agreed.append((each, call))
    return agreed, reasons
