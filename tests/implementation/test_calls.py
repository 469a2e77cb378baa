"""Functions are called the way they can be, and their results read whatever they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from derivations.implementation.layouts import LAYOUTS, written
from tests.implementation.kernels import quick, softmax


class Tensor:
    """Like one of torch: an array behind methods."""

    def __init__(self, array: Any) -> None:
        if any(step < 0 for step in array.strides):
            raise ValueError("negative strides are not supported")
        self.array = array

    def detach(self) -> Tensor:
        return self

    cpu = detach

    def numpy(self) -> Any:
        return self.array


def by_tensors(v_c: Tensor, o: int, U: Tensor) -> Any:
    loss, by_v, by_U = softmax(v_c.array, o, U.array)
    return Tensor(np.asarray(loss)), Tensor(by_v), Tensor(by_U)


def test_tensors_go_in_and_come_out() -> None:
    report = quick(by_tensors, "naive_softmax", convert=Tensor)
    assert report.ok, report


def test_a_layout_that_cannot_be_converted_is_left_out() -> None:
    with pytest.raises(ValueError, match="negative strides"):
        Tensor(LAYOUTS["negative strides"](np.ones(3)))


def test_a_function_of_any_arguments_gets_them_in_the_order_stated() -> None:
    def kernel(*given: Any) -> Any:
        v_c, o, U = given
        return softmax(v_c, o, U)

    report = quick(kernel, "naive_softmax", {"v_c": "V[c]", "o": "o", "U": "U"})
    assert report.ok, report


def test_arguments_with_defaults_are_left_alone() -> None:
    def kernel(v_c: Any, o: int, U: Any, *, scale: float = 1.0) -> Any:
        return tuple(
            part * type(part)(scale) if scale != 1 else part for part in softmax(v_c, o, U)
        )

    report = quick(kernel, "naive_softmax")
    assert report.ok, report


@pytest.mark.parametrize("layout", ["", *LAYOUTS])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (4, 0), (0, 2)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
def test_an_array_is_written_so_that_the_text_gives_it_back(
    layout: str, shape: tuple[int, ...], dtype: Any
) -> None:
    rng = np.random.default_rng(1)
    array = (rng.normal(size=shape) * 10).astype(dtype)
    if not shape and layout:
        return
    text = written(np.asarray(array), layout)
    found = eval(text, {"np": np})
    assert np.shape(found) == shape
    assert np.asarray(found).astype(dtype).tobytes() == np.asarray(array).tobytes()
