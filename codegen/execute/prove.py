"""All kernels of a package, at all sizes of a plan: what was run, and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from codegen.equality import Equality
from codegen.execute.call import Variant
from codegen.execute.cases import cases, sizes
from codegen.execute.elementwise import EVERY_SIGN, run_elementwise
from codegen.execute.loaded import Loaded
from codegen.execute.processes import in_processes
from codegen.execute.run import Count, run_case
from codegen.kernel import Elementwise, Kernel, Module


@dataclass(frozen=True)
class Plan:
    """How much is run: lengths up to ``most``, of each kernel about so many cases, and paths.

    Where there are few sizes each gets more cases, at most so many as ``each`` says.
    """

    most: int
    cases: int
    each: int
    paths: int

    def at_each(self, number_of_sizes: int) -> int:
        """How many cases each size gets."""
        return min(self.each, max(2, self.cases // number_of_sizes))


QUICK = Plan(most=2, cases=60, each=16, paths=4)
FULL = Plan(most=3, cases=8000, each=125, paths=800)


@dataclass
class Report:
    """What was decided of one function."""

    name: str
    most: int
    count: Count
    words: Counter[str] = field(default_factory=Counter)  # sizes by how their words were chosen
    variants: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def proved(self) -> bool:
        """Whether every entry was what was proved; nothing run is nothing proved."""
        return not self.count.failures and self.count.entries > 0


def prove(
    modules: Sequence[Module],
    claims: Mapping[str, Equality],
    texts: Mapping[str, str],
    plan: Plan,
    on_done: Callable[[str], None] = lambda name: None,
) -> Iterator[Report]:
    """Run every function of the modules, as it stands in ``texts``; a process each, if it can."""
    _Work.functions = dict(functions(modules))
    _Work.claims, _Work.ways, _Work.plan = claims, loadings(texts), plan
    names = list(_Work.functions)
    for report in in_processes(_report, names):
        on_done(report.name)
        yield report


class _Work:
    """What every process has at hand: set before the processes are forked."""

    functions: Mapping[str, Kernel | Elementwise]
    claims: Mapping[str, Equality]
    ways: Sequence[Variant]
    plan: Plan


def _report(name: str) -> Report:
    """What is decided of one function."""
    started = perf_counter()
    function, module = _Work.functions[name], name.split(".")[0]
    if isinstance(function, Elementwise):
        count = run_elementwise(function, module, _Work.claims, _Work.ways[0].loaded)
        report = Report(name, 1, count, Counter({EVERY_SIGN: 1}))
    else:
        report = _kernel(function, module, _Work.claims, _Work.ways, _Work.plan)
    report.seconds = perf_counter() - started
    return report


def functions(modules: Iterable[Module]) -> Iterator[tuple[str, Kernel | Elementwise]]:
    """Every function by the name that it is called by."""
    for module in modules:
        for function in module.functions:
            yield f"{module.path.removesuffix('.py')}.{function.name}", function


def loadings(texts: Mapping[str, str]) -> list[Variant]:
    """The package with SciPy, without it, and with all that is done at a time made small."""
    return [
        Variant("SciPy's product", Loaded(texts, sparse=True, small=False)),
        Variant("NumPy alone", Loaded(texts, sparse=False, small=False)),
        Variant("SciPy's product, small steps", Loaded(texts, sparse=True, small=True)),
    ]


def _kernel(
    kernel: Kernel,
    module: str,
    claims: Mapping[str, Equality],
    ways: Sequence[Variant],
    plan: Plan,
) -> Report:
    every = sizes(kernel, plan.most)
    variants = _variants(kernel, module, ways, plan)
    report = Report(f"{module}.{kernel.name}", plan.most, Count())
    report.variants = tuple(variant.name for variant in variants)
    for lengths in every:
        which, chosen = cases(kernel, lengths, plan.at_each(len(every)))
        report.words[which] += 1
        for case in chosen:
            turn = report.count.cases % max(len(variants) - 1, 1)
            some = [variants[0], *variants[1:][turn : turn + 1]]
            found = run_case(kernel, module, claims, case, some, plan.paths)
            report.count.add(found)
            if found.failures:
                return report
    return report


def _variants(
    kernel: Kernel, module: str, ways: Sequence[Variant], plan: Plan
) -> Sequence[Variant]:
    """The ways to run a kernel: the first at every case, the others in turn."""
    adds_rows = "_rows" in ways[0].loaded.texts[f"{module}.py"]
    if kernel.parts is None:
        return ways if adds_rows else ways[:1]
    memories = [
        Variant(f"memory for {pairs}", way.loaded, pairs)
        for pairs, way in zip(range(1, plan.most + 1), (ways[2], *ways), strict=False)
    ]
    return [*ways, *memories]
