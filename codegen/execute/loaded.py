"""The emitted package, its text loaded so that the kernels take symbols."""

from __future__ import annotations

import builtins
import importlib
import math
from collections.abc import Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

from codegen.execute import standin

# these see floats and whole numbers only, and the real NumPy
OF_FLOATS = ("_arguments", "_shapes", "_windows")
STEERING = {"_parts": ("_CACHE",), "_scatter": ("_OFTEN", "_RUN")}


class Loaded:
    """The modules of one package, from the text of its files; ``sparse`` says with SciPy or not.

    ``small`` sets the constants that say how much is done at a time to 1, so that what large
    inputs need is run by small ones.
    """

    def __init__(self, texts: Mapping[str, str], *, sparse: bool, small: bool) -> None:
        self.texts = texts
        self.sparse = sparse
        self.small = small
        self.modules: dict[str, ModuleType] = {}

    def module(self, name: str) -> ModuleType:
        """A module of the package, loaded when it is first asked for."""
        if name in self.modules:
            return self.modules[name]
        module = self.modules[name] = ModuleType(f"generated.{name}")
        module.__package__ = "generated"
        exact = name not in OF_FLOATS
        taking = {"float": standin.as_it_is} if exact else {}
        finding = {"__import__": self._import if exact else self._import_real}
        module.__dict__["__builtins__"] = {**vars(builtins), **taking, **finding}
        exec(compile(self.texts[f"{name}.py"], f"generated/{name}.py", "exec"), module.__dict__)
        if self.small:
            for constant in STEERING.get(name, ()):
                if hasattr(module, constant):
                    setattr(module, constant, 1)
        return module

    def _import(
        self, name: str, globals: Any = None, locals: Any = None, wanted: Any = (), level: int = 0
    ) -> Any:
        if level:
            found = self.module(name)
            return _checked(found) if name == "_arguments" else found
        if name == "numpy":
            return standin.NUMPY
        if name == "math":
            return SimpleNamespace(**{**vars(math), **vars(standin.MATH)})
        if name == "scipy.sparse":
            if not self.sparse:
                raise ImportError(name)
            return standin.SPARSE
        return importlib.__import__(name, globals, locals, wanted or (), 0)

    def _import_real(
        self, name: str, globals: Any = None, locals: Any = None, wanted: Any = (), level: int = 0
    ) -> Any:
        if level:
            return self.module(name)
        return importlib.__import__(name, globals, locals, wanted or (), 0)


def _checked(arguments: ModuleType) -> SimpleNamespace:
    """The module of argument checks, those of numbers given floats in place of symbols."""
    names = {name: value for name, value in vars(arguments).items() if name[:2] != "__"}
    for name in ("parameters", "in_place"):
        if name in names:
            names[name] = standin.twin(names[name])
    return SimpleNamespace(**names)
