"""The ways to load the package, and those of them that a kernel is run in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codegen.backends.others import hows_of
from codegen.equality import Equality
from codegen.execute.call import Variant
from codegen.execute.loaded import Loaded
from codegen.execute.plan import Plan
from codegen.execute.watched import Watched
from codegen.kernel import Kernel

Claims = Mapping[str, Equality]


def loadings(texts: Mapping[str, str], watched: Watched | None = None) -> list[Variant]:
    """The ways to load the package that its functions can be told from."""

    def loaded(*, sparse: bool = True, small: bool = False, overflow: bool = False) -> Loaded:
        return Loaded(texts, sparse=sparse, small=small, overflow=overflow, watched=watched)

    return [
        Variant("as it is", loaded()),
        Variant("small steps, products overflowed", loaded(small=True, overflow=True)),
        Variant("no SciPy, products overflowed", loaded(sparse=False, overflow=True)),
        Variant("small steps, no SciPy", loaded(small=True, sparse=False)),
        Variant("small steps", loaded(small=True)),
    ]


def variants_of(
    kernel: Kernel, module: str, ways: Sequence[Variant], plan: Plan, claims: Claims
) -> Sequence[Variant]:
    """The ways to run a kernel: the first at every case, of the others one drawn for each."""
    if "." in module:
        others = hows_of(module, kernel, claims)
        return [ways[0], *(Variant(name, ways[0].loaded, how=how) for name, how in others)]
    if kernel.parts is None:
        used = ways[0].loaded.imported(module)
        return ways if "_runtime.rows" in used else ways[: 3 if "_runtime.products" in used else 1]
    memories = [
        Variant(f"memory for {pairs}, {way.name}", way.loaded, pairs)
        for pairs, way in zip(range(1, plan.most + 1), (ways[0], ways[4], ways[2]), strict=False)
    ]
    return [*ways, *memories]
