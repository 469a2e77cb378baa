"""Recurrences that displays introduce: ``a_t = U x_t + W h_{t-1}`` and ``h_t = \\tanh(a_t)``.

The rows of a display that say what undeclared names are, by one another at other members, are taken
for the lines of one recurrence, as they would be where these names are declared so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from derivations.reader.attempts import Attempts
from derivations.reader.chains import Statement
from derivations.reader.declare.block import Known
from derivations.reader.declare.introduction import Beside, introduced_in_steps, is_new_family
from derivations.reader.declare.recurrences import Pair, awaits, is_closed, with_recurrence
from derivations.reader.elaborate import IllFormed
from derivations.reader.introducing import is_plain, tree_of
from derivations.reader.problem import Unreadable
from derivations.reader.refusal import read_by
from derivations.reader.scope import Scope


@dataclass(frozen=True)
class Recurring:
    """What is known with a recurrence, and the names that statements say of it, by their number."""

    known: Known
    names: Mapping[int, str]


def recurring(
    statements: Sequence[Statement], start: int, known: Known, attempts: Attempts, beside: Beside
) -> Recurring | None:
    """The recurrence that begins with the statement of this number; None where none does."""
    pairs = _pairs(statements, start, known, attempts, beside)
    if start not in pairs:
        return None
    waiting = {
        number: pair
        for number, pair in pairs.items()
        if awaits(*pair, list(pairs.values()), known.scope)
    }
    found = list(waiting.values())
    if start not in waiting or not is_closed(found, known.scope):
        return None
    first = statements[start].sides[0]

    def piece() -> Scope:
        for pair in found:
            known.lost.require_none(pair, known.scope)
        return with_recurrence(found, known.scope)

    try:
        scope = read_by(attempts, piece, first.place, first.latex)
    except (IllFormed, Unreadable) as problem:
        if isinstance(problem, Unreadable) and problem.what.startswith("where does it start?"):
            first.problem = first.problem or problem
        return None
    introductions, names = known.introductions, {}
    for number, (head, _) in waiting.items():
        one = introduced_in_steps(head, scope, beside)
        introductions = introductions.with_one(one)
        names[number] = one.name
    return Recurring(replace(known, scope=scope, introductions=introductions), names)


def _pairs(
    statements: Sequence[Statement], start: int, known: Known, attempts: Attempts, beside: Beside
) -> dict[int, Pair]:
    """The statements from this one on that say what the members of an undeclared name are."""
    found: dict[int, Pair] = {}
    for number, each in enumerate(statements[start:], start):
        trees = [tree_of(side, attempts) for side in each.sides]
        head, body = trees[:2]
        if head is None or body is None or not is_plain(each, trees, known.scope):
            continue
        if beside.equates(each.sides[0].latex):
            continue
        if is_new_family(head, known.scope, known.introductions):
            found[number] = (head, body)
    return found
