"""python -m tests.proof.fuzz.campaign: the normal form of random expressions against their values.

Cases are rewritten or have a slip; what becomes of them is counted, faults are made small and told.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import perf_counter

from sympy import Add, Expr, Integer, Mul, nan, zoo

from benchmarks.tables import positive
from derivations.claim import Condition
from tests.planting import Mutant, mistakes, table
from tests.proof.fuzz import steps
from tests.proof.fuzz.expressions import Expressions, Writer, random_conditions
from tests.proof.fuzz.oracle import Finding, Instance, Outcome, check
from tests.proof.fuzz.steps import Place, Step, places, replaced, taken

REWRITTEN, NEAR_MISS, WEAKENED, UNRELATED = "rewritten", "near miss", "weakened", "unrelated"
KINDS = {REWRITTEN: 50, NEAR_MISS: 35, WEAKENED: 10, UNRELATED: 5}
FAMILIES = (
    steps.STEPS_OF_SUMS,
    steps.STEPS_OF_DELTAS,
    steps.STEPS_OF_DIVISION,
    steps.STEPS_OF_FUNCTIONS,
    steps.STEPS_OF_LOGARITHMS,
    steps.STEPS_OF_RANGES,
    steps.STEPS_OF_SIGNS,
)
SLIPS = steps.SLIPS + steps.STEPS_OF_SLIPS_OF_VALUES
MOST_NODES = 160


@dataclass(frozen=True)
class Case:
    """``left - right`` is judged; ``kind`` says what was done to make the one from the other.

    ``sides`` are given where each side is to be normalised by itself.

    Rewritten sides are equal, a near miss has one slip, a weakened case has lost a condition.
    """

    kind: str
    left: Expr
    right: Expr
    difference: Expr
    conditions: tuple[Condition, ...]
    steps: tuple[str, ...] = ()
    sides: tuple[Expr, Expr] | None = None

    @property
    def obvious(self) -> bool:
        """Whether the sides are written alike, or SymPy has made nothing of their difference."""
        return bool(self.left == self.right or self.difference == 0)


def case(seed: int, number: int) -> Case:
    """The case with this number; the same on every run."""
    rng = Random(f"{seed}:{number}")
    (kind,) = rng.choices(list(KINDS), list(KINDS.values()))
    while True:
        drawn = _drawn(rng, kind)
        if not drawn.difference.has(nan, zoo) and _size(drawn.difference) <= MOST_NODES:
            return drawn


def _drawn(rng: Random, kind: str) -> Case:
    write = Writer(rng, rng.choice((0.0, 0.9, 1.0, 1.0, 1.0)))
    some = Expressions(rng, write)
    left = some.real(rng.choice((2, 3, 4, 4)))
    conditions = random_conditions(rng, some, left)
    at = Place(rng, write, some, conditions)
    if kind == UNRELATED:
        right = some.real(rng.choice((1, 2)))
        names: list[str] = []
    else:
        right, names = _rewritten(at, left, slip=kind == NEAR_MISS)
    if kind == WEAKENED:
        conditions = tuple(c for c in conditions if rng.random() < 0.3)
    difference = write.minus(left, right)
    sides = None
    if rng.random() < 0.3:  # what SymPy makes of the difference is then nobody's business
        sides = (left, right)
        difference = Add(left, Mul(-1, right, evaluate=False), evaluate=False)
    return Case(kind, left, right, difference, conditions, tuple(names), sides)


def _rewritten(at: Place, left: Expr, *, slip: bool) -> tuple[Expr, list[str]]:
    """``left`` after a few steps, one of them a slip if that is asked for."""
    count = at.rng.choice((1, 1, 2, 3))
    slipped = at.rng.randrange(count) if slip else -1
    right, names = left, []
    for n in range(count):
        families = [SLIPS] if n == slipped else at.rng.sample(FAMILIES, len(FAMILIES))
        step, right = _one_step(at, families, right)
        names.append(step)
    return right, names


def _one_step(at: Place, families: list[tuple[Step, ...]], node: Expr) -> tuple[str, Expr]:
    """The first of the steps, in random order, that can be taken somewhere."""
    for family in families:
        for step in at.rng.sample(family, len(family)):
            new = taken(at, step, node)
            if new is not None:
                return step.__name__, new
    return "none", node


def _size(node: Expr) -> int:
    return 1 + sum(_size(part) for part in node.args)


# What a run has seen, counted: a run that saw no zero or no condition has shown nothing.


SHOWN = 5


@dataclass
class Tally:
    """Figures of one run; ``reports`` are the faults found, the slowest form is in seconds."""

    counts: Counter[str] = field(default_factory=Counter)
    reports: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    seconds: float = 0.0

    def record(self, case: Case, outcome: Outcome, where: str) -> None:
        """Count one case."""
        self.counts["expressions"] += 1
        self.counts[case.kind] += 1
        self.counts["with conditions"] += bool(case.conditions)
        self.counts["outside"] += outcome.form is None and outcome.finding is None
        self.counts["given up"] += outcome.gave_up
        self.counts["instances"] += outcome.compared
        self.counts["instances without a value"] += outcome.undefined
        self.counts["values compared"] += bool(outcome.form and outcome.compared)
        if outcome.form == ():
            self.counts["zeros"] += 1
            self.counts[f"zeros, {case.kind}"] += 1
            self.counts["zeros without an instance"] += not outcome.compared
            self.counts["zeros that need conditions"] += outcome.conditional
            self.counts["zeros with other sides"] += not case.obvious
        self.slowest = max(self.slowest, (outcome.seconds, where))
        self.seconds += outcome.seconds
        if outcome.finding is not None:
            self.counts[outcome.finding.fault] += 1

    def merge(self, other: Tally) -> None:
        """Add the figures of another part of the run."""
        self.counts.update(other.counts)
        self.reports += other.reports
        self.slowest = max(self.slowest, other.slowest)
        self.seconds += other.seconds

    def vacuous(self) -> list[str]:
        """What a run must have seen and has not."""
        needed = ("instances", "zeros with other sides", "zeros that need conditions",
                  "with conditions", "values compared")  # fmt: skip
        return [f"nothing counted under: {name}" for name in needed if not self.counts[name]]

    def lines(self) -> list[str]:
        """The summary."""
        c = self.counts
        known = c[f"zeros, {REWRITTEN}"] / max(1, c[REWRITTEN])
        kinds = ", ".join(f"{kind} {c[kind]:,}" for kind in KINDS)
        zeros = ", ".join(f"{kind} {c[f'zeros, {kind}']:,}" for kind in KINDS)
        return [
            f"{c['expressions']:,} expressions: {kinds}",
            f"{c['with conditions']:,} under conditions, {c['outside']:,} outside the fragment "
            f"({c['given up']:,} given up), {known:.1%} of the rewritten recognised as equal",
            f"{c['zeros']:,} zeros: {zeros}",
            f"{c['zeros with other sides']:,} of them between sides written differently, "
            f"{c['zeros that need conditions']:,} need their conditions, "
            f"{c['zeros without an instance']:,} had no instance",
            f"{c['instances']:,} instances compared, {c['instances without a value']:,} without a "
            f"value, {c['values compared']:,} forms that are not zero compared by value",
            f"{self.seconds:.0f} s in the normal form, the slowest {self.slowest[0]:.2f} s "
            f"({self.slowest[1]})",
            f"{c['wrong zero']} wrong zeros, {c['wrong value']} wrong values, {c['crash']} crashes",
        ]


# A smaller expression that shows the same fault: subterms replaced while it stays.


AS_WRITTEN = Writer(Random(0), raw=1.0)
TIME = 20.0
Conditions = tuple[Condition, ...]


def shrunk(
    expression: Expr, conditions: Conditions, seed: str, fault: Finding
) -> tuple[Expr, Conditions, Finding]:
    """Greedy: the first smaller candidate with the same kind of fault, again and again."""
    start = perf_counter()
    smaller = True
    while smaller and perf_counter() - start < TIME:
        smaller = False
        for candidate, kept in _candidates(expression, conditions):
            finding = check(candidate, kept, seed).finding
            if finding is not None and finding.fault == fault.fault:
                expression, conditions, fault = candidate, kept, finding
                smaller = True
                break
            if perf_counter() - start > TIME:
                break
    return expression, conditions, fault


def _candidates(expression: Expr, conditions: Conditions) -> Iterator[tuple[Expr, Conditions]]:
    for n in range(len(conditions)):
        yield expression, conditions[:n] + conditions[n + 1 :]
    for path, part, _ in places(expression):
        if part.is_Rational:
            continue
        inner = [below for step, below, _ in places(part) if len(step) == 1]
        fewer = [
            AS_WRITTEN.again(part, *part.args[:n], *part.args[n + 1 :])
            for n in range(len(part.args))
            if len(part.args) > 2 and (part.is_Add or part.is_Mul)
        ]
        for new in (Integer(0), Integer(1), *inner, *fewer):
            yield replaced(expression, path, new, AS_WRITTEN), conditions


# A run: blocks of cases, each block with a seed of its own, in one process or several.


BLOCK = 1000  # expressions a seed


def block(job: tuple[int, int, int]) -> Tally:
    """The cases ``first..last - 1`` of one seed."""
    seed, first, last = job
    tally = Tally()
    for number in range(first, last):
        drawn, where = case(seed, number), f"{seed}:{number}"
        outcome = check(drawn.difference, drawn.conditions, where, drawn.sides)
        tally.record(drawn, outcome, where)
        if outcome.finding is not None and len(tally.reports) < SHOWN:
            tally.reports.append(report(drawn, outcome.finding, where))
    return tally


def jobs(count: int, seed: int) -> Iterator[tuple[int, int, int]]:
    """Blocks of at most BLOCK cases, the seeds counted up from ``seed``."""
    for n, first in enumerate(range(0, count, BLOCK)):
        yield seed + n, 0, min(BLOCK, count - first)


def run(count: int, seed: int, processes: int, progress: Callable[[Tally], None]) -> Tally:
    """All blocks; ``progress`` is told after each one."""
    tally = Tally()
    if processes == 1:
        for job in jobs(count, seed):
            tally.merge(block(job))
            progress(tally)
        return tally
    with get_context("spawn").Pool(processes) as pool:
        for part in pool.imap_unordered(block, jobs(count, seed)):
            tally.merge(part)
            progress(tally)
    return tally


def report(drawn: Case, finding: Finding, where: str) -> str:
    """A fault in words, the expression made small, with the command that shows it again."""
    small, conditions, found = shrunk(drawn.difference, drawn.conditions, where, finding)
    lines = [
        f"{found.fault} at {where} ({drawn.kind}: {', '.join(drawn.steps) or 'no steps'})",
        f"  expression  {small}",
        f"  conditions  {', '.join(map(str, conditions)) or 'none'}",
        f"  instance    {_instance(found.instance)}",
        f"  because     {found.detail}",
        f"  drawn as    {drawn.difference}",
        f"  again       python -m tests.proof.fuzz.campaign --only {where}",
    ]
    return "\n".join(lines)


def _instance(instance: Instance | None) -> str:
    if instance is None:
        return "none needed"
    free = {index.name: place for index, place in instance.free.items()}
    words = {f"{name}{list(places)}": word for (name, places), word in instance.words.items()}
    values = {str(key): value.str(6) for key, value in instance.values.items()}
    return f"{instance.sizes} {free} {words} {values}"


# How many expressions it takes to see a planted fault.


MUTANTS = mistakes(Path(__file__).with_name("mutants.diff"))
COUNT = 3000
ENOUGH = 300  # so many expressions have zeros that need their conditions
BLIND = "blind"


def first_kill(mutant: Mutant, count: int, seed: int) -> tuple[int, str] | None:
    """The number of the first expression that shows the fault, and how; None if none does.

    A normal form that never needs a condition shows itself in the figures of the whole run.
    """
    tally = Tally()
    with mutant.planted():
        for number in range(count):
            block, place = divmod(number, BLOCK)
            drawn, where = case(seed + block, place), f"{seed + block}:{place}"
            outcome = check(drawn.difference, drawn.conditions, where, drawn.sides)
            tally.record(drawn, outcome, where)
            if outcome.finding is not None:
                return number + 1, outcome.finding.fault
    return (count, BLIND) if count >= ENOUGH and tally.vacuous() else None


def survivors(mutants: Sequence[Mutant], count: int, seed: int) -> int:
    """Print what kills each mutant; how many survive."""

    def seen(mutant: Mutant) -> str | None:
        killed = first_kill(mutant, count, seed)
        return killed and f"expression {killed[0]:6,}  {killed[1]}"

    return table(mutants, seen)


def main(arguments: list[str] | None = None) -> int:
    """0 if nothing is wrong, 1 for a fault, a surviving mutant or a run that shows nothing."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.mutants:
        return 1 if survivors(MUTANTS, chosen.count or COUNT, chosen.seed) else 0
    if chosen.only:
        seed, number = chosen.only
        return _summary(block((seed, number, number + 1)), alone=True)
    start = perf_counter()
    count = chosen.count or 10_000
    tally = run(count, chosen.seed, chosen.jobs, lambda seen: _progress(seen, count, start))
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    code = _summary(tally, alone=False)
    last = chosen.seed + (count - 1) // 1000
    print(f"seeds {chosen.seed} to {last}, {perf_counter() - start:.0f} s")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.proof.fuzz.campaign",
        description="Random index expressions: an empty normal form has to mean zero, and any "
        "other one the expression's value, at small sizes in certified intervals.",
        epilog="Exit status: 0 nothing wrong, 1 a fault or a survivor, 2 wrong usage.",
    )
    parser.add_argument("--count", type=positive, help="how many expressions (10,000)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed; 1,000 cases each")
    parser.add_argument("--jobs", type=positive, default=1, help="how many processes (1)")
    parser.add_argument("--only", type=_case, metavar="SEED:NUMBER", help="a single case")
    parser.add_argument("--mutants", action="store_true", help="plant faults; each must be found")
    return parser


def _case(text: str) -> tuple[int, int]:
    seed, number = text.split(":")
    return int(seed), int(number)


def _progress(tally: Tally, count: int, start: float) -> None:
    if sys.stderr.isatty():
        done, faults = tally.counts["expressions"], len(tally.reports)
        seconds = perf_counter() - start
        sys.stderr.write(f"\r{done:,} of {count:,}, {faults} faults, {seconds:.0f} s\033[K")
        sys.stderr.flush()


def _summary(tally: Tally, *, alone: bool) -> int:
    vacuous = [] if alone else tally.vacuous()
    print("\n".join([*tally.reports, *tally.lines(), *vacuous]))
    return 1 if tally.reports or vacuous else 0


if __name__ == "__main__":
    sys.exit(main())
