"""python -m benchmarks.batch: the kernels beside other ways to compute the same.

Tables and JSON of all that was measured, and whether what was promised is kept.
"""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib import import_module
from itertools import groupby, product
from pathlib import Path
from statistics import geometric_mean
from types import ModuleType
from typing import Any

from rich.progress import track
from rich.table import Table

from benchmarks.batch.measure import (
    COMPILED,
    GRIDS,
    Bounds,
    Contender,
    DisagreementError,
    Peak,
    Row,
    Size,
    Skipped,
    measure,
    peak_in_child,
)
from benchmarks.clock import commands_in_turn, pin, processors, threads, versions
from benchmarks.tables import (
    Peer,
    add_without,
    beside,
    console,
    figure_type,
    installed,
    mark,
    positive,
    spread,
    table,
)

PARTS = {
    "softmax": "naive softmax, a batch",
    "sampling": "negative sampling, a batch",
    "softmax_pair": "naive softmax, one pair",
    "sampling_pair": "negative sampling, one pair",
}
Roster = dict[str, list[Contender]]


def _peer(name: str, *needs: str) -> Peer[ModuleType]:
    return Peer(name, partial(import_module, f"benchmarks.batch.by_{name}"), needs)


PEERS = (
    _peer("numpy"),
    _peer("scipy", "scipy"),
    _peer("torch", "torch"),
    _peer("jax", "jax"),
    _peer("autograd", "autograd", "scipy"),
    _peer("numba", "numba", "scipy"),
)


def roster(without: Sequence[str]) -> tuple[Roster, list[str]]:
    """The contenders of each part, ours first, and what to say of those that are missing."""
    modules, missing = installed(PEERS, without)
    parts = {
        part: [each for module in modules.values() for each in module.CONTENDERS.get(part, ())]
        for part in PARTS
    }
    return parts, missing


IMPORTS = {text: ["-c", text] for text in ("pass", "import numpy", "import generated")}


