"""What holds of spans holds of the lists that say the same, and faults planted there are seen."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import generated
from tests.blocks.listed import Kernels
from tests.blocks.mutants import MUTANTS
from tests.kernels.properties.property import Property
from tests.spans.examples import EXAMPLES
from tests.spans.mutants.mutant import Mutant
from tests.spans.properties import PROPERTIES
from tests.spans.test_mutants import BY_NAME, first_kill

HELD = [p for p in PROPERTIES if p.name != "wrong_arguments_are_refused_and_change_nothing"]


@pytest.mark.parametrize("prop", HELD, ids=lambda prop: prop.name)
def test_lists_hold_what_spans_promise(prop: Property) -> None:
    @EXAMPLES
    @given(prop.strategy)
    def every_case(case: Any) -> None:
        prop.check(Kernels(generated), case)

    every_case()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.meant)
def test_the_property_named_by_a_mutant_kills_it(mutant: Mutant, tmp_path: Path) -> None:
    spoilt = Kernels(mutant.planted(tmp_path))
    assert first_kill(spoilt, BY_NAME[mutant.killed_by]) is not None
