"""Which lines of the committed files are run on symbols."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from codegen.execute.prove import QUICK, loadings, names_of, report
from codegen.subjects import MODULES
from tests.code_mutants.layers import FUNCTIONS, STATED
from tests.code_mutants.package import TEXTS


def executed_lines() -> dict[str, set[int]]:
    """By file; arguments are checked on floats, and these lines are counted as not run."""
    found: dict[str, set[int]] = {}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        path = frame.f_code.co_filename
        if not path.startswith("generated/"):
            return None
        if event == "line":
            found.setdefault(path.removeprefix("generated/"), set()).add(frame.f_lineno)
        return trace

    ways = loadings(TEXTS)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for name in names_of(MODULES):
            report(name, FUNCTIONS.get(name), STATED, ways, QUICK)
    finally:
        sys.settrace(before)
    return found
