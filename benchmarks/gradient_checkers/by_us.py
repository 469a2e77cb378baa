"""This project: `derivations.check_kernel` with its default settings."""

from __future__ import annotations

from benchmarks.gradient_checkers.kernel import Kernel
from derivations import check_kernel

NAME = "check_kernel"


def load() -> None:
    """Nothing else is needed."""


def catches(kernel: Kernel, count: int, seed: int) -> str:
    """What it is called, empty where nothing is found; points are its own."""
    subject = kernel.subject
    report = check_kernel(
        kernel.make(),
        subject.claim,
        subject.arguments,
        derivation=subject.derivation,
        saturated=not kernel.ordinary,
        seed=seed,
    )
    return "; ".join(dict.fromkeys(finding.kind.value for finding in report.findings))
