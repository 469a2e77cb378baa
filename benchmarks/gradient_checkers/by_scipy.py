"""`scipy.optimize.check_grad`: the norm of gradient minus forward differences."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.gradient_checkers.flat import gradient, loss
from benchmarks.gradient_checkers.kernel import Kernel, points

NAME = "scipy.optimize.check_grad"
# it returns a norm and leaves it to the user what is small; forward differences reach some 1e-7
SMALL = 1e-5


def load() -> None:
    """ModuleNotFoundError where SciPy is missing."""
    from scipy.optimize import check_grad  # noqa: F401  # to see whether it is there


def catches(kernel: Kernel, count: int, seed: int) -> str:
    """Whether the norm is not small beside that of the gradient, at any point."""
    from scipy.optimize import check_grad

    function, subject = kernel.make(), kernel.subject
    for words, floats in points(subject, count, seed):
        x = np.concatenate([part.ravel() for part in floats])
        at: Any = (function, subject, words)
        error = check_grad(partial(loss, *at), partial(gradient, *at), x)
        size = max(1.0, float(np.linalg.norm(gradient(*at, x))))
        if not error <= SMALL * size:
            return f"differs by {error:.2g}"
    return ""
