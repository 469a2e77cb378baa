"""A run: what becomes of cases, made small, and what is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from random import Random
from time import perf_counter

from sympy import Expr, Integer

from derivations.claim import Condition
from tests.planting import Mutant, table
from tests.proof.fuzz.cases import KINDS, REWRITTEN, Case, case
from tests.proof.fuzz.check import Finding, Outcome, check
from tests.proof.fuzz.oracle import Instance
from tests.proof.fuzz.steps.of_sums import places, replaced
from tests.proof.fuzz.writer import Writer

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
        f"  again       python -m tests.proof.fuzz --only {where}",
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
