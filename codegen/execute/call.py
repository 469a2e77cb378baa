"""One call of a kernel with symbols, and what became of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from codegen.execute.cases import Case, shape
from codegen.interpret.array import Array
from codegen.interpret.branching import Refused, World
from codegen.interpret.exact_numbers import Number
from codegen.interpret.loaded import Loaded
from codegen.interpret.symbolic import symbolic
from codegen.kernel import Kernel, Update

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
