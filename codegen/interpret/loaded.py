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
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from importlib.util import resolve_name
from inspect import unwrap
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Generic, SupportsFloat, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from codegen.backends.compiled.loop_stubs import overflowing
from codegen.emitted import Stubs, stubs
from codegen.interpret.array import A, Array, Domain, Plain, Rows, Unread, models_of, numpy_of
from codegen.interpret.symbolic import Symbols, csc_array, overflowed

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
Compiled = tuple[CodeType, Mapping[str, object]]  # code, and the names that it needs besides
Number: TypeAlias = A | Plain | float
Argument: TypeAlias = Number[A] | tuple[Number[A], tuple[str | int, ...]]  # with its shape


@lru_cache(maxsize=256)
def as_it_stands(text: str, file: str) -> Compiled:
    """The code of a file, for however many ways to load it."""
    return compile(text, file, "exec"), {}


class Package:
    """The modules of one package, from the text of its files, on floats of NumPy.

    ``stubs`` are what is imported in place of some. ``compiled`` makes code of a file's text.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        stubs: Stubs,
        compiled: Callable[[str, str], Compiled] = as_it_stands,
    ) -> None:
        self.texts = dict(texts)
        self.stubs = stubs
        self.compiled = compiled
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
        is_run = name not in OF_FLOATS
        taking = self._builtins() if is_run else {}
        finding = {"__import__": partial(self._import, instead=is_run)}
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

    def _builtins(self) -> Mapping[str, Callable[..., object]]:
        """What stands for some of Python's own functions."""
        return {}

    def _replace(self, name: str, module: ModuleType) -> None:
        """Put in place of some of a module's names what stands for them here."""

    def _import(
        self,
        name: str,
        globals: Mapping[str, object],
        locals: Mapping[str, object] | None = None,
        wanted: Sequence[str] | None = (),
        level: int = 0,
        *,
        instead: bool = True,
    ) -> ModuleType | SimpleNamespace:
        own = _own(name, globals, level)
        if own:
            self.imports[str(globals["__name__"]).removeprefix(PACKAGE)].add(own)
        if instead and (found := self._instead(own or name)) is not None:
            return found
        if own:
            return self.module(own)
        return importlib.__import__(name, globals, locals, wanted or (), 0)

    def _instead(self, name: str) -> ModuleType | SimpleNamespace | None:
        """What a module of the package or of a library is replaced by, if it is."""
        return self.stubs.get(name)


