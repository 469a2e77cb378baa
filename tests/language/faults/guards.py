"""The guards: both meanings compared on random terms, and values by hand."""

from __future__ import annotations

from functools import cache
from types import ModuleType

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from derivations.language import direct, index_form
from derivations.language.tree import Term
from derivations.proof.places import Instance
from tests.language.agreement import Outcome, compared
from tests.language.by_numpy import value
from tests.language.faults.fault import Fault
from tests.language.terms import terms
from tests.language.test_direct import BY_HAND
from tests.language.vocabulary import INSTANCES

Case = tuple[Term, Instance]


@cache
def cases(count: int) -> list[Case]:
    """Random terms with an instance each: the same ones on every run."""
    drawn: list[Case] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(terms(), st.sampled_from(INSTANCES))
    def collect(term: Term, instance: Instance) -> None:
        drawn.append((term, instance))

    collect()
    return drawn


def first_difference(fault: Fault | None, count: int) -> int | None:
    """The number of the first random term on which the meanings differ, or one of them breaks."""
    two, one = _modules(fault)
    for number, (term, instance) in enumerate(cases(count), start=1):
        try:
            outcome = compared(term, instance, two, one)
        except Exception:
            if fault is None:
                raise
            return number
        if outcome is Outcome.DIFFER:
            return number
    return None


def first_by_hand(fault: Fault) -> str | None:
    """The first value by hand that a fault of meaning two changes."""
    two, _ = _modules(fault)
    for name, (term, expected) in BY_HAND.items():
        wanted = np.atleast_2d(np.asarray(expected, dtype=np.float64))
        try:
            got = value(term, two=two)
        except Exception:
            return name
        if got.shape != wanted.shape or not np.allclose(got, wanted, rtol=1e-12, atol=0):
            return name
    return None


def _modules(fault: Fault | None) -> tuple[ModuleType, ModuleType]:
    """Meaning two and meaning one, the fault in one of them."""
    if fault is None:
        return direct, index_form
    if fault.module is direct:
        return fault.planted(), index_form
    return direct, fault.planted()
