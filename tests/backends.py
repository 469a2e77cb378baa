"""The kernels of every back end, with one interface: the text of each, run on NumPy's floats.

The text for JAX gets NumPy in place of `jax.numpy`, so that whole test suites run without JAX and
without its compilation; `tests/examples/test_jax.py` runs some of it on JAX itself. The loops for
Numba run as the plain Python that they are; `tests.kernels.backends` has them compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import generated
from codegen.backends.jax.jax_standins import LAX, Rule
from codegen.emitted import GENERATED, texts_in
from codegen.interpret.loaded import Loaded
from tests.codegen.scene import loaded, write


class Floats:
    """`jax.numpy` by NumPy: what is out of range is NaN when it is looked up."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def take(self, values: Any, words: Any, axis: int, mode: str, fill_value: float) -> Any:
        """The entries along an axis."""
        assert mode == "fill"
        words = np.asarray(words)
        inside = words < values.shape[axis]
        found = np.take(values, np.where(inside, words, 0), axis=axis)
        further = (np.newaxis,) * (values.ndim - axis - 1)
        return np.where(inside[(..., *further)], found, values.dtype.type(fill_value))


def segment_sum(rows: Any, segments: Any, number: int) -> Any:
    """Rows added up by the number of their segment; what is out of range is dropped."""
    sums = np.zeros((number, *rows.shape[1:]), rows.dtype)
    inside = segments < number
    np.add.at(sums, segments[inside], rows[inside])
    return sums


def for_jax(texts: dict[str, str]) -> Any:
    """The modules of `generated.jax` from their texts, on NumPy."""
    loaded = Loaded(texts)
    ops = SimpleNamespace(segment_sum=segment_sum)
    jax = SimpleNamespace(numpy=Floats(), ops=ops, custom_vjp=Rule)
    loaded.standins = {"jax": jax, "jax.numpy": jax, "jax.ops": ops, "jax.lax": LAX}
    paths = [path for path in texts if path.startswith("jax/") and "/_" not in path]
    names = [path.removeprefix("jax/").removesuffix(".py") for path in paths]
    return SimpleNamespace(**{name: _quiet(loaded.module(f"jax.{name}")) for name in names})


def _quiet(module: Any) -> Any:
    own = {name: value for name, value in vars(module).items() if callable(value)}
    return SimpleNamespace(**{name: _without_warnings(value) for name, value in own.items()})


def _without_warnings(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function, updated=())
    def called(*args: Any, **kwargs: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*args, **kwargs)

    return called


# in place of what compiles: every call goes the way of arguments that have to be checked
PLAIN = """
import numpy as np

def _as_it_is(function):
    return function

entrywise = contracted = making = seldom = summing = kernel = _as_it_is

def by_width(single, double):
    return lambda x: (single if getattr(x, "dtype", None) == np.float32 else double)(x)

def kernel_after(refusing):
    return _as_it_is

def attempt(kernel, *arguments, zeros=()):
    return None

def settled(kernel, *arguments, written=()):
    return kernel(*arguments, *written)
"""


def loops(texts: dict[str, str], only: str = "") -> Any:
    """The modules of `generated.compiled`, or one, from all texts; nothing is compiled."""
    with TemporaryDirectory() as folder:
        write({**texts, "compiled/_runtime/compiling.py": PLAIN}, Path(folder))
        package = loaded(Path(folder)).__name__
        own_files = [Path(path) for path in texts if Path(path).parent == Path("compiled")]
        public = [
            file.stem for file in own_files if file.stem[0] != "_" and only in ("", file.stem)
        ]
        own = {name: import_module(f"{package}.compiled.{name}") for name in public}
    return SimpleNamespace(**{name: _quiet(module) for name, module in own.items()})


@cache
def committed_loops() -> Any:
    """Those of the files that are there."""
    return loops(texts_in(GENERATED))


BACKENDS: dict[str, Any] = {"numpy": generated, "jax": for_jax(texts_in(GENERATED))}


def kernels_of(backend: str) -> Any:
    """The kernels of a back end: of `BACKENDS`, the loops, or these as Numba compiles them."""
    if backend == "loops":
        return committed_loops()
    if backend == "compiled":
        pytest.importorskip("numba")
        names = import_module("generated.compiled").__all__
        own = {name: import_module(f"generated.compiled.{name}") for name in names}
        return SimpleNamespace(**own)
    return BACKENDS[backend]


# what a back end does not promise: the property, and why
LEFT_OUT = {
    ("jax", "row_gradients_list_each_word_once"): "gradients are whole matrices",
    ("jax", "a_batch_never_allocates_a_dense_gradient"): "gradients are whole matrices",
    ("jax", "only_touched_rows_are_written"): "gradients are whole matrices",
    ("jax", "bad_arguments_are_refused_before_any_work"): "values of words are not read",
}
# of the cases that the NumPy kernels are tried on: the text differs in few places
SHARE = {"numpy": 1, "jax": 4, "loops": 1, "compiled": 4}
