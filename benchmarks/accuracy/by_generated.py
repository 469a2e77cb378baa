"""The kernels of this project."""

from __future__ import annotations

import generated
from benchmarks.accuracy.implementation import Implementation
from generated._sigmoid import log_sigmoid, sigmoid
from tests.kernels.cases import Pair, Result, value_and_grad

NAME = "generated"


def load() -> Implementation:
    """The committed package."""
    return Implementation(NAME, sigmoid, log_sigmoid, _value_and_grad)


def _value_and_grad(pair: Pair) -> Result:
    return value_and_grad(generated, pair)
