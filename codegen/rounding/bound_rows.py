"""Everything about rounding in one list: hypotheses, the scalar core, losses and gradients."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from math import isnan, nan
from time import perf_counter
from typing import Any

import numpy as np

from codegen.interpret.errors import ASSUMED, Hypotheses
from codegen.kernel import Draw
from codegen.rounding.comparisons import ARGUMENTS, COUNTED, cases, compare
from codegen.rounding.error_bounds import Assumed, counts, on_rounded
from codegen.rounding.library_functions import domain, exhaustive, sampled
from codegen.rounding.scalar_core import CORE, Scalar, measured, prove
from derivations.report.stdio import progress

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


def kernel_row(kernel: Callable[..., Any], h: Hypotheses, components: int, seed: int = 0) -> Row:
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


def count_row(kernel: Callable[..., Any], h: Hypotheses) -> Row:
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


def _name(kernel: Callable[..., Any]) -> str:
    return f"{kernel.__module__.removeprefix('generated.')}.{kernel.__name__}"


def _on_numbers(assumed: Assumed) -> Callable[..., Any]:
    def apply(kernel: Callable[..., Any], *arguments: Any) -> Any:
        return on_rounded(kernel, assumed)(*arguments)

    return apply


# The bounds on rounding as `python -m codegen --prove` tells them.


def bounds() -> list[Row]:
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


def as_data(found: Sequence[Row]) -> list[dict[str, Any]]:
    """For a program; what was not measured is null."""
    return [{name: _plain(value) for name, value in asdict(row).items()} for row in found]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and isnan(value) else value


_KINDS = {
    "hypothesis": "hypotheses on exp and log1p",
    "scalar": "functions of one number, over all floats",
    "kernel": "running bounds of kernels",
    "count": "bounds in u B for all inputs of a size",
}
