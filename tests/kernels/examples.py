"""The cases that a property is tried on, drawn once so that many mutants can share them."""

from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from tests.kernels.properties.property import Property


@cache
def examples(prop: Property, count: int) -> list[Any]:
    """The same `count` cases on every run; fewer where the property has no more."""
    drawn: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(prop.strategy)
    def collect(case: Any) -> None:
        drawn.append(case)

    # Hypothesis seeds a derandomized test from its name and source, the same for all of them.
    collect()
    return drawn
