"""Mutation analysis: slips made in true lines by machine; each is judged, looked at again, counted.

``python -m tests.mutation.campaign``: every one that is false has to fall.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, cached_property
from itertools import islice
from random import Random
from time import perf_counter

from benchmarks.tables import positive
from derivations.claim import Claim, Condition, Equal, Judgement, Unequal, Verdict
from derivations.language.direct import Direct
from derivations.language.tree import Misfit, Term
from derivations.language.unfit import is_fit, literal
from derivations.proof.field import Branch, Field, TooManyVariables
from derivations.proof.fragment import OutsideFragment
from derivations.proof.judge import Disagreement, judge
from derivations.reader.environment import Scope
from derivations.reader.equation import Equality, Line, fitted_to
from derivations.reader.unparser import both_sides
from derivations.repair.edits import variants
from derivations.repair.operator import Surroundings
from derivations.repair.search import Point, Sizes, apart, points
from tests.documents import written
from tests.planting import OutOfTime, time_limit

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
    return tuple(_true(written("word2vec").lines))


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


def outcome(mutant: Slip, judge: Judge, seconds: float) -> Outcome:
    """Judge a mutant; what is called proved is looked at again by other means."""
    start = perf_counter()
    try:
        with time_limit(seconds):
            fate, detail = _fate(mutant, judge)
    except OutOfTime:
        fate, detail = Fate.LATE, f"more than {seconds:g} s"
    return Outcome(fate, detail, perf_counter() - start)


def _fate(mutant: Slip, judge: Judge) -> tuple[Fate, str]:
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


SECONDS = 10.0
CHUNK = 8


class _Work:
    """What every process has at hand: set before the processes are forked."""

    mutants: Sequence[Slip]
    judge: Judge
    seconds: float


def run(
    mutants: Sequence[Slip],
    jobs: int = 1,
    by: Judge = judge,
    seconds: float = SECONDS,
    progress: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """What becomes of each mutant; ``progress`` hears of every one."""
    _Work.mutants, _Work.judge, _Work.seconds = mutants, by, seconds
    found: list[Outcome] = []
    for each in _outcomes(len(mutants), jobs):
        found.append(each)
        progress(each)
    return found


def _outcomes(count: int, jobs: int) -> Iterator[Outcome]:
    if jobs == 1:
        yield from map(_outcome, range(count))
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap(_outcome, range(count), CHUNK)


def _outcome(number: int) -> Outcome:
    return outcome(_Work.mutants[number], _Work.judge, _Work.seconds)


Results = Sequence[tuple[Slip, Outcome]]
LISTED = (Fate.MISSED, Fate.FAULT, Fate.LATE, Fate.UNDECIDED, Fate.EQUIVALENT)


def lines(results: Results) -> Iterator[str]:
    """Tables by part and by kind, what has to be read by eye, and a summary."""
    yield from _table("part", results, [mutant.part for mutant, _ in results])
    yield from _table("kind", results, [mutant.kind for mutant, _ in results])
    for fate in LISTED:
        yield from _listed(fate, results)
    yield summary(results)


def summary(results: Results) -> str:
    """One line: how many were killed, and what became of the others."""
    fates = Counter(found.fate for _, found in results)
    killed = sum(fates[fate] for fate in KILLED)
    rest = ", ".join(f"{fates[fate]:,} {fate.value}" for fate in Fate if fate not in KILLED)
    return (
        f"{len(results):,} mutants of {len({mutant.line for mutant, _ in results})} lines: "
        f"{killed:,} killed ({fates[Fate.REFUTED]:,} refuted, {fates[Fate.ILL_TYPED]:,} "
        f"ill-typed), {rest}"
    )


def failed(results: Results) -> bool:
    """Whether a false line passed, or the checker broke."""
    return any(found.fate in WRONG for _, found in results)


def _table(name: str, results: Results, keys: list[str]) -> Iterator[str]:
    fates: dict[str, Counter[Fate]] = {}
    for key, (_, found) in zip(keys, results, strict=True):
        fates.setdefault(key, Counter())[found.fate] += 1
    width = max(map(len, (*fates, name)), default=0)
    yield f"{name:{width}}  mutants  " + "  ".join(fate.value for fate in Fate)
    for key in sorted(fates):
        cells = (f"{fates[key][fate]:>{len(fate.value)}}" for fate in Fate)
        yield f"{key:{width}}  {sum(fates[key].values()):7}  " + "  ".join(cells)
    yield ""


def _listed(fate: Fate, results: Results) -> Iterator[str]:
    found = [(mutant, outcome) for mutant, outcome in results if outcome.fate is fate]
    if not found:
        return
    yield f"{fate.value} ({len(found)})"
    for mutant, outcome in sorted(found, key=lambda pair: (pair[0].line, pair[0].text)):
        yield f"  {mutant.line}  {mutant.kind}: {mutant.words}"
        yield f"      {mutant.text}"
        if fate is not Fate.EQUIVALENT:
            yield f"      {outcome.detail}"
    yield ""


def main(arguments: list[str] | None = None) -> int:
    """0 if every false line fell or was left undecided, 1 if one passed or the checker broke."""
    options = _parser().parse_args(arguments)
    start = perf_counter()
    mutants = chosen(all_slips(), options.count, options.seed)
    done = 0

    def progress(_: Outcome) -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty() or done % 100 == 0:
            end = "" if sys.stderr.isatty() else "\n"
            sys.stderr.write(f"\r{done:,} of {len(mutants):,}{end}")
            sys.stderr.flush()

    found = run(mutants, options.jobs, seconds=options.seconds, progress=progress)
    results = list(zip(mutants, found, strict=True))
    print("\n".join(lines(results)))
    sys.stderr.write(f"\r{perf_counter() - start:.0f} s\n")
    return 1 if failed(results) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation.campaign",
        description="Makes slips in the lines of the written derivation that hold, one in each, "
        "and judges them. What is called proved is evaluated again at larger sizes.",
        epilog="Exit status: 0 nothing wrong, 1 a false line passed or the checker broke, 2 wrong "
        "usage. Undecided mutants are listed; they do not pass.",
    )
    parser.add_argument("--count", type=positive, default=1500, help="how many mutants (1,500)")
    parser.add_argument("--seed", type=int, default=0, help="which ones are drawn (0)")
    parser.add_argument("--jobs", type=positive, default=1, help="how many processes (1)")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help=f"at most for one mutant ({SECONDS:g})"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
