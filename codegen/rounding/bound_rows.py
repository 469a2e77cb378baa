"""Bounds on rounding in one list, beside what is measured: the scalar core, losses, gradients.

Measured is at inputs that are random and at inputs chosen to hurt.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from itertools import product
from math import isnan, nan
from time import perf_counter
from typing import TypeAlias

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from codegen.interpret.errors import ASSUMED, Hypotheses, Numbers, Unbounded
from codegen.kernel import Arguments, Draw, Drawn, Floats, Kernel, Module, by_shapes
from codegen.rounding.error_bounds import PRECISION, Assumed, Bound, bounds, counts, on_rounded
from codegen.rounding.scalar_core import CORE, Scalar, domain, exhaustive, measured, prove, sampled
from codegen.subjects import MODULES
from derivations.report.stdio import progress
from generated import RowGrad

# What each kernel is called with, given vectors and sizes: as its subject's file says.


Arrays: TypeAlias = NDArray[np.floating] | RowGrad | float  # a single one, or of some rows
Emitted = Callable[..., object]  # a loss, gradients, or nothing where it changes its arguments


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
    arguments: Arguments


def cases(kernel: Emitted, dtype: np.dtype[np.floating], seed: int) -> Iterator[Case]:
    """Cases of one kernel without end, the same for the same seed."""
    rng = np.random.default_rng(seed)
    while True:
        N, d, K, B = (int(rng.integers(1, most + 1)) for most in (8, 5, 6, 3))
        U, V = _matrices(rng, N, d, dtype)
        drawn = Draw(rng, U, V, K=int(rng.integers(0, K + 1)), B=B)
        yield Case(kernel, ARGUMENTS[kernel](drawn))


def _matrices(
    rng: np.random.Generator, N: int, d: int, dtype: np.dtype[np.floating]
) -> list[Floats]:
    """U and V of one of the kinds that `INPUTS` names."""
    kind = INPUTS[rng.integers(len(INPUTS))]
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


INPUTS = (_scaled, _scaled, _spread, _whole, _repeated, _cancelling, _tiny, _small, _confident)


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


def results(case: Case) -> tuple[Arrays, ...]:
    """What the kernel returns; of a step in place, V and U afterwards."""
    given = [np.copy(each) if isinstance(each, np.ndarray) else each for each in case.arguments]
    got = case.kernel(*given)
    if got is None:
        return tuple(np.asarray(each) for each in given[:2])
    parts: tuple[Arrays, ...] = got if type(got) is tuple else (got,)
    return parts


def add(
    result: Comparison, got: tuple[Arrays, ...], promised: tuple[Bound, ...], case: Case
) -> None:
    """Each component of what was computed beside its bound."""
    with ctx.workprec(PRECISION):
        for part, (computed, bound) in enumerate(zip(got, promised, strict=True)):
            numbers = computed.values if isinstance(computed, RowGrad) else np.asarray(computed)
            assert numbers.shape == bound.exact.shape, (numbers.shape, bound.exact.shape)
            entries = zip(numbers.flat, bound.components(), strict=True)
            for place, (number, (exact, allowed)) in enumerate(entries):
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


KINDS = ("hypothesis", "scalar", "kernel", "count")
SIZES = {"N": 1000, "d": 100, "K": 20, "B": 32}  # of the counts


@dataclass(frozen=True)
class Row:
    """One bound: what it is of, how large, what was measured, and whether it holds.

    ``kind`` is hypothesis, scalar, kernel or count. ``bound`` and ``measured`` are in ulp for a
    hypothesis, in units (`codegen.rounding.scalar_core`) for a scalar, in u B for a count; for a
    kernel, whose bound is another for each component, ``bound`` is 1 and ``measured`` the largest
    part of a bound that was reached. ``looseness`` is the smallest of bound / measured over all
    comparisons, ``median`` their median; NaN where nothing is compared. ``how`` says in words how
    the bound was obtained.
    """

    kind: str
    name: str
    dtype: str
    bound: float
    measured: float
    looseness: float
    median: float
    comparisons: int
    seconds: float
    holds: bool
    how: str


def report(full: bool, assumed: Assumed = ASSUMED, seed: int = 0) -> list[Row]:
    """All rows; ``full`` takes many minutes. The same bounds and cases for the same seed."""
    return list(rows(full, assumed, seed))


def rows(
    full: bool, assumed: Assumed = ASSUMED, seed: int = 0, kinds: Collection[str] = KINDS
) -> Iterator[Row]:
    """The rows one after the other, as they are done."""
    for kind, h in product(kinds, assumed):
        if kind == "hypothesis":
            yield from (hypothesis(function, h, full, seed) for function in ("exp", "log1p"))
        elif kind == "scalar":
            points = 1_000_000 if full else 2000
            yield from (scalar_row(scalar, h, points, seed) for scalar in CORE)
        elif kind == "kernel":
            components = 34_000 if full else 300
            yield from (kernel_row(kernel, h, components, seed) for kernel in ARGUMENTS)
        else:
            yield from (count_row(kernel, h) for kernel in COUNTED)


def hypothesis(function: str, h: Hypotheses, full: bool, seed: int = 0) -> Row:
    """H2 or H3 beside what NumPy does here."""
    start = perf_counter()
    limit = h.exp_ulps if function == "exp" else h.log1p_ulps
    worst = sampled(function, h, 1_000_000 if full else 50_000, seed)
    how = "measured at sampled points"
    if full and h.dtype == np.float32:
        how = "measured at every float32 of the domain"
        for edge in domain(function, h):
            worst = worst.or_worse(exhaustive(function, h, float(np.copysign(0.0, edge)), edge))
    name = f"{'H2' if function == 'exp' else 'H3'} {function}"
    return Row(
        kind="hypothesis",
        name=name,
        dtype=h.dtype.name,
        bound=limit,
        measured=worst.ulps,
        looseness=limit / worst.ulps,
        median=nan,
        comparisons=worst.points,
        seconds=perf_counter() - start,
        holds=worst.ulps <= limit,
        how=how,
    )


def scalar_row(scalar: Scalar, h: Hypotheses, points: int, seed: int = 0) -> Row:
    """A function of one number: proved over all floats, and measured at some."""
    start = perf_counter()
    limit = scalar.limits[h.dtype.name]
    proof = prove(lambda z, zero: scalar.evaluate(_on_numbers((h,)), z, zero), h, limit)
    ratios = measured(scalar, h, points, seed)
    largest = max(ratios, default=0.0)
    positive = [limit.units / ratio for ratio in ratios if ratio]
    how = f"proved on {proof.intervals} intervals" if proof.holds else f"fails on {proof.failed}"
    return Row(
        kind="scalar",
        name=scalar.name,
        dtype=h.dtype.name,
        bound=limit.units,
        measured=largest,
        looseness=min(positive, default=nan),
        median=float(np.median(positive)) if positive else nan,
        comparisons=len(ratios),
        seconds=perf_counter() - start,
        holds=proof.holds and largest <= limit.units,
        how=how,
    )


def kernel_row(kernel: Emitted, h: Hypotheses, components: int, seed: int = 0) -> Row:
    """A loss and its gradients: running bounds beside what is measured."""
    start = perf_counter()
    found = compare(cases(kernel, h.dtype, seed), components, (h,))
    largest = 1 / found.smallest if found.ratios else 0.0
    how = f"running bounds; {found.refused} cases refused, {found.exact} components exact"
    return Row(
        kind="kernel",
        name=_name(kernel),
        dtype=h.dtype.name,
        bound=1.0,
        measured=largest,
        looseness=found.smallest,
        median=found.median,
        comparisons=found.compared,
        seconds=perf_counter() - start,
        holds=found.compared > 0 and not found.beyond,
        how=found.beyond[0] if found.beyond else how,
    )


def count_row(kernel: Emitted, h: Hypotheses) -> Row:
    """A bound in u B for all inputs of one size, derived and compared with nothing."""
    start = perf_counter()
    rng = np.random.default_rng(0)
    U, V = (rng.normal(size=(SIZES["N"], SIZES["d"])).astype(h.dtype) for _ in range(2))
    found = counts(kernel, h, *ARGUMENTS[kernel](Draw(rng, U, V, SIZES["K"], SIZES["B"])))
    shown = ", ".join(f"{units.together:.0f}" for units in found)
    sizes = ", ".join(f"{name} = {size}" for name, size in SIZES.items())
    return Row(
        kind="count",
        name=_name(kernel),
        dtype=h.dtype.name,
        bound=max(units.together for units in found),
        measured=nan,
        looseness=nan,
        median=nan,
        comparisons=0,
        seconds=perf_counter() - start,
        holds=True,
        how=f"counted: {shown} u B for loss and gradients of {sizes}",
    )


def _name(kernel: Emitted) -> str:
    return f"{kernel.__module__.removeprefix('generated.')}.{kernel.__name__}"


def _on_numbers(assumed: Assumed) -> Callable[..., tuple[Numbers, ...]]:
    return lambda kernel, *arguments: on_rounded(kernel, assumed)(*arguments)


# The bounds on rounding as `python -m codegen --prove` tells them.


def all_bounds() -> list[Row]:
    """All rows: proofs in full, measured beside a few thousand points."""
    found: list[Row] = []
    each = 2 + len(CORE) + len(ARGUMENTS) + len(COUNTED)
    with progress(each * len(ASSUMED)) as on_done:
        for row in rows(full=False):
            found.append(row)
            on_done(row.name)
    return found


def lines(found: Sequence[Row], names: Sequence[str] = ()) -> Iterator[str]:
    """A line for each bound that does not hold, then one for all of them.

    Of the functions that are named those without a running bound are told.
    """
    for row in found:
        if not row.holds:
            yield f"{row.kind} {row.name}, {row.dtype}: {row.how}"
    for kind, said in _KINDS.items():
        of_kind = [row for row in found if row.kind == kind]
        yield (
            f"rounding, {said}: {sum(row.holds for row in of_kind)} of {len(of_kind)} "
            f"hold, {sum(row.comparisons for row in of_kind):,} comparisons, "
            f"{sum(row.seconds for row in of_kind):.0f} s"
        )
    if left := without_bound(names):
        yield f"rounding, no running bound: {', '.join(left)}"


def without_bound(names: Sequence[str]) -> list[str]:
    """Those of the functions, by module and name, that have no running bound."""
    given = {f"{kernel.__module__}.{kernel.__name__}" for kernel in ARGUMENTS}
    return [name for name in names if f"generated.{name}" not in given]


def as_data(found: Sequence[Row]) -> list[dict[str, str | float | None]]:
    """For a program; what was not measured is null."""
    return [{name: _plain(value) for name, value in asdict(row).items()} for row in found]


def _plain(value: str | float) -> str | float | None:
    return None if isinstance(value, float) and isnan(value) else value


_KINDS = {
    "hypothesis": "hypotheses on exp and log1p",
    "scalar": "functions of one number, over all floats",
    "kernel": "running bounds of kernels",
    "count": "bounds in u B for all inputs of a size",
}
