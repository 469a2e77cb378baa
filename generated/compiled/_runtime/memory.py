"""Memory for a batch: that of a workspace, or new."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..._runtime.parts import Workspace


def room(work: Workspace | None, pairs: int, U: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where scores (pairs, N) and a gradient by U are to be written."""
    if work is not None:
        return work.scores[:pairs], work.grad_U
    return np.empty((pairs, len(U)), U.dtype), np.empty(U.shape, U.dtype)
