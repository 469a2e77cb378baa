"""pycodemath's ``check_equal`` on both sides written out in components at one small size.

It proves by SymPy's simplification, refutes at sampled points with certified digits, and says
which of the two it did. The components are those that SymPy's ``equals`` is asked about, with
derivatives taken, and letters that its reader takes for names.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from sympy import Expr, Symbol

from benchmarks.checkers.by_equals import components
from benchmarks.checkers.case import Case, Checker, Opinion


@cache
def _package() -> Any:
    """Exits with what to install where the package is missing."""
    try:
        import pycodemath.core.errors
        import pycodemath.verify
    except ModuleNotFoundError:
        sys.exit("this comparison needs pycodemath: pip install '.[checkers]', or --without it")
    return pycodemath


def says(case: Case) -> Opinion:
    """Accepted where every component is verified, rejected where one is refuted."""
    sides = components(case)
    if sides is None:
        return Opinion.SILENT
    found = set()
    for left, right in zip(*sides, strict=True):
        found.add(_verdict(left, right))
        if "refuted" in found:
            return Opinion.REJECTED
    return Opinion.ACCEPTED if found == {"verified"} else Opinion.SILENT


def _verdict(left: Expr, right: Expr) -> str:
    symbols = sorted(left.free_symbols | right.free_symbols, key=str)
    names = {old: Symbol(f"x{number}") for number, old in enumerate(symbols)}
    package = _package()
    try:
        verdict = package.verify.check_equal(str(left.xreplace(names)), str(right.xreplace(names)))
    except (
        package.core.errors.PycodemathError
    ):  # outside of what it reads, as an undefined function
        return "undecided"
    return str(verdict.status.value).lower()


CHECKER = Checker(
    "pycodemath check_equal",
    "in components at N = 4, d = 2, K = 2, m = 1",
    says,
    components=True,
)
