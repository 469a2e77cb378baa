"""The committed kernels keep every promise on made-up cases, and planted mistakes are caught."""

from typing import Any

import pytest
from hypothesis import given, settings

from tests.backends import BACKENDS, LEFT_OUT, SHARE, kernels_of
from tests.kernels.examples import Property, survivors, times
from tests.kernels.mutation_table import COMMITTED, EXAMPLES, MUTANTS, failures
from tests.kernels.properties import PROPERTIES
from tests.planting import Mutant, rewritten

COMPILED = "compiled"  # by Numba, which takes seconds a kernel and dtype
PROMISED = [
    *(
        pytest.param(COMPILED, prop, id=f"{prop.name}-{COMPILED}", marks=pytest.mark.slow)
        for prop in PROPERTIES
    ),
    *(
        pytest.param(backend, prop, id=f"{prop.name}-{backend}")
        for backend in BACKENDS
        for prop in PROPERTIES
        if (backend, prop.name) not in LEFT_OUT
    ),
]


@times(5)
@pytest.mark.parametrize(("backend", "prop"), PROMISED)
def test_generated_kernels_hold_that(backend: str, prop: Property, times: int) -> None:
    kernels = kernels_of(backend)

    @settings(max_examples=times * settings().max_examples // SHARE.get(backend, 1))
    @given(prop.strategy)
    def every_case(case: Any) -> None:
        prop.check(kernels, case)

    every_case()


def test_what_a_back_end_leaves_out_is_a_property() -> None:
    assert {name for _, name in LEFT_OUT} <= {prop.name for prop in PROPERTIES}


FEW, MORE = 60, 100


@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_a_property_kills_the_mutants_that_name_it(prop: Property) -> None:
    named = [mutant for mutant in MUTANTS if mutant.seen_by == prop.name]
    assert survivors(prop, named, (FEW, MORE, EXAMPLES)) == []


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
