"""A loss and its derivatives in ball arithmetic: differences so fine that nothing is lost.

Two evaluations 2 STEP apart differ by 2 STEP times the slope, up to the square of STEP. A
softmax whose scores are a thousand apart has slopes near 2^-2000, hence so many bits.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from flint import arb, ctx

from tests.subjects.losses import Balls

BITS = 8000
STEP = arb(2) ** -2600


def balls(value: Any) -> Any:
    """The same floats, exactly."""
    array = np.asarray(value)
    if array.dtype.kind in "iu":
        return value
    out = np.empty(array.shape, dtype=object)
    for place in np.ndindex(array.shape):
        out[place] = arb(float(array[place]))
    return out if array.shape else out[()]


def exact(
    loss: Callable[..., Any], case: Mapping[str, Any], by: Sequence[str]
) -> tuple[Any, dict[str, Balls]]:
    """The loss of a case, and its derivative by every entry of the named arguments."""
    with ctx.workprec(BITS):
        given = {name: balls(value) for name, value in case.items()}
        return loss(**given), {name: _slopes(loss, given, name) for name in by}


def _slopes(loss: Callable[..., Any], given: Mapping[str, Any], name: str) -> Balls:
    out = np.empty(np.shape(given[name]), dtype=object)
    for place in np.ndindex(out.shape):
        above, below = (loss(**{**given, name: _moved(given[name], place, s)}) for s in (1, -1))
        out[place] = (above - below) / (2 * STEP)
    return out


def _moved(value: Any, place: tuple[int, ...], sign: int) -> Any:
    if not place:
        return value + sign * STEP
    moved = value.copy()
    moved[place] += sign * STEP
    return moved
