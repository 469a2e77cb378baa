"""What may be asked of a contender; one that needs more is left out, and it is said why."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.batch.contender import Contender
from benchmarks.batch.size import Size

MOST_WRITTEN = 2e9


@dataclass(frozen=True)
class Bounds:
    """GiB that are held at once, as estimated, and seconds that the first call takes."""

    memory: float = 6.0
    seconds: float = 20.0

    def too_large(self, contender: Contender, size: Size) -> str | None:
        """Why a contender is not asked at this size."""
        needed = contender.entries(size) * size.itemsize / 2**30
        if needed > self.memory:
            return f"needs about {needed:.1f} GiB (--memory {self.memory:g})"
        if (written := contender.writes(size)) > MOST_WRITTEN:
            return f"writes {written:.1e} numbers a call, more than {MOST_WRITTEN:.0e}"
        return None

    def too_slow(self, seconds: float) -> str | None:
        """Why a contender is not timed after its first call."""
        if seconds > self.seconds:
            return f"the first call took {seconds:.0f} s (--seconds {self.seconds:g})"
        return None
