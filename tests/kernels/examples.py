"""The cases that a property is tried on, drawn once so that its mutants can share them."""

import warnings
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.kernels.properties.property import Property


def times(more: int) -> pytest.MarkDecorator:
    """Parameter ``times``: as many cases as the profile says, and ``more`` times them, slowly."""
    return pytest.mark.parametrize("times", [1, pytest.param(more, marks=pytest.mark.slow)])


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


def first_kill(prop: Property, kernels: Any, cases: list[Any]) -> int | None:
    """How many cases it takes to see kernels fail; None if they survive them all.

    Kernels that raise on a legal call have failed, too.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, case in enumerate(cases, start=1):
            try:
                prop.check(kernels, case)
            except Exception:
                return number
    return None


def survivors(
    prop: Property, mutants: Mapping[str, Any], correct: Any, counts: Collection[int]
) -> list[str]:
    """The mutants that a property lets pass: of few cases, and only if need be of more.

    Drawing cases is what takes long, and nearly all mutants fall to the first ones. The correct
    kernels have to pass all that is drawn: what kills a mutant is its own fault.
    """
    left = dict(mutants)
    for count in counts:
        if not left:
            break
        cases = examples(prop, count)
        assert cases
        for case in cases:
            prop.check(correct, case)
        left = {name: one for name, one in left.items() if first_kill(prop, one, cases) is None}
    return list(left)
