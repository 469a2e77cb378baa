"""All kernels of a package: the work cut into jobs, run in every way to load it, and reported."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from random import Random
from time import perf_counter
from typing import TypeVar

from codegen.emitted import runners_of
from codegen.execute.running import (
    EVERY_SIGN,
    Count,
    Variant,
    run_case,
    run_elementwise,
    run_row_sums,
)
from codegen.execute.running import NAMES as ROW_SUMS
from codegen.execute.specification import ALL, Lengths, Limits, Plan, cases, how_many, one_of, sizes
from codegen.execute.uniformity import BranchCoverage
from codegen.interpret.loaded import Loaded, as_it_stands
from codegen.interpret.symbolic import EXACT, Symbols
from codegen.kernel import Elementwise, Equality, Kernel, Module

# The work cut into jobs of some cases each, so that it can be shared evenly.


Function = Kernel | Elementwise
MOST_CASES = 40  # of one job


@dataclass(frozen=True)
class Job:
    """Cases ``start`` to ``stop`` of one function at one size; all of one that has no sizes."""

    name: str
    lengths: Lengths
    limits: Limits
    start: int
    stop: int

    @property
    def cost(self) -> int:
        """Roughly how long it takes beside others."""
        return (self.stop - self.start) * prod(length + 1 for length in self.lengths.values())


def functions(modules: Iterable[Module]) -> Iterator[tuple[str, Function]]:
    """Every function by the name that it is called by."""
    for module in modules:
        for function in module.functions:
            path = module.path.removesuffix(".py").replace("/", ".")
            yield f"{path}.{function.name}", function


def with_gradients(modules: Iterable[Module]) -> list[str]:
    """The functions that return gradients or move by them."""
    every = functions(modules)
    return [name for name, one in every if isinstance(one, Kernel) and one.gradients]


def names_of(modules: Iterable[Module]) -> list[str]:
    """The functions that are run: those of the modules, and the row sums they call."""
    return [*(name for name, _ in functions(modules)), *ROW_SUMS]


def jobs_of_all(modules: Sequence[Module], plan: Plan) -> list[Job]:
    """All that is run of the modules, function by function, small sizes first."""
    known = dict(functions(modules))
    return [job for name in names_of(modules) for job in jobs_of(name, known.get(name), plan)]


def jobs_of(name: str, function: Function | None, plan: Plan) -> Iterator[Job]:
    """What is run of one function."""
    if not isinstance(function, Kernel):
        yield Job(name, {}, plan.each, 0, 1)
        return
    every = sizes(function, plan.most)
    limits = plan.at_each(every)
    run = [(lengths, limits) for lengths in plan.chosen(every)]
    if plan.longer:
        run += [(lengths, plan.each) for lengths in one_of(function, plan.longer)]
    for lengths, limits in run:
        _, count = how_many(function, lengths, limits)
        for start in range(0, count, MOST_CASES):
            yield Job(name, lengths, limits, start, min(start + MOST_CASES, count))


def left_out(function: Function | None, plan: Plan) -> int:
    """How many sizes up to the bound are not run."""
    if not isinstance(function, Kernel):
        return 0
    every = sizes(function, plan.most)
    return len(every) - len(plan.chosen(every))


# The ways to load the package, and those of them that a kernel is run in.


Claims = Mapping[str, Equality]
SETTLED = "arguments settled first, small steps, products overflowed"


def loadings(texts: Mapping[str, str], branches: BranchCoverage | None = None) -> list[Variant]:
    """The ways to load the package that its functions can be told from."""

    compiled = as_it_stands if branches is None else branches.compiled

    def loaded(
        *, sparse: bool = True, small: bool = False, overflow: bool = False, settled: bool = False
    ) -> Loaded[Symbols]:
        return Loaded(
            texts,
            EXACT,
            sparse=sparse,
            small=small,
            overflow=overflow,
            settled=settled,
            compiled=compiled,
        )

    return [
        Variant("as it is", loaded()),
        Variant("small steps, products overflowed", loaded(small=True, overflow=True)),
        Variant("no SciPy, products overflowed", loaded(sparse=False, overflow=True)),
        Variant("small steps, no SciPy", loaded(small=True, sparse=False)),
        Variant("small steps", loaded(small=True)),
        Variant(SETTLED, loaded(small=True, overflow=True, settled=True)),
    ]


def variants_of(
    kernel: Kernel, module: str, ways: Sequence[Variant], plan: Plan, claims: Claims
) -> Sequence[Variant]:
    """The ways to run a kernel: the first at every case, of the others one drawn for each."""
    if module.startswith("compiled."):
        ways = [ways[0], ways[5]]
    elif "." in module:
        others = runners_of(module, kernel, claims)
        return [ways[0], *(Variant(name, ways[0].loaded, how=how) for name, how in others)]
    else:
        ways = ways[:5]
    if kernel.parts is not None:
        memories = [
            Variant(f"memory for {pairs}, {way.name}", way.loaded, pairs)
            for pairs, way in zip(
                range(1, plan.most + 1), (ways[0], ways[-1], ways[len(ways) // 2]), strict=False
            )
        ]
        return [*ways, *memories]
    used = ways[0].loaded.imported(module)
    if "_runtime.rows" in used or len(ways) == 2:
        return ways
    return ways[: 3 if "_runtime.arrays" in used else 1]


# One job of the work done, and the parts of a function put together.


@dataclass
class Report:
    """What was decided of one function."""

    name: str
    most: int
    count: Count
    words: Counter[str] = field(default_factory=Counter)  # sizes by how their words were chosen
    cases: Counter[str] = field(default_factory=Counter)  # cases, by the same
    left_out: int = 0  # sizes up to the bound that were not drawn
    variants: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def proved(self) -> bool:
        """Whether every entry was what was proved; nothing run is nothing proved."""
        return not self.count.failures and self.count.entries > 0


@dataclass
class Work:
    """What every process has at hand."""

    functions: Mapping[str, Function]
    claims: Mapping[str, Equality]
    ways: Sequence[Variant]
    plan: Plan

    def part(self, job: Job) -> Report:
        """What is decided in one job."""
        started = perf_counter()
        module = job.name.rpartition(".")[0]
        function = self.functions.get(job.name)
        found = Report(job.name, 0, Count())
        if function is None:
            found.count = run_row_sums(job.name, [self.ways[0], self.ways[2], self.ways[4]])
            found.words[ALL], found.cases[ALL] = 5, found.count.cases
        elif isinstance(function, Elementwise):
            found.count = run_elementwise(function, module, self.claims, self.ways[0].loaded)
            found.words[EVERY_SIGN] = 1
        else:
            self._kernel(function, module, job, found)
        found.seconds = perf_counter() - started
        return found

    def _kernel(self, kernel: Kernel, module: str, job: Job, found: Report) -> None:
        variants = variants_of(kernel, module, self.ways, self.plan, self.claims)
        found.most = self.plan.most
        found.variants = tuple(variant.name for variant in variants)
        which, chosen = cases(kernel, job.lengths, job.limits, job.start, job.stop)
        found.words[which] = int(job.start == 0)
        for number, case in enumerate(chosen, job.start):
            others = variants[1:]
            if others and not kernel.parts:
                others = [Random(f"{job.name}; {job.lengths}; {number}").choice(others)]
            run = [variants[0], *others]
            room = found.count.room
            one = run_case(kernel, module, self.claims, case, run, self.plan.paths, room)
            found.count.add(one)
            found.cases[which] += one.cases
            if one.failures:
                return

    def merged(self, name: str, parts: Iterable[Report | None]) -> Report:
        """One report of the parts in order, up to the first that fails."""
        all_of_it = Report(name, 0, Count(), left_out=left_out(self.functions.get(name), self.plan))
        for part in parts:
            if part is None:
                break
            all_of_it.most = part.most
            all_of_it.count.add(part.count)
            all_of_it.words += part.words
            all_of_it.cases += part.cases
            all_of_it.variants = part.variants
            all_of_it.seconds += part.seconds
            if part.count.failures:
                break
        return all_of_it


# Work shared out to processes, one a core; results as they are done.


T = TypeVar("T")
MOST_PROCESSES = 8


def in_processes(work: Callable[[int], T], order: Sequence[int]) -> Iterator[T]:
    """``work`` of each number, begun in this order.

    What it needs besides is set before, and forked with the process.
    """
    processes = min(_cores(), len(order), MOST_PROCESSES)
    if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, order)
        return
    with multiprocessing.get_context("fork").Pool(processes, _begin) as pool:
        yield from pool.imap_unordered(work, order)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends them all
    gc.freeze()  # what was forked is neither looked through nor copied


# All kernels of a package, at all sizes of a plan: what was run, and what is wrong.


def prove(
    modules: Sequence[Module],
    jobs: Sequence[Job],
    claims: Mapping[str, Equality],
    texts: Mapping[str, str],
    plan: Plan,
    on_done: Callable[[str], None] = lambda name: None,
) -> list[Report]:
    """Run the jobs of all functions, as they stand in ``texts``, in processes if it can.

    The largest are begun first. What the reports say does not depend on who ran what.
    """
    _Shared.work = work = Work(dict(functions(modules)), claims, loadings(texts), plan)
    _Shared.jobs, _Shared.failed = jobs, {}
    found: dict[str, dict[int, Report | None]] = {name: {} for name in names_of(modules)}
    order = sorted(range(len(jobs)), key=lambda number: -jobs[number].cost)
    for number, part in in_processes(_numbered, order):
        name = jobs[number].name
        found[name][number] = part
        on_done(name)
    return [
        work.merged(name, (part for _, part in sorted(parts.items(), key=lambda one: one[0])))
        for name, parts in found.items()
    ]


class _Shared:
    """What every process has at hand: set before the processes are forked."""

    work: Work
    jobs: Sequence[Job]
    failed: dict[str, int]  # a job of each function that has failed here


def _numbered(number: int) -> tuple[int, Report | None]:
    """One job, by its number; nothing where an earlier one of the same function has failed."""
    job = _Shared.jobs[number]
    if _Shared.failed.get(job.name, number) < number:
        return number, None
    part = _Shared.work.part(job)
    if part.count.failures:
        _Shared.failed[job.name] = number
    return number, part


def report(
    name: str,
    function: Function | None,
    claims: Mapping[str, Equality],
    ways: Sequence[Variant],
    plan: Plan,
) -> Report:
    """What is decided of one function; of the row sums where there is none."""
    work = Work({name: function} if function else {}, claims, ways, plan)
    return work.merged(name, map(work.part, jobs_of(name, function, plan)))
