"""One instance of a line, and its sides entry by entry."""

from __future__ import annotations

from itertools import islice, product
from typing import Any

from benchmarks.checkers.case import Case
from derivations.proof.evaluate import Interpreter
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.index_evaluation import Instance, Places
from derivations.repair.screening import Sizes, points


def drawn(case: Case, sizes: Sizes, seed: int, among: int = 1) -> Instance | None:
    """Sizes and words that meet the conditions; None where none are found.

    Of so many draws, the one in which the most words are different.
    """
    found = points(case.scope, case.claim.conditions, sizes, seed)
    instances = [point.instance for point in islice(found, among)]
    letters = [i.name for i in case.scope.letters.values() if i.space.labels]
    return max(instances, key=lambda each: _different(each, letters), default=None)


def _different(instance: Instance, letters: list[str]) -> int:
    words = {instance.indices[name] for name in letters}
    return len(words) + len(set(instance.words.values()))


def entries(case: Case, interpreter: Interpreter[Any]) -> tuple[list[Any], list[Any]] | None:
    """All entries of both sides; None where one has no value."""
    sides = case.claim.sides
    reader = Places(interpreter.instance)
    members = [reader.members(axis.space.lower, axis.space.upper, {}) for axis in sides.axes]
    try:
        scopes = [dict(zip(sides.axes, at, strict=True)) for at in product(*members)]
        return (
            [interpreter.value(sides.left, scope) for scope in scopes],
            [interpreter.value(sides.right, scope) for scope in scopes],
        )
    except (NoValue, OutsideFragment, ZeroDivisionError):
        return None
