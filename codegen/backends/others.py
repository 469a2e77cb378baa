"""The back ends beside NumPy: each is a folder, and ``NAME_package`` in it says what it prints.

``texts(modules, claims)`` are its files, ``printed(modules)`` the modules that are run and compared
with the claims, and ``standins(settled=...)`` what its runtime is replaced by where that is on
symbols. ``hows(kernel, claims)``, if it has that, are other ways to run a kernel, by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

import codegen.backends
from codegen.grounds import Equality
from codegen.kernel import Kernel, Module


def _others() -> Iterator[Any]:
    for each in sorted(iter_modules(codegen.backends.__path__), key=lambda one: one.name):
        name = f"codegen.backends.{each.name}.{each.name}_package"
        if each.ispkg and find_spec(name) is not None:
            yield import_module(name)


def texts_of_others(modules: Sequence[Module], claims: dict[str, Equality]) -> dict[str, str]:
    """Path and text of every file that they print."""
    return {path: text for one in _others() for path, text in one.texts(modules, claims).items()}


def printed(modules: Sequence[Module]) -> tuple[Module, ...]:
    """The modules, and what the other back ends print of them, each at its own path."""
    return (*modules, *(own for one in _others() for own in one.printed(modules)))


def standins(settled: bool) -> dict[str, Any]:
    """What stands in for modules of their runtimes, by the names of these."""
    return {name: own for one in _others() for name, own in one.standins(settled).items()}


def hows_of(module: str, kernel: Kernel, claims: Mapping[str, Equality]) -> list[tuple[str, Any]]:
    """Other ways to run a kernel of a back end's module, each with a name for it."""
    own = (one for one in _others() if module.partition(".")[0] == one.FOLDER)
    return [each for one in own if hasattr(one, "hows") for each in one.hows(kernel, claims)]
