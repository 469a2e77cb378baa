"""The words a statement is written in: its named functions and the ranges of its indices."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Basic, preorder_traversal

from derivations.claim import Claim
from derivations.indices import free_indices
from derivations.language.index_form import entry_of
from derivations.language.index_nodes import Defined
from derivations.language.tree import Misfit
from derivations.report.notation import mathematics


def definitions(claim: Claim) -> list[str]:
    """Each named function of the statement and what it stands for, those it rests on after it."""
    return list(meanings(_entries(claim)).values())


def meanings(expressions: Iterable[Basic]) -> dict[type[Defined], str]:
    """The definitions that the expressions use, and after them those that these rest on."""
    found: dict[type[Defined], str] = {}
    waiting = list(expressions)
    while waiting:
        for node in preorder_traversal(waiting.pop(0)):
            if isinstance(node, Defined) and node.func not in found:
                name = mathematics(node.func(*node.params))
                found[node.func] = f"{name} = {mathematics(node.body)}"
                waiting.append(node.body)
    return found


def ranges(claim: Claim) -> list[str]:
    """The indices the statement leaves free, each with the set it may be any member of."""
    free = {index for entry in _entries(claim) for index in free_indices(entry)}
    sets: dict[str, list[str]] = {}
    for index in sorted(free, key=str):
        space = index.space
        limits = f"{mathematics(space.lower)}..{mathematics(space.upper)}"
        called = "" if space.name == limits else f" ({space.name})"
        sets.setdefault(f"in {limits}{called}", []).append(index.name)
    return [f"{', '.join(names)} {limits}" for limits, names in sets.items()]


def _entries(claim: Claim) -> list[Basic]:
    if claim.misfit is None:
        return [claim.sides.left, claim.sides.right]
    sides = (claim.left, claim.right)
    return [entry_of(side, claim.names)[0] for side in sides if not isinstance(side, Misfit)]
