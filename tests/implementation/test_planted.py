"""A share of the planted bugs, and slowly all of them, as `benchmarks.gradient_checkers` does."""

from __future__ import annotations

import pytest

from benchmarks.gradient_checkers.kernel import Kernel
from benchmarks.gradient_checkers.planted import PLANTED
from tests.implementation.kernels import quick

SHARE = 10  # every tenth; all of them take a minute


@pytest.mark.parametrize(
    "bug",
    [
        pytest.param(bug, marks=[pytest.mark.slow] if n % SHARE else [])
        for n, bug in enumerate(PLANTED)
    ],
    ids=lambda bug: bug.name,
)
def test_a_planted_bug_is_caught(bug: Kernel) -> None:
    subject = bug.subject
    single = "HalfPrecision" in bug.name or bug.what.startswith("float32 in")
    precisions = ["float32"] if single else ["float64"]
    report = quick(
        bug.make(),
        subject.claim,
        subject.arguments,
        derivation=subject.derivation,
        dtypes=precisions,
    )
    assert not report.ok, bug.what


def test_there_are_at_least_forty_planted_bugs_each_with_a_name_and_a_word_about_it() -> None:
    assert len({bug.name for bug in PLANTED}) == len(PLANTED) >= 40
    assert all(bug.what for bug in PLANTED)
