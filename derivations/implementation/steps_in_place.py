"""Steps in place: what is right of the difference of an argument before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.implementation.call import Kernel
from derivations.implementation.case import Case
from derivations.implementation.exact import Floats, Right

ROUNDINGS = 2.0  # of the argument: the step itself, and the difference here


@dataclass(frozen=True, eq=False)
class Stepped:
    """A gradient that was subtracted from an argument: the sum is rounded as well."""

    of: Right
    before: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return self.of.shape

    @property
    def apart(self) -> tuple[Floats, Floats]:
        """The values as sums of two floats."""
        return self.of.apart

    @property
    def reach(self) -> float:
        """The largest score."""
        return self.of.reach

    @property
    def scales(self) -> Floats:
        """The scale, and the sizes of what is added."""
        return self.of.scales + self._added

    @property
    def floors(self) -> Floats:
        """What underflow may cost."""
        return self.of.floors

    @property
    def naives(self) -> Floats:
        """What naive sums cost."""
        return self.of.naives + self._added

    @property
    def _added(self) -> Floats:
        sizes = abs(np.asarray(self.before, dtype=np.float64)) + abs(self.of.apart[0])
        return np.asarray(ROUNDINGS * sizes)


def stepped(kernel: Kernel, case: Case, right: Mapping[str, Right]) -> Mapping[str, Right]:
    """What is right, of results that are steps where they are."""
    if not kernel.stepped:
        return right
    pairs = zip(kernel.problem.judged, kernel.stepped, strict=True)
    return {out.name: Stepped(right[out.name], case.values[name]) for out, name in pairs}
