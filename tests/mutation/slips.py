"""Slips: true lines of the written derivation, each with one mistake made by machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from random import Random

from derivations.claim import Claim, Condition, Equal, Unequal
from derivations.language.tree import Misfit, Term
from derivations.language.unfit import is_fit, literal
from derivations.reader.derivation import derivation
from derivations.reader.equation import Equality, fitted_to
from derivations.reader.line import Line
from derivations.reader.unparser import both_sides
from derivations.repair.edits import variants
from derivations.repair.operator import Surroundings

DROPPED, NEGATED = "assumption dropped", "assumption negated"


def assumed_otherwise(equality: Equality) -> Iterator[tuple[str, str, Equality]]:
    """The kind, the words and the equality, for each of its assumptions dropped or negated."""
    for n, condition in enumerate(equality.assumed):
        others = (*equality.assumed[:n], *equality.assumed[n + 1 :])
        yield DROPPED, f"{condition} not assumed", replace(equality, assumed=others)
        negative = _negative(condition)
        if negative is not None:
            assumed = (*equality.assumed[:n], negative, *equality.assumed[n + 1 :])
            yield NEGATED, f"{negative} for {condition}", replace(equality, assumed=assumed)


def _negative(condition: Condition) -> Condition | None:
    match condition:
        case Equal(left, right):
            return Unequal(left, right)
        case Unequal(left, right):
            return Equal(left, right)
    return None


WRITTEN = Path(__file__).parents[2] / "derivations" / "word2vec" / "written.md"


@dataclass(frozen=True)
class TrueLine:
    """A line that is proved: as printed, or as it should have been."""

    id: str
    part: str
    equality: Equality
    claim: Claim


@cache
def true_lines() -> tuple[TrueLine, ...]:
    """Every line without a recorded fault, and every recorded correction."""
    text = WRITTEN.read_text(encoding="utf-8")
    return tuple(_true(derivation(text, WRITTEN.name).lines))


def _true(lines: tuple[Line, ...]) -> Iterator[TrueLine]:
    for line in lines:
        if line.correction is not None:
            equality = corrected(line)
            yield TrueLine(f"{line.id}*", line.part, equality, line.correction)
        elif line.expected is None:
            yield TrueLine(line.id, line.part, line.equality, line.claim)


def corrected(line: Line) -> Equality:
    """The recorded correction of a line."""
    found = line.correction
    assert found is not None
    left, right, assumed = found.left, found.right, found.conditions
    return replace(line.equality, left=left, right=right, assumed=assumed, loose=(None, None))


SIDES = ("left", "right")


@dataclass(frozen=True)
class Slip:
    """A line with a slip, its kind, and the slip in words: a claim to be judged."""

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
def all_slips() -> tuple[Slip, ...]:
    """Every mutant of every true line, each text once."""
    lines = true_lines()
    found: dict[str, Slip] = {}
    for line in lines:
        for mutant in _of(line):
            found.setdefault(mutant.text, mutant)
    for line in lines:
        found.pop(Slip("", "", "", "", line.equality).text, None)
    return tuple(found.values())


def _of(line: TrueLine) -> Iterator[Slip]:
    around = Surroundings(line.equality.scope, _terms(line.equality))
    for side, term in zip(SIDES, around.sides, strict=True):
        for edit in variants(term, around):
            changed = (
                replace(line.equality, left=edit.term)
                if side == "left"
                else replace(line.equality, right=edit.term)
            )
            yield Slip(line.id, line.part, edit.kind, f"{edit.words}, on the {side}", changed)
    for kind, words, changed in assumed_otherwise(line.equality):
        yield Slip(line.id, line.part, kind, words, changed)


def _terms(equality: Equality) -> tuple[Term, Term]:
    assert isinstance(equality.left, Term)
    assert isinstance(equality.right, Term)
    return equality.left, equality.right


def chosen(mutants: Iterable[Slip], count: int, seed: int) -> list[Slip]:
    """So many of them: one of each part and kind in turn, as long as there are any."""
    cells: dict[tuple[str, str], list[Slip]] = defaultdict(list)
    for mutant in mutants:
        cells[mutant.part, mutant.kind].append(mutant)
    rng = Random(seed)
    for key in sorted(cells):
        rng.shuffle(cells[key])
    order = sorted(cells)
    rng.shuffle(order)
    found: list[Slip] = []
    while len(found) < count and any(cells.values()):
        found += [cells[key].pop() for key in order if cells[key]]
    return found[:count]
