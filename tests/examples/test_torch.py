"""The kernels inside torch: gradcheck, sparse gradients, optimizers, two processes, refusals."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.examples.test_examples import BATCHES, FAULTS, SAMPLING, Batch, Kernel

torch = pytest.importorskip("torch", reason="torch is not installed: pip install '.[torch]'")
GradcheckError = import_module("torch.autograd.gradcheck").GradcheckError
torch_function = import_module("examples.torch_data_parallel")
kernel_sum = torch_function.KernelSum.apply
dense_gradient = torch_function.DenseGradient.apply

named = pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: batch.name)


def parameters(batch: Batch) -> list[Any]:
    return [torch.tensor(matrix, requires_grad=True) for matrix in (batch.V, batch.U)]


def words(batch: Batch) -> list[Any]:
    return [torch.from_numpy(word) for word in batch.words]


@named
def test_gradcheck_passes(batch: Batch) -> None:
    def loss(V: Any, U: Any) -> Any:  # gradcheck wants dense gradients
        return kernel_sum(batch.kernel, dense_gradient(V), dense_gradient(U), *words(batch))

    assert torch.autograd.gradcheck(loss, parameters(batch))


@pytest.mark.parametrize("fault", FAULTS)
def test_gradcheck_fails_on_a_planted_fault(fault: Kernel) -> None:
    def loss(V: Any, U: Any) -> Any:
        return kernel_sum(fault, dense_gradient(V), dense_gradient(U), *words(SAMPLING))

    with pytest.raises(GradcheckError, match="Jacobian mismatch"):
        torch.autograd.gradcheck(loss, parameters(SAMPLING))


@named
def test_gradcheck_passes_amid_other_operations(batch: Batch) -> None:
    def loss(V: Any, U: Any) -> Any:
        V, U = (dense_gradient(torch.tanh(matrix)) for matrix in (V, U))
        return kernel_sum(batch.kernel, V, U, *words(batch)) ** 2

    assert torch.autograd.gradcheck(loss, parameters(batch))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_parameter_gets_the_rows_of_the_kernel(dtype: Any) -> None:
    V, U = (matrix.detach().to(dtype).requires_grad_() for matrix in parameters(SAMPLING))
    loss = kernel_sum(SAMPLING.kernel, V, U, *words(SAMPLING))
    (3 * loss).backward()
    losses, *gradients = SAMPLING.kernel(V.detach().numpy(), U.detach().numpy(), *SAMPLING.words)
    assert loss.item() == losses.sum()
    for matrix, (rows, values) in zip((V, U), gradients, strict=True):
        assert matrix.grad.layout == torch.sparse_coo
        assert matrix.grad.dtype == dtype
        assert matrix.grad.coalesce().indices()[0].tolist() == rows.tolist()
        assert np.array_equal(matrix.grad.coalesce().values().numpy(), 3 * values)


def test_the_kernel_is_given_the_tensors_memory() -> None:
    V, U = parameters(SAMPLING)

    def kernel(*arrays: Any) -> Any:
        for array, tensor in zip(arrays, (V, U, *words(SAMPLING)), strict=True):
            assert array.__array_interface__["data"][0] == tensor.data_ptr()
        return SAMPLING.kernel(*arrays)

    kernel_sum(kernel, V, U, *words(SAMPLING))


def test_second_derivatives_are_refused() -> None:
    V, U = parameters(SAMPLING)
    loss = kernel_sum(SAMPLING.kernel, V, U, *words(SAMPLING))
    with pytest.raises(NotImplementedError, match="no second derivatives"):
        torch.autograd.grad(loss, V, create_graph=True)


def test_a_word_out_of_range_is_named() -> None:
    centers, *others = words(SAMPLING)
    with pytest.raises(IndexError, match=r"centers\[0\] is 7, should be in 0..4"):
        kernel_sum(SAMPLING.kernel, *parameters(SAMPLING), centers + 5, *others)


SkipGram = import_module("examples.torch_data_parallel").SkipGram

ROOT = Path(__file__).parents[2]
WORDS = [torch.from_numpy(word) for word in SAMPLING.words]


def model() -> Any:
    """A module whose parameters are those of `SAMPLING`."""
    skip_gram = SkipGram(*SAMPLING.V.shape)
    with torch.no_grad():
        skip_gram.center.weight.copy_(torch.from_numpy(SAMPLING.V))
        skip_gram.outside.weight.copy_(torch.from_numpy(SAMPLING.U))
    return skip_gram


def test_a_step_of_sgd_is_the_step_by_hand() -> None:
    skip_gram = model()
    skip_gram(*WORDS).backward()
    torch.optim.SGD(skip_gram.parameters(), lr=0.5).step()
    _, by_V, by_U = SAMPLING.kernel(SAMPLING.V, SAMPLING.U, *SAMPLING.words)
    for embedding, before, gradient in (
        (skip_gram.center, SAMPLING.V, by_V),
        (skip_gram.outside, SAMPLING.U, by_U),
    ):
        after = before - 0.5 * gradient.dense(len(before))
        np.testing.assert_allclose(embedding.weight.detach().numpy(), after, rtol=1e-15)


def test_sparse_adam_trains_the_listed_rows_and_no_other() -> None:
    skip_gram = model()
    optimizer = torch.optim.SparseAdam(skip_gram.parameters(), lr=0.1)
    losses = []
    for _ in range(20):
        optimizer.zero_grad()
        loss = skip_gram(*WORDS)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses == sorted(losses, reverse=True)
    unseen = np.setdiff1d(np.arange(len(SAMPLING.V)), SAMPLING.words[0])
    assert len(unseen)
    V = skip_gram.center.weight.detach().numpy()
    assert np.array_equal(V[unseen], SAMPLING.V[unseen])


@pytest.mark.slow  # three processes import torch
def test_two_processes_train_what_one_would() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "examples.torch_data_parallel", "--epochs", "4"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    losses = [float(loss) for loss in re.findall(r"epoch \d+: loss (\S+) a pair", done.stdout)]
    assert len(losses) == 4
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] / 2
    between, from_one = map(float, re.findall(r"largest difference .*: (\S+)", done.stdout))
    assert between == 0
    assert from_one <= 1e-12
