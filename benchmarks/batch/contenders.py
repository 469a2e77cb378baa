"""Who takes part: ours, and every peer whose library is installed."""

from __future__ import annotations

from importlib import import_module

from benchmarks.batch import by_numpy, by_us
from benchmarks.batch.contender import Contender

PARTS = {
    "softmax": "naive softmax, a batch",
    "sampling": "negative sampling, a batch",
    "softmax_pair": "naive softmax, one pair",
    "sampling_pair": "negative sampling, one pair",
}
# module here: the package it needs
PEERS = {
    "by_scipy": "scipy",
    "by_torch": "torch",
    "by_jax": "jax",
    "by_autograd": "autograd",
    "by_numba": "numba",
}

Roster = dict[str, list[Contender]]


def roster(without: list[str]) -> tuple[Roster, list[str]]:
    """The contenders of each part, ours first, and what to say of those that are missing."""
    modules, missing = [by_us, by_numpy], []
    for module, package in PEERS.items():
        if package in without:
            continue
        try:
            modules.append(import_module(f"benchmarks.batch.{module}"))
        except ModuleNotFoundError as error:
            if error.name is None or error.name.split(".")[0] not in PEERS.values():
                raise
            missing.append(f"{package} is left out: pip install {error.name}")
    parts = {
        part: [each for module in modules for each in module.CONTENDERS.get(part, ())]
        for part in PARTS
    }
    return parts, missing
