"""Running error bounds of an emitted kernel, and bounds in u B for all inputs of given sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from math import log, log2

import numpy as np
from flint import arb, ctx
from numpy.typing import ArrayLike, NDArray

from codegen.emitted import GENERATED, texts_in
from codegen.interpret.array import A, Domain
from codegen.interpret.errors import ASSUMED, FLOAT64, Errors, Hypotheses, Numbers, all_runs
from codegen.interpret.loaded import Loaded
from codegen.interpret.roundings import Counted, Counts, Floats, Uncounted

PRECISION = 320  # bits of the balls: far below any rounding
Assumed = tuple[Hypotheses, ...]  # one for each dtype


@dataclass(frozen=True, eq=False)
class Bound:
    """For each component of a result its exact value, and how far a computed one may be off."""

    exact: NDArray[np.object_]  # balls
    error: NDArray[np.object_]

    def components(self) -> Iterator[tuple[arb, arb]]:
        """Both, one component after the other."""
        return zip(self.exact.ravel().tolist(), self.error.ravel().tolist(), strict=True)


def bounds(
    kernel: Callable[..., object], *arguments: ArrayLike, assumed: Assumed = ASSUMED
) -> tuple[Bound, ...]:
    """Exact values and error bounds of what ``kernel(*arguments)`` returns, under H1 to H4.

    Of a row-sparse gradient these are the values; of a step in place, V and U afterwards. The
    arguments are plain arrays, and stay as they are. Raises Unbounded where a bound cannot be
    given, TypeError for an operation that has no rule.
    """
    with ctx.workprec(PRECISION):
        runs = all_runs(lambda: on_rounded(kernel, assumed)(*arguments))
        return tuple(_joined(list(same)) for same in zip(*runs, strict=True))


@cache
def on_rounded(
    kernel: Callable[..., object], assumed: Assumed
) -> Callable[..., tuple[Numbers, ...]]:
    """The results of the same text (`Loaded.results`), of plain arrays or numbers with errors."""

    def run(*arguments: ArrayLike) -> tuple[Numbers, ...]:
        dtypes = (each.dtype for each in arguments if isinstance(each, np.ndarray | Numbers))
        dtype = next((each for each in dtypes if each.kind == "f"), FLOAT64.dtype)
        (h,) = (each for each in assumed if each.dtype == dtype)
        return _loaded(Errors(h)).results(kernel, *arguments)

    return run


@cache
def _loaded(domain: Domain[A]) -> Loaded[A]:
    return Loaded(texts_in(GENERATED), domain)


def _joined(same: list[Numbers]) -> Bound:
    """The bound for all runs: they have one exact value, and any of their errors."""
    exact = np.frompyfunc(lambda number: number.value, 1, 1)(same[0].entries)
    errors = [np.frompyfunc(lambda n: n.deviation, 1, 1)(each.entries) for each in same]
    largest = np.frompyfunc(lambda x, y: x.max(y), 2, 1)
    error = errors[0]
    for each in errors[1:]:
        error = largest(error, each)
    return Bound(np.asarray(exact, object), np.asarray(error, object))


# Bounds for all inputs of given sizes: how many u B a result may be off, from the code.
#
# The kernel runs on arrays that count. What comes out says: with z' the computed scores, the result
# is within ``own`` u of the exact function of z', relatively to the size of its terms, and z' is
# within ``scores`` u t_w of z. By the derivatives of the loss the second costs ``scores`` times the
# condition in B (`help(generated)`). Together |error| <= max(own, scores) u B, to first order.
#
# Weights exp(z_w - z_a) are those of scores that are moved once more, by u D_w, D_w = z_a - z_w the
# rounded difference. With t the mean of the t_w by yhat,
#
#     sum_x yhat_x D_x = H(yhat) + log yhat_a <= log N,     D_w <= |z_w| + |z_a|,
#     |z_a| <= sum_x yhat_x (|z_x| + D_x) <= t + log N,     so  D_w <= t_w + t + log N.
#
# In yhat_w this costs yhat_w ((1 - yhat_w) D_w + sum over x != w of yhat_x D_x) u, at most beta_w +
# 2 yhat_w (1 - yhat_w) (t + log N), and yhat_w (1 - yhat_w) t <= beta_w: together 3 u beta_w and
# 2 log N u |delta_w|. In the loss it costs u sum_x yhat_x D_x. If o is the leader this is at most
# u sum_w |delta_w| t_w. If not, it is at most u log N, and the loss is at least log 2.
#
# Second order: where scores move by at most e in all, yhat and 1 - yhat change by factors of at
# most exp(2 e). `WITHIN` is what the first-order bound is multiplied by while scores u max t_w
# and own u are at most `SMALL`: exp(4 SMALL) / (1 - SMALL), rounded up by more than u d.
#
# Not counted is what underflow costs (`bounds` has it), and nothing here says that the sizes in the
# code are those in B: the tests look whether they are, at random inputs.


SMALL, WITHIN = 1 / 32, 1.18


@dataclass(frozen=True)
class Units:
    """Of one result: roundings of its own, and those of the scores, in units of u B.

    ``sizes`` are those that its own roundings are relative to, for the arguments given.
    """

    own: float
    scores: float
    sizes: Floats

    @property
    def together(self) -> float:
        """The bound in u B, to first order."""
        return max(self.own, self.scores)


def counts(
    kernel: Callable[..., object], h: Hypotheses, *arguments: ArrayLike
) -> tuple[Units, ...]:
    """The bounds of all results: the loss first, then the gradients, in units of u B.

    Of the arguments only the sizes matter. Raises Uncounted where the code cancels.
    """
    softmax_words = next(len(np.asarray(each)) for each in arguments if np.ndim(each) == 2)
    found = _loaded(Counts(h)).results(kernel, *arguments)
    return tuple(_units(part, softmax_words, not place) for place, part in enumerate(found))


def _units(result: Counted, N: int, is_loss: bool) -> Units:
    count, sizes = result.note.count, result.parts[1]
    if is_loss and count.sign is None:
        raise Uncounted("a loss that may cancel")
    if not count.is_shifted:
        return Units(count.roundings, count.scores, sizes)
    if is_loss:
        return Units(count.roundings + log2(N), count.scores + 1, sizes)
    return Units(count.roundings + 2 * log(N), count.scores + 3, sizes)
