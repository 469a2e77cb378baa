"""What each kernel is called with, given vectors and sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generated import (
    attention_head,
    blocks,
    cbow,
    contrastive,
    glove,
    hierarchical_softmax,
    layer_normalisation,
    logistic_regression,
    naive_softmax,
    negative_sampling,
    skip_gram,
    spans,
)

Floats = NDArray[Any]
Kernel = Callable[..., Any]
Arguments = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Draw:
    """Vectors U and V (N, d), K samples, B places, and where words and numbers come from."""

    rng: np.random.Generator
    U: Floats
    V: Floats
    K: int
    B: int

    def word(self) -> int:
        """Any word."""
        return int(self.rng.integers(0, len(self.U)))

    def words(self, *shape: int) -> NDArray[np.int64]:
        """Words, with repetitions."""
        return self.rng.integers(0, len(self.U), shape)

    def numbers(self, *shape: int) -> Floats:
        """Numbers of a few sizes."""
        drawn: Floats = self.rng.normal(size=shape) * 10.0 ** self.rng.uniform(-2, 1, shape)
        return drawn.astype(self.U.dtype)


def _glove(draw: Draw) -> Arguments:
    N = len(draw.U)
    return (
        *(draw.U, draw.V, draw.numbers(N), draw.numbers(N)),
        *(abs(draw.numbers(N, N)), draw.numbers(N, N)),
    )


def _glove_batch(draw: Draw) -> Arguments:
    N, P = len(draw.U), draw.B
    return (
        *(draw.U, draw.V, draw.numbers(N), draw.numbers(N), draw.words(P), draw.words(P)),
        *(abs(draw.numbers(P)), draw.numbers(P)),
    )


def _path(draw: Draw) -> Arguments:
    length = draw.K + 1
    signs = draw.rng.choice([-1, 1], length).astype(draw.U.dtype)
    return draw.V[0], draw.words(length), signs, draw.U


def _span(draw: Draw) -> Arguments:
    S, m = draw.B, int(draw.rng.integers(0, 3))
    reach = [draw.rng.integers(0, m + 1, (1, S)) for _ in range(2)]
    contexts = draw.words(1, S + 2 * m)
    centers = contexts[:, m : m + S]
    return draw.V, draw.U, centers, contexts, *reach, draw.words(1, draw.K + 1), 2


def _block(draw: Draw) -> Arguments:
    S, L, T = draw.B, draw.K + 1, 2
    weights = abs(draw.numbers(T, L)) * draw.rng.integers(0, 2, (T, L))
    return (
        *(draw.V, draw.U, draw.words(1, S), draw.words(1, L), draw.rng.integers(0, T, (1, S))),
        *(weights.astype(draw.U.dtype), draw.rng.choice([-1, 1], L).astype(draw.U.dtype)),
    )


def _batch(draw: Draw) -> Arguments:
    few = slice(3)  # rows: each may have several leaders
    return draw.U[few], draw.V[few], draw.rng.uniform(0.1, 3)


def _targets(draw: Draw) -> Arguments:
    targets = draw.rng.choice([0, 0.25, 1], len(draw.U))
    return draw.V[0], draw.U, targets.astype(draw.U.dtype)


def _margins(draw: Draw) -> Arguments:
    labels = draw.rng.choice([-1, 1], len(draw.U)).astype(draw.U.dtype)
    return draw.V[0], draw.U, labels, draw.rng.normal(), draw.rng.uniform(0, 2)


def _layer(draw: Draw) -> Arguments:
    x = draw.U[:, 0]
    gain, shift, upstream = (draw.numbers(len(x)) for _ in range(3))
    return x, gain, shift, 10 ** draw.rng.uniform(-5, 0), upstream


def _head(draw: Draw) -> Arguments:
    queries, values = draw.U[:3], draw.numbers(len(draw.V), 2)
    upstream = draw.numbers(len(queries), 2)
    return queries, draw.V, values, draw.rng.uniform(0.1, 2), upstream


ARGUMENTS: dict[Kernel, Callable[[Draw], Arguments]] = {
    naive_softmax.value_and_grad: lambda draw: (draw.V[0], draw.word(), draw.U),
    naive_softmax.batch_value_and_grad: lambda draw: (
        *(draw.V, draw.U, draw.words(draw.B), draw.words(draw.B)),
    ),
    negative_sampling.value_and_grad: lambda draw: (
        *(draw.V[0], draw.word(), draw.U, draw.words(draw.K)),
    ),
    negative_sampling.batch_value_and_grad: lambda draw: (
        *(draw.V, draw.U, draw.words(draw.B), draw.words(draw.B)),
        draw.words(draw.B, draw.K),
    ),
    skip_gram.naive_softmax_value_and_grad: lambda draw: (
        *(draw.word(), draw.words(draw.B), draw.V, draw.U),
    ),
    skip_gram.negative_sampling_value_and_grad: lambda draw: (
        *(draw.word(), draw.words(draw.B), draw.V, draw.U, draw.words(draw.B, draw.K)),
    ),
    spans.value_and_grad: _span,
    spans.sgd_step: lambda draw: (*_span(draw), 0.1),
    blocks.value_and_grad: _block,
    blocks.sgd_step: lambda draw: (*_block(draw), 0.1, draw.rng.choice([0.01, 0.5, np.inf])),
    cbow.naive_softmax_value_and_grad: lambda draw: (
        *(draw.words(draw.B), draw.word(), draw.V, draw.U),
    ),
    cbow.negative_sampling_loss: lambda draw: (
        *(draw.words(draw.B), draw.word(), draw.V, draw.U, draw.words(draw.K)),
    ),
    hierarchical_softmax.value_and_grad: _path,
    glove.value_and_grad: _glove,
    glove.batch_value_and_grad: _glove_batch,
    contrastive.value_and_grad: _batch,
    contrastive.symmetric_value_and_grad: _batch,
    logistic_regression.value_and_grad: _targets,
    logistic_regression.value_grad_and_hess: _targets,
    logistic_regression.margin_value_and_grad: _margins,
    layer_normalisation.value_and_grad: _layer,
    attention_head.value_and_grad: _head,
}

# Those whose bounds in u B can be counted: help(generated) defines B for them.
COUNTED: tuple[Kernel, ...] = tuple(ARGUMENTS)[:6]
