"""JAX on symbols: what stands in for it, and losses with their rules run as JAX runs them.

The loss of a kernel is called; then its rule forwards, and backwards from a symbol for the
derivative by the loss. What comes back is to be that symbol times the gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Generic, ParamSpec, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from codegen.emitted import Argument, Runner, Stubs
from codegen.interpret.array import Indices, Integers, Plain, numpy_of
from codegen.interpret.branching import State
from codegen.interpret.symbolic import EXACT, Number, Symbols, symbolic
from codegen.kernel import Gradient, Kernel, Value

P = ParamSpec("P")
R = TypeVar("R")  # symbols, or floats


def _take(values: ArrayLike, words: ArrayLike, axis: int, mode: str, fill_value: float) -> object:
    """The entries along an axis: the words of a run are in range."""
    assert mode == "fill"
    return np.take(values, np.asarray(words), axis=axis, mode="raise")


def _take_along_axis(values: Plain, indices: ArrayLike, axis: int) -> object:
    """One entry of each row."""
    return np.take_along_axis(values, np.asarray(indices), axis=axis)


def _isinf(values: ArrayLike) -> NDArray[np.bool_]:
    """Symbols are finite."""
    return np.zeros(np.shape(values), bool)


def _issubdtype(dtype: np.dtype[np.generic], kind: DTypeLike) -> bool:
    """Symbols are floats."""
    return bool(np.issubdtype(dtype, kind)) or (dtype.kind == "O" and kind is np.floating)


def _segment_sum(rows: ArrayLike, segments: Integers, number: int) -> Symbols:
    """Rows added up by the number of their segment."""
    entries = EXACT.lifted(rows).entries
    sums = np.zeros((number, *entries.shape[1:]), object)
    for row, n in zip(entries, segments, strict=True):
        if 0 <= n < number:
            sums[n] = sums[n] + row
    return symbolic(sums)


@dataclass(frozen=True)
class Primal:
    """An argument as a rule gets it, and whether there is to be a derivative by it."""

    value: ArrayLike
    perturbed: bool


class Rule(Generic[P, R]):
    """A loss with its rule."""

    def __init__(self, loss: Callable[P, R]) -> None:
        self.loss = loss
        self.forward: Callable[..., tuple[R, object]] | None = None
        self.backward: Callable[[object, R], Sequence[R | None]] | None = None

    def __call__(self, *given: P.args, **named: P.kwargs) -> R:
        return self.loss(*given, **named)

    def defvjp(
        self,
        forward: Callable[..., tuple[R, object]],
        backward: Callable[[object, R], Sequence[R | None]],
        symbolic_zeros: bool,
    ) -> None:
        """Take the rule."""
        assert symbolic_zeros
        self.forward, self.backward = forward, backward

    def pulled(
        self, incoming: R, by: Sequence[bool], given: Iterable[ArrayLike]
    ) -> tuple[R, Sequence[R | None]]:
        """The loss and the derivatives that the rule says, from the derivative by the loss."""
        assert self.forward is not None
        assert self.backward is not None
        primals = (Primal(value, one) for value, one in zip(given, by, strict=True))
        value, kept = self.forward(*primals)
        return value, self.backward(kept, incoming)


NUMPY = numpy_of(
    EXACT, take=_take, take_along_axis=_take_along_axis, isinf=_isinf, issubdtype=_issubdtype
)
OPS = SimpleNamespace(segment_sum=_segment_sum)
LAX = SimpleNamespace(
    cond=lambda whether, then, other, *given: (then if whether else other)(*given)
)
JAX = SimpleNamespace(numpy=NUMPY, ops=OPS, lax=LAX, custom_vjp=Rule)


def stubs(settled: bool) -> Stubs:
    """JAX and its parts, by their names; it is the same whether arguments are settled or not."""
    return {"jax": JAX, "jax.numpy": JAX, "jax.ops": OPS, "jax.lax": LAX}


def _take_of_floats(
    values: NDArray[np.floating], words: ArrayLike, axis: int, mode: str, fill_value: float
) -> Plain:
    """The entries along an axis; NaN for what is out of range."""
    assert mode == "fill"
    at = np.asarray(words)
    inside = at < values.shape[axis]
    found = np.take(values, np.where(inside, at, 0), axis=axis)
    further = (np.newaxis,) * (values.ndim - axis - 1)
    return np.where(inside[(..., *further)], found, values.dtype.type(fill_value))


def _segment_sum_of_floats(rows: Plain, segments: Indices, number: int) -> Plain:
    """Rows added up by the number of their segment; what is out of range is dropped."""
    sums = np.zeros((number, *rows.shape[1:]), rows.dtype)
    inside = segments < number
    np.add.at(sums, segments[inside], rows[inside])
    return sums


def stubs_on_floats() -> Stubs:
    """JAX and its parts by NumPy's floats: without JAX, and without its compilation."""
    ops = SimpleNamespace(segment_sum=_segment_sum_of_floats)
    floats = SimpleNamespace(**{**vars(np), "take": _take_of_floats})
    jax = SimpleNamespace(numpy=floats, ops=ops, lax=LAX, custom_vjp=Rule)
    return {"jax": jax, "jax.numpy": jax, "jax.ops": ops, "jax.lax": LAX}


def by_rule(loss: str, named: list[str]) -> Runner:
    """How a kernel is run that is the rule of a loss, whose gradients are by arguments so named."""

    def results(
        module: ModuleType, kernel: Kernel, given: Mapping[str, Argument], state: State
    ) -> dict[str, object]:
        rule: Rule[..., Symbols] = getattr(module, loss)
        first = kernel.outputs[0]
        assert isinstance(first, Value)
        perturbed = tuple(name in named for name in given)
        incoming = Number(state, state.fresh("incoming"))
        value, pulled = rule.pulled(symbolic(incoming), perturbed, given.values())
        back = dict(zip(given, pulled, strict=True))
        if surplus := [name for name, one in back.items() if one is not None and name not in named]:
            raise AssertionError(f"a derivative by {', '.join(surplus)}, which no gradient is by")
        gradients = [one.name for one in kernel.outputs if isinstance(one, Gradient)]
        found: dict[str, object] = {
            output: back[name] / symbolic(incoming)
            for output, name in zip(gradients, named, strict=True)
        }
        terms = getattr(module, kernel.name)(*given.values())[0]
        found[first.name] = _with_what_is_off(terms, [value, rule(*given.values())], state)
        return found

    return results


def _with_what_is_off(terms: Symbols, sums: list[Symbols], state: State) -> Symbols:
    """The terms, where each of several sums is their sum; else the first of them is another."""
    total: Symbols = np.sum(terms)
    off: Symbols = symbolic(0)
    for one in sums:
        off = off + symbolic(Number(state, state.fresh("off"))) * (one - total)
    if np.ndim(terms) == 0:
        off += total
        return off
    terms = terms.copy()
    if terms.size:
        terms[(0,) * terms.ndim] = terms[(0,) * terms.ndim] + off
    return terms
