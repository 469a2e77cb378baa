"""Seconds of work, whoever else uses the machine."""

from __future__ import annotations

from time import perf_counter, process_time


class Stopwatch:
    """Runs from `start` to `stop`, again and again.

    Its seconds are those that the processors worked for this process, so that other work beside it
    does not count; or those of the clock where they are fewer, as with threads that overlap.
    """

    def __init__(self) -> None:
        self._worked, self._passed = 0.0, 0.0

    def start(self) -> None:
        """Go on from here."""
        self._worked -= process_time()
        self._passed -= perf_counter()

    def stop(self) -> None:
        """Stand still; while it runs `seconds` says nothing."""
        self._worked += process_time()
        self._passed += perf_counter()

    @property
    def seconds(self) -> float:
        """The lesser of both."""
        return min(self._worked, self._passed)
