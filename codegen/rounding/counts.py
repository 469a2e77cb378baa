"""Bounds for all inputs of given sizes: how many u B a result may be off, from the code.

The kernel runs on `Counted` arrays. What comes out says: with z' the computed scores, the result
is within ``own`` u of the exact function of z', relatively to the size of its terms, and z' is
within ``scores`` u t_w of z. By the derivatives of the loss the second costs ``scores`` times the
condition in B (`help(generated)`). Together |error| <= max(own, scores) u B, to first order.

Weights exp(z_w - z_a) are those of scores that are moved once more, by u D_w, D_w = z_a - z_w the
rounded difference. With t the mean of the t_w by yhat,

    sum_x yhat_x D_x = H(yhat) + log yhat_a <= log N,     D_w <= |z_w| + |z_a|,
    |z_a| <= sum_x yhat_x (|z_x| + D_x) <= t + log N,     so  D_w <= t_w + t + log N.

In yhat_w this costs yhat_w ((1 - yhat_w) D_w + sum over x != w of yhat_x D_x) u, at most beta_w +
2 yhat_w (1 - yhat_w) (t + log N), and yhat_w (1 - yhat_w) t <= beta_w: together 3 u beta_w and
2 log N u |delta_w|. In the loss it costs u sum_x yhat_x D_x. If o is the leader this is at most
u sum_w |delta_w| t_w. If not, it is at most u log N, and the loss is at least log 2.

Second order: where scores move by at most e in all, yhat and 1 - yhat change by factors of at most
exp(2 e). `WITHIN` is what the first-order bound is multiplied by while scores u max t_w and own u
are at most `SMALL`: exp(4 SMALL) / (1 - SMALL), rounded up by more than u d.

Not counted is what underflow costs (`codegen.rounding.run` has it), and nothing here says that the
sizes in the code are those in B: the tests look whether they are, at random inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log, log2, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.rounding.count import INPUT, Count, Uncounted
from codegen.rounding.counted import Counted
from codegen.rounding.hypotheses import Hypotheses
from codegen.rounding.models import Rows
from codegen.rounding.rebind import rebound

SMALL, WITHIN = 1 / 32, 1.18


@dataclass(frozen=True)
class Units:
    """Of one result: roundings of its own, and those of the scores, in units of u B.

    ``sizes`` are those that its own roundings are relative to, for the arguments given.
    """

    own: float
    scores: float
    sizes: NDArray[Any]

    @property
    def together(self) -> float:
        """The bound in u B, to first order."""
        return max(self.own, self.scores)


def counts(kernel: Callable[..., Any], h: Hypotheses, *arguments: Any) -> tuple[Units, ...]:
    """The bounds of all results: the loss first, then the gradients, in units of u B.

    Of the arguments only the sizes matter. Raises Uncounted where the code cancels.
    """
    softmax_words = next(len(each) for each in arguments if np.ndim(each) == 2)

    def lift(arrays: list[Any]) -> list[Counted]:
        return [Counted(array, np.abs(array), Count(INPUT), h) for array in arrays]

    result = rebound(kernel, lift, MODELS)(*arguments)
    parts = result if type(result) is tuple else (result,)
    found = [part.values if isinstance(part, Rows) else part for part in parts]
    return tuple(_units(part, softmax_words, not place) for place, part in enumerate(found))


def _units(result: Counted, N: int, is_loss: bool) -> Units:
    count = result.count
    if is_loss and count.sign is None:
        raise Uncounted("a loss that may cancel")
    if not count.is_shifted:
        return Units(count.roundings, count.scores, result.sizes)
    if is_loss:
        return Units(count.roundings + log2(N), count.scores + 1, result.sizes)
    return Units(count.roundings + 2 * log(N), count.scores + 3, result.sizes)


def row_sums(*terms: tuple[Any, Any, Counted]) -> Rows[Counted]:
    """Rows added up by word: of each word there are as many as occur most often."""
    h, d = terms[0][2].h, terms[0][2].shape[-1]
    words = np.concatenate([np.ravel(each) for each, _, _ in terms]).astype(np.intp)
    rows, place = np.unique(words, return_inverse=True)
    weighted = [_weighted(h, np.shape(each), weights, rows) for each, weights, rows in terms]
    most = int(np.bincount(place).max(initial=0))
    first, *others = (each.count for each in weighted)
    numbers, sizes = np.zeros((len(rows), d)), np.zeros((len(rows), d))
    for each, words_of_it in zip(weighted, np.split(place, _ends(weighted)), strict=True):
        np.add.at(numbers, words_of_it, each.numbers.reshape(-1, d))
        np.add.at(sizes, words_of_it, each.sizes.reshape(-1, d))
    return Rows(rows, Counted(numbers, sizes, first.after(max(0, most - 1), *others), h))


def _ends(weighted: list[Counted]) -> list[int]:
    lengths = [prod(each.shape[:-1]) for each in weighted]
    return [sum(lengths[:n]) for n in range(1, len(lengths))]


def matrix_of(N: int, *terms: tuple[Any, Any, Counted]) -> Counted:
    """The same as an (N, d) array."""
    rows, sums = row_sums(*terms)
    numbers, sizes = np.zeros((N, sums.shape[1])), np.zeros((N, sums.shape[1]))
    numbers[rows], sizes[rows] = sums.numbers, sums.sizes
    return Counted(numbers, sizes, sums.count, sums.h)


def _weighted(h: Hypotheses, shape: tuple[int, ...], weights: Any, rows: Counted) -> Counted:
    """The rows, one for each word, times their numbers."""
    more = (1,) * (len(shape) - rows.ndim + 1)
    repeated = rows.each(
        lambda array: np.broadcast_to(
            array.reshape(*array.shape[:-1], *more, array.shape[-1]), (*shape, array.shape[-1])
        )
    )
    if weights is None:
        return repeated
    found: Counted = repeated * (weights if isinstance(weights, int) else weights[..., np.newaxis])
    return found


def replaced(values: Counted, index: Any, new: Any) -> Counted:
    """A copy with the entry at ``index`` of each row ``new``."""
    leading = np.broadcast_shapes(values.shape[:-1], np.shape(index), np.shape(new))
    copy = values.each(lambda array: np.broadcast_to(array, (*leading, array.shape[-1])))
    place = np.broadcast_to(np.asarray(index), leading)
    copy[(*np.indices(leading, sparse=True), place)] = new
    return copy


def by_parts(function: Callable[..., Any], large: Counted, *alike: Any) -> Any:
    """The function of all places together: it takes each of them alone."""
    return function(large, *alike)


MODELS: dict[str, Callable[..., Any]] = {
    "by_parts": by_parts,
    "row_sums": row_sums,
    "matrix_of": matrix_of,
    "replaced": replaced,
}
