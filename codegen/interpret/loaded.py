"""The emitted package, its text loaded so that the kernels run on the numbers of a domain.

The text is run as it is. What it imports and calls is the real thing but for these:

    np.array, asarray, empty, zeros, ...   NumPy's; the domain says what becomes of what they make
    math.isfinite                          of a number of the domain, what that says
    float                                  the number itself, where it is one of the domain's
    scipy.sparse.csc_array                 the sum that its definition is, entry by entry
    parameters, in_place                   run as they are, on arrays of floats of the same shapes;
                                           what they return is then taken for the domain's
    the domain's ``models``                helpers that hand numbers to other libraries, by what
                                           they say: rows are added up by word, in some order
    modules of other back ends             what `codegen.emitted` says
"""

from __future__ import annotations

import builtins
import importlib
import linecache
import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.util import resolve_name
from inspect import unwrap
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from codegen.backends.compiled.loop_standins import overflowing
from codegen.emitted import standins
from codegen.interpret.array import MODELS, Array, Domain, NumPy, Unread
from codegen.interpret.symbolic import EXACT, csc_array, overflowed

# these see floats and whole numbers only, and the real NumPy
OF_FLOATS = ("_runtime.arguments",)
# how much is done at a time, and what it is where small inputs are to run what large ones need
STEERING = {
    "_runtime.arrays": {"_CHUNK": 1},
    "_runtime.batches": {"_CACHE": 1, "_GATHERED": 1},
    "_runtime.rows": {"OFTEN": 2, "_RUN": 2, "_RUNS": 2},
    "compiled._runtime.rows": {"_BLOCK": 1},
}
PACKAGE = "generated."  # how a module outside of the package calls it
Compiled = tuple[Any, Mapping[str, Any]]  # code, and the names that it needs besides


@lru_cache(maxsize=256)
def as_it_stands(text: str, file: str) -> Compiled:
    """The code of a file, for however many ways to load it."""
    return compile(text, file, "exec"), {}


class Loaded:
    """The modules of one package, from the text of its files; ``sparse`` says with SciPy or not.

    ``small`` sets the constants that say how much is done at a time, so that what large inputs
    need is run by small ones; ``overflow`` takes all products for overflowed. Where ``settled``,
    no argument of a compiled kernel is good as it is. ``compiled`` makes code of a file's text.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        domain: Domain = EXACT,
        *,
        sparse: bool = True,
        small: bool = False,
        overflow: bool = False,
        settled: bool = False,
        compiled: Callable[[str, str], Compiled] = as_it_stands,
    ) -> None:
        self.texts = dict(texts)
        self.domain = domain
        self.sparse = sparse
        self.small = small
        self.overflow = overflow
        self.standins = standins(settled)
        self.compiled = compiled
        self.numpy = NumPy(domain)
        self.modules: dict[str, ModuleType] = {}
        self.imports: dict[str, set[str]] = {}
        self.changed: list[Any] = []  # what the last call of `in_place` was told of

    def imported(self, name: str) -> set[str]:
        """The modules of the package that a module imports; none where it cannot be loaded."""
        try:
            self.module(name)
        except Exception:
            return set()  # who runs it is told why
        return self.imports[name]

    def function(self, function: Callable[..., Any]) -> Any:
        """The function of that name, in the text of the file that it is in."""
        own: Any = unwrap(function)
        name = own.__module__.removeprefix(PACKAGE)
        path = f"{name.replace('.', '/')}.py"
        text = "".join(linecache.getlines(own.__code__.co_filename))
        if self.texts.get(path) != text:
            self.texts[path] = text
            self.modules.pop(name, None)
        return getattr(self.module(name), own.__name__)

    def module(self, name: str) -> ModuleType:
        """A module of the package, loaded when it is first asked for."""
        if name in self.modules:
            return self.modules[name]
        self.imports[name] = set()
        module = self.modules[name] = ModuleType(f"{PACKAGE}{name}")
        module.__package__ = module.__name__.rpartition(".")[0]
        is_run = name not in OF_FLOATS
        taking = self._builtins() if is_run else {}
        finding = {"__import__": self._import if is_run else self._import_real}
        module.__dict__["__builtins__"] = {**vars(builtins), **taking, **finding}
        path = f"{name.replace('.', '/')}.py"
        try:
            code, names = self.compiled(self.texts[path], f"generated/{path}")
            module.__dict__.update(names)
            exec(code, module.__dict__)
        except BaseException:
            del self.modules[name]  # so that it fails again, and is not half there
            raise
        self._replace(name, module)
        return module

    def _builtins(self) -> dict[str, Any]:
        """What stands for some of Python's own functions."""
        return {"float": _as_it_is}

    def _replace(self, name: str, module: ModuleType) -> None:
        """Put in place of some of a module's names what stands for them here."""
        own = module.__dict__
        if self.small:
            own.update({k: v for k, v in STEERING.get(name, {}).items() if k in own})
        if name == "_runtime.arguments":
            own.update({k: self._checked(own[k]) for k in ("parameters", "in_place") if k in own})
        if name == "_runtime.arrays" and self.overflow and "guarded" in own:
            own["guarded"] = _overflowing(own["guarded"])
        for model in self.domain.models:
            if model in own and name.startswith("_runtime."):
                own[model] = MODELS[model](self.domain)

    def _checked(self, check: Callable[..., Any]) -> Callable[..., Any]:
        """The committed check of numbers, on floats of the same shapes in place of the domain's.

        Plain numbers are checked as they are, and then become numbers of the domain.
        """

        def checked(*empty: str, **given: Any) -> Any:
            floats = {name: _floats(value, n) for n, (name, value) in enumerate(given.items())}
            results = check(*empty, **floats)
            if results is None:
                self.changed = [_number(value) for value in given.values()]
                return None
            alone = [_number(value) for value in given.values()]
            if not any(isinstance(value, Array) for value in alone):
                found = [self.domain.given(result.copy()) for result in results]
                pairs = list(zip(results, found, strict=True))
                self.changed = [new for one in self.changed for old, new in pairs if old is one]
                return found
            return [_number(given[_same(result, floats)]) for result in results]

        return checked

    def _import(
        self, name: str, globals: Any = None, locals: Any = None, wanted: Any = (), level: int = 0
    ) -> Any:
        if own := _own(name, globals, level):
            self.imports[globals["__name__"].removeprefix(PACKAGE)].add(own)
            if own in self.standins:
                return self.standins[own]
            if own == "compiled._runtime.rows" and self.overflow:
                return overflowing(self.module(own))
            return self.module(own)
        if name in self.standins:
            return self.standins[name]
        if name == "numpy":
            return self.numpy
        if name == "math":
            return SimpleNamespace(**{**vars(math), "isfinite": self._is_finite})
        if name == "scipy.sparse":
            if not self.sparse:
                raise ImportError(name)
            return SimpleNamespace(csc_array=csc_array)
        return importlib.__import__(name, globals, locals, wanted or (), 0)

    def _import_real(
        self, name: str, globals: Any = None, locals: Any = None, wanted: Any = (), level: int = 0
    ) -> Any:
        if own := _own(name, globals, level):
            return self.module(own)
        return importlib.__import__(name, globals, locals, wanted or (), 0)

    def _is_finite(self, value: Any) -> bool:
        """Whether a number is finite, or an inner product of which nothing else is asked."""
        if isinstance(value, Unread):
            return value.finite
        if isinstance(value, Array) and value.ndim == 0:
            return bool(self.domain.finite(value))
        raise self.domain.refused(f"isfinite of {type(value).__name__}")


