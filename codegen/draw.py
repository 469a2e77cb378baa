"""Arguments drawn for a kernel: what its data says of shapes and words, or what its subject says.

For the bounds on rounding, which are compared with what is measured at such arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from derivations.indices import Index, IndexSet

if TYPE_CHECKING:
    from codegen.kernel import Argument, Kernel

Floats = NDArray[Any]
Arguments = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Draw:
    """Vectors U and V (N, d), K samples, B places, and where words and numbers come from."""

    rng: np.random.Generator
    U: Floats
    V: Floats
    K: int
    B: int

    def word(self) -> int:
        """Any word."""
        return int(self.rng.integers(0, len(self.U)))

    def words(self, *shape: int) -> NDArray[np.int64]:
        """Words, with repetitions."""
        return self.rng.integers(0, len(self.U), shape)

    def numbers(self, *shape: int) -> Floats:
        """Numbers of a few sizes."""
        drawn: Floats = self.rng.normal(size=shape) * 10.0 ** self.rng.uniform(-2, 1, shape)
        return drawn.astype(self.U.dtype)


Drawn = Callable[[Draw], Arguments]


def by_shapes(kernel: Kernel) -> Drawn:
    """Arguments of the shapes that the kernel's data says: of N words, d coordinates, K samples.

    Every other axis has B places. Matrices (N, d) are U and V, vectors (d,) the first row of V.
    """

    def drawn(draw: Draw) -> Arguments:
        lengths = {"N": len(draw.U), "d": draw.U.shape[1], "K": draw.K}
        below = {
            axis.space: lengths.get(letter, draw.B)
            for one in kernel.arguments
            if not one.is_integer
            for axis, letter in zip(one.axes, one.letters, strict=True)
        }
        named = {"U": draw.U, "V": draw.V}
        left = [name for name in named if name not in {one.name for one in kernel.arguments}]

        def value(one: Argument) -> Any:
            shape = tuple(lengths.get(letter, draw.B) for letter in one.letters)
            if one.is_integer:
                words = below[members(one)]
                found = draw.rng.integers(0, words, shape)
                return found if one.axes else int(found)
            if one.letters == ("N", "d") and (one.name in named or left):
                return named[one.name if one.name in named else left.pop(0)]
            if one.letters == ("d",):
                return draw.V[0]
            return draw.numbers(*shape) if one.axes else float(draw.rng.uniform(0.1, 3))

        return tuple(value(one) for one in kernel.arguments)

    return drawn


def members(argument: Argument) -> IndexSet:
    """The index set whose members an argument holds."""
    held = argument.stands_for
    space = held.space if isinstance(held, Index) else held.base.space
    assert isinstance(space, IndexSet)
    return space
