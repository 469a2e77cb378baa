"""The properties catch planted bugs, and let the correct kernel pass."""

import pytest

from tests.kernels.examples import examples
from tests.kernels.mutants import MUTANTS
from tests.kernels.mutants.interface import Kernel
from tests.kernels.mutation_table import EXAMPLES, KERNELS, failures, first_kill
from tests.kernels.properties import PROPERTIES
from tests.kernels.properties.property import Property

BY_NAME = {prop.name: prop for prop in PROPERTIES}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_property_named_by_a_mutant_kills_it(mutant: type[Kernel]) -> None:
    prop = BY_NAME[mutant.killed_by]
    number = first_kill(prop, mutant, examples(prop, EXAMPLES))
    assert number is not None, f"{mutant.__name__} survives {EXAMPLES} examples of {prop.name}"


@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_the_correct_kernel_survives(prop: Property) -> None:
    kernels = Kernel().namespace()
    cases = examples(prop, EXAMPLES)
    assert cases
    for case in cases:
        prop.check(kernels, case)


def test_every_property_is_violated_by_a_mutant() -> None:
    assert {mutant.killed_by for mutant in MUTANTS} == set(BY_NAME)


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
