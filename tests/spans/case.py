"""What the kernels of blocks are called with."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
Words = NDArray[Any]

BLOCK = ("centers", "contexts", "before", "after", "negatives")


@dataclass(frozen=True, eq=False)
class Blocks:
    """Arguments by the kernel's names. Compared by identity, so that answers can be kept."""

    V: Floats
    U: Floats
    centers: Words
    contexts: Words
    before: Words
    after: Words
    negatives: Words
    draws: Any

    @property
    def reach(self) -> int:
        """m, the places on either side."""
        return int(self.contexts.shape[1] - self.centers.shape[1]) // 2

    @property
    def samples(self) -> int:
        return int(self.negatives.shape[1])

    def places(self) -> list[tuple[int, int]]:
        """Every center: its block and its place among the block's centers."""
        return list(np.ndindex(*self.centers.shape))

    def window(self, g: int, p: int) -> list[int]:
        """The places q != p + m with -before <= q - (p + m) <= after."""
        here = p + self.reach
        first, last = here - int(self.before[g, p]), here + int(self.after[g, p])
        return [q for q in range(self.contexts.shape[1]) if first <= q <= last and q != here]

    def arguments(self) -> dict[str, Any]:
        return dict(vars(self))

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {name: x for name, x in vars(self).items() if isinstance(x, np.ndarray)}

    def of_blocks(self, chosen: Any) -> "Blocks":
        """Some of the blocks, or all in another order."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in BLOCK})

    def changed(self, change: Callable[[NDArray[Any]], Any]) -> "Blocks":
        """Every array put through the change."""
        return replace(self, **{name: change(array) for name, array in self.arrays().items()})
