"""Checking code against a claim: any implementation, in ball arithmetic, on inputs that hurt."""

from derivations.implementation.check_report import CheckReport, Finding, KernelWrong, Kind
from derivations.implementation.kernel_check import check_kernel
from derivations.implementation.question import BadArguments

__all__ = ["BadArguments", "CheckReport", "Finding", "KernelWrong", "Kind", "check_kernel"]
