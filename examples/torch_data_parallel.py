"""Skip-gram trained data-parallel: ``python -m examples.torch_data_parallel``.

Each process has its share of every batch; DistributedDataParallel adds the row-sparse gradients
up with gloo, and every process takes the same step. At the end the processes' parameters are
compared with each other, and with those of one process that had the whole batches.
"""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from examples.small_text import VOCABULARY, skip_gram_pairs

try:
    import torch
    from torch import distributed, nn
    from torch.multiprocessing import spawn
except ModuleNotFoundError:
    sys.exit("this example needs torch: pip install '.[torch]'")

from examples.torch_skip_gram import SkipGram

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
