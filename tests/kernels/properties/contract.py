"""What a kernel does with the arrays it is given and with those it hands over."""

import warnings
from typing import Any

import numpy as np

from tests.kernels.calls import Kernels, arrays, loss, raw, raw_loss, value_and_grad
from tests.kernels.cases import Case, Pair


def results_have_the_dtype_of_the_input(kernels: Kernels, case: Case) -> None:
    with np.errstate(all="ignore"):
        returned = raw(kernels, case)
    for array in arrays(returned):
        wanted = (case.U.dtype, np.dtype(np.int64), np.dtype(np.intp))
        assert array.dtype in wanted, f"a result has dtype {array.dtype}, not {wanted[0]}: {case}"
    if isinstance(case, Pair):
        for number in (returned[0], loss(kernels, case)):
            accepted = (float, case.U.dtype.type)
            assert isinstance(number, accepted), f"loss is a {type(number)}: {case}"


def finite_input_gives_no_warning(kernels: Kernels, case: Case) -> None:
    """Under NumPy's own default settings, with every warning an error."""
    with np.errstate(all="warn", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            raw(kernels, case)
            if isinstance(case, Pair):
                raw_loss(kernels, case)
        except Warning as warning:
            raise AssertionError(f"warned {warning!r}: {case}") from warning


def inputs_are_byte_identical_afterwards(kernels: Kernels, case: Case) -> None:
    given = [x for x in vars(case).values() if isinstance(x, np.ndarray)]
    before = [x.tobytes() for x in given]
    value_and_grad(kernels, case)
    if isinstance(case, Pair):
        loss(kernels, case)
    for array, saved in zip(given, before, strict=True):
        old = np.frombuffer(saved, array.dtype).reshape(array.shape)
        assert array.tobytes() == saved, f"an input was {old!r} and became {array!r}"


def results_survive_the_next_call(kernels: Kernels, cases: tuple[Case, Case]) -> None:
    first, second = cases
    with np.errstate(all="ignore"):
        kept = [*arrays(raw(kernels, first))]
        copies = [array.copy() for array in kept]
        raw(kernels, second)
    for array, copy in zip(kept, copies, strict=True):
        assert np.array_equal(array, copy, equal_nan=True), (
            f"a result was {copy!r} and became {array!r} after a second call: {cases}"
        )


def results_own_their_memory(kernels: Kernels, case: Case) -> None:
    """No result overlaps an input, another result, or itself; each may be written to."""
    with np.errstate(all="ignore"):
        results = arrays(raw(kernels, case))
    given = [x for x in vars(case).values() if isinstance(x, np.ndarray)]
    for i, result in enumerate(results):
        for other in given + results[:i]:
            assert not np.may_share_memory(result, other), f"{result!r} shares memory: {case}"
        assert result.flags.writeable, f"{result!r} is read-only: {case}"
        overlaps = result.size > 1 and 0 in np.array(result.strides)[np.array(result.shape) > 1]
        assert not overlaps, f"{result!r} overlaps itself: {case}"


def the_same_call_gives_the_same_bits(kernels: Kernels, cases: tuple[Case, Case]) -> None:
    first, between = cases
    with np.errstate(all="ignore"):
        one = bits(raw(kernels, first))
        raw(kernels, between)
        two = bits(raw(kernels, first))
    assert one == two, f"two calls with the same arguments differ: {first}"


def bits(returned: tuple[Any, Any, Any]) -> list[bytes]:
    return [np.asarray(returned[0]).tobytes(), *(array.tobytes() for array in arrays(returned))]
