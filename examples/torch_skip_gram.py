"""Skip-gram with negative sampling as a torch module: any optimizer or engine may train it."""

from __future__ import annotations

import torch
from torch import nn

from examples.torch_function import KernelSum
from generated import negative_sampling


class SkipGram(nn.Module):
    """Two embeddings of ``N`` words whose gradients are sparse.

    Called with centers, outsides and negatives, it gives the sum of their losses.
    """

    def __init__(self, N: int, d: int) -> None:
        super().__init__()
        self.center = nn.Embedding(N, d, sparse=True, dtype=torch.float64)
        self.outside = nn.Embedding(N, d, sparse=True, dtype=torch.float64)

    def forward(self, *words: torch.Tensor) -> torch.Tensor:
        kernel = negative_sampling.batch_value_and_grad
        return KernelSum.apply(kernel, self.center.weight, self.outside.weight, *words)
