"""Every wrong argument of the kernels of blocks is refused by name; the good ones are taken."""

import numpy as np
import pytest

import generated
from tests.spans.faults import BAD_CALLS, FUNCTIONS, GOOD, RATE, BadCall
from tests.spans.properties.refusals import wrong_arguments_are_refused_and_change_nothing


@pytest.mark.parametrize("bad", BAD_CALLS, ids=str)
def test_a_wrong_argument_is_refused_and_changes_nothing(bad: BadCall) -> None:
    wrong_arguments_are_refused_and_change_nothing(generated, bad)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_arguments_that_the_faults_are_planted_in_are_good(function: str) -> None:
    given = {**GOOD.arguments(), "V": GOOD.V.copy(), "U": GOOD.U.copy()}
    rate = {"rate": RATE} if function == "sgd_step" else {}
    getattr(generated.spans, function)(**given, **rate)
    changed = not np.array_equal(given["V"], GOOD.V) and not np.array_equal(given["U"], GOOD.U)
    assert changed == (function == "sgd_step")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_argument_has_a_fault(function: str) -> None:
    given = {*vars(GOOD), *(["rate"] if function == "sgd_step" else [])}
    assert {bad.argument for bad in BAD_CALLS if bad.function == function} == given
