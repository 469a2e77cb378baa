"""The emitted package, its text loaded so that the kernels take symbols."""

from __future__ import annotations

import builtins
import importlib
import math
from collections.abc import Callable, Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

from codegen.execute import standin
from codegen.execute.watched import TOLD, Watched

# these see floats and whole numbers only, and the real NumPy
OF_FLOATS = ("_arguments", "_shapes", "_windows")
# how much is done at a time, and what it is where small inputs are to run what large ones need
STEERING = {
    "_parts": {"_CACHE": 1, "_GATHERED": 1},
    "_products": {"_CHUNK": 1},
    "_scatter": {"OFTEN": 2, "_RUN": 2, "_RUNS": 2},
}


PACKAGE = "generated."  # how a module outside of the package calls it


class Loaded:
    """The modules of one package, from the text of its files; ``sparse`` says with SciPy or not.

    ``small`` sets the constants that say how much is done at a time, so that what large inputs
    need is run by small ones; ``overflow`` takes all products for overflowed. ``watched`` is told
    which way its branches go.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        *,
        sparse: bool = True,
        small: bool = False,
        overflow: bool = False,
        watched: Watched | None = None,
    ) -> None:
        self.texts = texts
        self.sparse = sparse
        self.small = small
        self.overflow = overflow
        self.watched = watched
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
        try:
            exec(self._code(name, module), module.__dict__)
        except BaseException:
            del self.modules[name]  # so that it fails again, and is not half there
            raise
        if self.small:
            for constant, value in STEERING.get(name, {}).items():
                if hasattr(module, constant):
                    setattr(module, constant, value)
        return module

    def _code(self, name: str, module: ModuleType) -> Any:
        text = self.texts[f"{name}.py"]
        if self.watched is None:
            return compile(text, f"generated/{name}.py", "exec")
        code, module.__dict__[TOLD] = self.watched.compiled(text, f"{name}.py")
        return code

    def _import(
        self, name: str, globals: Any = None, locals: Any = None, wanted: Any = (), level: int = 0
    ) -> Any:
        if level or name.startswith(PACKAGE):
            name = name.removeprefix(PACKAGE)
            found = self.module(name)
            if name == "_arguments":
                return _replaced(found, standin.twin, "parameters", "in_place")
            if name == "_products" and self.overflow:
                return _replaced(found, standin.overflowing, "guarded")
            return found
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


def _replaced(
    module: ModuleType, how: Callable[[Callable[..., Any]], Callable[..., Any]], *names: str
) -> SimpleNamespace:
    """The module, those of the named functions that it has handed through ``how``."""
    content = {name: value for name, value in vars(module).items() if name[:2] != "__"}
    content.update({name: how(content[name]) for name in names if name in content})
    return SimpleNamespace(**content)
