"""An emitted kernel, run on numbers with errors: the bound follows the code.

The kernel's own source runs as it is. Where its arguments become arrays (`parameters`), these
become `Rounded`; `float` leaves a number as it is. Two helpers of the package are taken by what
they say instead of by their text, as they hand numbers to SciPy or to a plain array: sums of rows
by word, under H4 (any order), and a copy with one entry replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from inspect import unwrap
from types import FunctionType
from typing import Any

import numpy as np
from flint import ctx
from numpy.typing import NDArray

from codegen.rounding.array import Rounded, lifted
from codegen.rounding.choices import all_runs
from codegen.rounding.hypotheses import ASSUMED, Hypotheses
from codegen.rounding.models import MODELS, Rows

PRECISION = 320  # bits of the balls: far below any rounding
Assumed = tuple[Hypotheses, ...]  # one for each dtype


@dataclass(frozen=True, eq=False)
class Bound:
    """For each component of a result its exact value, and how far a computed one may be off."""

    exact: NDArray[Any]
    error: NDArray[Any]


def bounds(
    kernel: Callable[..., Any], *arguments: Any, assumed: Assumed = ASSUMED
) -> tuple[Bound, ...]:
    """Exact values and error bounds of what ``kernel(*arguments)`` returns, under H1 to H4.

    Of a row-sparse gradient these are the values. The arguments are plain arrays. Raises
    Unbounded where a bound cannot be given, TypeError for an operation that has no rule.
    """
    with ctx.workprec(PRECISION):
        runs = all_runs(lambda: _outputs(on_rounded(kernel, assumed)(*arguments)))
        return tuple(_joined(list(same)) for same in zip(*runs, strict=True))


@cache
def on_rounded(kernel: Callable[..., Any], assumed: Assumed) -> Callable[..., Any]:
    """The function with the same code, in namespaces in which arguments become `Rounded`."""
    function: Any = unwrap(kernel)
    return _rebound(function, _copied(function.__globals__, assumed, {}))


def _copied(
    names: dict[str, Any], assumed: Assumed, copies: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """The names of a module, its package's functions bound to copies of their modules."""
    if names["__name__"] in copies:
        return copies[names["__name__"]]
    copy = copies[names["__name__"]] = dict(names)
    for name, value in names.items():
        own = getattr(unwrap(value), "__globals__", {}) if callable(value) else {}
        if own and own["__package__"] == names["__package__"]:
            copy[name] = _rebound(unwrap(value), _copied(own, assumed, copies))
    for name in MODELS.keys() & names.keys():
        copy[name] = MODELS[name]
    copy["float"] = lambda number: number
    if "parameters" in names:
        copy["parameters"] = partial(_lifted_parameters, names["parameters"], assumed)
    return copy


def _rebound(function: Any, names: dict[str, Any]) -> FunctionType:
    found = FunctionType(
        function.__code__, names, function.__name__, function.__defaults__, function.__closure__
    )
    found.__kwdefaults__ = function.__kwdefaults__
    return found


def _lifted_parameters(
    parameters: Callable[..., Any], assumed: Assumed, *empty: str, **given: Any
) -> list[Rounded]:
    if all(isinstance(value, Rounded) for value, _ in given.values()):
        return [value for value, _ in given.values()]
    arrays = parameters(*empty, **given)
    (h,) = (each for each in assumed if each.dtype == arrays[0].dtype)
    return [lifted(array.copy(), h) for array in arrays]


def _outputs(result: Any) -> tuple[Rounded, ...]:
    parts = result if type(result) is tuple else (result,)
    return tuple(part.values if isinstance(part, Rows) else part for part in parts)


def _joined(same: list[Rounded]) -> Bound:
    """The bound for all runs: they have one exact value, and any of their errors."""
    exact = np.frompyfunc(lambda number: number.value, 1, 1)(same[0].entries)
    errors = [np.frompyfunc(lambda n: n.deviation, 1, 1)(each.entries) for each in same]
    largest = np.frompyfunc(lambda x, y: x.max(y), 2, 1)
    error = errors[0]
    for each in errors[1:]:
        error = largest(error, each)
    return Bound(np.asarray(exact, object), np.asarray(error, object))
