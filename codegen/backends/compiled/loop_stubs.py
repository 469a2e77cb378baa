"""Stubs for the loops on symbols, in place of what takes floats, or compiles.

compiling       nothing is compiled; a kernel is called as it is, or only once its arguments
                are settled
floats          functions of numbers: what they are by definition; every symbol is finite
product, mend   in one variant all products are taken for overflowed, and mended
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from codegen.emitted import Stubs
from codegen.interpret.array import Array, Plain
from codegen.interpret.symbolic import EXACT, Symbols, symbolic

T = TypeVar("T")
R = TypeVar("R")

FUNCTIONS = ("exp", "log", "log1p", "maximum", "minimum", "sign", "sqrt", "tanh")


def stubs(settled: bool) -> Stubs:
    """The modules by name; where ``settled``, no call is good as it is."""
    own = {name: _of_numbers(name) for name in FUNCTIONS}
    return {
        "compiled._runtime": SimpleNamespace(
            by_width=lambda single, double: double,
            kernel=_as_it_is,
            kernel_after=lambda refusing: _as_it_is,
            entrywise=_as_it_is,
            making=_as_it_is,
            summing=_as_it_is,
            seldom=_as_it_is,
            attempt=_refused if settled else _called,
            settled=_called,
        ),
        "compiled._runtime.floats": SimpleNamespace(
            **own,
            exp_below=lambda number: np.exp(np.minimum(number, 0)),
            argmax=lambda row: row.argmax(),
            kind=lambda number: _as_it_is,
            weigh=lambda weight, value: weight * value,
            is_finite=lambda number: True,
            are_finite=lambda row: True,
            exponent=lambda row: np.frexp(np.abs(row).max())[1],
            scaled=np.ldexp,
        ),
    }


def stubs_on_floats() -> Stubs:
    """Nothing is compiled, and every call goes the way of arguments that have to be checked."""
    own = dict.fromkeys(
        ("entrywise", "contracted", "making", "seldom", "summing", "kernel"), _as_it_is
    )
    return {
        "compiled._runtime": SimpleNamespace(
            **own,
            by_width=_by_width,
            kernel_after=lambda refusing: _as_it_is,
            attempt=_refused,
            settled=_settled,
        )
    }


def _by_width(single: Callable[[T], R], double: Callable[[T], R]) -> Callable[[T], R]:
    """The one for float32, or the one for other numbers."""
    return lambda x: (single if getattr(x, "dtype", None) == np.float32 else double)(x)


def _settled(kernel: Callable[..., R], *given: ArrayLike, written: tuple[Plain, ...] = ()) -> R:
    """The call, single numbers as such."""
    single = (one[()] if isinstance(one, np.ndarray) and not one.ndim else one for one in given)
    return kernel(*single, *written)


def overflowing(rows: ModuleType) -> SimpleNamespace:
    """The module of row products, where every product is mended."""
    content = {name: value for name, value in vars(rows).items() if name[:2] != "__"}

    def mend(products: Symbols, matrix: Symbols, vector: Symbols) -> None:
        for w in range(len(products)):
            products[w] = rows.mended(matrix[w], vector)

    return SimpleNamespace(**{**content, "product": rows.mended, "mend": mend})


def _as_it_is(value: T) -> T:
    return value


def _called(
    kernel: Callable[..., R],
    *arguments: ArrayLike,
    zeros: tuple[Array | Plain, ...] = (),
    written: tuple[ArrayLike, ...] = (),
) -> R:
    made = (symbolic(np.zeros(one.shape, object)) for one in zeros)
    return kernel(*arguments, *made, *written)


def _refused(
    kernel: Callable[..., object], *arguments: ArrayLike, zeros: tuple[Array | Plain, ...] = ()
) -> None:
    return None


def _of_numbers(name: str) -> Callable[..., Symbols]:
    return lambda *numbers: EXACT.entrywise(name, *map(EXACT.lifted, numbers))
