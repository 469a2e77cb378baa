"""The guards: both meanings compared, on random terms and on written ones; values by hand."""

from __future__ import annotations

from functools import cache
from random import Random
from types import ModuleType

import numpy as np

from derivations.language import direct, index_form
from derivations.language.tree import Term
from derivations.proof.index_evaluation import Instance
from tests.language.agreement import Form, Outcome, compared, compared_with, form_of
from tests.language.by_numpy import value
from tests.language.faults.fault import Fault
from tests.language.terms import made
from tests.language.test_direct import BY_HAND
from tests.language.test_planted_in_index_form import TERMS
from tests.language.vocabulary import INSTANCES

SEED = 1
Case = tuple[Term, Instance]


@cache
def cases(count: int) -> list[Case]:
    """Random terms with an instance each: the same ones on every run."""
    rng = Random(SEED)
    return [(made(rng.choice), rng.choice(INSTANCES)) for _ in range(count)]


@cache
def _right_form(number: int, count: int) -> Form | None:
    return form_of(cases(count)[number][0])


def first_difference(fault: Fault | None, count: int) -> int | None:
    """The number of the first random term on which the meanings differ, or one of them breaks."""
    two, one = _modules(fault)
    for number, (term, instance) in enumerate(cases(count)):
        try:
            form = _right_form(number, count) if one is index_form else form_of(term, one)
            outcome = compared_with(form, term, instance, two)
        except Exception:
            if fault is None:
                raise
            return number + 1
        if outcome is Outcome.DIFFER:
            return number + 1
    return None


def differs_on_written(fault: Fault) -> bool:
    """Whether the meanings differ, or one breaks, on a term that was written for such faults."""
    two, one = _modules(fault)
    pairs = ((term, instance) for term in TERMS for instance in INSTANCES)
    try:
        return any(compared(*pair, two, one) is Outcome.DIFFER for pair in pairs)
    except Exception:
        return True


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
