"""A share of the planted bugs, and slowly all of them, as `benchmarks.gradient_checkers` does."""

from __future__ import annotations

import pytest

from benchmarks.gradient_checkers.escaping_kernels import ESCAPING, TWINS
from benchmarks.gradient_checkers.kernels import SOFTMAX, Kernel
from benchmarks.gradient_checkers.planted import PLANTED
from derivations import CheckReport, check_kernel
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


# Kernels made to escape: nine in ten of those within the contract are found, no twin is accused.
#
# A share of them in every run, those of one subject so that what is right is worked out once; all
# of them slowly, and by `python -m benchmarks.gradient_checkers`.


COVERED = [each.kernel for each in ESCAPING if each.covered]
SHARE_OF_ESCAPING = 8
ENOUGH = 0.9


def report(kernel: Kernel, **options: object) -> CheckReport:
    subject = kernel.subject
    return check_kernel(
        kernel.make(),
        subject.claim,
        subject.arguments,
        derivation=subject.derivation,
        **{"dtypes": ["float64"], "count": 0} | options,
    )


def some(kernels: list[Kernel]) -> list[Kernel]:
    return [kernel for kernel in kernels if kernel.subject is SOFTMAX][::SHARE_OF_ESCAPING]


LAST = 5  # the kinds that were found last


@pytest.mark.parametrize("kernel", some(COVERED) + COVERED[-LAST:], ids=lambda kernel: kernel.name)
def test_a_kernel_that_small_inputs_let_through_is_found(kernel: Kernel) -> None:
    assert not report(kernel).ok, kernel.what


@pytest.mark.parametrize("kernel", some(TWINS), ids=lambda kernel: kernel.name)
def test_its_correct_twin_is_not_accused(kernel: Kernel) -> None:
    found = report(kernel)
    assert found.ok, found


@pytest.mark.slow  # all of them: minutes
def test_nine_in_ten_of_all_are_found() -> None:
    missed = [kernel.name for kernel in COVERED if report(kernel).ok]
    assert len(missed) <= (1 - ENOUGH) * len(COVERED), missed


@pytest.mark.slow  # all of them: minutes
def test_no_twin_at_all_is_accused() -> None:
    accused = [kernel.name for kernel in TWINS if not report(kernel).ok]
    assert not accused


def test_there_are_seventy_five_of_them_each_with_a_name() -> None:
    assert len({each.kernel.name for each in ESCAPING}) == len(ESCAPING) >= 75