class OnFloats(Loaded):
    """The modules on floats of NumPy, nothing replaced but what is given by name."""

    def __init__(self, texts: Mapping[str, str], standins: Mapping[str, Any]) -> None:
        super().__init__(texts)
        self.standins = dict(standins)

    def _builtins(self) -> dict[str, Any]:
        """All are Python's."""
        return {}

    def _replace(self, name: str, module: ModuleType) -> None:
        """Everything is as it stands."""

    def _import(
        self, name: str, globals: Any = None, locals: Any = None, wanted: Any = (), level: int = 0
    ) -> Any:
        own = _own(name, globals, level) or name
        if own in self.standins:
            return self.standins[own]
        return self._import_real(name, globals, locals, wanted, level)


def _own(name: str, globals: Any, level: int) -> str:
    """The module of the package that is imported; nothing where it is none of the package."""
    full = resolve_name("." * level + name, globals["__package__"]) if level else name
    return full.removeprefix(PACKAGE) if full.startswith(PACKAGE) else ""


def _as_it_is(value: Any = 0.0) -> Any:
    """Python's ``float``, where a number of a domain is its own."""
    return value if isinstance(value, Array) else float(value)


def _number(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) else value


def _floats(value: Any, number: int) -> Any:
    """A float array, or for a single number a float that no other has; beside it a shape."""
    given, *shape = value if isinstance(value, tuple) else (value,)
    if isinstance(given, Array):
        dtype = np.float64 if given.dtype == object else given.dtype
        given = np.zeros(given.shape, dtype) if given.ndim else 1.5 + number
    return (given, *shape) if isinstance(value, tuple) else given


def _same(result: Any, floats: Any) -> str:
    for name, value in floats.items():
        given = _number(value)
        if result is given or (result.ndim == 0 and isinstance(given, float) and result == given):
            return str(name)
    raise ValueError("parameters returns an array that it was not given")


def _overflowing(guarded: Callable[..., Any]) -> Callable[..., Any]:
    """``guarded``, every product that it is given taken for overflowed."""
    return lambda products, left, right: guarded(overflowed(products), left, right)
