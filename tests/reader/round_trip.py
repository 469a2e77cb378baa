"""Printing what was read and reading it again, for tests."""

from __future__ import annotations

from derivations.reader.meaning import Scope
from sympy import Expr

from derivations.language.tree import Array
from derivations.reader.elaborate import Here, number
from derivations.reader.formula import formula
from derivations.reader.latex import Formula, side
from derivations.reader.source import Source
from tests.reader.levels import levelled


def read_back(printed: Formula) -> Expr:
    """What a printed formula is read as, under its own scope."""
    here = Here(printed.scope)
    value = number(formula(Source(printed.text).whole), here)
    assert not value.axes
    assert not here.notes
    return value.entry


def lost(array: Array, scope: Scope) -> str:
    """How the general entry of an array differs from what its text is read as; empty if it is it.

    What the printer itself finds to be unreadable counts as different too.
    """
    printed = side(array, scope)
    pairs = zip(array.axes, printed.axes, strict=True)
    named = {old: new for old, new in pairs if old is not None and new is not None}
    assert len(set(named.values())) == len(named)
    before, after = levelled(array.entry, named), levelled(read_back(printed))
    return "" if before == after else f"{array.entry}\n{printed.text}\n{before}\n{after}"
