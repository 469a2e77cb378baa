"""A run: blocks of cases, each block with a seed of its own, in one process or several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from multiprocessing import get_context

from tests.proof.fuzz.cases import Case, case
from tests.proof.fuzz.check import Finding, check
from tests.proof.fuzz.instance import Instance
from tests.proof.fuzz.shrink import shrunk
from tests.proof.fuzz.tally import SHOWN, Tally

BLOCK = 1000  # expressions a seed


def block(job: tuple[int, int, int]) -> Tally:
    """The cases ``first..last - 1`` of one seed."""
    seed, first, last = job
    tally = Tally()
    for number in range(first, last):
        drawn, where = case(seed, number), f"{seed}:{number}"
        outcome = check(drawn.difference, drawn.conditions, where, drawn.sides)
        tally.record(drawn, outcome, where)
        if outcome.finding is not None and len(tally.reports) < SHOWN:
            tally.reports.append(report(drawn, outcome.finding, where))
    return tally


def jobs(count: int, seed: int) -> Iterator[tuple[int, int, int]]:
    """Blocks of at most BLOCK cases, the seeds counted up from ``seed``."""
    for n, first in enumerate(range(0, count, BLOCK)):
        yield seed + n, 0, min(BLOCK, count - first)


def run(count: int, seed: int, processes: int, progress: Callable[[Tally], None]) -> Tally:
    """All blocks; ``progress`` is told after each one."""
    tally = Tally()
    if processes == 1:
        for job in jobs(count, seed):
            tally.merge(block(job))
            progress(tally)
        return tally
    with get_context("spawn").Pool(processes) as pool:
        for part in pool.imap_unordered(block, jobs(count, seed)):
            tally.merge(part)
            progress(tally)
    return tally


def report(drawn: Case, finding: Finding, where: str) -> str:
    """A fault in words, the expression made small, with the command that shows it again."""
    small, conditions, found = shrunk(drawn.difference, drawn.conditions, where, finding)
    lines = [
        f"{found.fault} at {where} ({drawn.kind}: {', '.join(drawn.steps) or 'no steps'})",
        f"  expression  {small}",
        f"  conditions  {', '.join(map(str, conditions)) or 'none'}",
        f"  instance    {_instance(found.instance)}",
        f"  because     {found.detail}",
        f"  drawn as    {drawn.difference}",
        f"  again       python -m tests.proof.fuzz --only {where}",
    ]
    return "\n".join(lines)


def _instance(instance: Instance | None) -> str:
    if instance is None:
        return "none needed"
    free = {index.name: place for index, place in instance.free.items()}
    words = {f"{name}{list(places)}": word for (name, places), word in instance.words.items()}
    values = {str(key): value.str(6) for key, value in instance.values.items()}
    return f"{instance.sizes} {free} {words} {values}"
