"""JAX on symbols: what stands in for it, and losses with their rules run as JAX runs them.

The loss of a kernel is called; then its rule forwards, and backwards from a symbol for the
derivative by the loss. What comes back is to be that symbol times the gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from codegen.interpret.array import NumPy
from codegen.interpret.branching import World
from codegen.interpret.symbolic import EXACT, Number, symbolic
from codegen.kernel import Gradient, Kernel, Value


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
LAX = SimpleNamespace(
    cond=lambda whether, then, other, *given: (then if whether else other)(*given)
)
JAX = SimpleNamespace(numpy=NUMPY, ops=OPS, lax=LAX, custom_vjp=Rule)


def standins(settled: bool) -> dict[str, Any]:
    """JAX and its parts, by their names; it is the same whether arguments are settled or not."""
    return {"jax": JAX, "jax.numpy": JAX, "jax.ops": OPS, "jax.lax": LAX}


class Floats:
    """`jax.numpy` by NumPy: what is out of range is NaN when it is looked up."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def take(self, values: Any, words: Any, axis: int, mode: str, fill_value: float) -> Any:
        """The entries along an axis."""
        assert mode == "fill"
        words = np.asarray(words)
        inside = words < values.shape[axis]
        found = np.take(values, np.where(inside, words, 0), axis=axis)
        further = (np.newaxis,) * (values.ndim - axis - 1)
        return np.where(inside[(..., *further)], found, values.dtype.type(fill_value))


def _segment_sum(rows: Any, segments: Any, number: int) -> Any:
    """Rows added up by the number of their segment; what is out of range is dropped."""
    sums = np.zeros((number, *rows.shape[1:]), rows.dtype)
    inside = segments < number
    np.add.at(sums, segments[inside], rows[inside])
    return sums


def standins_on_floats() -> dict[str, Any]:
    """JAX and its parts by NumPy's floats: without JAX, and without its compilation."""
    ops = SimpleNamespace(segment_sum=_segment_sum)
    jax = SimpleNamespace(numpy=Floats(), ops=ops, lax=LAX, custom_vjp=Rule)
    return {"jax": jax, "jax.numpy": jax, "jax.ops": ops, "jax.lax": LAX}


def by_rule(loss: str, named: list[str]) -> Callable[..., Any]:
    """How a kernel is run that is the rule of a loss, whose gradients are by arguments so named."""

    def results(
        module: Any, kernel: Kernel, given: Mapping[str, Any], world: World
    ) -> dict[str, Any]:
        rule, (first, *_) = getattr(module, loss), kernel.outputs
        assert isinstance(first, Value)
        perturbed = tuple(name in named for name in given)
        incoming = Number(world, world.fresh("incoming"))
        value, *pulled = rule.pulled(symbolic(incoming), perturbed, *given.values())
        back = dict(zip(given, pulled, strict=True))
        if surplus := [name for name, one in back.items() if one is not None and name not in named]:
            raise AssertionError(f"a derivative by {', '.join(surplus)}, which no gradient is by")
        gradients = [one.name for one in kernel.outputs if isinstance(one, Gradient)]
        found = {
            output: back[name] / symbolic(incoming)
            for output, name in zip(gradients, named, strict=True)
        }
        terms = getattr(module, kernel.name)(*given.values())[0]
        found[first.name] = _with_what_is_off(terms, [value, rule(*given.values())], world)
        return found

    return results


def _with_what_is_off(terms: Any, sums: list[Any], world: World) -> Any:
    """The terms, where each of several sums is their sum; else the first of them is another."""
    total = np.sum(terms)
    off = 0
    for one in sums:
        off = off + symbolic(Number(world, world.fresh("off"))) * (one - total)
    if np.ndim(terms) == 0:
        return total + off
    terms = terms.copy()
    if terms.size:
        terms[(0,) * terms.ndim] = terms[(0,) * terms.ndim] + off
    return terms
