"""Every wrong argument is refused by name; every legal spelling of a good one is taken."""

from typing import Any

import numpy as np
import pytest

import generated
from tests.kernels.properties.arguments import (
    FUNCTIONS,
    BadCall,
    arguments_of,
    bad_arguments_are_refused_before_any_work,
    call,
)
from tests.kernels.properties.faults import BAD_CALLS


@pytest.mark.parametrize("bad", BAD_CALLS, ids=str)
def test_a_wrong_argument_is_refused_before_any_work(bad: BadCall) -> None:
    bad_arguments_are_refused_before_any_work(generated, bad)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_arguments_that_the_faults_are_planted_in_are_good(function: str) -> None:
    result: Any = call(generated, function, arguments_of(function))
    loss = result if function.endswith(".loss") else result[0]
    assert np.all(np.isfinite(loss))


@pytest.mark.parametrize("integer", [np.int8, np.uint16, np.int32, np.uint64, np.intp])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_words_may_be_of_any_integer_type(function: str, integer: type[np.integer[Any]]) -> None:
    good = arguments_of(function)
    words = {
        name: integer(value) if isinstance(value, int) else value.astype(integer)
        for name, value in good.items()
        if isinstance(value, int) or value.dtype.kind == "i"
    }
    usual, other = call(generated, function, good), call(generated, function, {**good, **words})
    if function.endswith(".loss"):
        usual, other = (usual,), (other,)
    assert np.array_equal(usual[0], other[0])  # type: ignore[index]
