"""The kernels of every back end, with one interface: the text of each, run on NumPy's floats.

The text for JAX gets NumPy in place of `jax.numpy`, so that whole test suites run without JAX and
without its compilation; `tests/examples/test_jax.py` runs some of it on JAX itself. The loops for
Numba run as the plain Python that they are, or compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import generated
from codegen.emitted import GENERATED, back_ends, texts_in
from codegen.interpret.loaded import Package


def for_jax(texts: dict[str, str]) -> Any:
    """The modules of `generated.jax` from their texts, on NumPy."""
    loaded = Package(texts, back_ends()["jax"].stubs_on_floats())
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


def loops(texts: dict[str, str], only: str = "") -> Any:
    """The modules of `generated.compiled`, or one, from all texts; nothing is compiled."""
    loaded = Package(texts, back_ends()["compiled"].stubs_on_floats())
    files = [Path(path) for path in texts if Path(path).parent == Path("compiled")]
    public = [file.stem for file in files if file.stem[0] != "_" and only in ("", file.stem)]
    return SimpleNamespace(**{name: _quiet(loaded.module(f"compiled.{name}")) for name in public})


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


# for the fixture of that name; compiling takes seconds a kernel and dtype
COMPILED_TOO = pytest.mark.parametrize(
    "kernels", ["numpy", pytest.param("compiled", marks=pytest.mark.slow)], indirect=True
)
# what a back end does not promise: the property, and why
LEFT_OUT = {
    ("jax", "row_gradients_list_each_word_once"): "gradients are whole matrices",
    ("jax", "a_batch_never_allocates_a_dense_gradient"): "gradients are whole matrices",
    ("jax", "only_touched_rows_are_written"): "gradients are whole matrices",
    ("jax", "bad_arguments_are_refused_before_any_work"): "values of words are not read",
}
# of the cases that the NumPy kernels are tried on: the text differs in few places
SHARE = {"numpy": 1, "jax": 4, "loops": 1, "compiled": 4}
