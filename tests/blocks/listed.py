"""The kernels of lists, called with the arguments of a span: so they keep its promises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Listed:
    """Stands where ``kernels.spans`` would: places and samples become one list.

    Every center is of a kind of its own; the last row of weights is nobody's.
    """

    kernels: Any

    def loss(self, *given: Any, **named: Any) -> Any:
        return self._called(self.kernels.blocks.loss, *given, **named)

    def value_and_grad(self, *given: Any, **named: Any) -> Any:
        return self._called(self.kernels.blocks.value_and_grad, *given, **named)

    def sgd_step(self, *given: Any, rate: Any, most: Any = np.inf, **named: Any) -> Any:
        return self._called(self.kernels.blocks.sgd_step, *given, **named, rate=rate, most=most)

    def _called(
        self,
        function: Callable[..., Any],
        V: Any,
        U: Any,
        centers: Any,
        contexts: Any,
        before: Any,
        after: Any,
        negatives: Any,
        draws: Any,
        **more: Any,
    ) -> Any:
        one = np.ones((len(V), 1), np.asarray(V).dtype)
        words = centers, contexts, before, after, negatives
        band, share = self.kernels.spans.weights(one, one, *words, draws)
        shares = np.repeat(share[:, :, np.newaxis], np.shape(negatives)[1], axis=2)
        weights = np.concatenate((band, shares), axis=2)
        weights = weights.reshape(-1, weights.shape[2])
        return function(
            V=V,
            U=U,
            centers=centers,
            lists=np.concatenate((contexts, negatives), axis=1),
            kinds=np.arange(len(weights)).reshape(share.shape),
            weights=np.concatenate((weights, np.full_like(weights[:1], 7.0)))
            if len(weights)
            else np.ones((1, weights.shape[1]), band.dtype),
            signs=np.repeat(
                np.array([-1, 1], band.dtype), (np.shape(contexts)[1], np.shape(negatives)[1])
            ),
            **more,
        )


class Kernels:
    """A generated package whose spans are computed by its lists."""

    def __init__(self, kernels: Any) -> None:
        self.kernels, self.spans = kernels, Listed(kernels)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.kernels, name)
