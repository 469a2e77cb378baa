"""What is wrong, where, and what it looks like. Data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np

from derivations.implementation.layouts import written


class Kind(Enum):
    """What kind of mistake it looks like."""

    RAISES = "raises"
    WRONG_SHAPE = "wrong shape"
    WRONG_DTYPE = "wrong dtype"
    INFINITE = "infinity"
    NAN = "NaN"
    SWALLOWED = "NaN swallowed"
    TRANSPOSED = "transposed"
    SIGN = "wrong sign"
    FACTOR = "wrong factor"
    ZERO = "zero"
    CLIPPED = "clipped"
    THRESHOLD = "clipped or tabulated score"
    EPSILON = "epsilon in a logarithm"
    SEQUENCE = "update in sequence"
    PRECISION = "too few digits"
    CANCELLATION = "cancellation"
    DUPLICATE = "dropped duplicate"
    SHARED = "shared word mishandled"
    EDGE = "wrong at an edge"
    SIZE = "wrong at some sizes"
    SPECIAL = "wrong at special values"
    SATURATED = "wrong where scores are large"
    VALUE = "wrong value"
    REPEATED_ROWS = "repeated rows"
    MUTATED = "mutates its input"
    ALIASED = "result aliases an input"
    REUSED = "workspace reused"
    STATE = "state kept between calls"
    LAYOUT = "non-contiguous read"


@dataclass(frozen=True)
class Finding:
    """One mistake; ``count`` inputs show it, and the simplest one is kept.

    ``error`` is the largest error over all of them in units of u B, None where there is none
    to measure. ``values`` are the arguments, ``layout`` how their arrays lie in memory,
    ``texts`` short ones that make large arguments; ``converted`` whether arrays are
    handed to the function by what the user passed as ``convert``.
    """

    output: str
    kind: Kind
    detail: str
    values: Mapping[str, Any]
    where: str = ""
    want: str = ""
    got: str = ""
    error: float | None = None
    count: int = 1
    layout: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    converted: bool = False

    @property
    def reproduce(self) -> str:
        """Python statements that set the arguments; to be pasted where NumPy is np."""
        lines = [
            f"{name} = {written(v, self.layout, self.texts.get(name, ''))}"
            for name, v in self.values.items()
        ]
        return "\n".join(lines)

    @property
    def call(self) -> str:
        """The arguments of the call that goes with `reproduce`."""
        made = {
            name: f"convert({name})" if self.converted and np.ndim(value) else name
            for name, value in self.values.items()
        }
        return ", ".join(f"{name}={text}" for name, text in made.items())
