"""Bounds beside what is measured, at inputs that are random and inputs chosen to hurt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
from flint import arb, ctx

from codegen.interpret.errors import ASSUMED, Unbounded
from codegen.kernel import Draw, Drawn, Floats, Kernel, Module, by_shapes
from codegen.rounding.error_bounds import PRECISION, Assumed, Bound, bounds
from codegen.subjects import MODULES

# What each kernel is called with, given vectors and sizes: as its subject's file says.


Emitted = Callable[..., Any]


def studied(module: Module) -> Iterator[tuple[Emitted, Drawn]]:
    """The emitted functions of a module that have a running bound, and what draws arguments."""
    emitted = import_module(f"generated.{module.path.removesuffix('.py')}")
    for one in module.functions:
        if isinstance(one, Kernel) and module.is_bounded(one):
            yield getattr(emitted, one.name), module.drawn.get(one.name) or by_shapes(one)


ARGUMENTS: dict[Emitted, Drawn] = dict(each for module in MODULES for each in studied(module))

# Those whose bounds in u B can be counted: help(generated) defines B for them.
COUNTED: tuple[Emitted, ...] = tuple(
    function for module in MODULES if module.counted for function, _ in studied(module)
)


# Inputs to compare bounds with what is measured on: random, and chosen to hurt.
#
# Scores that saturate, cancel, tie or are subnormal; repeated words; one word, one coordinate.


@dataclass(frozen=True, eq=False)
class Case:
    """A kernel and its arguments."""

    kernel: Emitted
    arguments: tuple[Any, ...]


def cases(kernel: Emitted, dtype: np.dtype[Any], seed: int) -> Iterator[Case]:
    """Cases of one kernel without end, the same for the same seed."""
    rng = np.random.default_rng(seed)
    while True:
        N, d, K, B = (int(rng.integers(1, most + 1)) for most in (8, 5, 6, 3))
        U, V = _matrices(rng, N, d, dtype)
        drawn = Draw(rng, U, V, K=int(rng.integers(0, K + 1)), B=B)
        yield Case(kernel, ARGUMENTS[kernel](drawn))


def _matrices(rng: np.random.Generator, N: int, d: int, dtype: np.dtype[Any]) -> list[Floats]:
    """U and V of one of the kinds that `KINDS` names."""
    kind = KINDS[rng.integers(len(KINDS))]
    return [np.asarray(kind(rng, N, d), np.float64).astype(dtype) for _ in range(2)]


def _scaled(rng: np.random.Generator, N: int, d: int) -> Floats:
    size = float(10.0 ** rng.uniform(-3, 1.2))
    return size * rng.normal(size=(N, d))


def _spread(rng: np.random.Generator, N: int, d: int) -> Floats:
    sizes: Floats = 10.0 ** rng.uniform(-12, 1.2, (N, d))
    return sizes * rng.normal(size=(N, d))


def _whole(rng: np.random.Generator, N: int, d: int) -> Floats:
    return rng.integers(-4, 5, (N, d)).astype(float)


def _repeated(rng: np.random.Generator, N: int, d: int) -> Floats:
    rows: Floats = _scaled(rng, N, d)[rng.integers(0, N, N)]
    return rows


def _cancelling(rng: np.random.Generator, N: int, d: int) -> Floats:
    """Coordinates of one size and of either sign: inner products much smaller than their terms."""
    size = 10.0 ** rng.uniform(-1, 1)
    signs: Floats = size * np.where(rng.random((N, d)) < 0.5, 1, -1)
    return signs * (1 + 1e-7 * rng.normal(size=(N, d)))


def _tiny(rng: np.random.Generator, N: int, d: int) -> Floats:
    return rng.normal(size=(N, d)) * 2.0 ** rng.integers(-1070, -20, (N, d)).astype(float)


def _small(rng: np.random.Generator, N: int, d: int) -> Floats:
    return rng.normal(size=(N, d)) * 2.0 ** rng.integers(-148, -20, (N, d)).astype(float)


def _confident(rng: np.random.Generator, N: int, d: int) -> Floats:
    rows = 0.1 * rng.normal(size=(N, d))
    rows[0] += rng.uniform(2, 28)  # a score of up to 750 d
    return rows


KINDS = (_scaled, _scaled, _spread, _whole, _repeated, _cancelling, _tiny, _small, _confident)


# Bounds beside what is measured, component by component.


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
