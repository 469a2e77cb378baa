"""What the kernels do with the arrays they are given and with those they hand over."""

import tracemalloc
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tests.spans.calls import loss, quiet, raw, step, value_and_grad
from tests.spans.case import Blocks
from tests.spans.promise import assert_promise

INTEGERS = (np.int8, np.int32, np.uint8, np.uint64)
N, D = 200_000, 16
DENSE = N * D * np.dtype(np.float64).itemsize


def results_have_the_dtype_of_the_input(kernels: Any, case: Blocks) -> None:
    with quiet():
        number, *gradients = raw(kernels, case)
    assert isinstance(number, float), f"loss is a {type(number)}: {case}"
    for gradient in gradients:
        found = gradient.values.dtype
        assert found == case.V.dtype, f"a gradient is {found}, not {case.V.dtype}: {case}"


def gradients_list_each_word_once(kernels: Any, case: Blocks) -> None:
    """Row gradients: the words of the blocks, sorted and distinct, and memory of their own."""
    with quiet():
        _, grad_V, grad_U = raw(kernels, case)
    outside = np.append(case.contexts, case.negatives)
    for name, gradient, words in (("grad_V", grad_V, case.centers), ("grad_U", grad_U, outside)):
        wanted = np.unique(words)
        assert np.array_equal(gradient.rows, wanted), f"{name}.rows is {gradient.rows!r}: {case}"
        shape = (len(wanted), case.V.shape[1])
        assert gradient.values.shape == shape, f"{name}.values: {gradient.values.shape}: {case}"
        for given in case.arrays().values():
            assert not any(np.may_share_memory(part, given) for part in gradient), f"{name}: {case}"


def inputs_are_byte_identical_afterwards(kernels: Any, case: Blocks) -> None:
    before = {name: array.tobytes() for name, array in case.arrays().items()}
    loss(kernels, case)
    value_and_grad(kernels, case)
    step(kernels, replace(case, V=case.V.copy(), U=case.U.copy()), 0.5)
    for name, array in case.arrays().items():
        assert array.tobytes() == before[name], f"{name} became {array!r}: {case}"


def any_layout_gives_the_same_answer(kernels: Any, case: tuple[Blocks, Any]) -> None:
    given, layout = case
    assert_promise(value_and_grad(kernels, given.changed(layout)), given)


def words_may_be_of_any_integer_type(kernels: Any, case: tuple[Blocks, Any]) -> None:
    given, integer = case
    retyped = given.changed(lambda x: x.astype(integer) if x.dtype.kind == "i" else x)
    assert_promise(value_and_grad(kernels, retyped), given)


def lists_are_taken_for_arrays(kernels: Any, case: Blocks) -> None:
    """Lists hold Python's floats, so this is the promise of float64."""
    double = replace(case, V=case.V.astype(np.float64), U=case.U.astype(np.float64))
    assert_promise(value_and_grad(kernels, case.changed(lambda array: array.tolist())), double)


def finite_input_gives_no_warning(kernels: Any, case: Blocks) -> None:
    """Under NumPy's own default settings, with every warning an error."""
    moved = replace(case, V=case.V.copy(), U=case.U.copy())
    with np.errstate(all="warn", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            raw(kernels, case)
            kernels.spans.loss(**case.arguments())
            kernels.spans.sgd_step(**moved.arguments(), rate=0.1)
        except Warning as warning:
            raise AssertionError(f"warned {warning!r}: {case}") from warning


def of_a_large_vocabulary() -> Blocks:
    """Rows that the system has promised but not yet provided."""
    return _of_words(N)


def _of_words(count: int) -> Blocks:
    rng = np.random.default_rng(0)
    contexts, negatives = rng.integers(count, size=(4, 12)), rng.integers(count, size=(4, 5))
    V, U = np.zeros((count, D)), np.zeros((count, D))
    near = np.full((4, 8), 2)
    return Blocks(V, U, contexts[:, 2:-2], contexts, near, near, negatives, 5)


def nothing_as_large_as_a_matrix_is_allocated(kernels: Any, make: Callable[[], Blocks]) -> None:
    """A number for each word is allowed; an (N, d) array is not, nor in a step."""
    case, small = make(), _of_words(9)
    raw(kernels, small)  # what is imported at a first call is no array
    step(kernels, small, 0.1)
    for work in (lambda: raw(kernels, case), lambda: step(kernels, case, 0.1)):
        tracemalloc.start()
        try:
            work()
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < DENSE / 4, f"{peak} bytes allocated; a matrix has {DENSE}"
