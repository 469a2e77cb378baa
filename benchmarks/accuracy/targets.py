"""What the kernels of this project have to keep to, and whether they did."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.accuracy.condition import LIMIT
from benchmarks.accuracy.measure import Measured

NOT_PROMISED = ("one-sided sums",)  # help(generated) says that these can be further off
ULPS = {"sigmoid": 2.5, "log_sigmoid": 2.0}  # in float64, on every range


@dataclass(frozen=True)
class Target:
    """A limit, the largest error that was found, and whether the kernels promise to keep to it."""

    what: str
    limit: float
    found: float
    promised: bool = True

    @property
    def met(self) -> bool:
        """Whether nothing was worse than the limit."""
        return self.found <= self.limit


def targets(measured: Measured, name: str) -> list[Target]:
    """The targets for one implementation, of which something has to have been measured."""
    found = [
        Target(
            f"{function} in float64, ulp",
            limit,
            max(
                each.ulps
                for each in measured.scalars
                if (each.function, each.dtype, each.implementation) == (function, "float64", name)
            ),
        )
        for function, limit in ULPS.items()
    ]
    mine = [each for each in measured.conditioned if each.implementation == name]
    for cases in dict.fromkeys(each.cases for each in mine):
        worst = max(max(each.worst.values()) for each in mine if each.cases == cases)
        promised = cases not in NOT_PROMISED
        found.append(Target(f"losses and gradients, {cases}, u B", LIMIT, worst, promised))
    return found
