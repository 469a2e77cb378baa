"""Recurrences that displays introduce: ``a_t = U x_t + W h_{t-1}`` and ``h_t = \\tanh(a_t)``.

The rows of a display that say what undeclared names are, by one another at other members, are taken
for the lines of one recurrence, as they would be where these names are declared so. So are displays
one behind the other that do nothing else. A name may be that of a number as well: h_t beside a
size h.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from derivations.reader.attempts import Attempts
from derivations.reader.chains import Statement, statements
from derivations.reader.declare.block import Known
from derivations.reader.declare.introduction import (
    Beside,
    beside_number,
    introduced_in_steps,
    is_new_family,
)
from derivations.reader.declare.recurrences import Pair, awaits, is_closed, with_recurrence
from derivations.reader.document import Chain
from derivations.reader.elaborate import IllFormed
from derivations.reader.introducing import is_plain, tree_of
from derivations.reader.problem import Unreadable
from derivations.reader.refusal import read_by
from derivations.reader.scope import Scope

MOST_TOGETHER = 16  # displays that are searched for the lines of one recurrence
_STEP = re.compile(r"[-+]\s*1\s*[})]")


@dataclass(frozen=True)
class Recurring:
    """What is known with a recurrence, and the names that statements say of it, by their number."""

    known: Known
    names: Mapping[int, str]


def in_one(
    chains: Iterable[Chain], known: Known, attempts: Attempts, beside: Beside
) -> list[Chain]:
    """The first chains that are one recurrence: nothing but the equalities that it is made of.

    One chain where there is none, or where words or remarks between may say more.
    """
    run = list(islice(chains, MOST_TOGETHER))
    first = run[0]
    if first.series or not any(map(_has_step, run)):
        return [first]
    held: list[Statement] = []
    ends: list[int] = []  # how many statements there are up to the end of each chain
    for each in run:
        new = _alone(each, known, attempts, beside)
        if not new:
            break
        held += new
        ends.append(len(held))
    pairs = _pairs(held, 0, known, attempts, beside)
    everything = list(pairs.values())
    waiting = [n for n, pair in pairs.items() if awaits(*pair, everything, known.scope)]
    if not waiting or waiting[0] or not is_closed([pairs[n] for n in waiting], known.scope):
        return [first]
    count = next(n for n, end in enumerate(ends, 1) if end > waiting[-1])
    return run[:count]


def joined(chains: Sequence[Chain]) -> Chain:
    """One chain of the displays of several."""
    return replace(
        chains[0],
        displays=[display for each in chains for display in each.displays],
        notes=[note for each in chains for note in each.notes],
        supposed=[one for each in chains for one in each.supposed],
        beside=[one for each in chains for one in each.beside],
        told=[one for each in chains for one in each.told],
    )


def _has_step(chain: Chain) -> bool:
    return any(_STEP.search(display.span.text) for display in chain.displays)


def _alone(chain: Chain, known: Known, attempts: Attempts, beside: Beside) -> list[Statement]:
    """The statements of a chain in which each says what a name is; empty where one does not."""
    if chain.series or chain.remarks or chain.perhaps:
        return []
    try:
        found = statements(chain.displays)
    except Unreadable:
        return []
    plain = all(len(each.sides) == 2 for each in found)
    return found if plain and len(_pairs(found, 0, known, attempts, beside)) == len(found) else []


def recurring(
    statements: Sequence[Statement], start: int, known: Known, attempts: Attempts, beside: Beside
) -> Recurring | None:
    """The recurrence that begins with the statement of this number; None where none does."""
    pairs = _pairs(statements, start, known, attempts, beside)
    if start not in pairs:
        return None
    numbers = {each for head, _ in pairs.values() if (each := beside_number(head, known.scope))}
    things = {name: each for name, each in known.scope.things.items() if name not in numbers}
    without = replace(known.scope, things=things)
    waiting = {
        number: pair
        for number, pair in pairs.items()
        if awaits(*pair, list(pairs.values()), without)
    }
    found = list(waiting.values())
    if start not in waiting or not is_closed(found, without):
        return None
    first = statements[start].sides[0]

    def piece() -> Scope:
        for pair in found:
            known.lost.require_none(pair, known.scope)
        return with_recurrence(found, without)

    try:
        scope = read_by(attempts, piece, first.place, first.latex)
    except (IllFormed, Unreadable) as problem:
        if isinstance(problem, Unreadable) and problem.what.startswith("where does it start?"):
            first.problem = first.problem or problem
        return None
    families = {name: each for name, each in scope.things.items() if name in numbers}
    numbers_ = {name: each for name, each in known.scope.things.items() if name in numbers}
    scope = replace(
        scope, things={**scope.things, **numbers_}, families={**scope.families, **families}
    )
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
