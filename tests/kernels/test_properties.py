"""The committed kernels keep every promise, on cases that Hypothesis makes up."""

from typing import Any

import pytest
from hypothesis import given, settings

from tests.backends import BACKENDS, LEFT_OUT, SHARE
from tests.kernels.examples import times
from tests.kernels.properties import PROPERTIES
from tests.kernels.properties.property import Property

PROMISED = [
    pytest.param(backend, prop, id=f"{prop.name}-{backend}")
    for backend in BACKENDS
    for prop in PROPERTIES
    if (backend, prop.name) not in LEFT_OUT
]


@times(5)
@pytest.mark.parametrize(("backend", "prop"), PROMISED)
def test_generated_kernels_hold_that(backend: str, prop: Property, times: int) -> None:
    @settings(max_examples=times * settings().max_examples // SHARE[backend])
    @given(prop.strategy)
    def every_case(case: Any) -> None:
        prop.check(BACKENDS[backend], case)

    every_case()


def test_what_a_back_end_leaves_out_is_a_property() -> None:
    assert {name for _, name in LEFT_OUT} <= {prop.name for prop in PROPERTIES}
