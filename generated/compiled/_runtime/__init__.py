"""Support that every compiled kernel shares, written by hand: no formula is here.

How the loops are compiled, when, and for what: float32 or float64, at the first call with it.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any, Self, TypeVar, cast

import numba
import numpy as np
from numba.extending import overload
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
_COMPILING = Lock()


def entrywise(function: F) -> F:
    """A function of numbers and rows, compiled into the loops that call it; sums keep their order.

    It makes no array and keeps none, so that nobody counts the references to a row: in a loop over
    rows that costs as much as a sum over one.
    """
    compiled: F = _alone(function, forceinline=True)
    return compiled


def contracted(function: F) -> F:
    """The same, products and the sums that they are added to rounded once where they can be."""
    compiled: F = _alone(function, forceinline=True, fastmath={"contract"})
    return compiled


def seldom(function: F) -> F:
    """The same for what loops call where something is not finite: compiled by itself, once."""
    compiled: F = _alone(function)
    return compiled


def making(function: F) -> F:
    """A function that makes arrays, compiled into the loops that call it."""
    compiled: F = numba.njit(nogil=True, error_model="numpy", forceinline=True)(function)
    return compiled


def summing(function: F) -> F:
    """A function of rows that adds up in whatever order is fastest, multiplying on the way.

    Nothing else is left to the compiler: what is not finite stays so.
    """
    free = {"reassoc", "contract", "nsz"}
    compiled: F = _alone(function, forceinline=True, fastmath=free)
    return compiled


def by_width(single: F, double: F) -> F:
    """One function of numbers or rows: ``single`` for those in float32, ``double`` for others."""

    def chosen(value: Any) -> Any:
        raise NotImplementedError

    alike = {"nogil": True, "error_model": "numpy", "_nrt": False, "forceinline": True}

    def of_type(value: Any) -> Any:
        own = single if getattr(value, "dtype", value) == numba.float32 else double

        def implementation(value: Any) -> Any:
            return own(value)

        return implementation

    overload(chosen, jit_options=alike)(of_type)
    compiled: F = _alone(cast(F, lambda value: chosen(value)), forceinline=True)
    return compiled


class Kernel:
    """Loops over arrays, compiled for the types that a call of `settled` has, and no others.

    Where there is something ``refusing`` their arguments, it is asked before memory is made.
    """

    def __init__(self, function: Callable[..., Any], refusing: Self | None = None) -> None:
        self.refusing = refusing
        self.compiled = numba.njit(nogil=True, error_model="numpy", cache=True)(function)
        self.call: Callable[..., Any] = _nothing

    def make(self, types: tuple[Any, ...], written: tuple[Any, ...] = ()) -> None:
        """Compile for these types as well; the last are those of memory that is written to."""
        if self.refusing is not None:
            self.refusing.make(types)
        types += written
        with _COMPILING:
            if types not in self.compiled.signatures:
                self.compiled.disable_compile(False)
                self.compiled.compile(types)
                self.compiled.disable_compile()
            self.call = self.compiled


def kernel(function: Callable[..., Any]) -> Kernel:
    """A kernel of these loops; nothing is compiled yet."""
    return Kernel(function)


def kernel_after(refusing: Kernel) -> Callable[[Callable[..., Any]], Kernel]:
    """The same for loops that are given memory, made once the arguments are not refused."""
    return lambda function: Kernel(function, refusing)


def attempt(kernel: Kernel, *arguments: Any, zeros: tuple[Any, ...] = ()) -> Any:
    """What the loops return; None where the arguments are not good as they are.

    The loops look at shapes and words themselves. Types for which nothing is compiled are not
    good either, and so is a single number that is none of Python's. For each of ``zeros`` the
    loops are given an array of zeros as large, of which no page is written before they write it.
    """
    try:
        if kernel.refusing is None:
            return kernel.call(*arguments)
        kernel.refusing.call(*arguments)
        return kernel.call(*arguments, *(np.zeros(one.shape, one.dtype) for one in zeros))
    except (TypeError, ValueError, OverflowError):
        return None


def settled(kernel: Kernel, *arguments: Any, written: tuple[NDArray[Any], ...] = ()) -> Any:
    """The same for arguments that were checked, and compiled for them where it is not yet.

    The last arguments are memory that is ``written`` to.
    """
    given = tuple(map(_settled, arguments))
    if all(isinstance(one, np.ndarray) for one in given):  # of a number, the type may be new
        with suppress(TypeError):
            return kernel.call(*given, *written)
    kernel.make(tuple(map(_type, given)), tuple(map(numba.typeof, written)))
    return kernel.call(*given, *written)


def _alone(function: F, **more: Any) -> F:
    compiled: F = numba.njit(nogil=True, error_model="numpy", _nrt=False, **more)(function)
    return compiled


def _nothing(*arguments: Any) -> Any:
    raise TypeError("nothing is compiled yet")


def _settled(value: Any) -> Any:
    """An array whose rows lie in memory one after the other; a single number as one."""
    if not isinstance(value, np.ndarray):
        return value
    if value.flags.c_contiguous and value.flags.aligned and value.ndim:
        return value
    return np.require(value, requirements=("C", "A")) if value.ndim else value[()]


def _type(value: Any) -> Any:
    """The type of a value; arrays may be ones that cannot be written to."""
    found = numba.typeof(value)
    if not isinstance(value, np.ndarray):
        return found
    return numba.types.Array(found.dtype, found.ndim, "C", readonly=True)
