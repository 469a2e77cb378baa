"""The kernels of spans keep every promise, and planted mistakes are caught."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import generated
from tests.kernels.examples import survivors, times
from tests.kernels.properties.property import Property
from tests.spans.planted import MUTANTS
from tests.spans.properties import PROPERTIES

# How many examples: few, and the same in every run, or many new ones.
#
# HYPOTHESIS_PROFILE=long pytest tests/spans


SEEDED = settings(
    max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
LONG = settings(SEEDED, max_examples=3000, derandomize=False)
EXAMPLES = LONG if os.environ.get("HYPOTHESIS_PROFILE") == "long" else SEEDED


# The kernels of blocks keep every promise, on cases that Hypothesis makes up.


@times(4)
@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_generated_kernels_hold_that(prop: Property, times: int) -> None:
    @settings(EXAMPLES, max_examples=times * EXAMPLES.max_examples)
    @given(prop.strategy)
    def every_case(case: Any) -> None:
        prop.check(generated, case)

    every_case()


# The properties catch mistakes planted in the emitted code.


FEW, CASES = 25, 400


@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_a_property_kills_the_mutants_that_name_it(prop: Property) -> None:
    named = [mutant for mutant in MUTANTS if mutant.seen_by == prop.name]
    assert survivors(prop, named, (FEW, CASES)) == []


def test_every_mutant_is_one_of_its_own_and_names_a_property() -> None:
    assert {mutant.seen_by for mutant in MUTANTS} == {prop.name for prop in PROPERTIES}
    assert len({mutant.meant for mutant in MUTANTS}) == len(MUTANTS) >= 60
