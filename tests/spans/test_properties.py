"""The kernels of blocks keep every promise, on cases that Hypothesis makes up."""

from typing import Any

import pytest
from hypothesis import given, settings

import generated
from tests.kernels.examples import times
from tests.kernels.properties.property import Property
from tests.spans.examples import EXAMPLES
from tests.spans.properties import PROPERTIES


@times(4)
@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_generated_kernels_hold_that(prop: Property, times: int) -> None:
    @settings(EXAMPLES, max_examples=times * EXAMPLES.max_examples)
    @given(prop.strategy)
    def every_case(case: Any) -> None:
        prop.check(generated, case)

    every_case()
