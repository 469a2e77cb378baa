"""One unit of the work done, and the parts of a function put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from codegen.equality import Equality
from codegen.execute.call import Variant
from codegen.execute.cases import ALL, cases
from codegen.execute.elementwise import EVERY_SIGN, run_elementwise
from codegen.execute.plan import Plan
from codegen.execute.row_sums import run_row_sums
from codegen.execute.run import Count, run_case
from codegen.execute.units import Function, Unit, left_out
from codegen.execute.variants import variants_of
from codegen.kernel import Elementwise, Kernel


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

    def part(self, unit: Unit) -> Report:
        """What is decided in one unit."""
        started = perf_counter()
        module = unit.name.rpartition(".")[0]
        function = self.functions.get(unit.name)
        found = Report(unit.name, 0, Count())
        if function is None:
            found.count = run_row_sums(unit.name, [self.ways[0], self.ways[2], self.ways[4]])
            found.words[ALL], found.cases[ALL] = 5, found.count.cases
        elif isinstance(function, Elementwise):
            found.count = run_elementwise(function, module, self.claims, self.ways[0].loaded)
            found.words[EVERY_SIGN] = 1
        else:
            self._kernel(function, module, unit, found)
        found.seconds = perf_counter() - started
        return found

    def _kernel(self, kernel: Kernel, module: str, unit: Unit, found: Report) -> None:
        variants = variants_of(kernel, module, self.ways, self.plan, self.claims)
        found.most = self.plan.most
        found.variants = tuple(variant.name for variant in variants)
        which, chosen = cases(kernel, unit.lengths, unit.limits, unit.start, unit.stop)
        found.words[which] = int(unit.start == 0)
        for number, case in enumerate(chosen, unit.start):
            others = variants[1:]
            if others and not kernel.parts:
                others = [Random(f"{unit.name}; {unit.lengths}; {number}").choice(others)]
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
