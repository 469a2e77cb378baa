"""An emitted kernel, run on numbers with errors: the bound follows the code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from flint import ctx
from numpy.typing import NDArray

from codegen.interpret.array import Array
from codegen.interpret.errors import Errors, all_runs
from codegen.interpret.hypotheses import ASSUMED, FLOAT64, Hypotheses
from codegen.interpret.loaded import Loaded, Rows
from codegen.package import GENERATED, texts_in

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

    Of a row-sparse gradient these are the values; of a step in place, V and U afterwards. The
    arguments are plain arrays, and stay as they are. Raises Unbounded where a bound cannot be
    given, TypeError for an operation that has no rule.
    """
    with ctx.workprec(PRECISION):
        runs = all_runs(lambda: _outputs(on_rounded(kernel, assumed)(*arguments)))
        return tuple(_joined(list(same)) for same in zip(*runs, strict=True))


@cache
def on_rounded(kernel: Callable[..., Any], assumed: Assumed) -> Callable[..., Any]:
    """The function of the same text, which takes plain arrays or numbers with errors.

    One that returns nothing returns the matrices that it says it changes (`in_place`), changed.
    """

    def run(*arguments: Any) -> Any:
        dtypes = (each.dtype for each in arguments if isinstance(each, np.ndarray | Array))
        dtype = next((each for each in dtypes if each.kind == "f"), FLOAT64.dtype)
        (h,) = (each for each in assumed if each.dtype == dtype)
        loaded = _loaded(h)
        result = loaded.function(kernel)(*arguments)
        return tuple(loaded.changed) if result is None else result

    return run


@cache
def _loaded(h: Hypotheses) -> Loaded:
    return Loaded(texts_in(GENERATED), Errors(h))


def _outputs(result: Any) -> tuple[Array, ...]:
    parts = result if type(result) is tuple else (result,)
    return tuple(part.values if isinstance(part, Rows) else part for part in parts)


def _joined(same: list[Array]) -> Bound:
    """The bound for all runs: they have one exact value, and any of their errors."""
    exact = np.frompyfunc(lambda number: number.value, 1, 1)(same[0].entries)
    errors = [np.frompyfunc(lambda n: n.deviation, 1, 1)(each.entries) for each in same]
    largest = np.frompyfunc(lambda x, y: x.max(y), 2, 1)
    error = errors[0]
    for each in errors[1:]:
        error = largest(error, each)
    return Bound(np.asarray(exact, object), np.asarray(error, object))
