"""One kernel at one case, on every path and in every variant: called, and compared."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from codegen.execute.chosen_cases import Case, shape
from codegen.execute.compared_entries import Mismatch, mismatches, shown
from codegen.execute.specification import Specification, Wanted, wanted
from codegen.grounds import Equality
from codegen.interpret.array import Array
from codegen.interpret.branching import Coverage, Path, Refused, World, every_path
from codegen.interpret.exact_numbers import Number
from codegen.interpret.loaded import Loaded
from codegen.interpret.symbolic import symbolic
from codegen.kernel import Kernel, Update
from derivations.proof.field import Branch, Finer, TooManyVariables
from derivations.proof.fragment import NoValue

# One call of a kernel with symbols, and what became of its arguments.


# a module, a kernel of it, arguments by name: what the kernel's outputs are
How = Callable[[Any, Kernel, Mapping[str, Any], World], dict[str, Any]]


@dataclass(frozen=True)
class Variant:
    """One way to run a kernel: ``loaded`` so, and with memory for so many pairs.

    ``how`` says what is run, where that is not just the function of the kernel's name.
    """

    name: str
    loaded: Loaded
    pairs: int | None = None
    how: How | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing is set."""
        own = self.loaded
        return own.sparse and not own.small and not own.overflow and self.pairs is None


class Call:
    """The arguments of one call, and what became of them."""

    def __init__(self, kernel: Kernel, case: Case, world: World, given: Mapping[str, Any]) -> None:
        self.kernel, self.world = kernel, world
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
                self.arguments[argument.name] = symbolic(array)
        self.before = {
            name: np.array(_plain(value)) if isinstance(value, np.ndarray | Array) else value
            for name, value in self.arguments.items()
        }
        self.results: dict[str, Any] = {}
        self.axes = {
            output.argument if isinstance(output, Update) else output.name: len(
                output.gradient.axes if isinstance(output, Update) else output.axes
            )
            for output in kernel.outputs
        }

    def made(self, variant: Variant, module: str) -> dict[str, Any]:
        """Call the kernel; what it returned or changed, by name.

        A single word is a Python integer in one variant, one of NumPy in the others.
        """
        if not variant.is_plain:
            self.arguments = {name: _of_numpy(value) for name, value in self.arguments.items()}
        loaded = variant.loaded.module(module)
        function = getattr(loaded, self.kernel.name)
        if variant.how is not None:
            self.results = variant.how(loaded, self.kernel, self.arguments, self.world)
            return self.results
        more = {}
        if variant.pairs is not None:
            U = self.arguments[self.kernel.arguments[1].name]
            memory = variant.loaded.module("_runtime.parts").Workspace
            more["work"] = memory(*U.shape, variant.pairs, object)
            function(*self.arguments.values(), **more)  # so that the memory holds old numbers
        results = function(*self.arguments.values(), **more)
        updated = {update.argument for update in self.kernel.updates}
        if updated:
            if results is not None:
                raise Refused("a step in place returns something")
            return {name: self.arguments[name] for name in updated}
        results = (
            results if isinstance(results, tuple) and not hasattr(results, "rows") else (results,)
        )
        names = [output.name for output in self.kernel.outputs if not isinstance(output, Update)]
        self.results = dict(zip(names, results, strict=True))
        return self.results

    def spoilt(self) -> str | None:
        """An argument that was changed and should not be, or that a result is part of."""
        updated = {update.argument for update in self.kernel.updates}
        for name, value in self.arguments.items():
            if not isinstance(value, np.ndarray | Array):
                continue
            if name not in updated and not _unchanged(_plain(value), self.before[name]):
                return f"{name} was changed"
            for result_name, result in self.results.items():
                parts = (result.rows, result.values) if hasattr(result, "rows") else (result,)
                plain = (_plain(p) for p in parts if isinstance(p, np.ndarray | Array))
                if any(np.shares_memory(part, _plain(value)) for part in plain):
                    return f"{result_name} is memory of {name}"
        return None


def _plain(array: Any) -> Any:
    return array.entries if isinstance(array, Array) else array


def _unchanged(now: Any, before: Any) -> bool:
    if now.dtype != object:
        return bool(np.array_equal(now, before))
    return all(x is y for x, y in zip(now.flat, before.flat, strict=True))


def _of_numpy(value: Any) -> Any:
    return np.intp(value) if isinstance(value, int) else value


# One kernel at one case, on every path and in every variant: run, and compared.


ROOM = (20, 40, 80, 160, 400)  # variables of the field, tried in turn
MOST_SIGNS = 256  # ways that the signs of terms can be at one case
MOST_FINER = 8
FEW_PATHS = 4  # of every variant but the first


