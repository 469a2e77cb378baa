"""Mutants: true lines with one slip, drawn evenly from all parts and all kinds of slips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from random import Random

from derivations.claim import Claim
from derivations.language.tree import Misfit, Term
from derivations.language.unfit import is_fit, literal
from derivations.reader.equation import Equality, fitted_to
from derivations.reader.unparser import both_sides
from derivations.repair.edits import variants
from derivations.repair.operator import Surroundings
from tests.mutation.assumptions import assumed_otherwise
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
    def sides(self) -> tuple[Term, Term]:
        """Both sides, of which one may not fit; a zero has the shape of the other side."""
        left, right = self.equality.left, self.equality.right
        assert isinstance(left, Term)
        assert isinstance(right, Term)
        return fitted_to(literal(left), right), fitted_to(literal(right), left)

    @cached_property
    def latex(self) -> tuple[str, str]:
        """Both sides as they are printed."""
        return both_sides(*self.sides, self.equality.scope, self.equality.assumed)

    @cached_property
    def text(self) -> str:
        """What the line says then, with what it is assumed under."""
        assumed = ", ".join(map(str, self.equality.assumed))
        return " = ".join(self.latex) + (f"   if {assumed}" if assumed else "")

    def claim(self) -> Claim:
        """The line as a claim."""
        left, right = (
            side if is_fit(side) else Misfit(self.words, "a part", "what it stands in")
            for side in self.sides
        )
        conditions, names = self.equality.assumed, self.equality.scope.names
        return Claim(self.text, self.part, "a slip", self.text, left, right, conditions, names)


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
    around = Surroundings(line.equality.scope, _terms(line.equality))
    for side, term in zip(SIDES, around.sides, strict=True):
        for edit in variants(term, around):
            changed = replace(line.equality, **{side: edit.term})
            yield Mutant(line.id, line.part, edit.kind, f"{edit.words}, on the {side}", changed)
    for kind, words, changed in assumed_otherwise(line.equality):
        yield Mutant(line.id, line.part, kind, words, changed)


def _terms(equality: Equality) -> tuple[Term, Term]:
    assert isinstance(equality.left, Term)
    assert isinstance(equality.right, Term)
    return equality.left, equality.right


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
