"""The faults that an argument can have, by what kind of argument it is."""

from typing import Any

import numpy as np

from tests.kernels.properties.arguments import (
    FUNCTIONS,
    TABLE,
    BadCall,
    D,
    Fault,
    N,
    arguments_of,
)

RAGGED = [[1], [1, 2]]


def of_a_word() -> list[Fault]:
    return [
        Fault("is negative", -1, ("-1",)),
        Fault("is N", N, (str(N),)),
        Fault("is beyond any machine integer", 2**70, (str(2**70),)),
        Fault("is a float", 1.0, ("float",)),
        Fault("is a boolean", True, ("bool",)),
        Fault("is NumPy's boolean", np.True_, ("bool",)),
        Fault("is text", "1", ("str",)),
        Fault("is missing", None, ("None",)),
        Fault("is an array of one", np.array([1]), ("(1,)", "ndarray")),
    ]


def of_words(good: Any) -> list[Fault]:
    """Faults of an index array, whatever its number of axes."""
    negative, beyond = good.copy(), good.copy()
    negative.flat[-1], beyond.flat[0] = -1, N
    flat = str((good.size + 1,)) if good.ndim == 2 else str((*good.shape, 1))
    wrong = np.zeros(good.size + 1, int) if good.ndim == 2 else good[:, None]
    return [
        Fault("has a negative word", negative, ("-1",)),
        Fault("has the word N", beyond, (str(N),)),
        Fault("holds floats", good.astype(float), ("float64",)),
        Fault("holds booleans", good.astype(bool), ("bool",)),
        Fault("holds objects", good.astype(object), ("object",)),
        Fault("has the wrong number of axes", wrong, (flat,)),
        Fault("is one word", 1, ("()", "int")),
        Fault("is ragged", RAGGED, ("ragged", "inhomogeneous")),
    ]


def of_floats(good: Any) -> list[Fault]:
    return [
        Fault("holds booleans", np.zeros(good.shape, bool), ("bool",)),
        Fault("holds objects", np.zeros(good.shape, object), ("object",)),
        Fault("holds complex numbers", np.zeros(good.shape, complex), ("complex128",)),
        Fault("has an axis too many", good[None], (str((1, *good.shape)),)),
        Fault("has an axis too few", good[0], (str(good.shape[1:]),)),
        Fault("is ragged", RAGGED, ("ragged", "inhomogeneous")),
    ]


def of_fitting(good: Any) -> list[Fault]:
    """v_c and V must fit U."""
    wide = np.zeros((*good.shape[:-1], D + 1))
    longer = np.zeros((N + 1, D))
    faults = [Fault("is wider than U", wide, (str(wide.shape), f"= {D + 1}"))]
    if good.ndim == 2:
        faults.append(Fault("has a row more than U", longer, (str(longer.shape), f"= {N + 1}")))
    return faults


def of_paired(good: Any) -> list[Fault]:
    """Faults of an argument that must be as long as another."""
    return [Fault("is too short", good[:1], (str(good[:1].shape),))]


def bad_calls() -> list[BadCall]:
    calls = []
    for function in FUNCTIONS:
        for argument, good in arguments_of(function).items():
            calls += [BadCall(function, argument, fault) for fault in faults(argument, good)]
    return calls


def faults(argument: str, good: Any) -> list[Fault]:
    if argument in ("o", "c"):
        return of_a_word()
    if argument == "U":
        return of_floats(good)
    if good.dtype.kind == "f":
        return of_floats(good) + of_fitting(good)
    paired: bool = argument == "outsides" or good is TABLE["negatives"]
    return of_words(good) + (of_paired(good) if paired else [])


BAD_CALLS = bad_calls()
