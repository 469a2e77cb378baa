"""Judging many claims at once, one process a core.

A claim stays where it is: worker processes are forked with all claims at hand, are told an id
and answer with plain evidence, so that no expression is ever sent between processes.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from derivations.claim import Claim, Judgement
from derivations.proof.judge import Disagreement, judge

Judge = Callable[[Claim, str], Judgement]
MOST_PROCESSES = 8


class Disagreed(Exception):
    """Two arguments about one claim came to different ends: an error of this project."""


class _Work:
    """What every process has at hand: set before the processes are forked."""

    claims: dict[str, Claim]
    judge: Judge
    sizes: str


def judge_all(
    claims: Sequence[Claim],
    by: Judge | None,
    sizes: str,
    on_judged: Callable[[str], None],
) -> list[Judgement]:
    """The judgements in the order of ``claims``; ``on_judged`` hears of each in that order.

    ``by`` stands in for the judge where the command itself is tested.
    """
    _Work.claims = {claim.id: claim for claim in claims}
    _Work.judge, _Work.sizes = by or judge, sizes
    processes = min(_cores(), len(claims), MOST_PROCESSES)
    if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return _attached(claims, map(_evidence, _Work.claims), on_judged)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, context, _leave_interrupts_to_parent) as pool:
        try:
            futures = {}
            with _interrupts_held():  # the first share forks all processes
                for names in _shares(claims, sizes):
                    futures.update(dict.fromkeys(names, pool.submit(_evidences, names)))
            found = (futures[claim.id].result()[claim.id] for claim in claims)
            return _attached(claims, found, on_judged)
        except BaseException:
            # nobody will read what is still being judged
            for child in multiprocessing.active_children():
                child.kill()
            raise


def _shares(claims: Sequence[Claim], sizes: str) -> list[list[str]]:
    """What one process is given at a time, the largest share first.

    The claims and slips of a part are about the same derivatives, which are then taken once.
    At full sizes derivatives are the least of the work, and each claim is a share of its own.
    """
    shares: dict[str, list[str]] = {}
    for claim in claims:
        shares.setdefault(claim.id if sizes == "full" else claim.part, []).append(claim.id)
    return sorted(shares.values(), key=len, reverse=True)


def _evidences(names: Sequence[str]) -> dict[str, dict[str, Any] | str]:
    return {name: _evidence(name) for name in names}


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Interrupts wait until the end; a process forked meanwhile never takes one.

    Between its fork and `_leave_interrupts_to_parent` a process would answer with a traceback.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _evidence(name: str) -> dict[str, Any] | str:
    """A judgement without its claim, or the text of a disagreement."""
    try:
        judgement = _Work.judge(_Work.claims[name], _Work.sizes)
    except Disagreement as disagreement:
        return str(disagreement)
    except Exception as error:
        error.add_note(f"while judging {name}")
        raise
    names = [field.name for field in fields(Judgement) if field.name != "claim"]
    return {name: getattr(judgement, name) for name in names}


def _attached(
    claims: Iterable[Claim],
    found: Iterable[dict[str, Any] | str],
    on_judged: Callable[[str], None],
) -> list[Judgement]:
    judgements = []
    for claim, evidence in zip(claims, found, strict=True):
        if isinstance(evidence, str):
            raise Disagreed(f"about {claim.id}:\n  {evidence}")
        judgements.append(Judgement(claim, **evidence))
        on_judged(claim.id)
    return judgements
