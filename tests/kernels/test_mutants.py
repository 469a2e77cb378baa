"""The properties catch mistakes planted in the committed text, and let the text itself pass."""

import pytest

from tests.kernels.examples import survivors
from tests.kernels.mutation_table import COMMITTED, EXAMPLES, failures
from tests.kernels.planted import MUTANTS
from tests.kernels.properties import PROPERTIES
from tests.kernels.properties.property import Property
from tests.planting import Mutant, rewritten

FEW = 60


@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_a_property_kills_the_mutants_that_name_it(prop: Property) -> None:
    named = [mutant for mutant in MUTANTS if mutant.seen_by == prop.name]
    assert survivors(prop, named, (FEW, EXAMPLES)) == []


def test_every_mutant_is_one_of_its_own_and_names_a_property() -> None:
    assert {mutant.seen_by for mutant in MUTANTS} == {prop.name for prop in PROPERTIES}
    assert len({mutant.meant for mutant in MUTANTS}) == len(MUTANTS) >= 80
    assert len({mutant.changes for mutant in MUTANTS}) == len(MUTANTS)


def test_what_no_case_kills_survives_and_code_that_has_changed_is_no_mutant() -> None:
    prop = next(prop for prop in PROPERTIES if prop.name == MUTANTS[0].seen_by)
    assert survivors(prop, [MUTANTS[0], COMMITTED], (FEW,)) == [COMMITTED.meant]
    gone = Mutant("a mistake in code that is gone", rewritten("_sigmoid.py", "as it was", ""))
    with pytest.raises(LookupError, match="the text has changed"):
        survivors(prop, [gone], (FEW,))


def test_the_table_reports_survivors_idle_properties_and_false_alarms() -> None:
    kills: dict[str, dict[str, int]] = {one.meant: {} for one in (COMMITTED, *MUTANTS)}
    kills[COMMITTED.meant] = {PROPERTIES[0].name: 1}
    report = failures(kills)
    assert f"survives: {MUTANTS[0].meant}" in report
    assert f"false alarm: {PROPERTIES[0].name}" in report
    assert f"kills nothing: {PROPERTIES[1].name}" in report
