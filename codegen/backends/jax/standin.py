"""What the text gets on symbols in place of JAX: the same functions of arrays of objects.

jax.numpy        NumPy's stand-in (`codegen.interpret.loaded`), and what differs from NumPy: words
                 out of range in `take`, types, `take_along_axis`
segment_sum      the sum that its definition is, entry by entry; what is out of range is dropped
custom_vjp       the loss, and beside it the rule, to be called as JAX calls it
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from codegen.interpret.loaded import NumPy
from codegen.interpret.symbolic import EXACT, symbolic


class ExactJAX(NumPy):
    """`jax.numpy` of symbols."""

    def take(self, values: Any, words: Any, axis: int, mode: str, fill_value: float) -> Any:
        """The entries along an axis: the words of a run are in range."""
        assert mode == "fill"
        return np.take(values, np.asarray(words), axis=axis, mode="raise")

    def take_along_axis(self, values: Any, indices: Any, axis: int) -> Any:
        """One entry of each row."""
        return np.take_along_axis(values, np.asarray(indices), axis=axis)

    def isinf(self, values: Any) -> Any:
        """Symbols are finite."""
        return np.zeros(np.shape(values), bool)

    def issubdtype(self, dtype: Any, kind: Any) -> bool:
        """Symbols are floats."""
        return bool(np.issubdtype(dtype, kind)) or (dtype.kind == "O" and kind is np.floating)


def segment_sum(rows: Any, segments: Any, number: int) -> Any:
    """Rows added up by the number of their segment."""
    sums = np.zeros((number, *rows.shape[1:]), object)
    for row, n in zip(EXACT.lifted(rows).entries, segments, strict=True):
        if 0 <= n < number:
            sums[n] = sums[n] + row
    return symbolic(sums)


@dataclass(frozen=True)
class Primal:
    """An argument as a rule gets it, and whether there is to be a derivative by it."""

    value: Any
    perturbed: bool


class Rule:
    """A loss with its rule."""

    def __init__(self, loss: Callable[..., Any]) -> None:
        self.loss = loss
        self.forward: Callable[..., Any] | None = None
        self.backward: Callable[..., Any] | None = None

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self.loss(*given, **named)

    def defvjp(
        self, forward: Callable[..., Any], backward: Callable[..., Any], symbolic_zeros: bool
    ) -> None:
        """Take the rule."""
        assert symbolic_zeros
        self.forward, self.backward = forward, backward

    def pulled(self, incoming: Any, by: tuple[bool, ...], *given: Any) -> tuple[Any, ...]:
        """The loss and the derivatives that the rule says, from the derivative by the loss."""
        assert self.forward is not None
        assert self.backward is not None
        primals = (Primal(value, one) for value, one in zip(given, by, strict=True))
        value, kept = self.forward(*primals)
        return value, *self.backward(kept, incoming)


NUMPY = ExactJAX(EXACT)
OPS = SimpleNamespace(segment_sum=segment_sum)
JAX = SimpleNamespace(numpy=NUMPY, ops=OPS, custom_vjp=Rule)


def standins(settled: bool) -> dict[str, Any]:
    """JAX and its parts, by their names; it is the same whether arguments are settled or not."""
    return {"jax": JAX, "jax.numpy": JAX, "jax.ops": OPS}
