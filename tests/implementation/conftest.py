"""What is right of an input is worked out once, however many functions are tried on it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pytest

from derivations.implementation import kernel_check
from derivations.implementation.exact import expected
from derivations.implementation.inputs import Case
from derivations.implementation.large import at_once
from derivations.implementation.question import Problem

KNOWN: dict[Hashable, Any] = {}


def remembered(problem: Problem, case: Case) -> Any:
    key = ("small", *described(problem, case))
    if key not in KNOWN:
        KNOWN[key] = expected(problem, case)
    return KNOWN[key]


def remembered_large(problem: Problem, case: Case) -> Any:
    key = ("large", *described(problem, case))
    if key not in KNOWN:
        KNOWN[key] = at_once(problem, case)
    return KNOWN[key]


def described(problem: Problem, case: Case) -> tuple[Hashable, ...]:
    values = ((name, contents(value)) for name, value in case.values.items())
    return (problem, np.dtype(case.dtype), *case.sizes.items(), *values)


def contents(value: Any) -> Hashable:
    array = np.asarray(value)
    return array.dtype, array.shape, array.tobytes()


@pytest.fixture(autouse=True)
def _answers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_check, "expected", remembered)
    monkeypatch.setattr(kernel_check, "at_once", remembered_large)
