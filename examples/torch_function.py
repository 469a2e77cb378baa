"""A generated batch kernel as a ``torch.autograd.Function``, with row-sparse gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from generated import RowGrad

# (V, U, words, ...) -> losses, gradient by V, gradient by U
Kernel = Callable[..., tuple[Any, Any, Any]]


class KernelSum(torch.autograd.Function):
    """The sum of a batch's losses: ``KernelSum.apply(kernel, V, U, centers, outsides, ...)``.

    It is the sum and not the losses one by one: a kernel's gradients are those of the sum, so
    that a backward pass has only to scale them by what comes in. A `RowGrad` becomes a sparse
    tensor, as ``nn.Embedding(sparse=True)`` has. Derivatives of the gradients are refused.
    """

    @staticmethod
    def forward(
        ctx: Any, kernel: Kernel, V: torch.Tensor, U: torch.Tensor, *words: torch.Tensor
    ) -> torch.Tensor:
        arrays = (tensor.detach().numpy() for tensor in (V, U, *words))  # views, no copies
        losses, *gradients = kernel(*arrays)
        ctx.save_for_backward(*(as_tensor(gradient, len(V)) for gradient in gradients))
        return V.new_tensor(losses.sum())

    @staticmethod
    def backward(ctx: Any, incoming: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        if torch.is_grad_enabled():  # create_graph=True
            raise NotImplementedError("a kernel has no second derivatives")
        by_V, by_U = (gradient * incoming for gradient in ctx.saved_tensors)
        return None, by_V, by_U, *(None for _ in ctx.needs_input_grad[3:])


class DenseGradient(torch.autograd.Function):
    """The same matrix, its gradient made dense: for a V or U that is no parameter but computed.

    Parameters take sparse gradients; the operations a matrix may come from do not.
    """

    @staticmethod
    def forward(_: Any, matrix: torch.Tensor) -> torch.Tensor:
        return matrix.view_as(matrix)

    @staticmethod
    def backward(_: Any, incoming: torch.Tensor) -> torch.Tensor:
        return incoming.to_dense()


def as_tensor(gradient: Any, N: int) -> torch.Tensor:
    """The gradient by a matrix of ``N`` rows, not copied: sparse where the kernel's is."""
    if not isinstance(gradient, RowGrad):
        return torch.from_numpy(gradient)
    return torch.sparse_coo_tensor(
        torch.from_numpy(gradient.rows)[None],
        torch.from_numpy(gradient.values),
        (N, gradient.values.shape[1]),
        is_coalesced=True,  # rows are distinct and sorted
        check_invariants=True,
    )
