"""Work on each of some things in a process of its own, which may fail, loop or ask for memory.

What a process has sent before it ends counts; the processor's time and the memory it may take are
bounded by the system, so that nothing in it can get round that.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

T = TypeVar("T")
BYTES = 4 * 2**30  # of addresses
Work = Callable[[T, Callable[[Any], None]], None]


def in_forks(
    work: Work[T], things: Sequence[T], jobs: int, seconds: int
) -> Iterator[tuple[T, list[Any]]]:
    """For each thing what ``work(thing, send)`` sent, in the order in which they end."""
    fork = multiprocessing.get_context("fork")
    left = list(reversed(things))
    running: dict[Connection, tuple[Any, T, list[Any]]] = {}
    try:
        while left or running:
            while left and len(running) < jobs:
                thing = left.pop()
                receiving, sending = fork.Pipe(duplex=False)
                process = fork.Process(target=_bounded, args=(work, thing, sending, seconds))
                process.start()
                sending.close()
                running[receiving] = process, thing, []
            for one in wait(list(running)):
                assert isinstance(one, Connection)
                process, thing, sent = running[one]
                try:
                    sent.append(one.recv())
                except (EOFError, OSError):
                    process.join()
                    one.close()
                    del running[one]
                    yield thing, sent
    finally:
        for process, _, _ in running.values():
            process.kill()


def _bounded(work: Work[T], thing: T, sending: Connection, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    work(thing, sending.send)
