"""Wrong arguments: refused by name, and nothing changed by then."""

from typing import Any

import numpy as np

from tests.spans.faults import GOOD, RATE, BadCall


def wrong_arguments_are_refused_and_change_nothing(kernels: Any, bad: BadCall) -> None:
    good = {name: array.copy() for name, array in GOOD.arrays().items()}
    rate = {"rate": RATE} if bad.function == "sgd_step" else {}
    arguments = {**good, "draws": GOOD.draws, **rate, bad.argument: bad.value}
    try:
        returned = getattr(kernels.spans, bad.function)(**arguments)
    except bad.error as refusal:
        message = str(refusal)
    else:
        raise AssertionError(f"{bad} was accepted, giving {returned!r}")
    assert bad.was in message, f"{bad}: {message!r} does not say {bad.was!r}"
    for name, array in good.items():
        assert np.array_equal(array, getattr(GOOD, name)), f"{name} changed: {bad}"
