"""One kernel at one case, on every path: run it and compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from codegen.equality import Equality
from codegen.execute.cases import Case, shape
from codegen.execute.compare import Mismatch, mismatches
from codegen.execute.loaded import Loaded
from codegen.execute.number import Number, World
from codegen.execute.paths import Coverage, Path, every_path
from codegen.execute.point import shown
from codegen.execute.refused import Refused
from codegen.execute.specification import Specification
from codegen.execute.symbols import Symbols, bare, symbolic
from codegen.kernel import Kernel, Update
from derivations.proof.evaluate import Interpreter  # noqa: F401
from derivations.proof.field import TooManyVariables
from derivations.proof.fragment import OutsideFragment

ROOM = (20, 40, 80, 160, 400)


@dataclass(frozen=True)
class Failure:
    """Where the emitted text does not compute what was proved."""

    kernel: str
    case: str
    variant: str
    what: str

    def __str__(self) -> str:
        where = f"{self.kernel} ({self.variant})" if self.variant else self.kernel
        return f"{where} at {self.case}: {self.what}"


@dataclass(frozen=True)
class Variant:
    """One way to run a kernel: ``loaded`` so, and with memory for so many pairs."""

    name: str
    loaded: Loaded
    pairs: int | None = None


@dataclass
class Count:
    """What was decided."""

    cases: int = 0
    runs: int = 0
    entries: int = 0
    drawn_paths: int = 0
    failures: list[Failure] = field(default_factory=list)


def run_case(
    kernel: Kernel,
    module: str,
    claims: Mapping[str, Equality],
    case: Case,
    variants: list[Variant],
    most_paths: int,
    count: Count,
) -> None:
    """Run the kernel at one case under each variant; failures are put into ``count``."""
    for room in ROOM:
        tried = Count()
        try:
            _run(kernel, module, Specification(kernel, claims, case, room), variants, most_paths, tried)
        except TooManyVariables:
            continue
        count.cases += 1
        count.runs += tried.runs
        count.entries += tried.entries
        count.drawn_paths += tried.drawn_paths
        count.failures += tried.failures
        return
    raise Refused(f"more than {ROOM[-1]} variables at {case}")


def _run(
    kernel: Kernel,
    module: str,
    meant: Specification,
    variants: list[Variant],
    most_paths: int,
    count: Count,
) -> None:
    given = {a.name: meant.argument(a) for a in kernel.arguments if not a.is_integer}
    wanted = _wanted(kernel, meant, given)
    for variant in variants:
        covered = Coverage()

        def once(path: Path, variant: Variant = variant) -> str | None:
            world = World(meant.field, path)
            call = Call(kernel, meant.case, world, given)
            try:
                returned = call.made(variant, module)
            except TooManyVariables:
                raise
            except Exception as error:
                return f"{type(error).__name__}: {error}"
            for name, (want, axes) in wanted.items():
                for wrong in mismatches(world, name, returned[name], want, axes):
                    return _described(wrong, world)
                count.entries += len(want)
            return call.spoilt()

        for wrong in every_path(once, most_paths, covered):
            if wrong is not None:
                name = f"{module}.{kernel.name}"
                count.failures.append(Failure(name, str(meant.case), variant.name, wrong))
                break
        count.runs += covered.runs
        count.drawn_paths += not covered.all_paths


def _wanted(kernel: Kernel, meant: Specification, given: Mapping[str, Any]) -> dict[str, Any]:
    """For each output its entries and how many axes it has; an update is the argument after."""
    wanted: dict[str, Any] = {}
    for output in kernel.outputs:
        if isinstance(output, Update):
            field = meant.field
            rate = field.multiply(field.constant(-1), given[output.rate][()])
            slope = meant.output(output.gradient)
            after = {
                at: field.add(value, field.multiply(rate, slope[at]))
                for at, value in given[output.argument].items()
            }
            wanted[output.argument] = (after, len(output.gradient.axes))
        else:
            wanted[output.name] = (meant.output(output), len(output.axes))
    return wanted


class Call:
    """The arguments of one call, and what became of them."""

    def __init__(self, kernel: Kernel, case: Case, world: World, given: Mapping[str, Any]) -> None:
        self.kernel = kernel
        self.arguments: dict[str, Any] = {}
        for argument in kernel.arguments:
            if argument.is_integer:
                value = case.integers[argument.name]
                self.arguments[argument.name] = value.copy() if argument.axes else value
            else:
                entries = given[argument.name]
                array = np.empty(shape(argument, case.lengths), object)
                for at, value in entries.items():
                    array[at] = Number(world, value)
                self.arguments[argument.name] = array.view(Symbols)
        self.before = {
            name: np.array(bare(value)) if isinstance(value, np.ndarray) else value
            for name, value in self.arguments.items()
        }
        self.results: dict[str, Any] = {}
        self.shares = False

    def made(self, variant: Variant, module: str) -> dict[str, Any]:
        """Call the kernel; what it returned or changed, by name."""
        loaded = variant.loaded.module(module)
        function = getattr(loaded, self.kernel.name)
        more = {}
        if variant.pairs is not None:
            U = self.arguments[self.kernel.arguments[1].name]
            memory = variant.loaded.module("_parts").Workspace
            more["work"] = memory(*U.shape, variant.pairs, object)
            function(*self.arguments.values(), **more)  # so that the memory holds old numbers
        results = function(*self.arguments.values(), **more)
        updated = {update.argument for update in self.kernel.updates}
        if updated:
            if results is not None:
                raise Refused("a step in place returns something")
            return {name: self.arguments[name] for name in updated}
        results = results if isinstance(results, tuple) and not hasattr(results, "rows") else (results,)
        names = [output.name for output in self.kernel.outputs]
        self.results = dict(zip(names, results, strict=True))
        return self.results

    def spoilt(self) -> str | None:
        """An argument that was changed and should not be, or that a result is part of."""
        updated = {update.argument for update in self.kernel.updates}
        for name, value in self.arguments.items():
            if not isinstance(value, np.ndarray):
                continue
            if name not in updated and not _unchanged(bare(value), self.before[name]):
                return f"{name} was changed"
            for result_name, result in self.results.items():
                parts = (result.rows, result.values) if hasattr(result, "rows") else (result,)
                if any(isinstance(p, np.ndarray) and np.shares_memory(p, value) for p in parts):
                    return f"{result_name} is memory of {name}"
        return None


def _unchanged(now: Any, before: Any) -> bool:
    if now.dtype != object:
        return bool(np.array_equal(now, before))
    return all(x is y for x, y in zip(now.flat, before.flat, strict=True))


def _described(wrong: Mismatch, world: World) -> str:
    entry = "" if not wrong.entry else str(list(wrong.entry))
    if wrong.want is None:
        return f"{wrong.output}{entry} {wrong.reason}"
    return f"{wrong.output}{entry} {wrong.reason}: {shown(wrong.got, wrong.want, world)}"


__all__ = ["Count", "Failure", "Variant", "run_case", "symbolic", "OutsideFragment"]