@dataclass
class Found:
    """What was measured, and what was not."""

    rounds: int
    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    peaks: list[Peak] = field(default_factory=list)
    imports: dict[str, list[float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def run(options: Namespace) -> Found:
    """Raises DisagreementError when a contender computes something else."""
    parts, missing = roster(options.without)
    found = Found(options.rounds, missing=missing)
    bounds = Bounds(options.memory, options.seconds)
    asked = options.parts or (*PARTS, "memory", "imports")
    dtypes = ("float32", "float64") if options.dtype == "both" else (options.dtype,)
    if "imports" in asked:
        found.imports = commands_in_turn(IMPORTS, options.rounds)
    if "memory" in asked:
        found.peaks = [
            peak for each in dtypes for peak in _peaks(parts, options.sizes, bounds, each)
        ]
    sizes = [
        (part, size)
        for part in PARTS
        if part in asked
        for dtype in dtypes
        for size in GRIDS[options.sizes].sizes(part, dtype)
    ]
    err = console(error=True)
    for part, size in track(sizes, description="sizes", console=err, transient=True):
        rows, skipped = measure(part, size, parts[part], options.rounds, bounds)
        found.rows += rows
        found.skipped += skipped
    return found


def _peaks(parts: Roster, sizes: str, bounds: Bounds, dtype: str) -> Iterator[Peak]:
    for part in ("softmax", "sampling"):
        size = GRIDS[sizes].largest(part, dtype)
        for each in parts[part]:
            if not bounds.too_large(each, size):
                yield from peak_in_child(part, size, each)


@dataclass(frozen=True)
class Target:
    """A bound on ratios of medians, over the sizes that it is about.

    ``typical`` judges the geometric mean, otherwise the worst size counts.
    """

    says: str
    bound: float
    ratios: Callable[[list[Row], Row], Iterable[float]]
    typical: bool = False


@dataclass(frozen=True)
class Outcome:
    """A target judged for one of our rows, by name."""

    says: str
    ours: str
    dtype: str
    bound: float
    sizes: int
    mean: float
    worst: float
    kept: bool


def over_fastest(
    part: str, pairs: tuple[int, ...], way: str = ""
) -> Callable[[list[Row], Row], list[float]]:
    """Ours, or one way of ours, by the fastest peer."""

    def ratios(_: list[Row], ours: Row) -> list[float]:
        if ours.to_peer is None or ours.part != part or ours.size.B not in pairs:
            return []
        if way and ours.contender != way:
            return []
        return [ours.to_peer]

    return ratios


def over_limit(_: list[Row], ours: Row) -> list[float]:
    """Ours by the limit."""
    if ours.to_limit is None or ours.size.d < 100 or ours.size.B != 1024:
        return []
    return [ours.to_limit]


def over_peer(
    prefix: str, pairs: int = 1024, way: str = ""
) -> Callable[[list[Row], Row], list[float]]:
    """Ours, or one way of ours, by the faster of the contenders whose names begin so."""

    def ratios(rows: list[Row], ours: Row) -> list[float]:
        if ours.part != "sampling" or pairs != ours.size.B or (way and ours.contender != way):
            return []
        peers = [
            row.median
            for row in rows
            if (row.part, row.size) == (ours.part, ours.size) and row.contender.startswith(prefix)
        ]
        return [ours.median / min(peers)] if peers else []

    return ratios


TARGETS = (
    Target("softmax, B >= 32: fastest peer", 1.0, over_fastest("softmax", (32, 1024)), True),
    Target("softmax, d >= 100, B = 1024: limit", 1.3, over_limit),
    Target("sampling, B = 1024: Numba", 2.5, over_peer("Numba")),
    Target("sampling, B = 1024: jax, the faster", 0.5, over_peer("jax")),
    Target("sampling, B = 1024: torch", 0.5, over_peer("torch")),
    Target("softmax, one pair: leanest NumPy", 1.5, over_fastest("softmax_pair", (1,))),
    Target("sampling, one pair: leanest NumPy", 1.5, over_fastest("sampling_pair", (1,))),
    Target("compiled, B = 1: Numba", 1.1, over_peer("Numba", 1, COMPILED)),
    Target("compiled, B = 32: Numba", 0.7, over_peer("Numba", 32, COMPILED)),
    Target("compiled, B = 1024: Numba", 0.5, over_peer("Numba", 1024, COMPILED)),
    Target("compiled, softmax pair", 0.2, over_fastest("softmax_pair", (1,), COMPILED)),
    Target("compiled, sampling pair", 0.2, over_fastest("sampling_pair", (1,), COMPILED)),
)


def judged(rows: list[Row]) -> list[Outcome]:
    """Every target for each of our ways and each dtype that were measured."""
    ways = dict.fromkeys((row.contender, row.size.dtype) for row in rows if row.ours)
    return [
        outcome
        for target in TARGETS
        for name, dtype in ways
        for outcome in _judged(target, name, dtype, rows)
    ]


def _judged(target: Target, name: str, dtype: str, rows: list[Row]) -> list[Outcome]:
    ours = [row for row in rows if (row.contender, row.size.dtype) == (name, dtype)]
    found = [ratio for row in ours for ratio in target.ratios(rows, row)]
    if not found:
        return []
    mean, worst = geometric_mean(found), max(found)
    kept = (mean if target.typical else worst) <= target.bound
    return [Outcome(target.says, name, dtype, target.bound, len(found), mean, worst, kept)]


def timings(part: str, dtype: str, rows: Sequence[Row]) -> Table:
    """One row a contender, sizes apart."""
    sampling, limited = part.startswith("sampling"), part == "softmax"
    ratios = ("× fastest peer", *(["× limit"] if limited else []))
    made = table(
        "N, d, B, K" if sampling else "N, d, B",
        "contender",
        "by V, by U",
        "ms",
        *ratios,
        left=3,
        title=f"{PARTS[part]}, {dtype}",
    )
    for size, group in groupby(rows, lambda row: row.size):
        numbers = (size.N, size.d, size.B, *([size.K] if sampling else []))
        for place, row in enumerate(group):
            made.add_row(
                ", ".join(map(str, numbers)) if place == 0 else "",
                f"[bold]{row.contender}[/]" if row.ours else row.contender,
                row.gives,
                f"{_milliseconds(row.median)} ({_milliseconds(row.fastest)} to "
                f"{_milliseconds(row.slowest)})",
                spread(row.rounds_to_peer) if row.rounds_to_peer else "–",
                *([_ratio(row.to_limit)] if limited else []),
            )
        made.add_section()
    return made


def peak_memory(peaks: Sequence[Peak]) -> Table:
    """One row a contender."""
    made = table(
        "size", "contender", "peak MiB", left=2, title="memory of one call above its inputs"
    )
    for peak in peaks:
        made.add_row(str(peak.size), peak.contender, f"{peak.bytes / 2**20:.1f}")
    return made


def starting(timed: Mapping[str, list[float]]) -> Table:
    """One row a command, beside the first."""
    made = table("python -c", "s", "times the first", title="starting")
    first = next(iter(timed.values()))
    for name, seconds in timed.items():
        made.add_row(name, spread(seconds, ".3f"), spread(beside(seconds, first)))
    return made


def kept_targets(outcomes: Sequence[Outcome]) -> Table:
    """One row a target, and for each of our ways."""
    columns = ("ours by", "row", "dtype", "at most", "sizes", "mean", "worst", "")
    title = "targets: ratios of medians, geometric mean and worst size"
    made = table(*columns, left=3, title=title)
    for each in outcomes:
        made.add_row(
            each.says,
            each.ours,
            each.dtype,
            f"{each.bound:g}",
            str(each.sizes),
            _ratio(each.mean),
            _ratio(each.worst),
            mark(each.kept),
        )
    return made


def several_threads(rows: Sequence[Row]) -> Iterator[str]:
    """Contenders that used more processor time than passed, so more than one thread."""
    for row in rows:
        if row.busy > 1.2:
            yield f"{row.contender}, {row.size}: {row.busy:.1f} processors busy"


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.3g}" if seconds < 1 else f"{1000 * seconds:.0f}"


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


DRAWN = ("softmax", "sampling")
STYLES = {"float32": "-", "float64": "--"}


def save_plot(path: Path, rows: Sequence[Row]) -> None:
    """One panel for a part and a number of pairs; above 1 is slower than ours."""
    parts = [part for part in DRAWN if any(row.part == part for row in rows)]
    if not parts:
        sys.exit("a plot shows batches, and none was measured")
    pairs = sorted({row.size.B for row in rows if row.part in parts})
    figure = figure_type()(figsize=(13, 4.2 * len(parts)), layout="constrained")
    panels = figure.subplots(len(parts), len(pairs), sharey="row", squeeze=False)
    names = dict.fromkeys(row.contender for row in rows if row.part in parts)
    for (part, B), axes in zip(product(parts, pairs), panels.flat, strict=True):
        _draw(axes, [row for row in rows if row.part == part and row.size.B == B], list(names))
        axes.set_title(f"{PARTS[part]} of {B}")
    for first, last in zip(panels[:, 0], panels[:, -1], strict=True):
        first.set_ylabel("time by that of ours")
        last.legend(fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
    figure.savefig(path, dpi=150)


def _draw(axes: Any, rows: list[Row], names: list[str]) -> None:
    base = {row.size: row.median for row in reversed(rows) if row.ours}
    labels = list(dict.fromkeys(_label(row.size) for row in rows))
    dtypes = sorted({row.size.dtype for row in rows})
    for (number, name), dtype in product(enumerate(names), dtypes):
        mine = [row for row in rows if (row.contender, row.size.dtype) == (name, dtype)]
        if not mine:
            continue
        colour = "black" if name == names[0] else f"C{number - 1}"
        axes.semilogy(
            [labels.index(_label(row.size)) for row in mine],
            [row.median / base[row.size] for row in mine],
            f"{'os^vD<>XP*'[number % 10]}{STYLES[dtype]}",
            color=colour,
            label=name if len(dtypes) == 1 else f"{name}, {dtype}",
        )
    axes.set_xticks(range(len(labels)), labels, rotation=30, ha="right", fontsize="small")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(visible=True, alpha=0.3)


def _label(size: Size) -> str:
    """Without the pairs and the dtype, which panel and line tell."""
    return f"{size.N:,}×{size.d}" + (f", K={size.K}" if size.K else "")


def show(found: Found) -> None:
    """One table a part, then what the figures mean."""
    out = console()
    for (part, dtype), rows in groupby(found.rows, lambda row: (row.part, row.size.dtype)):
        out.print(timings(part, dtype, list(rows)))
    if found.peaks:
        out.print(peak_memory(found.peaks))
    if found.imports:
        out.print(starting(found.imports))
    if outcomes := judged(found.rows):
        out.print(kept_targets(outcomes))
    for line in _notes(found):
        out.print(line, highlight=False, markup=False, soft_wrap=True)


def _notes(found: Found) -> Iterator[str]:
    count = processors() or "any number of"
    yield f"{found.rounds} rounds in turn, medians, fastest to slowest; on {count} processor(s):"
    yield "  " + " ".join(f"{name}={value}" for name, value in threads().items())
    yield "  " + ", ".join(f"{name} {version}" for name, version in versions().items())
    yield "Rows: the distinct rows of a gradient, summed. Compiling and arrays of other libraries"
    yield "for the inputs are not timed; all results agreed with ours before."
    for skipped in found.skipped:
        yield f"not asked: {skipped.contender}, {skipped.size}: {skipped.reason}"
    yield from found.missing
    yield from several_threads(found.rows)


def as_json(found: Found) -> str:
    """Everything, one object a row; seconds and bytes."""
    return json.dumps(
        {
            "rounds": found.rounds,
            "threads": threads(),
            "processors": processors(),
            "versions": versions(),
            "rows": [asdict(row) for row in found.rows],
            "skipped": [asdict(skipped) for skipped in found.skipped],
            "memory": [asdict(peak) for peak in found.peaks],
            "imports": [{"name": name, "seconds": each} for name, each in found.imports.items()],
            "targets": [asdict(outcome) for outcome in judged(found.rows)],
            "missing": found.missing,
        },
        indent=2,
    )


def main(arguments: list[str]) -> int:
    """0 when all was measured, 1 when a contender computes something else."""
    options = _parser().parse_args(arguments)
    pin("benchmarks.batch", arguments)
    if options.plot:
        figure_type()  # missing, it is better missed before minutes of measuring
    try:
        found = run(options)
    except DisagreementError as error:
        print(error, file=sys.stderr)
        return 1
    if options.format == "json":
        print(as_json(found))
    else:
        show(found)
    if options.plot:
        save_plot(options.plot, found.rows)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.batch",
        description="Losses and gradients of batches and of single pairs: these kernels beside "
        "NumPy, SciPy, Numba, torch, jax and autograd, one thread each, rounds in turn; how much "
        "memory a call needs, and how long it takes to start.",
    )
    parser.add_argument(
        "--parts",
        nargs="+",
        choices=("softmax", "sampling", "softmax_pair", "sampling_pair", "memory", "imports"),
        help="some tables only",
    )
    parser.add_argument("--sizes", choices=GRIDS, default="small", help="how many sizes (small)")
    parser.add_argument("--rounds", type=positive, default=7, help="counted rounds (7)")
    parser.add_argument(
        "--dtype",
        choices=("float32", "float64", "both"),
        default="float32",
        help="float32 is what word vectors are trained in (default)",
    )
    add_without(parser, PEERS)
    parser.add_argument(
        "--memory", type=float, default=6.0, help="GiB that one contender may need (6)"
    )
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="that the first call may take (20)"
    )
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--plot", type=Path, metavar="PNG", help="also draw the ratios")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
