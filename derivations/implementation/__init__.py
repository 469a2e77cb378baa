"""Checking code against a claim: any implementation, in ball arithmetic, on inputs that hurt."""

from derivations.implementation.finding import Finding, Kind
from derivations.implementation.question import BadArguments
from derivations.implementation.report import CheckReport, KernelWrong
from derivations.implementation.run import check_kernel

__all__ = ["BadArguments", "CheckReport", "Finding", "KernelWrong", "Kind", "check_kernel"]
