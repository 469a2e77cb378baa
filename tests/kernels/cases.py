"""What a kernel is called with, a pair, a window or a batch, and one way to call every kernel.

Both losses share these cases: `negatives` is None for the naive softmax and an array of words for
negative sampling.  Cases compare by identity, so that an oracle's answer can be cached for the case
it was computed for. `Kernels` is whatever has the interface of the package `generated`: that
package, or a mutant.
"""

import warnings
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
Words = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Pair:
    """A centre vector v, an outside word o and the outside rows U."""

    v: Floats
    o: int
    U: Floats
    negatives: Words | None = None

    @property
    def touched(self) -> list[int]:
        """The rows of U that the loss depends on."""
        if self.negatives is None:
            return list(range(len(self.U)))
        return sorted({self.o, *self.negatives.tolist()})


@dataclass(frozen=True, eq=False)
class Window:
    """A centre word c and its outside words; `negatives` has one row for each of them."""

    c: int
    outside: Words
    V: Floats
    U: Floats
    negatives: Words | None = None

    def pairs(self) -> list[Pair]:
        return [
            Pair(self.V[self.c], int(o), self.U, row(self.negatives, i))
            for i, o in enumerate(self.outside)
        ]

    def part(self, chosen: slice) -> "Window":
        """The window of some of the outside words."""
        negatives = None if self.negatives is None else self.negatives[chosen]
        return replace(self, outside=self.outside[chosen], negatives=negatives)


@dataclass(frozen=True, eq=False)
class Batch:
    """Pairs (centers[i], outsides[i]); `negatives` has one row for each of them."""

    V: Floats
    U: Floats
    centers: Words
    outsides: Words
    negatives: Words | None = None

    def pairs(self) -> list[Pair]:
        return [
            Pair(self.V[c], int(o), self.U, row(self.negatives, i))
            for i, (c, o) in enumerate(zip(self.centers, self.outsides, strict=True))
        ]


Case = Pair | Window | Batch


def row(negatives: Words | None, i: int) -> Words | None:
    return None if negatives is None else negatives[i]


class Broken(NamedTuple):
    """A pair, and where in v or in a row of U that it uses something is not a number."""

    pair: Pair
    array: str
    at: tuple[int, ...]
    value: float


class Kernels(Protocol):
    naive_softmax: Any
    negative_sampling: Any
    skip_gram: Any


class Result(NamedTuple):
    """What a kernel returned; row-sparse gradients made dense."""

    loss: Any
    grad_v: Floats
    grad_U: Floats


def raw(kernels: Kernels, case: Case) -> tuple[Any, Any, Any]:
    """The kernel's own return value, warnings left alone."""
    sampled = () if case.negatives is None else (case.negatives,)
    if isinstance(case, Pair):
        module = kernels.naive_softmax if case.negatives is None else kernels.negative_sampling
        out = module.value_and_grad(case.v, case.o, case.U, *sampled)
    elif isinstance(case, Window):
        function = (
            kernels.skip_gram.naive_softmax_value_and_grad
            if case.negatives is None
            else kernels.skip_gram.negative_sampling_value_and_grad
        )
        out = function(case.c, case.outside, case.V, case.U, *sampled)
    else:
        module = kernels.naive_softmax if case.negatives is None else kernels.negative_sampling
        out = module.batch_value_and_grad(case.V, case.U, case.centers, case.outsides, *sampled)
    loss, grad_v, grad_U = out
    return loss, grad_v, grad_U


def value_and_grad(kernels: Kernels, case: Case) -> Result:
    """Loss and both gradients; whether the kernel warns is a property of its own."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loss, grad_v, grad_U = raw(kernels, case)
        if isinstance(case, Batch):
            return Result(loss, dense(grad_v, len(case.V)), dense(grad_U, len(case.U)))
        return Result(loss, grad_v, grad_U)


def loss(kernels: Kernels, pair: Pair) -> Any:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return raw_loss(kernels, pair)


def raw_loss(kernels: Kernels, pair: Pair) -> Any:
    if pair.negatives is None:
        return kernels.naive_softmax.loss(pair.v, pair.o, pair.U)
    return kernels.negative_sampling.loss(pair.v, pair.o, pair.U, pair.negatives)


def dense(gradient: Any, N: int) -> Floats:
    """Row-sparse or dense, as the loss has it."""
    rows: Floats = gradient.dense(N) if hasattr(gradient, "dense") else gradient
    return rows


def arrays(returned: tuple[Any, Any, Any]) -> list[Floats]:
    """Every array that a kernel handed over."""
    found = []
    for part in returned:
        if hasattr(part, "dense"):
            found += [part.rows, part.values]
        elif isinstance(part, np.ndarray):
            found.append(part)
    return found
