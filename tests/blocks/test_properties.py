"""What holds of spans holds of the lists that say the same, and faults planted there are seen."""

from typing import Any

import pytest
from hypothesis import given, settings

import generated
from tests.blocks.listed import Kernels
from tests.blocks.planted import MUTANTS
from tests.kernels.examples import survivors, times
from tests.kernels.properties.property import Property
from tests.spans.examples import EXAMPLES
from tests.spans.properties import PROPERTIES
from tests.spans.test_mutants import CASES, FEW

HELD = [p for p in PROPERTIES if p.name != "wrong_arguments_are_refused_and_change_nothing"]


@times(4)
@pytest.mark.parametrize("prop", HELD, ids=lambda prop: prop.name)
def test_lists_hold_what_spans_promise(prop: Property, times: int) -> None:
    @settings(EXAMPLES, max_examples=times * EXAMPLES.max_examples)
    @given(prop.strategy)
    def every_case(case: Any) -> None:
        prop.check(Kernels(generated), case)

    every_case()


@pytest.mark.parametrize(
    "prop",
    [prop for prop in HELD if any(mutant.seen_by == prop.name for mutant in MUTANTS)],
    ids=lambda prop: prop.name,
)
def test_a_property_kills_the_mutants_that_name_it(prop: Property) -> None:
    named = [mutant for mutant in MUTANTS if mutant.seen_by == prop.name]
    assert survivors(prop, named, (FEW, CASES), Kernels) == []


def test_every_mutant_names_a_property() -> None:
    assert {mutant.seen_by for mutant in MUTANTS} <= {prop.name for prop in HELD}
