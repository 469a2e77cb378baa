"""Ordinary numbers: whether a spoilt file computes something else at inputs of no difficulty.

This is the test of symbolic execution itself: what it lets pass has to agree here up to rounding.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

import generated
from codegen.execute.chosen_cases import sizes
from codegen.execute.work_units import functions
from codegen.kernel import Kernel, members
from codegen.subjects import MODULES
from tests.code_mutants.edit import Edit
from tests.code_mutants.package import users

CASES = 12
LARGE = 40  # of lists of words, so that words come more often than are added up at once
CLOSE = 1e-9


def differs(edit: Edit, package: ModuleType, close: float = CLOSE) -> str | None:
    """The first kernel that returns other numbers, or fails; other bytes, if ``close`` is 0."""
    modules = users(edit.file)
    for name, kernel in functions(MODULES):
        module, function = name.split(".")
        if module not in modules or not isinstance(kernel, Kernel):
            continue
        for case in cases(name):
            wanted = outcome(generated, module, function, kernel, case)
            try:
                found = outcome(package, module, function, kernel, case)
            except Exception as error:
                return f"{name}: {type(error).__name__}"
            if not same(found, wanted, close):
                return name
    return None


@cache
def cases(name: str) -> list[dict[str, Any]]:
    """Arguments for one kernel, the same on every run."""
    kernel: Any = dict(functions(MODULES))[name]
    rng = np.random.default_rng(sum(map(ord, name)))
    every = sizes(kernel, 3)
    some = [dict(every[n]) for n in rng.integers(0, len(every), CASES)]
    long = {
        argument.letters[0]
        for argument in kernel.arguments
        if argument.is_integer and argument.axes
    }
    some.append({letter: LARGE if letter in long else 3 for letter in some[0]})
    return [given for lengths in some for given in _given(kernel, _fitting(kernel, lengths), rng)]


def _fitting(kernel: Kernel, lengths: dict[str, int]) -> dict[str, int]:
    for size in kernel.derived:
        narrow, wide = (next(a for a in kernel.arguments if a.name == n) for n in size.arguments)
        lengths[wide.letters[-1]] = lengths[narrow.letters[-1]] + 2 * lengths[size.name]
    return lengths


def _given(kernel: Kernel, lengths: dict[str, int], rng: Any) -> Iterator[dict[str, Any]]:
    rows = {
        a.axes[0].space: lengths[a.letters[0]]
        for a in kernel.arguments
        if a.axes and not a.is_integer
    }
    given: dict[str, Any] = {}
    for argument in kernel.arguments:
        shape = tuple(lengths[letter] for letter in argument.letters)
        if argument.is_integer:
            held = argument.at_most
            bound = lengths[held] + 1 if held else rows[members(argument)]
            given[argument.name] = rng.integers(0, bound, shape)
        else:
            given[argument.name] = rng.uniform(-1.5, 1.5, shape)
    yield given


def outcome(
    package: ModuleType, module: str, function: str, kernel: Kernel, case: dict[str, Any]
) -> list[Any]:
    """What a kernel returns or leaves behind, as arrays; with memory of three sizes, too."""
    called = getattr(getattr(package, module), function)
    found = []
    for pairs in (None, 1, 2, LARGE) if kernel.parts else (None,):
        own = {name: np.array(value) for name, value in case.items()}
        own = {name: value if value.shape else value[()] for name, value in own.items()}
        more = {}
        if pairs is not None:
            more["work"] = package.Workspace(*own["U"].shape, pairs)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = called(**own, **more)
        results = result if isinstance(result, tuple) and not hasattr(result, "rows") else (result,)
        for one in results:
            if hasattr(one, "rows"):
                found += [np.array(one.rows), np.array(one.values)]
            elif one is not None:
                found.append(np.array(one))
        found += [own[update.argument] for update in kernel.updates]
    return found


def same(found: list[Any], wanted: list[Any], close: float) -> bool:
    """Whether all arrays agree, up to so much of their largest entry."""
    if len(found) != len(wanted):
        return False
    for one, other in zip(found, wanted, strict=True):
        if one.shape != other.shape:
            return False
        if close == 0 and (one.dtype != other.dtype or one.tobytes() != other.tobytes()):
            return False
        scale = 1 + np.abs(other).max(initial=0)
        if not np.all(np.abs(np.asarray(one, float) - other) <= close * scale):
            return False
    return True
