"""The walk compiled by Numba, once for each width of a row."""

from __future__ import annotations

import types as python_types
from collections.abc import Callable
from functools import cache
from typing import Any

from . import reading, step, walk

_TEXTS = (  # each may call those before it
    (step, ("descend", "rates")),
    (walk, ("drawn", "thinned", "sampled", "listed", "mean_row", "walk", "loss")),
    (reading, ("numbers",)),
)
_ALONE = ("walk", "loss", "thinned", "numbers")  # called from Python, the others put into them


@cache
def functions() -> dict[str, Callable[..., Any]]:
    """The functions of `step`, `walk` and `reading`, compiled when they are first called.

    Their text is the one that plain Python reads: the same code objects, with each other's
    compiled forms among their globals.
    """
    import numba

    from . import vectors  # noqa: F401  # tells Numba what the functions of `lanes` are

    made: dict[str, Callable[..., Any]] = {}
    for module, names in _TEXTS:
        own = dict(vars(module))
        for name in names:
            own.update(made)
            text = getattr(module, name)
            copied = python_types.FunctionType(text.__code__, own, name, text.__defaults__)
            copied.__module__ = module.__name__
            inner = name not in _ALONE
            made[name] = numba.njit(
                nogil=True,
                fastmath={"contract"},
                error_model="numpy",
                forceinline=inner,
                no_cfunc_wrapper=True,
                no_cpython_wrapper=inner,
            )(copied)
    return made
