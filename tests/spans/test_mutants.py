"""The properties catch faults planted in the emitted code."""

from pathlib import Path

import pytest

import generated
from tests.kernels.examples import survivors
from tests.kernels.properties.property import Property
from tests.spans.mutants import MUTANTS
from tests.spans.mutants.mutant import Mutant, planted
from tests.spans.properties import PROPERTIES

FEW, CASES = 25, 100


@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_a_property_kills_the_mutants_that_name_it(prop: Property, tmp_path: Path) -> None:
    named = planted([mutant for mutant in MUTANTS if mutant.killed_by == prop.name], tmp_path)
    assert named
    assert survivors(prop, named, generated, (FEW, CASES)) == []


def test_every_mutant_names_a_property() -> None:
    assert {mutant.killed_by for mutant in MUTANTS} <= {prop.name for prop in PROPERTIES}


def test_every_mutant_is_one_of_its_own() -> None:
    assert len({mutant.meant for mutant in MUTANTS}) == len(MUTANTS) >= 60


def test_code_that_has_changed_is_not_taken_for_a_mutant() -> None:
    gone = Mutant("a fault of code that is gone", "blocks_add", (("as it was", ""),))
    with pytest.raises(AssertionError, match="the code has changed"):
        gone.spoil("as it is")
