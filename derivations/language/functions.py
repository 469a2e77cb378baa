"""Catalogue of elementary functions: one row holds everything the project knows of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr, exp, log


@dataclass(frozen=True)
class Elementary:
    """One function of a real number.

    ``commands`` are its names in LaTeX, the first the one it is printed as; ``symbolic`` is its
    meaning in index notation, ``operation`` the method of a domain of values (`proof/domain.py`).
    """

    name: str
    commands: tuple[str, ...]
    symbolic: Callable[[Expr], Expr]
    operation: str


EXP = Elementary("exp", ("exp",), exp, "exp")
LOG = Elementary("log", ("log", "ln"), log, "log")

ELEMENTARY = {command: each for each in (EXP, LOG) for command in each.commands}
