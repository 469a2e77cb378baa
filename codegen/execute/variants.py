"""The ways to load the package, and those of them that a kernel is run in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codegen.execute.call import Variant
from codegen.execute.loaded import Loaded
from codegen.execute.plan import Plan
from codegen.execute.watched import Watched
from codegen.kernel import Kernel

SETTLED = "arguments settled first, small steps, products overflowed"


def loadings(texts: Mapping[str, str], watched: Watched | None = None) -> list[Variant]:
    """The ways to load the package that its functions can be told from."""

    def loaded(
        *, sparse: bool = True, small: bool = False, overflow: bool = False, settled: bool = False
    ) -> Loaded:
        return Loaded(
            texts, sparse=sparse, small=small, overflow=overflow, settled=settled, watched=watched
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
    kernel: Kernel, module: str, ways: Sequence[Variant], plan: Plan
) -> Sequence[Variant]:
    """The ways to run a kernel: the first at every case, of the others one drawn for each."""
    is_compiled = "." in module  # a folder's
    own = [ways[0], ways[5]] if is_compiled else ways[:5]
    if kernel.parts is not None:
        memories = [
            Variant(f"memory for {pairs}, {way.name}", way.loaded, pairs)
            for pairs, way in zip(
                range(1, plan.most + 1), (own[0], own[-1], own[len(own) // 2]), strict=False
            )
        ]
        return [*own, *memories]
    if is_compiled:
        return own
    used = ways[0].loaded.imported(module)
    return own if "_runtime.rows" in used else own[: 3 if "_runtime.products" in used else 1]
