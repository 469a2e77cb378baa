"""Lines of the document spoilt by edits, and what becomes of them."""

from __future__ import annotations

import signal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter
from types import FrameType

from derivations.claim import Claim, Judgement, Verdict
from derivations.language.direct import Direct
from derivations.language.tree import Misfit, Term
from derivations.language.unfit import is_fit, literal
from derivations.proof.field import Branch, Field, TooManyVariables
from derivations.proof.fragment import OutsideFragment
from derivations.proof.judge import Disagreement
from derivations.reader.derivation import derivation
from derivations.reader.equation import Equality, fitted_to
from derivations.reader.line import Line
from derivations.reader.scope import Scope
from derivations.reader.unparser import both_sides
from derivations.repair.candidates import variants
from derivations.repair.operator import Surroundings
from derivations.repair.screening import Point, Sizes, apart, points
from tests.mutation.assumptions import assumed_otherwise

# The lines to make slips in: everything in the written derivation that holds.


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
    terms = {"left": found.left, "right": found.right, "assumed": found.conditions}
    return replace(line.equality, **terms, loose=(None, None))


# Whether a mutant that is called proved is true, without any of the proofs.
#
# Both sides are evaluated directly, derivatives by rule, at sizes and words that the proofs did
# not look at: first in certified intervals at random numbers, at many points, since two sides may
# differ only where some words coincide and others do not; words are drawn from few. Then, at a
# few of these points, exactly and for all numbers at once, in the field in which being zero is
# decidable.


LARGE = Sizes(labels=(4, 6), windows=(2, 3), others=(3, 4), few=True)
ENOUGH, MOST = 16, 60
EXACT = 3
VARIABLES = 200
SEED = 20_000


@dataclass
class Seen:
    """At how many points both sides agree, with real values, and at how many one has none.

    ``exact`` is at how many of them they are equal for all numbers.
    """

    agreed: int = 0
    without: int = 0
    exact: int = 0
    differ: bool = False

    @property
    def true(self) -> bool:
        """Whether the sides agree, also exactly, and have real values more often than not."""
        return not self.differ and self.agreed > self.without and self.exact > 0


def seen(claim: Claim, scope: Scope) -> Seen:
    """What a few random points show of a claim."""
    result = Seen()
    if claim.misfit is not None:
        return Seen(differ=True)
    left, right = claim.terms
    for point in islice(points(scope, claim.conditions, LARGE, SEED), MOST):
        if _agree(point, left, right, result) and result.exact < EXACT:
            _decide(point, left, right, result)
        if result.differ or result.agreed == ENOUGH:
            break
    return result


def _agree(point: Point, left: Term, right: Term, result: Seen) -> bool:
    try:
        one, other = point.values(left), point.values(right)
    except OutsideFragment:
        return False
    if one is None or other is None or not all(value.is_finite() for value in (*one, *other)):
        result.without += 1
    elif len(one) != len(other) or apart(one, other):
        result.differ = True
    else:
        result.agreed += 1
        return True
    return False


def _decide(point: Point, left: Term, right: Term, result: Seen) -> None:
    exact = Field(VARIABLES)
    direct = Direct(point.instance, exact)
    try:
        for one, other in zip(direct.value(left), direct.value(right), strict=True):
            if not all(map(exact.equal, one, other)):
                result.differ = True
                return
    except (OutsideFragment, TooManyVariables, Branch):
        return
    result.exact += 1


# Mutants: true lines with one slip, drawn evenly from all parts and all kinds of slips.


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


# What becomes of a mutant.


Judge = Callable[[Claim], Judgement]


class Fate(Enum):
    """How a mutant ends; those that are missed, or at fault, fail the campaign."""

    REFUTED = "refuted"
    ILL_TYPED = "ill-typed"
    EQUIVALENT = "equivalent"
    UNDECIDED = "undecided"
    LATE = "out of time"
    MISSED = "missed"
    FAULT = "fault"


KILLED = (Fate.REFUTED, Fate.ILL_TYPED)
WRONG = (Fate.MISSED, Fate.FAULT)


@dataclass(frozen=True)
class Outcome:
    """The fate of one mutant, with what there is to say about it."""

    fate: Fate
    detail: str = ""
    seconds: float = 0.0


class OutOfTime(BaseException):
    """The time for one mutant is over; nothing on the way may take this for its own error."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises OutOfTime inside the block when the time is over."""

    def over(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def outcome(mutant: Mutant, judge: Judge, seconds: float) -> Outcome:
    """Judge a mutant; what is called proved is looked at again by other means."""
    start = perf_counter()
    try:
        with time_limit(seconds):
            fate, detail = _fate(mutant, judge)
    except OutOfTime:
        fate, detail = Fate.LATE, f"more than {seconds:g} s"
    return Outcome(fate, detail, perf_counter() - start)


def _fate(mutant: Mutant, judge: Judge) -> tuple[Fate, str]:
    claim = mutant.claim()
    try:
        judgement = judge(claim)
    except Disagreement as disagreement:
        return Fate.FAULT, str(disagreement)
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        return Fate.FAULT, f"{type(error).__name__}: {error}"
    if judgement.verdict is not Verdict.PROVED:
        return Fate(judgement.verdict.value), judgement.reason
    found = seen(claim, mutant.equality.scope)
    if found.true:
        return Fate.EQUIVALENT, f"agrees at {found.agreed} points, exactly at {found.exact}"
    if found.differ:
        return Fate.MISSED, "the sides differ"
    points = found.agreed + found.without
    return Fate.MISSED, f"not confirmed: {found.agreed} of {points} points, {found.exact} exactly"
