"""Bounds beside what is measured, component by component."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flint import arb, ctx

from codegen.interpret.hypotheses import ASSUMED
from codegen.interpret.running_errors import Unbounded
from codegen.rounding.cases import Case
from codegen.rounding.run import PRECISION, Assumed, Bound, bounds


@dataclass
class Comparison:
    """How many components were compared, those beyond their bound, and bound / measured.

    ``exact`` counts components without any error, which have no ratio; ``refused`` the cases
    to which no bound was given.
    """

    compared: int = 0
    exact: int = 0
    refused: int = 0
    beyond: list[str] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median of bound / measured."""
        return float(np.median(self.ratios)) if self.ratios else float("nan")

    @property
    def smallest(self) -> float:
        """The smallest of bound / measured."""
        return min(self.ratios, default=float("nan"))


def compare(found: Iterable[Case], components: int, assumed: Assumed = ASSUMED) -> Comparison:
    """Cases until so many components have been compared."""
    result = Comparison()
    for case in found:
        if result.compared >= components:
            break
        try:
            promised = bounds(case.kernel, *case.arguments, assumed=assumed)
        except Unbounded:
            result.refused += 1
            continue
        add(result, results(case), promised, case)
    return result


def results(case: Case) -> tuple[Any, ...]:
    """What the kernel returns; of a step in place, V and U afterwards."""
    given = [np.copy(each) if isinstance(each, np.ndarray) else each for each in case.arguments]
    got = case.kernel(*given)
    if got is None:
        return tuple(given[:2])
    return got if type(got) is tuple else (got,)


def add(result: Comparison, got: tuple[Any, ...], promised: tuple[Bound, ...], case: Case) -> None:
    """Each component of what was computed beside its bound."""
    with ctx.workprec(PRECISION):
        for part, (computed, bound) in enumerate(zip(got, promised, strict=True)):
            numbers = np.asarray(getattr(computed, "values", computed))
            assert numbers.shape == bound.exact.shape, (numbers.shape, bound.exact.shape)
            entries = zip(numbers.flat, bound.exact.flat, bound.error.flat, strict=True)
            for place, (number, exact, allowed) in enumerate(entries):
                result.compared += 1
                off = abs(arb(float(number)) - exact).upper()
                if not np.isfinite(number) or not off <= allowed + exact.rad():
                    name = f"{case.kernel.__module__}.{case.kernel.__name__}"
                    where = f"{name}, result {part}, component {place}"
                    result.beyond.append(f"{where}: {off} beyond {allowed} for {case.arguments}")
                elif off > exact.rad() * 4:
                    result.ratios.append(float(allowed / off))
                else:
                    result.exact += 1
