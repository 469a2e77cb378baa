"""A run over many mutants, in one process or several; outcomes in the order of the mutants."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence

from derivations.proof.judge import judge
from tests.mutation.mutants import Mutant
from tests.mutation.outcome import Judge, Outcome, outcome

SECONDS = 10.0
CHUNK = 8


class _Work:
    """What every process has at hand: set before the processes are forked."""

    mutants: Sequence[Mutant]
    judge: Judge
    seconds: float


def run(
    mutants: Sequence[Mutant],
    jobs: int = 1,
    by: Judge = judge,
    seconds: float = SECONDS,
    progress: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """What becomes of each mutant; ``progress`` hears of every one."""
    _Work.mutants, _Work.judge, _Work.seconds = mutants, by, seconds
    found: list[Outcome] = []
    for each in _outcomes(len(mutants), jobs):
        found.append(each)
        progress(each)
    return found


def _outcomes(count: int, jobs: int) -> Iterator[Outcome]:
    if jobs == 1:
        yield from map(_outcome, range(count))
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap(_outcome, range(count), CHUNK)


def _outcome(number: int) -> Outcome:
    return outcome(_Work.mutants[number], _Work.judge, _Work.seconds)
