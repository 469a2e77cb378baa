"""The emitted package, its text loaded so that the kernels take symbols."""

from __future__ import annotations

import builtins
import importlib
import math
from collections.abc import Callable, Mapping
from importlib.util import resolve_name
from types import ModuleType, SimpleNamespace
from typing import Any

from codegen.backends.others import standins
from codegen.execute import standin
from codegen.execute.watched import TOLD, Watched

# these see floats and whole numbers only, and the real NumPy
OF_FLOATS = ("_runtime.arguments", "_runtime.shapes", "_runtime.windows")
# how much is done at a time, and what it is where small inputs are to run what large ones need
STEERING = {
    "_runtime.parts": {"_CACHE": 1, "_GATHERED": 1},
    "_runtime.products": {"_CHUNK": 1},
    "_runtime.scatter": {"OFTEN": 2, "_RUN": 2, "_RUNS": 2},
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
        settled: bool = False,
        watched: Watched | None = None,
    ) -> None:
        self.texts = texts
        self.sparse = sparse
        self.small = small
        self.overflow = overflow
        self.standins = standins(settled)
        self.watched = watched
        self.modules: dict[str, ModuleType] = {}
        self.imports: dict[str, set[str]] = {}

    def imported(self, name: str) -> set[str]:
        """The modules of the package that a module imports; none where it cannot be loaded."""
        try:
            self.module(name)
        except Exception:
            return set()  # who runs it is told why
        return self.imports[name]

    def module(self, name: str) -> ModuleType:
        """A module of the package, loaded when it is first asked for."""
        if name in self.modules:
            return self.modules[name]
        self.imports[name] = set()
        module = self.modules[name] = ModuleType(f"{PACKAGE}{name}")
        module.__package__ = module.__name__.rpartition(".")[0]
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
        file = f"{name.replace('.', '/')}.py"
        text = self.texts[file]
        if self.watched is None:
            return compile(text, f"generated/{file}", "exec")
        code, module.__dict__[TOLD] = self.watched.compiled(text, file)
        return code

    def _import(
        self, name: str, globals: Any = None, locals: Any = None, wanted: Any = (), level: int = 0
    ) -> Any:
        if own := _own(name, globals, level):
            self.imports[globals["__name__"].removeprefix(PACKAGE)].add(own)
            if own in self.standins:
                return self.standins[own]
            found = self.module(own)
            if own == "_runtime.arguments":
                return _replaced(found, standin.twin, "parameters", "in_place")
            if own == "_runtime.products" and self.overflow:
                return _replaced(found, standin.overflowing, "guarded")
            return found
        if name in self.standins:
            return self.standins[name]
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
        if own := _own(name, globals, level):
            return self.module(own)
        return importlib.__import__(name, globals, locals, wanted or (), 0)


def _own(name: str, globals: Any, level: int) -> str:
    """The module of the package that is imported; nothing where it is none of the package."""
    full = resolve_name("." * level + name, globals["__package__"]) if level else name
    return full.removeprefix(PACKAGE) if full.startswith(PACKAGE) else ""


def _replaced(
    module: ModuleType, how: Callable[[Callable[..., Any]], Callable[..., Any]], *names: str
) -> SimpleNamespace:
    """The module, those of the named functions that it has handed through ``how``."""
    content = {name: value for name, value in vars(module).items() if name[:2] != "__"}
    content.update({name: how(content[name]) for name in names if name in content})
    return SimpleNamespace(**content)
