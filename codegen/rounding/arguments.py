"""What each kernel is called with, given vectors and sizes: as its subject's file says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from codegen.draw import Drawn, by_shapes
from codegen.kernel import Kernel, Module
from codegen.subjects import MODULES

Emitted = Callable[..., Any]


def studied(module: Module) -> Iterator[tuple[Emitted, Drawn]]:
    """The emitted functions of a module that have a running bound, and what draws arguments."""
    emitted = import_module(f"generated.{module.path.removesuffix('.py')}")
    for one in module.functions:
        if isinstance(one, Kernel) and module.is_bounded(one):
            yield getattr(emitted, one.name), module.drawn.get(one.name) or by_shapes(one)


ARGUMENTS: dict[Emitted, Drawn] = dict(each for module in MODULES for each in studied(module))

# Those whose bounds in u B can be counted: help(generated) defines B for them.
COUNTED: tuple[Emitted, ...] = tuple(
    function for module in MODULES if module.counted for function, _ in studied(module)
)
