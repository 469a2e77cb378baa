"""All kernels of a package, at all sizes of a plan: what was run, and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from codegen.equality import Equality
from codegen.execute.call import Variant
from codegen.execute.cases import ALL, Lengths, cases, sizes
from codegen.execute.elementwise import EVERY_SIGN, run_elementwise
from codegen.execute.loaded import Loaded
from codegen.execute.processes import in_processes
from codegen.execute.row_sums import NAMES as ROW_SUMS
from codegen.execute.row_sums import run_row_sums
from codegen.execute.run import Count, run_case
from codegen.kernel import Elementwise, Kernel, Module


@dataclass(frozen=True)
class Plan:
    """How much is run: lengths up to ``most``, so many sizes, cases at each, and paths of each.

    Of more sizes than ``sizes`` some are drawn by a fixed seed. Where there are more than `MANY`,
    ``few`` cases are run at each.
    """

    most: int
    sizes: int
    each: int
    few: int
    paths: int

    def chosen(self, every: list[Lengths]) -> list[Lengths]:
        """The sizes that are run, in order."""
        if len(every) <= self.sizes:
            return every
        drawn = Random(0).sample(range(len(every)), self.sizes)
        return [every[n] for n in sorted(drawn)]

    def at_each(self, every: list[Lengths]) -> int:
        """How many cases each size gets."""
        return self.few if len(every) > MANY else self.each


MANY = 200
QUICK = Plan(most=2, sizes=36, each=4, few=1, paths=4)
FULL = Plan(most=3, sizes=1296, each=125, few=2, paths=729)


@dataclass
class Report:
    """What was decided of one function."""

    name: str
    most: int
    count: Count
    words: Counter[str] = field(default_factory=Counter)  # sizes by how their words were chosen
    left_out: int = 0  # sizes up to the bound that were not drawn
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
    names = names_of(modules)
    for found in in_processes(_report, names):
        on_done(found.name)
        yield found


def names_of(modules: Iterable[Module]) -> list[str]:
    """The functions that are run: those of the modules, and the row sums they call."""
    return [*(name for name, _ in functions(modules)), *ROW_SUMS]


class _Work:
    """What every process has at hand: set before the processes are forked."""

    functions: Mapping[str, Kernel | Elementwise]
    claims: Mapping[str, Equality]
    ways: Sequence[Variant]
    plan: Plan


def _report(name: str) -> Report:
    return report(name, _Work.functions.get(name), _Work.claims, _Work.ways, _Work.plan)


def report(
    name: str,
    function: Kernel | Elementwise | None,
    claims: Mapping[str, Equality],
    ways: Sequence[Variant],
    plan: Plan,
) -> Report:
    """What is decided of one function; of the row sums where there is none."""
    started = perf_counter()
    module = name.split(".")[0]
    if function is None:
        found = Report(name, 0, run_row_sums(name, [ways[0], ways[2], ways[4]]), Counter({ALL: 5}))
    elif isinstance(function, Elementwise):
        count = run_elementwise(function, module, claims, ways[0].loaded)
        found = Report(name, 0, count, Counter({EVERY_SIGN: 1}))
    else:
        found = _kernel(function, module, claims, ways, plan)
    found.seconds = perf_counter() - started
    return found


def functions(modules: Iterable[Module]) -> Iterator[tuple[str, Kernel | Elementwise]]:
    """Every function by the name that it is called by."""
    for module in modules:
        for function in module.functions:
            yield f"{module.path.removesuffix('.py')}.{function.name}", function


def loadings(texts: Mapping[str, str]) -> list[Variant]:
    """The ways to load the package that its functions can be told from."""
    return [
        Variant("as it is", Loaded(texts)),
        Variant("small steps, products overflowed", Loaded(texts, small=True, overflow=True)),
        Variant("no SciPy, products overflowed", Loaded(texts, sparse=False, overflow=True)),
        Variant("small steps, no SciPy", Loaded(texts, small=True, sparse=False)),
        Variant("small steps", Loaded(texts, small=True)),
    ]


def _kernel(
    kernel: Kernel,
    module: str,
    claims: Mapping[str, Equality],
    ways: Sequence[Variant],
    plan: Plan,
) -> Report:
    every = sizes(kernel, plan.most)
    some = plan.chosen(every)
    variants = _variants(kernel, module, ways, plan)
    found = Report(f"{module}.{kernel.name}", plan.most, Count())
    found.variants = tuple(variant.name for variant in variants)
    found.left_out = len(every) - len(some)
    random = Random(0)
    for lengths in some:
        which, chosen = cases(kernel, lengths, plan.at_each(every))
        found.words[which] += 1
        for case in chosen:
            others = (
                variants[1:] if kernel.parts else variants[1:] and [random.choice(variants[1:])]
            )
            run = [variants[0], *others]
            one = run_case(kernel, module, claims, case, run, plan.paths)
            found.count.add(one)
            if one.failures:
                return found
    return found


def _variants(
    kernel: Kernel, module: str, ways: Sequence[Variant], plan: Plan
) -> Sequence[Variant]:
    """The ways to run a kernel: the first at every case, of the others one drawn for each."""
    text = ways[0].loaded.texts[f"{module}.py"]
    if kernel.parts is None:
        return ways if "_rows" in text else ways[: 3 if "_products" in text else 1]
    memories = [
        Variant(f"memory for {pairs}, {way.name}", way.loaded, pairs)
        for pairs, way in zip(range(1, plan.most + 1), (ways[0], ways[4], ways[2]), strict=False)
    ]
    return [*ways, *memories]
