"""The back ends: each is a folder, and ``NAME_package`` in it says what it prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, Protocol, cast

from sympy import Basic, Expr

import codegen.backends
from codegen.arrays.program import Program
from codegen.backends.numpy.function_text import Function
from codegen.kernel import Equality, Kernel, Module
from codegen.lower.lowering import Rule


@dataclass(frozen=True)
class LineText:
    """What a module from a line is made of, below its docstring; ``mark`` ends its header."""

    functions: Sequence[Function]
    imports: Sequence[str]
    mark: Sequence[str] = ()


class BackEnd(Protocol):
    """What a package module has."""

    FOLDER: str  # of `generated`; empty for that itself
    RESERVED: frozenset[str]  # what its text calls so: no argument of a line, and no step
    MEASURED: str  # how a line's text is run where its accuracy is measured
    UNBOUNDED: str  # why there is no running error bound of it; empty where there may be one

    def texts(self, modules: Sequence[Module], claims: dict[str, Equality]) -> dict[str, str]:
        """Path and text of its files."""

    def printed(self, modules: Sequence[Module]) -> Sequence[Module]:
        """The modules that are run and compared with the claims, each at its own path."""

    def standins(self, settled: bool) -> dict[str, Any]:
        """What stands in for modules of its runtime and libraries, by name, on symbols."""

    def standins_on_floats(self) -> dict[str, Any]:
        """The same on floats of NumPy: what it takes to run the text without its compiler."""

    def hows(self, kernel: Kernel, claims: Mapping[str, Equality]) -> list[tuple[str, Any]]:
        """Other ways to run a kernel, by name."""

    def lowered(
        self,
        kernel: Kernel,
        claims: Mapping[str, Equality],
        prepared: Callable[[Expr], Expr],
        rules: Mapping[type[Basic], Rule],
    ) -> Program:
        """The program of a line's kernel that it can print."""

    def line_text(self, program: Program, claims: dict[str, Equality]) -> LineText:
        """A line's program printed; raises LoweringError where it cannot be."""


@cache
def back_ends() -> Mapping[str, BackEnd]:
    """Every back end by its name, NumPy's first."""
    found = {
        each.name: cast(BackEnd, import_module(name))
        for each in iter_modules(codegen.backends.__path__)
        if each.ispkg and find_spec(name := _package(each.name)) is not None
    }
    return dict(sorted(found.items(), key=lambda one: one[1].FOLDER))


def _package(name: str) -> str:
    return f"codegen.backends.{name}.{name}_package"


def printed(modules: Sequence[Module]) -> tuple[Module, ...]:
    """What all of them print of the modules, each at its own path."""
    return tuple(own for one in back_ends().values() for own in one.printed(modules))


def standins(settled: bool) -> dict[str, Any]:
    """What stands in for modules of their runtimes, by the names of these."""
    return {n: own for one in back_ends().values() for n, own in one.standins(settled).items()}


def hows_of(module: str, kernel: Kernel, claims: Mapping[str, Equality]) -> list[tuple[str, Any]]:
    """Other ways to run a kernel of a back end's module, each with a name for it."""
    folder = module.partition(".")[0]
    own = (one for one in back_ends().values() if folder == one.FOLDER)
    return [each for one in own for each in one.hows(kernel, claims)]
