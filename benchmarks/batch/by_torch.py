"""PyTorch, eager: embeddings with sparse gradients, its own losses, repeated rows summed."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

from benchmarks.batch.measure import Call, Contender, Gradient, Problem, Result, Rows

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


def softmax(problem: Problem) -> Call:
    """Embedding, product, cross entropy."""
    V, U, centers, outsides, _ = tensors(problem)

    def call() -> tuple[Any, ...]:
        scores = functional.embedding(centers, V, sparse=True) @ U.T
        losses = functional.cross_entropy(scores, outsides, reduction="none")
        grad_V, grad_U = torch.autograd.grad(losses.sum(), (V, U))
        return losses.detach(), grad_V.coalesce(), grad_U

    return call


def sampling(problem: Problem) -> Call:
    """Two embeddings, batched products, log-sigmoids."""
    V, U, centers, outsides, negatives = tensors(problem)
    signs = torch.ones(1 + negatives.shape[1], dtype=U.dtype)
    signs[1:] = -1

    def call() -> tuple[Any, ...]:
        words = torch.cat([outsides[:, None], negatives], dim=1)
        u = functional.embedding(words, U, sparse=True)
        v = functional.embedding(centers, V, sparse=True)
        scores = torch.bmm(u, v[:, :, None])[:, :, 0]
        losses = -functional.logsigmoid(scores * signs).sum(dim=1)
        grad_V, grad_U = torch.autograd.grad(losses.sum(), (V, U))
        return losses.detach(), grad_V.coalesce(), grad_U.coalesce()

    return call


def tensors(problem: Problem) -> tuple[torch.Tensor, ...]:
    """The same memory as tensors; V and U are differentiated by."""
    V, U = (torch.from_numpy(matrix).requires_grad_() for matrix in (problem.V, problem.U))
    words = (problem.centers, problem.outsides, problem.negatives)
    return V, U, *(torch.from_numpy(each) for each in words)


def _read(found: tuple[Any, ...], _: int) -> Result:
    losses, grad_V, grad_U = found
    return Result(losses.numpy(), _gradient(grad_V), _gradient(grad_U))


def _gradient(tensor: torch.Tensor) -> Gradient:
    if tensor.is_sparse:
        return Rows(tensor.indices()[0].numpy(), tensor.values().numpy())
    return tensor.numpy()


CONTENDERS = {
    "softmax": (
        Contender(
            "torch eager", "rows, dense", softmax, _read, entries=lambda size: 4 * size.B * size.N
        ),
    ),
    "sampling": (Contender("torch eager", "rows, rows", sampling, _read),),
}
