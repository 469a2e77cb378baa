"""The properties catch mistakes planted in the emitted code."""

import pytest

from tests.kernels.examples import survivors
from tests.kernels.properties.property import Property
from tests.spans.planted import MUTANTS
from tests.spans.properties import PROPERTIES

FEW, CASES = 25, 100


@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_a_property_kills_the_mutants_that_name_it(prop: Property) -> None:
    named = [mutant for mutant in MUTANTS if mutant.seen_by == prop.name]
    assert survivors(prop, named, (FEW, CASES)) == []


def test_every_mutant_is_one_of_its_own_and_names_a_property() -> None:
    assert {mutant.seen_by for mutant in MUTANTS} == {prop.name for prop in PROPERTIES}
    assert len({mutant.meant for mutant in MUTANTS}) == len(MUTANTS) >= 60
