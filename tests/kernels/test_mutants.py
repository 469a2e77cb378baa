"""The properties catch planted bugs, and let the correct kernel pass."""

import pytest

from tests.kernels.examples import survivors
from tests.kernels.mutants import MUTANTS
from tests.kernels.mutants.interface import Kernel
from tests.kernels.mutation_table import EXAMPLES, KERNELS, failures
from tests.kernels.properties import PROPERTIES
from tests.kernels.properties.property import Property

FEW = 60


@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_a_property_kills_the_mutants_that_name_it(prop: Property) -> None:
    named = {
        mutant.__name__: mutant().namespace() for mutant in MUTANTS if mutant.killed_by == prop.name
    }
    assert named
    assert survivors(prop, named, Kernel().namespace(), (FEW, EXAMPLES)) == []


def test_every_mutant_names_a_property() -> None:
    assert {mutant.killed_by for mutant in MUTANTS} <= {prop.name for prop in PROPERTIES}


def test_a_mutant_that_no_case_kills_survives_and_one_that_always_falls_does_not() -> None:
    prop = next(prop for prop in PROPERTIES if prop.name == MUTANTS[0].killed_by)
    correct, spoilt = Kernel().namespace(), MUTANTS[0]().namespace()
    assert survivors(prop, {"spoilt": spoilt, "right": correct}, correct, (FEW,)) == ["right"]
    with pytest.raises(AssertionError):
        survivors(prop, {"right": correct}, spoilt, (FEW,))


def test_every_mutant_has_its_own_name_and_says_what_is_wrong() -> None:
    assert len({mutant.__name__ for mutant in MUTANTS}) == len(MUTANTS) >= 50
    assert all(mutant.__doc__ and mutant.__doc__ != Kernel.__doc__ for mutant in MUTANTS)


def test_the_table_reports_survivors_idle_properties_and_false_alarms() -> None:
    kills: dict[type[Kernel], dict[str, int]] = {kernel: {} for kernel in KERNELS}
    kills[Kernel] = {PROPERTIES[0].name: 1}
    report = failures(kills)
    assert f"survives: {MUTANTS[0].__name__}" in report
    assert f"false alarm: {PROPERTIES[0].name}" in report
    assert f"kills nothing: {PROPERTIES[1].name}" in report
