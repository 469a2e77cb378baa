"""The ways to load the package, and those of them that a kernel is run in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codegen.backends.others import hows_of
from codegen.equality import Equality
from codegen.execute.call import Variant
from codegen.execute.plan import Plan
from codegen.execute.watched import Watched
from codegen.interpret.loaded import Loaded, as_it_stands
from codegen.kernel import Kernel

Claims = Mapping[str, Equality]
SETTLED = "arguments settled first, small steps, products overflowed"


def loadings(texts: Mapping[str, str], watched: Watched | None = None) -> list[Variant]:
    """The ways to load the package that its functions can be told from."""

    compiled = as_it_stands if watched is None else watched.compiled

    def loaded(
        *, sparse: bool = True, small: bool = False, overflow: bool = False, settled: bool = False
    ) -> Loaded:
        return Loaded(
            texts, sparse=sparse, small=small, overflow=overflow, settled=settled, compiled=compiled
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
        others = hows_of(module, kernel, claims)
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
    return ways[: 3 if "_runtime.products" in used else 1]
