"""PyTorch: cross_entropy and logsigmoid, differentiated by autograd, on the CPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.accuracy.implementation import Implementation
from tests.kernels.cases import Floats, Pair, Result

NAME = "torch"


def load() -> Implementation:
    """ModuleNotFoundError where PyTorch is missing."""
    import torch
    from torch.nn.functional import cross_entropy, logsigmoid

    def on_arrays(function: Callable[[Any], Any]) -> Callable[[Floats], Floats]:
        return lambda x: function(torch.tensor(x)).numpy()

    def value_and_grad(pair: Pair) -> Result:
        U, v = torch.tensor(pair.U, requires_grad=True), torch.tensor(pair.v, requires_grad=True)
        if pair.negatives is None:
            loss = cross_entropy((U @ v)[None], torch.tensor([pair.o]))
        else:
            samples = U[torch.tensor(pair.negatives)]
            loss = -logsigmoid(U[pair.o] @ v) - logsigmoid(-(samples @ v)).sum()
        loss.backward()
        return Result(loss.item(), v.grad.numpy(), U.grad.numpy())

    return Implementation(NAME, on_arrays(torch.sigmoid), on_arrays(logsigmoid), value_and_grad)
