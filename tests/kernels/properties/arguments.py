"""Wrong arguments: refused before any work, by a message that names argument and fault."""

import tracemalloc
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np

from tests.kernels.calls import Kernels

N, D = 50_000, 3
REFUSALS = (ValueError, IndexError, TypeError)
# Far below one array of N entries, far above a message.
WORK = N

ROWS = np.zeros((N, D))
GOOD: dict[str, Any] = {
    "v_c": np.ones(D),
    "o": 1,
    "c": 2,
    "U": ROWS,
    "V": ROWS,
    "outside": np.array([3, 4]),
    "centers": np.array([0, 1]),
    "outsides": np.array([5, 5]),
}
DRAWS = {"negatives": np.array([6, 7])}
TABLE = {"negatives": np.array([[6, 7], [8, 8]])}

# Each function's arguments in their order, and what it calls its negatives.
FUNCTIONS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "naive_softmax.loss": (("v_c", "o", "U"), {}),
    "naive_softmax.value_and_grad": (("v_c", "o", "U"), {}),
    "naive_softmax.batch_value_and_grad": (("V", "U", "centers", "outsides"), {}),
    "negative_sampling.loss": (("v_c", "o", "U", "negatives"), DRAWS),
    "negative_sampling.value_and_grad": (("v_c", "o", "U", "negatives"), DRAWS),
    "negative_sampling.batch_value_and_grad": (
        ("V", "U", "centers", "outsides", "negatives"),
        TABLE,
    ),
    "skip_gram.naive_softmax_value_and_grad": (("c", "outside", "V", "U"), {}),
    "skip_gram.negative_sampling_value_and_grad": (
        ("c", "outside", "V", "U", "negatives"),
        TABLE,
    ),
}


class Fault(NamedTuple):
    """A wrong value for an argument, and ways for the message to say what it was."""

    label: str
    value: Any
    was: tuple[str, ...]


class BadCall(NamedTuple):
    function: str
    argument: str
    fault: Fault

    def __str__(self) -> str:
        return f"{self.function}: {self.argument} {self.fault.label}"


def arguments_of(function: str) -> dict[str, Any]:
    names, negatives = FUNCTIONS[function]
    return {name: {**GOOD, **negatives}[name] for name in names}


def call(kernels: Kernels, function: str, arguments: dict[str, Any]) -> object:
    module, name = function.split(".")
    result: object = getattr(getattr(kernels, module), name)(*arguments.values())
    return result


def bad_arguments_are_refused_before_any_work(kernels: Kernels, bad: BadCall) -> None:
    arguments = {**arguments_of(bad.function), bad.argument: bad.fault.value}
    with suppress(*REFUSALS):  # what a library imports at its first complaint is no work
        call(kernels, bad.function, arguments)
    tracemalloc.start()
    try:
        returned = call(kernels, bad.function, arguments)
    except REFUSALS as refusal:
        message = str(refusal)
    else:
        raise AssertionError(f"{bad} was accepted, giving {returned!r}")
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    words = message.replace(",", " ").replace("[", " ").replace(":", " ").split()
    assert bad.argument in words, f"{bad}: {message!r} does not name {bad.argument}"
    said = any(way in message for way in bad.fault.was)
    assert said, f"{bad}: {message!r} does not say {bad.fault.was}"
    assert peak < WORK, f"{bad}: {peak} bytes allocated before it was refused"
