"""math-verify: each side parsed from its LaTeX, the left as the reference, the right as answer.

It is made for comparing answers, and reads what a formula says by itself: it is not told what is
declared, nor under which conditions a line is meant. Markup is taken off before. A side that it
finds no formula in counts as not read.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from benchmarks.checkers.case import Case, Checker, Opinion


@cache
def _package() -> Any:
    """Exits with what to install where the package is missing."""
    try:
        import math_verify
    except ModuleNotFoundError:
        sys.exit("this comparison needs math-verify: pip install '.[checkers]', or --without it")
    return math_verify


@cache
def _parsed(side: str) -> Any:
    package = _package()
    config = package.LatexExtractionConfig()
    return package.parse(f"${side}$", [config], fallback_mode="no_fallback")


def says(case: Case) -> Opinion:
    """Accepted where it verifies the right side as an answer to the left one."""
    left, right = map(_parsed, case.latex)
    if not left or not right:
        return Opinion.SILENT
    return Opinion.ACCEPTED if _package().verify(left, right) else Opinion.REJECTED


CHECKER = Checker("math-verify", "the LaTeX of both sides, as reference and answer", says)
