"""The back ends whose kernels the tests call: one suite for all of them."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

import generated

MODULES = ("naive_softmax", "negative_sampling", "skip_gram")
# compiling takes seconds a kernel and dtype
BACK_ENDS = pytest.mark.parametrize(
    "kernels", ["numpy", pytest.param("compiled", marks=pytest.mark.slow)], indirect=True
)


def kernels_of(back_end: str) -> Any:
    """What has the interface of the package `generated`."""
    if back_end == "numpy":
        return generated
    pytest.importorskip("numba")
    modules = {name: import_module(f"generated.{back_end}.{name}") for name in MODULES}
    return SimpleNamespace(RowGrad=generated.RowGrad, **modules)
