"""The same numbers in another layout, as lists, or in another precision."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tests.kernels.calls import Kernels, value_and_grad
from tests.kernels.cases import Case, Floats
from tests.kernels.promise import allowed, assert_promise
from tests.kernels.properties.symmetries import assert_same, known, plus


def fortran(array: Floats) -> Floats:
    return np.asfortranarray(array)


def strided(array: Floats) -> Floats:
    """Every second entry along each axis of a larger array, the rest poisoned."""
    wide = np.full([2 * n for n in array.shape], 77, dtype=array.dtype)
    wide[tuple(slice(None, None, 2) for _ in array.shape)] = array
    return wide[tuple(slice(None, None, 2) for _ in array.shape)]


def reversed_(array: Floats) -> Floats:
    backwards = tuple(slice(None, None, -1) for _ in array.shape)
    return array[backwards].copy()[backwards]


def read_only(array: Floats) -> Floats:
    locked = array.copy()
    locked.flags.writeable = False
    return locked


def other_byte_order(array: Floats) -> Floats:
    return array.astype(array.dtype.newbyteorder())


def unaligned(array: Floats) -> Floats:
    memory = np.empty(array.nbytes + 1, dtype=np.uint8)[1:]
    shifted: Floats = memory.view(array.dtype).reshape(array.shape)
    shifted[...] = array
    return shifted


LAYOUTS: tuple[Callable[[Floats], Floats], ...] = (
    fortran,
    strided,
    reversed_,
    read_only,
    unaligned,
    other_byte_order,
)


def any_layout_gives_the_same_answer(
    kernels: Kernels, drawn: tuple[Case, Callable[[Floats], Floats]]
) -> None:
    case, layout = drawn
    moved = changed(case, lambda x: layout(x) if isinstance(x, np.ndarray) else x)
    got = value_and_grad(kernels, moved)
    assert_promise(got, case)


def lists_are_taken_for_arrays(kernels: Kernels, case: Case) -> None:
    """Lists hold Python's floats, so this is float64's promise."""
    listed = changed(case, as_list)
    double = changed(case, in_double)
    result = value_and_grad(kernels, listed)
    assert_promise(result, double)


def float32_agrees_with_float64(kernels: Kernels, case: Case) -> None:
    double = changed(case, in_double)
    want = known(value_and_grad(kernels, double), double)
    assert_same(kernels, case, want, plus(allowed(case), allowed(double)))


def as_list(value: Any) -> Any:
    """A list, unless it could not tell (0, K) from (0,)."""
    if not isinstance(value, np.ndarray) or (value.ndim == 2 and not len(value)):
        return value
    return value.tolist()


def in_double(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(np.float64)
    return value


def changed(case: Case, change: Callable[[Any], Any]) -> Case:
    return replace(case, **{name: change(value) for name, value in vars(case).items()})
