"""`numdifftools.Gradient`: extrapolated differences, compared with the gradient."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.gradient_checkers.flat import gradient, loss
from benchmarks.gradient_checkers.kernel import Kernel, points

NAME = "numdifftools"


def load() -> None:
    """ModuleNotFoundError where numdifftools is missing."""
    import numdifftools  # noqa: F401  # to see whether it is there


def catches(kernel: Kernel, count: int, seed: int) -> str:
    """Whether both are not close by the defaults of `numpy.allclose`, at any point."""
    import numdifftools

    function, subject = kernel.make(), kernel.subject
    for words, floats in points(subject, count, seed):
        x = np.concatenate([part.ravel() for part in floats])
        at: Any = (function, subject, words)
        numeric = numdifftools.Gradient(partial(loss, *at))(x)
        if not np.allclose(gradient(*at, x), numeric):
            return "not close"
    return ""
