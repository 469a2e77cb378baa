"""NaN and infinity stay visible, and words that are not involved are not even read."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from tests.kernels.calls import Kernels, loss, value_and_grad
from tests.kernels.cases import Batch, Case, Pair, Window
from tests.kernels.promise import assert_promise


class Broken(NamedTuple):
    """A pair, and where in v or in a row of U that it uses something is not a number."""

    pair: Pair
    array: str
    at: tuple[int, ...]
    value: float


def nan_in_gives_nan_out(kernels: Kernels, broken: Broken) -> None:
    assert_visible(kernels, broken)


def infinity_in_gives_no_finite_result(kernels: Kernels, broken: Broken) -> None:
    """Not even the limit: an infinite entry is a run that has diverged."""
    assert_visible(kernels, broken)


def assert_visible(kernels: Kernels, broken: Broken) -> None:
    """The fault reaches the loss, all of grad_v and the gradient rows that depend on it."""
    pair = spoilt(broken)
    got = value_and_grad(kernels, pair)
    everywhere = broken.array == "v" or pair.negatives is None
    rows = pair.touched if everywhere else [broken.at[0]]
    for what, part in (
        ("loss()", loss(kernels, pair)),
        ("loss", got.loss),
        ("grad_v", got.grad_v),
        ("grad_U", got.grad_U[rows]),
    ):
        assert not np.isfinite(part).any(), f"{what} is {part!r} in spite of {broken.value}: {pair}"


def spoilt(broken: Broken) -> Pair:
    array = getattr(broken.pair, broken.array).copy()
    array[broken.at] = broken.value
    return replace(broken.pair, **{broken.array: array})


def absent_words_are_not_read(kernels: Kernels, case: Case) -> None:
    """NaN in the rows of words that take no part leaves the promise intact.

    In the softmax every row of U takes part.
    """
    poisoned: Any = case
    if case.negatives is not None:
        pairs = [case] if isinstance(case, Pair) else case.pairs()
        poisoned = replace(case, U=only(case.U, [w for pair in pairs for w in pair.touched]))
    if isinstance(case, Window):
        poisoned = replace(poisoned, V=only(case.V, [case.c]))
    if isinstance(case, Batch):
        poisoned = replace(poisoned, V=only(case.V, case.centers.tolist()))
    assert_promise(value_and_grad(kernels, poisoned), case)


def only(array: np.ndarray, used: list[int]) -> np.ndarray:
    kept = np.full_like(array, np.nan)
    kept[used] = array[used]
    return kept
