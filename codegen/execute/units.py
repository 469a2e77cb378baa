"""The work cut into units of some cases each, so that it can be shared evenly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

from codegen.execute.cases import Lengths, how_many, one_of, sizes
from codegen.execute.plan import Limits, Plan
from codegen.execute.row_sums import NAMES as ROW_SUMS
from codegen.kernel import Elementwise, Kernel, Module

Function = Kernel | Elementwise
MOST_CASES = 40  # of one unit


@dataclass(frozen=True)
class Unit:
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


def units_of_all(modules: Sequence[Module], plan: Plan) -> list[Unit]:
    """All that is run of the modules, function by function, small sizes first."""
    known = dict(functions(modules))
    return [unit for name in names_of(modules) for unit in units_of(name, known.get(name), plan)]


def units_of(name: str, function: Function | None, plan: Plan) -> Iterator[Unit]:
    """What is run of one function."""
    if not isinstance(function, Kernel):
        yield Unit(name, {}, plan.each, 0, 1)
        return
    every = sizes(function, plan.most)
    limits = plan.at_each(every)
    run = [(lengths, limits) for lengths in plan.chosen(every)]
    if plan.longer:
        run += [(lengths, plan.each) for lengths in one_of(function, plan.longer)]
    for lengths, limits in run:
        _, count = how_many(function, lengths, limits)
        for start in range(0, count, MOST_CASES):
            yield Unit(name, lengths, limits, start, min(start + MOST_CASES, count))


def left_out(function: Function | None, plan: Plan) -> int:
    """How many sizes up to the bound are not run."""
    if not isinstance(function, Kernel):
        return 0
    every = sizes(function, plan.most)
    return len(every) - len(plan.chosen(every))
