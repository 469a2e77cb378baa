"""Checking code against a claim: any implementation, in ball arithmetic, on inputs that hurt.

kernel_check    the check itself, as a function and as a command: the calls of a run, in order

what is asked
question        arguments with their domains, results as claims, how a function is called
known_subjects  the losses of this project by name, and lines of any derivation
resolve         which argument stands for which symbol, which results, factors and directions

what it is tried on
inputs          sizes, words and numbers that are chosen so that mistakes show
calling         arguments the way a function takes them, its results as arrays

what is right
exact           in balls, with the condition scale B of every entry (running error analysis)
large           of large inputs, at all entries at once, with a bound on error

what is found
comparison      a result against what is right, in units of u B
diagnosis       what wrong results look like, and what explains them
contract        memory, NaN, other orders of the same calls: what a kernel may not do
check_report    findings, what was tried, and how both are shown
"""

from derivations.implementation.check_report import CheckReport, Finding, KernelWrong, Kind
from derivations.implementation.kernel_check import check_kernel
from derivations.implementation.question import BadArguments

__all__ = ["BadArguments", "CheckReport", "Finding", "KernelWrong", "Kind", "check_kernel"]
