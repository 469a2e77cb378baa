"""Every wrong argument is refused by name; every legal spelling of a good one is taken."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.kernels.backends import BACK_ENDS
from tests.kernels.properties.of_calls import (
    BAD_CALLS,
    FUNCTIONS,
    arguments_of,
    bad_arguments_are_refused_before_any_work,
    call,
)

ROWS = np.arange(6.0).reshape(3, 2)


class Subclass(np.ndarray[Any, Any]):
    """An array that is not just an array."""


@BACK_ENDS
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_wrong_argument_is_refused_before_any_work_and_good_ones_are_not(
    kernels: Any, function: str
) -> None:
    result: Any = call(kernels, function, arguments_of(function))
    loss = result if function.endswith(".loss") else result[0]
    assert np.all(np.isfinite(loss))
    bad = [one for one in BAD_CALLS if one.function == function]
    assert len(bad) > 10
    for one in bad:
        bad_arguments_are_refused_before_any_work(kernels, one)


@BACK_ENDS
@pytest.mark.parametrize("function", FUNCTIONS)
def test_words_may_be_of_any_integer_type(kernels: Any, function: str) -> None:
    good = arguments_of(function)
    for integer in (np.int8, np.uint16, np.int32, np.uint64, np.intp):
        words = {
            name: integer(value) if isinstance(value, int) else value.astype(integer)
            for name, value in good.items()
            if isinstance(value, int) or value.dtype.kind == "i"
        }
        assert_same_loss(kernels, function, words)


def read_only(array: Any) -> Any:
    array = array.copy()
    array.flags.writeable = False
    return array


SPELLED: tuple[Callable[[Any], Any], ...] = (
    lambda array: array.tolist(),
    lambda array: array.astype(array.dtype.newbyteorder()),
    lambda array: np.repeat(array, 2, axis=0)[::2],
    lambda array: array[::-1].copy()[::-1],
    lambda array: array.view(Subclass),
    np.asfortranarray,
    read_only,
)


@BACK_ENDS
@pytest.mark.parametrize("function", FUNCTIONS)
def test_arrays_may_lie_anyhow(kernels: Any, function: str) -> None:
    good = arguments_of(function)
    arrays = {name: value for name, value in good.items() if isinstance(value, np.ndarray)}
    for spell in SPELLED:
        spelled = {name: spell(value) for name, value in arrays.items()}
        assert_same_loss(kernels, function, spelled)
        for name, value in spelled.items():
            assert_same_loss(kernels, function, {name: value})


def assert_same_loss(kernels: Any, function: str, changes: dict[str, Any]) -> None:
    good = arguments_of(function)
    usual, other = call(kernels, function, good), call(kernels, function, {**good, **changes})
    if function.endswith(".loss"):
        usual, other = (usual,), (other,)
    assert np.array_equal(usual[0], other[0])  # type: ignore[index]


@BACK_ENDS
@pytest.mark.parametrize("word", [-1, 3, np.iinfo(np.intp).min, np.iinfo(np.intp).max])
def test_the_first_word_that_is_outside_is_named(kernels: Any, word: int) -> None:
    negatives = np.array([[0, 1, 2], [2, word, 0], [word, 3, -1]])
    batch = kernels.negative_sampling.batch_value_and_grad
    for spelled in (np.array, np.asfortranarray, np.ndarray.tolist):
        with pytest.raises(IndexError, match=rf"negatives\[1, 1\] is {word}, should be in 0..2"):
            batch(ROWS, ROWS, [0, 1, 2], [2, 1, 0], spelled(negatives))


@BACK_ENDS
def test_of_several_faults_the_dtype_comes_first_then_the_shape(kernels: Any) -> None:
    naive_softmax = kernels.naive_softmax
    table, flags, single = np.ones((3, 4)), np.ones(2, bool), np.ones(2, np.float32)
    with pytest.raises(TypeError, match="v_c is of dtype bool"):
        naive_softmax.loss(flags, 3, table)
    with pytest.raises(ValueError, match=r"v_c has shape \(2,\), should be \(d,\) with d = 4 as"):
        naive_softmax.loss(single, 3, table)
    with pytest.raises(TypeError, match="U is float64, v_c is float32; they should be of one"):
        naive_softmax.loss(np.ones(4, np.float32), 3, table)
    with pytest.raises(IndexError, match=r"o is 3, should be in 0\.\.2"):
        naive_softmax.loss(np.ones(4), 3, table)