@dataclass(frozen=True)
class Failure:
    """Where the emitted text does not compute what was proved."""

    kernel: str
    variant: str
    case: str
    what: str

    def __str__(self) -> str:
        return f"{self.kernel} ({self.variant}) at {self.case}: {self.what}"


@dataclass
class Count:
    """What was run and decided."""

    cases: int = 0
    runs: int = 0
    entries: int = 0
    drawn_paths: int = 0
    room: int = 0  # variables of the largest field
    failures: list[Failure] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Count what another one counted."""
        self.cases += other.cases
        self.runs += other.runs
        self.entries += other.entries
        self.drawn_paths += other.drawn_paths
        self.room = max(self.room, other.room)
        self.failures += other.failures


def run_case(
    kernel: Kernel,
    module: str,
    claims: Mapping[str, Equality],
    case: Case,
    variants: Sequence[Variant],
    most_paths: int,
    room: int = ROOM[0],
) -> Count:
    """Run the kernel at one case under each variant; at most one failure of each is told.

    Every path is gone in the first variant, up to so many; a few in the others. The field is laid
    out for ``room`` variables, for more where these are too few.
    """
    finer: dict[Hashable, int] = {}
    rooms = [each for each in ROOM if each >= room]
    while rooms:
        try:
            limits = (most_paths, rooms[0])
            return _in_all_signs(kernel, module, claims, case, variants, limits, finer)
        except TooManyVariables:
            rooms.pop(0)
        except Finer as wanted:
            if len(finer) > MOST_FINER:
                raise
            finer[wanted.key] = finer.get(wanted.key, 1) * wanted.by
    raise Refused(f"more than {ROOM[-1]} variables at {case}")


def _in_all_signs(
    kernel: Kernel,
    module: str,
    claims: Mapping[str, Equality],
    case: Case,
    variants: Sequence[Variant],
    limits: tuple[int, int],
    finer: Mapping[Hashable, int],
) -> Count:
    """The case once for each way that the signs of terms can be which a value turns on."""
    most_paths, room = limits
    whole = Count()
    waiting: list[dict[str, int]] = [{}]
    without_value: Exception | None = None
    for _ in range(MOST_SIGNS):
        signs = waiting.pop()
        try:
            meant = Specification(kernel, claims, case, room, signs, finer)
            whole.add(_run(kernel, module, meant, variants, most_paths))
        except (NoValue, ZeroDivisionError) as error:
            without_value = error
        except Branch as unknown:
            waiting += ({**signs, unknown.term: sign} for sign in unknown.signs if sign)
        if not waiting or whole.failures:
            if not whole.runs and without_value is not None:
                raise without_value
            whole.cases = 1
            return whole
    raise Refused(f"more than {MOST_SIGNS} cases by sign at {case}")


def _run(
    kernel: Kernel,
    module: str,
    meant: Specification,
    variants: Sequence[Variant],
    most_paths: int,
) -> Count:
    count = Count(cases=1, room=meant.field.variables)
    given = {a.name: meant.argument(a) for a in kernel.arguments if not a.is_integer}
    outputs = wanted(kernel, meant, given)
    size = sum(len(output.entries) for output in outputs.values())
    for number, variant in enumerate(variants):
        most = min(most_paths, FEW_PATHS) if number else most_paths
        covered = Coverage()

        def once(path: Path, variant: Variant = variant) -> str | None:
            world = World(meant.field, path)
            return _wrong(Call(kernel, meant.case, world, given), variant, module, outputs)

        for wrong in every_path(once, most, covered):
            if wrong is not None:
                name = f"{module}.{kernel.name}"
                count.failures.append(Failure(name, variant.name, str(meant.case), wrong))
                break
        count.runs += covered.runs
        count.entries += covered.runs * size
        count.drawn_paths += number == 0 and not covered.all_paths
    return count


def _wrong(call: Call, variant: Variant, module: str, outputs: Mapping[str, Wanted]) -> str | None:
    """What is wrong with one run, if anything is. Whatever is raised is wrong, too."""
    try:
        returned = call.made(variant, module)
        for name, output in outputs.items():
            want, axes = output.trees(call.world), call.axes[name]
            for wrong in mismatches(call.world, name, returned[name], want, axes):
                return _described(wrong, call.world)
        return call.spoilt()
    except (TooManyVariables, Branch, Finer, NoValue):
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _described(wrong: Mismatch, world: World) -> str:
    entry = "" if not wrong.entry else str(list(wrong.entry))
    if wrong.got is None or wrong.want is None or wrong.case is None:
        return f"{wrong.output}{entry} {wrong.reason}"
    values = shown(wrong.got, wrong.want, wrong.case, world)
    return f"{wrong.output}{entry} {wrong.reason}: {values}"
