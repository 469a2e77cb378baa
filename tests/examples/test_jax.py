"""The kernels inside JAX: check_grads, compiled and not, over several batches, on one core."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.examples.small_batches import BATCHES, FAULTS, SAMPLING, Batch, Kernel

jax = pytest.importorskip("jax", reason="jax is not installed: pip install '.[jax]'")
check_grads = import_module("jax.test_util").check_grads
kernel_sum = import_module("examples.jax_custom_vjp").kernel_sum
jax.config.update("jax_enable_x64", True)

ROOT = Path(__file__).parents[2]
named = pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: batch.name)

# larger arrays than JAX hands over without a copy, on one core
ONE_CORE = """
import os
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import jax, numpy as np
from examples.jax_custom_vjp import kernel_sum
from generated import negative_sampling
loss = kernel_sum(negative_sampling.batch_value_and_grad)
step = jax.jit(jax.value_and_grad(loss, (0, 1)))
V = U = jax.numpy.zeros((20_000, 100))
words = np.arange(6_000).reshape(3, 2_000)
for _ in range(10):
    total, (by_V, by_U) = step(V, U, *words[:2], words[2:].T)
    V, U = V - by_V, U - by_U
print(jax.numpy.isfinite(total))
"""


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def checked(kernel: Kernel, batch: Batch, wrap: Any = lambda function: function) -> None:
    summed = wrap(kernel_sum(kernel))
    check_grads(lambda V, U: summed(V, U, *batch.words), (batch.V, batch.U), 1, modes=("rev",))


@named
@pytest.mark.parametrize("wrap", [lambda function: function, jax.jit], ids=["plain", "jit"])
def test_check_grads_passes(batch: Batch, wrap: Any) -> None:
    checked(batch.kernel, batch, wrap)


@pytest.mark.parametrize("fault", FAULTS)
def test_check_grads_fails_on_a_planted_fault(fault: Kernel) -> None:
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        checked(fault, SAMPLING)


@named
def test_check_grads_passes_amid_other_operations(batch: Batch) -> None:
    summed = kernel_sum(batch.kernel)

    def loss(V: Any, U: Any) -> Any:
        return summed(jax.numpy.tanh(V), jax.numpy.tanh(U), *batch.words) ** 2

    check_grads(jax.jit(loss), (batch.V, batch.U), 1, modes=("rev",))


@named
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_gradients_are_those_of_the_kernel(batch: Batch, dtype: type) -> None:
    V, U = batch.V.astype(dtype), batch.U.astype(dtype)
    losses, *gradients = batch.kernel(V, U, *batch.words)
    loss, results = jax.value_and_grad(kernel_sum(batch.kernel), (0, 1))(V, U, *batch.words)
    assert loss == losses.sum()
    for gradient, result in zip(gradients, results, strict=True):
        assert result.dtype == dtype
        dense = gradient.dense(len(V)) if hasattr(gradient, "dense") else gradient
        assert np.array_equal(dense, result)


def test_vmap_takes_one_after_the_other() -> None:
    gradient = jax.grad(kernel_sum(SAMPLING.kernel))
    scales = np.array([1.0, 2.0, -1.0])
    together = jax.vmap(lambda scale: gradient(scale * SAMPLING.V, SAMPLING.U, *SAMPLING.words))
    for scale, result in zip(scales, together(scales), strict=True):
        alone = gradient(scale * SAMPLING.V, SAMPLING.U, *SAMPLING.words)
        assert np.array_equal(result, alone)


def test_second_derivatives_are_refused() -> None:
    with pytest.raises(ValueError, match="do not support JVP"):
        jax.hessian(kernel_sum(SAMPLING.kernel))(SAMPLING.V, SAMPLING.U, *SAMPLING.words)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no way to ask for one core")
def test_large_arrays_on_one_core_do_not_wait_for_ever() -> None:
    assert run("-c", ONE_CORE).strip() == "True"


def test_the_example_trains() -> None:
    printed = run("-m", "examples.jax_custom_vjp", "--epochs", "6")
    losses = [float(loss) for loss in re.findall(r"epoch \d+: loss (\S+) a pair", printed)]
    assert len(losses) == 6
    assert losses[-1] < losses[0]
