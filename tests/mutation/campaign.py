"""What becomes of each slip: judged within a time, looked at again by other means, counted."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from time import perf_counter

from derivations.claim import Claim, Judgement, Verdict
from derivations.language.direct import Direct
from derivations.language.tree import Term
from derivations.proof.field import Branch, Field, TooManyVariables
from derivations.proof.fragment import OutsideFragment
from derivations.proof.judge import Disagreement, judge
from derivations.reader.scope import Scope
from derivations.repair.search import Point, Sizes, apart, points
from tests.mutation.slips import Slip
from tests.planting import OutOfTime, time_limit

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