class Loaded(Package, Generic[A]):
    """The modules on the numbers of a domain; ``sparse`` says with SciPy or not.

    ``small`` sets the constants that say how much is done at a time, so that what large inputs
    need is run by small ones; ``overflow`` takes all products for overflowed. Where ``settled``,
    no argument of a compiled kernel is good as it is.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        domain: Domain[A],
        *,
        sparse: bool = True,
        small: bool = False,
        overflow: bool = False,
        settled: bool = False,
        compiled: Callable[[str, str], Compiled] = as_it_stands,
    ) -> None:
        super().__init__(texts, stubs(settled), compiled)
        self.domain = domain
        self.sparse = sparse
        self.small = small
        self.overflow = overflow
        self.numpy = numpy_of(domain)
        self._changed: list[A] = []  # what the last call of `in_place` was told of
        self._told: list[Number[A]] = []

    def results(self, function: Callable[..., object], *arguments: ArrayLike) -> tuple[A, ...]:
        """What the function of that name returns, in the text of the file that it is in.

        Of a row-sparse gradient these are the values; of a function that returns nothing the
        matrices that it says it changes (`in_place`), changed.
        """
        own = unwrap(function)
        assert isinstance(own, FunctionType)
        name = own.__module__.removeprefix(PACKAGE)
        path = f"{name.replace('.', '/')}.py"
        text = "".join(linecache.getlines(own.__code__.co_filename))
        if self.texts.get(path) != text:
            self.texts[path] = text
            self.modules.pop(name, None)
        result = getattr(self.module(name), own.__name__)(*arguments)
        if result is None:
            return tuple(self._changed)
        parts = result if type(result) is tuple else (result,)
        return tuple(part.values if isinstance(part, Rows) else part for part in parts)

    def _builtins(self) -> Mapping[str, Callable[..., object]]:
        return {"float": _as_it_is}

    def _replace(self, name: str, module: ModuleType) -> None:
        own = module.__dict__
        if self.small:
            own.update({k: v for k, v in STEERING.get(name, {}).items() if k in own})
        if name == "_runtime.arguments":
            own.update({k: self._checked(own[k]) for k in ("parameters", "in_place") if k in own})
        if name == "_runtime.arrays" and self.overflow and "guarded" in own:
            own["guarded"] = _overflowing(own["guarded"])
        if name.startswith("_runtime."):
            own.update({k: model for k, model in models_of(self.domain).items() if k in own})

    def _checked(
        self, check: Callable[..., Sequence[Plain] | None]
    ) -> Callable[..., Sequence[Number[A]] | None]:
        """The committed check of numbers, on floats of the same shapes in place of the domain's.

        Plain numbers are checked as they are, and then become numbers of the domain.
        """

        def checked(*empty: str, **given: Argument[A]) -> Sequence[Number[A]] | None:
            floats = {name: _floats(value, n) for n, (name, value) in enumerate(given.items())}
            results = check(*empty, **floats)
            if results is None:
                self._told = [_number(value) for value in given.values()]
                self._changed = [one for one in self._told if isinstance(one, Array)]
                return None
            alone = [_number(value) for value in given.values()]
            if not any(isinstance(value, Array) for value in alone):
                found = [self.domain.given(result.copy()) for result in results]
                pairs = list(zip(results, found, strict=True))
                self._changed = [new for one in self._told for old, new in pairs if old is one]
                return found
            return [_number(given[_same(result, floats)]) for result in results]

        return checked

    def _instead(self, name: str) -> ModuleType | SimpleNamespace | None:
        if (found := super()._instead(name)) is not None:
            return found
        if name == "compiled._runtime.rows" and self.overflow:
            return overflowing(self.module(name))
        if name == "numpy":
            return self.numpy
        if name == "math":
            return SimpleNamespace(**{**vars(math), "isfinite": self._is_finite})
        if name == "scipy.sparse":
            if not self.sparse:
                raise ImportError(name)
            return SimpleNamespace(csc_array=csc_array)
        return None

    def _is_finite(self, value: A | Unread) -> bool:
        """Whether a number is finite, or an inner product of which nothing else is asked."""
        if isinstance(value, Unread):
            return value.finite
        if isinstance(value, Array) and value.ndim == 0:
            return bool(self.domain.isfinite(value))
        raise self.domain.refused(f"isfinite of {type(value).__name__}")


def _own(name: str, globals: Mapping[str, object], level: int) -> str:
    """The module of the package that is imported; nothing where it is none of the package."""
    full = resolve_name("." * level + name, str(globals["__package__"])) if level else name
    return full.removeprefix(PACKAGE) if full.startswith(PACKAGE) else ""


def _as_it_is(value: Array | SupportsFloat | str = 0.0) -> Array | float:
    """Python's ``float``, where a number of a domain is its own."""
    return value if isinstance(value, Array) else float(value)


def _number(value: Argument[A]) -> Number[A]:
    return value[0] if isinstance(value, tuple) else value


def _floats(value: Argument[A], number: int) -> Argument[A]:
    """A float array, or for a single number a float that no other has; beside it a shape."""
    if isinstance(value, tuple):
        return _as_floats(value[0], number), value[1]
    return _as_floats(value, number)


def _as_floats(given: Number[A], number: int) -> Plain | float:
    if not isinstance(given, Array):
        return given
    dtype = np.float64 if given.dtype == object else given.dtype
    return np.zeros(given.shape, dtype) if given.ndim else 1.5 + number


def _same(result: Plain, floats: Mapping[str, Argument[A]]) -> str:
    for name, value in floats.items():
        given = _number(value)
        if result is given or (result.ndim == 0 and isinstance(given, float) and result == given):
            return name
    raise ValueError("parameters returns an array that it was not given")


def _overflowing(guarded: Callable[..., Symbols]) -> Callable[..., Symbols]:
    """``guarded``, every product that it is given taken for overflowed."""
    return lambda products, left, right: guarded(overflowed(products), left, right)
