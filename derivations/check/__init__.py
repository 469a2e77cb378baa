"""Checking code against a claim: any implementation, in ball arithmetic, on inputs that hurt."""

from derivations.check.finding import Finding, Kind
from derivations.check.question import BadArguments
from derivations.check.report import CheckReport, KernelWrong
from derivations.check.run import check_kernel

__all__ = ["BadArguments", "CheckReport", "Finding", "KernelWrong", "Kind", "check_kernel"]
