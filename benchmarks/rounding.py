"""Bounds on rounding beside what is measured, a million times: ``python -m benchmarks.rounding``.

The hypotheses on exp and log1p, the functions of one number, running bounds, and bounds in u B that
hold for all inputs of a size, beside the errors of a pair's loss and gradients.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from itertools import islice
from math import isfinite, nan
from time import perf_counter
from typing import Any

import numpy as np
from flint import ctx
from rich.table import Table

from benchmarks.accuracy import large
from benchmarks.tables import console, table
from codegen.interpret.errors import ASSUMED, Hypotheses
from codegen.rounding.bound_rows import KINDS, Row, cases, rows
from codegen.rounding.error_bounds import SMALL, WITHIN, counts
from generated import naive_softmax, negative_sampling
from tests.kernels.cases import Floats, Pair
from tests.kernels.oracle import WORKING, C, allowance, balls, oracle

COLUMNS = ("bound", "measured", "bound / measured", "median", "compared", "s", "")


def as_table(rows: Iterable[Row]) -> Table:
    """One line a bound; a section for each kind."""
    found = table("", "", "dtype", *COLUMNS, left=3)
    last = ""
    for row in rows:
        if row.kind != last and last:
            found.add_section()
        found.add_row(
            "" if row.kind == last else row.kind,
            row.name,
            row.dtype,
            *map(_shown, (row.bound, row.measured, row.looseness, row.median)),
            f"{row.comparisons:,}",
            f"{row.seconds:.1f}",
            "✓" if row.holds else "✗",
        )
        last = row.kind
    return found


def as_json(rows: Iterable[Row], versions: dict[str, str]) -> str:
    """{"rows": [...], "versions": {...}}; what is not finite is null."""
    plain = [{key: _plain(value) for key, value in asdict(row).items()} for row in rows]
    return json.dumps({"rows": plain, "versions": versions}, indent=2)


def _plain(value: object) -> object:
    return None if isinstance(value, float) and not isfinite(value) else value


def _shown(number: float) -> str:
    if number != number:
        return ""
    return f"{number:.3g}" if number < 1e4 else f"{number:.1e}"


# Bounds in u B that hold for all inputs of a size, beside what is measured in u B.


PARTS = ("loss", "grad_v", "grad_U")
Kernel = Callable[..., Any]
Arguments = tuple[Any, ...]


def _batch_of_one(pair: Pair) -> Arguments:
    V = np.zeros_like(pair.U)
    V[0] = pair.v
    return V, pair.U, [0], [pair.o]


# what each is called with for a pair, and the (first) pair that it is called with
KERNELS: dict[Kernel, tuple[Callable[[Pair], Arguments], Callable[..., Pair]]] = {
    naive_softmax.value_and_grad: (lambda pair: (pair.v, pair.o, pair.U), Pair),
    naive_softmax.batch_value_and_grad: (
        _batch_of_one,
        lambda V, U, centers, outsides: Pair(V[centers[0]], int(outsides[0]), U),
    ),
    negative_sampling.value_and_grad: (
        lambda pair: (pair.v, pair.o, pair.U, pair.negatives),
        lambda v, o, U, negatives: Pair(v, o, U, negatives),
    ),
}


def counted_rows(count: int, seed: int) -> Iterator[Row]:
    """Small cases chosen to hurt, and pairs of d = 100, N = 1000; each part has a row."""
    for h in ASSUMED:
        pairs = [pair for pair in large((0.01, 0.3), seed) if pair.U.dtype == h.dtype]
        for kernel, (_, pair_of) in KERNELS.items():
            found = islice(cases(kernel, h.dtype, seed), count)
            small = [pair_of(*case.arguments) for case in found]
            is_sampled = kernel is negative_sampling.value_and_grad
            same = [pair for pair in pairs if (pair.negatives is not None) == is_sampled]
            yield from _rows(kernel, h, "small", small)
            yield from _rows(kernel, h, "N = 1000, d = 100", same)


def _rows(kernel: Kernel, h: Hypotheses, what: str, pairs: Iterable[Pair]) -> Iterator[Row]:
    start = perf_counter()
    bound, measured, ratios = ([[] for _ in PARTS] for _ in range(3))
    beyond_first_order = 0
    for pair in pairs:
        limits = _limits(kernel, h, pair)
        if limits is None:
            beyond_first_order += 1
            continue
        for place, errors in enumerate(_errors(kernel, pair)):
            bound[place].append(limits[place])
            measured[place].append(float(errors.max(initial=0)))
            ratios[place] += (limits[place] / errors[errors > 1e-300]).tolist()
    seconds = (perf_counter() - start) / len(PARTS)
    for place, part in enumerate(PARTS):
        kept = all(m <= b for m, b in zip(measured[place], bound[place], strict=True))
        yield Row(
            kind="count",
            name=f"{_name(kernel)}, {part}, {what}",
            dtype=h.dtype.name,
            bound=max(bound[place], default=nan),
            measured=max(measured[place], default=nan),
            looseness=min(ratios[place], default=nan),
            median=float(np.median(ratios[place])) if ratios[place] else nan,
            comparisons=len(ratios[place]),
            seconds=seconds,
            holds=kept and bool(bound[place]),
            how=f"u B, first order; {beyond_first_order} cases where that says nothing",
        )


def _name(kernel: Kernel) -> str:
    module = kernel.__module__.removeprefix("generated.")
    return f"{module}, a batch of one" if "batch" in kernel.__name__ else module


def _limits(kernel: Kernel, h: Hypotheses, pair: Pair) -> list[float] | None:
    """The bound of each part in u B, or None where it is not one of first order."""
    given = KERNELS[kernel][0](pair)
    found = counts(kernel, h, *given)
    with ctx.workprec(WORKING):
        most = max(abs(balls(pair.U)) @ abs(balls(pair.v)))
        scores = max(units.scores for units in found)
        own = max(units.own for units in found)
        if not h.u * scores * most <= SMALL or not h.u * own <= SMALL:
            return None
    return [WITHIN * units.together for units in found]


def _errors(kernel: Kernel, pair: Pair) -> list[Floats]:
    """The errors of each part in u B, to which comes what underflow costs."""
    given = KERNELS[kernel][0](pair)
    with ctx.workprec(WORKING):
        exact, scale = oracle.__wrapped__(pair)
        allowed = allowance(pair, scale)
        found = []
        for got, (_, want), (_, unit) in zip(
            kernel(*given), exact.parts(), allowed.parts(), strict=True
        ):
            numbers = np.asarray(getattr(got, "values", got))
            ratio = abs(balls(numbers) - want) / (np.asarray(unit, object) / C)
            found.append(np.array([float(each) for each in np.ravel(ratio)]))
        return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; exit with 1 where a hypothesis or a bound does not hold."""
    options = _parser().parse_args(arguments)
    screen, watched = console(), console(error=True)
    found: list[Row] = []
    kinds = options.only or KINDS
    with watched.status(f"{kinds[0]} rows") as status:
        for row in _chosen(kinds, options.quick, options.seed):
            found.append(row)
            status.update(f"{len(found)} rows; {row.kind} {row.name}, {row.dtype} done")
    versions = {name: version(name) for name in ("numpy", "python-flint")}
    if options.format == "json":
        print(as_json(found, versions))
    else:
        screen.print(as_table(found))
        for row in found:
            if not row.holds:
                screen.print(f"✗ {row.kind} {row.name}, {row.dtype}: {row.how}", markup=False)
        screen.print(", ".join(f"{name} {number}" for name, number in versions.items()))
    sys.exit(0 if all(row.holds for row in found) else 1)


def _chosen(kinds: Sequence[str], is_quick: bool, seed: int) -> Iterator[Row]:
    plain = [kind for kind in kinds if kind != "count"]
    yield from rows(not is_quick, seed=seed, kinds=plain)
    if "count" in kinds:
        yield from counted_rows(100 if is_quick else 4000, seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.rounding",
        description="Bounds on the rounding errors of the emitted code beside what is measured: "
        "the hypotheses about exp and log1p in ulp, the scalar core over all floats in u |value|, "
        "running bounds of losses and gradients, and bounds in u B for all inputs of a size. "
        "Takes some twenty minutes.",
    )
    parser.add_argument("--quick", action="store_true", help="a small share, in a minute")
    parser.add_argument("--only", action="append", choices=KINDS, metavar="KIND",
                        help="only rows of this kind; may be repeated")  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="which points and cases (0)")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    return parser


if __name__ == "__main__":
    main()
