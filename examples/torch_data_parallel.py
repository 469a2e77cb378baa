"""Skip-gram trained data-parallel: ``python -m examples.torch_data_parallel``.

A generated batch kernel is a ``torch.autograd.Function`` with row-sparse gradients, and a module
that any optimizer or engine may train. Each process has its share of every batch;
DistributedDataParallel adds the gradients up with gloo, and every process takes the same step. At
the end the processes' parameters are compared with each other, and with those of one process that
had the whole batches.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from examples.small_text import VOCABULARY, skip_gram_pairs
from generated import RowGrad, negative_sampling

try:
    import torch
    from torch import distributed, nn
    from torch.multiprocessing import spawn
except ModuleNotFoundError:
    sys.exit("this example needs torch: pip install '.[torch]'")

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


BATCHES = 4  # an epoch
DIMENSION = 16
NEGATIVES = 5
ROUNDING = 1e-12  # two processes add in another order than one does

State = dict[str, torch.Tensor]


def train(options: argparse.Namespace, rank: int, processes: int) -> State:
    """The parameters after all epochs; rank 0 of several prints the loss of each."""
    torch.manual_seed(options.seed)  # on every rank: the same parameters, batches and negatives
    model: nn.Module = SkipGram(len(VOCABULARY), DIMENSION)
    engine = nn.parallel.DistributedDataParallel(model) if processes > 1 else model
    optimizer = torch.optim.SGD(model.parameters(), lr=options.rate)
    centers, outsides = map(torch.from_numpy, skip_gram_pairs())
    for epoch in range(1, options.epochs + 1):
        total = torch.zeros((), dtype=torch.float64)
        for batch in torch.randperm(len(centers)).tensor_split(BATCHES):
            negatives = torch.randint(len(VOCABULARY), (len(batch), NEGATIVES))
            own = slice(rank, None, processes)
            loss = engine(centers[batch[own]], outsides[batch[own]], negatives[own])
            optimizer.zero_grad()
            (loss * processes / len(batch)).backward()  # the engine divides by processes
            optimizer.step()
            total += loss.detach()
        if processes > 1:
            distributed.all_reduce(total)
            if rank == 0:
                print(f"epoch {epoch}: loss {total / len(centers):.4f} a pair", flush=True)
    return model.state_dict()


def work(rank: int, options: argparse.Namespace, folder: str) -> None:
    """One process: meet the others, train, leave the parameters in the folder."""
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo",
        f"file://{folder}/meeting",
        timedelta(minutes=1),
        rank=rank,
        world_size=options.processes,
    )
    torch.save(train(options, rank, options.processes), Path(folder, f"{rank}.pt"))
    distributed.destroy_process_group()


def difference(left: State, right: State) -> float:
    """The largest difference between two components; NaN if there is one."""
    return float(torch.cat([left[name] - right[name] for name in left]).abs().max())


def main() -> None:
    """Train twice and compare; exits with 1 where the parameters differ."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.torch_data_parallel", description=__doc__
    )
    parser.add_argument("--processes", type=int, choices=range(2, 9), default=2, help="default 2")
    parser.add_argument("--epochs", type=int, default=10, help="default 10")
    parser.add_argument("--seed", type=int, default=0, help="default 0")
    parser.add_argument("--rate", type=float, default=2.0, help="learning rate, default 2")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        spawn(work, (options, folder), options.processes)
        states = [torch.load(Path(folder, f"{rank}.pt")) for rank in range(options.processes)]
    between = float(np.max([difference(states[0], state) for state in states[1:]]))
    from_one = difference(states[0], train(options, 0, 1))
    print(f"largest difference between processes: {between:g}")
    print(f"largest difference from one process: {from_one:g}")
    if not (between == 0 and from_one <= ROUNDING):
        sys.exit("the parameters differ")


if __name__ == "__main__":
    main()
