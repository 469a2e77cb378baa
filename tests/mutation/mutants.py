"""Mutants: true lines with one slip, drawn evenly from all parts and all kinds of slips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from random import Random

from derivations.claim import Claim
from derivations.edits import variants
from derivations.edits.conditions import assumed_otherwise
from derivations.edits.variants import setting_of
from derivations.reader.equality import Equality, claimed
from tests.mutation.true_lines import TrueLine, true_lines

SIDES = ("left", "right")


@dataclass(frozen=True)
class Mutant:
    """A line with a slip: its kind, and the slip in words."""

    line: str
    part: str
    kind: str
    words: str
    equality: Equality

    @cached_property
    def text(self) -> str:
        """What the line says then, with what it is assumed under."""
        assumed = ", ".join(map(str, self.equality.assumed))
        return self.equality.latex + (f"   if {assumed}" if assumed else "")

    def claim(self) -> Claim:
        """The line as a claim; raises Unreadable where it says nothing."""
        return claimed(self.equality, self.text, self.part, "a slip")


@cache
def all_mutants() -> tuple[Mutant, ...]:
    """Every mutant of every true line, each text once."""
    lines = true_lines()
    found: dict[str, Mutant] = {}
    for line in lines:
        for mutant in _of(line):
            found.setdefault(mutant.text, mutant)
    for line in lines:
        found.pop(Mutant("", "", "", "", line.equality).text, None)
    return tuple(found.values())


def _of(line: TrueLine) -> Iterator[Mutant]:
    setting = setting_of(line.equality)
    for side in SIDES:
        for edit in variants(getattr(line.equality, side), setting):
            changed = replace(line.equality, **{side: edit.tree})
            yield Mutant(line.id, line.part, edit.kind, f"{edit.words}, on the {side}", changed)
    for kind, words, changed in assumed_otherwise(line.equality):
        yield Mutant(line.id, line.part, kind, words, changed)


def chosen(mutants: Iterable[Mutant], count: int, seed: int) -> list[Mutant]:
    """So many of them: one of each part and kind in turn, as long as there are any."""
    cells: dict[tuple[str, str], list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        cells[mutant.part, mutant.kind].append(mutant)
    rng = Random(seed)
    for key in sorted(cells):
        rng.shuffle(cells[key])
    order = sorted(cells)
    rng.shuffle(order)
    found: list[Mutant] = []
    while len(found) < count and any(cells.values()):
        found += [cells[key].pop() for key in order if cells[key]]
    return found[:count]
