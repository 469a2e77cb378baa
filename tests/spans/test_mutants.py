"""The properties catch faults planted in the emitted code."""

from pathlib import Path
from typing import Any

import pytest

from tests.kernels.examples import examples
from tests.kernels.properties.property import Property
from tests.spans.calls import quiet
from tests.spans.mutants import MUTANTS
from tests.spans.mutants.mutant import Mutant
from tests.spans.properties import PROPERTIES

CASES = 100
BY_NAME = {prop.name: prop for prop in PROPERTIES}


def first_kill(kernels: Any, prop: Property) -> int | None:
    """How many cases it takes to see the fault; a legal call that fails is seen, too."""
    with quiet():
        for number, case in enumerate(examples(prop, CASES), start=1):
            try:
                prop.check(kernels, case)
            except Exception:
                return number
    return None


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.meant)
def test_the_property_named_by_a_mutant_kills_it(mutant: Mutant, tmp_path: Path) -> None:
    prop = BY_NAME[mutant.killed_by]
    assert first_kill(mutant.planted(tmp_path), prop) is not None, f"{prop.name} does not see it"


def test_every_property_kills_a_mutant() -> None:
    assert {mutant.killed_by for mutant in MUTANTS} == set(BY_NAME)


def test_every_mutant_is_one_of_its_own() -> None:
    assert len({mutant.meant for mutant in MUTANTS}) == len(MUTANTS) >= 60


def test_code_that_has_changed_is_not_taken_for_a_mutant() -> None:
    gone = Mutant("a fault of code that is gone", "blocks_add", (("as it was", ""),))
    with pytest.raises(AssertionError, match="the code has changed"):
        gone.spoil("as it is")
