"""The committed kernels keep every promise, on cases that Hypothesis makes up."""

from typing import Any

import pytest
from hypothesis import given, settings

from tests.kernels.backends import BACK_ENDS
from tests.kernels.examples import times
from tests.kernels.properties import PROPERTIES
from tests.kernels.properties.property import Property


@BACK_ENDS
@times(5)
@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_generated_kernels_hold_that(prop: Property, times: int, kernels: Any) -> None:
    @settings(max_examples=times * settings().max_examples)
    @given(prop.strategy)
    def every_case(case: Any) -> None:
        prop.check(kernels, case)

    every_case()
