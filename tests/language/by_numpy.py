"""Numbers for the variables of `vocabulary.py`, and values of terms at them as NumPy arrays."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from types import ModuleType

import numpy as np
from flint import arb
from numpy.typing import NDArray

from derivations.language import direct
from derivations.language.tree import Term, Variable
from derivations.proof.index_evaluation import Instance
from derivations.proof.witness import Balls
from tests.language.vocabulary import FAMILY, INSTANCES, VARIABLES

AT = INSTANCES[0]  # two rows, three columns, two words, two draws, a window of one
Floats = NDArray[np.float64]


def given(instance: Instance = AT) -> dict[str, Floats]:
    """An array for each variable; a number has no axes, a vector one."""
    rng = np.random.default_rng(1)
    found: dict[str, Floats] = {}
    for variable in (*VARIABLES, FAMILY):
        axes = [axis for axis in (variable.over, *variable.shape) if axis is not None]
        lengths = [instance.sizes[str(axis.upper)] for axis in axes]
        found[variable.name] = rng.integers(1, 9, size=lengths) / 4
    return found


def balls(instance: Instance = AT) -> Balls:
    """The same numbers, exactly."""
    values = {
        (name, tuple(n + 1 for n in place)): Fraction(float(array[place]))
        for name, array in given(instance).items()
        for place in product(*map(range, array.shape))
    }
    return Balls(values)


def value(term: Term, instance: Instance = AT, two: ModuleType = direct) -> Floats:
    """The value of a term, of the shape (rows, columns); of a number, one by one."""
    rows: list[list[arb]] = two.Direct(instance, balls(instance)).value(term)
    return np.array([[float(entry) for entry in row] for row in rows])


def named(name: str) -> Variable:
    """A variable of the vocabulary."""
    return next(variable for variable in VARIABLES if variable.name == name)
