"""The losses for JAX inside JAX: check_grads over several batches, and the example."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.examples.small_batches import BATCHES, SAMPLING, Batch

jax = pytest.importorskip("jax", reason="jax is not installed: pip install '.[jax]'")
check_grads = import_module("jax.test_util").check_grads
jax.config.update("jax_enable_x64", True)

ROOT = Path(__file__).parents[2]
named = pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: batch.name)


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


def loss_of(batch: Batch) -> Any:
    """The loss in `generated.jax` whose rule the kernel of the batch is."""
    return import_module(batch.kernel.__module__.replace("generated.", "generated.jax.")).batch_loss


def checked(loss: Any, batch: Batch, order: int = 1) -> None:
    def of_matrices(V: Any, U: Any) -> Any:
        return loss(jax.numpy.tanh(V), U, *batch.words)

    check_grads(jax.jit(of_matrices), (batch.V, batch.U), order, modes=("rev",))


@named
def test_check_grads_passes_amid_other_operations(batch: Batch) -> None:
    checked(loss_of(batch), batch)


@pytest.mark.slow  # compiled for each derivative
@named
def test_second_derivatives_pass_check_grads(batch: Batch) -> None:
    checked(loss_of(batch), batch, order=2)


def test_check_grads_fails_on_a_rule_with_the_wrong_sign() -> None:
    from generated.jax import negative_sampling
    from generated.jax._runtime.rules import ruled

    def sign_lost(V: Any, U: Any, centers: Any, outsides: Any, negatives: Any) -> Any:
        losses, by_V, by_U = negative_sampling.batch_value_and_grad(
            V, U, centers, outsides, negatives
        )
        return losses, -by_V, by_U

    @ruled(sign_lost, "V", "U")
    def loss(V: Any, U: Any, centers: Any, outsides: Any, negatives: Any) -> Any:
        return sign_lost(V, U, centers, outsides, negatives)[0].sum()

    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        checked(loss, SAMPLING)


def test_the_example_trains() -> None:
    printed = run("-m", "examples.jax_custom_vjp", "--epochs", "6")
    losses = [float(loss) for loss in re.findall(r"epoch \d+: loss (\S+) a pair", printed)]
    assert len(losses) == 6
    assert losses[-1] < losses[0]
