"""Growth of proof time with (N, d), beside SymPy's simplify: ``python -m benchmarks.growth``.

The goal is the same for both: at concrete sizes, one component of claim c.any (the gradient of
the naive softmax loss by a row of U, at the outside word) minus the derivative SymPy took. The
exact decision is timed as the command runs it, both meanings included; simplify is
given the same difference written out. Building the goal is not timed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from fractions import Fraction
from math import isnan, nan
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.progress import track
from sympy import Expr, Function, Rational, Symbol, exp, log, pi, simplify
from sympy.core.cache import clear_cache

from benchmarks.tables import console, figure_type, table
from derivations.proof.decide import Question, holds, question_of
from derivations.proof.domain import Application, Primitive, V
from derivations.proof.evaluate import Instance, Interpreter
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import _read, difference
from derivations.word2vec.claims import CLAIMS


class WrittenOut:
    """The domain of SymPy expressions."""

    def constant(self, value: Fraction | int) -> Expr:
        return Rational(value)

    def parameter(self, key: Hashable) -> Expr:
        return Symbol(str(key), real=True)

    def arbitrary(self, application: Application[Expr]) -> Expr:
        """An undefined function of the entries it depends on, one for each choice of labels."""
        if application.partials:
            raise OutsideFragment(f"a derivative of {application.function} written out")
        labels = tuple(each for each in application.arguments if isinstance(each, int))
        return Function(f"{application.function}{labels}")(*entries_of(application))

    def add(self, left: Expr, right: Expr) -> Expr:
        return left + right

    def multiply(self, left: Expr, right: Expr) -> Expr:
        return left * right

    def power(self, base: Expr, exponent: int) -> Expr:
        return base**exponent

    def exp(self, value: Expr) -> Expr:
        return exp(value)

    def log(self, value: Expr) -> Expr:
        return log(value)

    def sign(self, value: Expr) -> int:
        raise OutsideFragment(f"the sign of {value} written out")

    def pi(self) -> Expr:
        return pi

    def apply(self, primitive: Primitive, value: Expr) -> Expr:
        raise OutsideFragment(f"the function {primitive.name} written out")


def entries_of(application: Application[V]) -> list[V]:
    """The entries of all numbers and arrays that an arbitrary function is applied to."""
    arrays = [each for each in application.arguments if not isinstance(each, int)]
    return [entry for array in arrays for entry in array]


def written_out(expression: Expr, instance: Instance) -> Expr:
    """``expression``, free of derivatives, with all sums written out."""
    return Interpreter(instance, WrittenOut()).value(expression)


GOAL = "c.any"
Goal = tuple[Question, Instance]
Work = Callable[[Question, Instance], bool]
SIZES = ((2, 1), (2, 2), (4, 2), (4, 4), (8, 4), (8, 8), (16, 8))


def goal_at(size: int, dimension: int) -> Goal:
    """The goal's sides and an instance with ``o = x``; nothing decided yet."""
    claim = next(claim for claim in CLAIMS if claim.id == GOAL)
    words = {"c": 1, "o": 1, "x": 1, "i": 1}
    return question_of(claim), Instance({"N": size, "d": dimension}, {}, words)


def decided(question: Question, instance: Instance) -> bool:
    """The exact decision, and both meanings of the sides compared."""
    return holds(question, instance)


def simplified(question: Question, instance: Instance) -> bool:
    """SymPy's simplify on the difference written out."""
    sides = (question.left, question.right)
    left, right = (written_out(side.form, instance) for side in sides)
    return bool(simplify(left - right) == 0)


def by_normal_form(question: Question, _: Instance) -> bool:
    """The proof for all sizes: the same whatever (N, d) is."""
    _read.cache_clear()
    return not difference(question.left.form, question.right.form)


WORKS: dict[str, Work] = {
    "all sizes at once": by_normal_form,
    "exact decision": decided,
    "sympy.simplify": simplified,
}


def timed(work: Work, size: tuple[int, int], limit: float) -> float:
    """Median seconds of three runs in a process of their own; NaN where they take too long."""
    queue: multiprocessing.Queue[float] = multiprocessing.Queue()
    process = multiprocessing.Process(target=_runs, args=(work, size, queue))
    process.start()
    process.join(limit)
    if process.is_alive():
        process.kill()
        process.join()
        return nan
    if process.exitcode != 0:
        sys.exit(f"{work.__name__} did not show {GOAL} at N, d = {size}")
    return queue.get()


def _runs(work: Work, size: tuple[int, int], queue: multiprocessing.Queue[float]) -> None:
    times = []
    for _ in range(3):
        goal = goal_at(*size)
        clear_cache()  # what SymPy remembers of the last run
        start = perf_counter()
        if not work(*goal):
            sys.exit(1)
        times.append(perf_counter() - start)
    queue.put(median(times))


def main() -> None:
    """One row a size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument(
        "--limit", type=float, default=120, help="seconds for three runs of one cell (default 120)"
    )
    parser.add_argument("--plot", type=Path, metavar="PNG", help="also draw the table")
    options = parser.parse_args()
    goal_at(2, 1)  # SymPy's derivative is taken once and is part of no row
    rows = [
        [timed(work, size, options.limit) for work in WORKS.values()]
        for size in track(SIZES, description="sizes", transient=True)
    ]
    found = table("N", "d", *WORKS, left=0)
    for size, row in zip(SIZES, rows, strict=True):
        found.add_row(*map(str, size), *(_shown(seconds, options.limit) for seconds in row))
    console().print(found)
    if options.plot:
        _save_plot(options.plot, SIZES, dict(zip(WORKS, zip(*rows, strict=True), strict=True)))


def _save_plot(
    path: Path, sizes: Sequence[tuple[int, int]], columns: Mapping[str, Sequence[float]]
) -> None:
    """Seconds against the number of entries, both logarithmic: one line a column, NaN a gap."""
    axes = (figure := figure_type()(figsize=(7, 4.5), layout="constrained")).subplots()
    entries = [size * dimension for size, dimension in sizes]
    for (name, seconds), marker in zip(columns.items(), "os^", strict=True):
        axes.loglog(entries, seconds, marker=marker, label=name)
    axes.set_xticks(entries, [f"{n}×{d}" for n, d in sizes], rotation=45)
    axes.minorticks_off()
    axes.set_xlabel("N × d")
    axes.set_ylabel("seconds")
    axes.set_title("One entry of the softmax gradient")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150)


def _shown(seconds: float, limit: float) -> str:
    return f"over {limit:.0f} s" if isnan(seconds) else f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    main()
