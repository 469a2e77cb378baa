"""Planted kernel bugs: each overrides one step of a correct kernel, and says what is wrong.

`killed_by` names a property that catches the bug quickly; the mutation table has the rest.
"""

from tests.kernels.mutants import (
    batches,
    checks,
    gradients,
    memories,
    samplings,
    sigmoids,
    softmaxes,
    windows,
)
from tests.kernels.mutants.interface import Kernel

FILES = (sigmoids, softmaxes, samplings, gradients, windows, batches, memories, checks)
MUTANTS: tuple[type[Kernel], ...] = tuple(Kernel.__subclasses__())
