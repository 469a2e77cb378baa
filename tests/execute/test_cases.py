"""Sizes and words: which are run is counted honestly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from codegen.execute.chosen_cases import ALL, DRAWN, PATTERNS, Limits, cases, sizes
from tests.execute.scene import FUNCTIONS

FEW = Limits(4, 4, 4)
PAIR: Any = FUNCTIONS["negative_sampling.value_and_grad"]
SPANS: Any = FUNCTIONS["spans.value_and_grad"]


def lengths(kernel: Any, **wanted: int) -> Any:
    return next(
        one for one in sizes(kernel, 3) if all(one[name] == n for name, n in wanted.items())
    )


def test_every_size_up_to_the_bound_is_there_small_ones_first() -> None:
    found = [(one["N"], one["d"], one["K"]) for one in sizes(PAIR, 3)]
    assert sorted(found) == sorted(
        (n, d, k) for n in (1, 2, 3) for d in (1, 2, 3) for k in range(4)
    )
    assert found[0] == (1, 1, 0)


def test_places_around_centers_follow_from_the_reach() -> None:
    for one in sizes(SPANS, 2):
        assert one["S + 2 m"] == one["S"] + 2 * one["m"]


def test_few_words_are_all_taken() -> None:
    which, found = cases(PAIR, lengths(PAIR, N=3, K=2), Limits(27, 4, 4))
    assert which == ALL
    chosen = {(case.integers["o"], *case.integers["negatives"].tolist()) for case in found}
    assert len(chosen) == len(found) == 27


def test_more_words_are_taken_by_their_pattern() -> None:
    which, found = cases(PAIR, lengths(PAIR, N=3, K=2), Limits(26, 5, 4))
    assert which == PATTERNS
    chosen = {(case.integers["o"], *case.integers["negatives"].tolist()) for case in found}
    assert chosen == {(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (0, 1, 2)}


def test_even_more_are_drawn_and_said_to_be() -> None:
    which, found = cases(PAIR, lengths(PAIR, N=3, K=2), FEW)
    assert which == DRAWN
    assert len(found) == 4
    assert list(map(str, found)) == list(map(str, cases(PAIR, lengths(PAIR, N=3, K=2), FEW)[1]))


def test_every_window_is_met_by_all_words_of_a_small_block() -> None:
    which, found = cases(SPANS, lengths(SPANS, N=1, d=1, G=1, S=1, R=1, m=1), FEW)
    assert which == ALL
    windows = {(c.integers["before"].item(), c.integers["after"].item()) for c in found}
    assert windows == {(0, 0), (0, 1), (1, 0), (1, 1)}


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if "." in n and "_sigmoid" not in n])
def test_words_are_in_range_and_of_the_shapes_of_the_kernel(name: str) -> None:
    kernel: Any = FUNCTIONS[name]
    for one in sizes(kernel, 2)[:20]:
        for case in cases(kernel, one, FEW)[1]:
            for argument in kernel.arguments:
                if argument.is_integer:
                    value = np.asarray(case.integers[argument.name])
                    assert value.shape == tuple(one[letter] for letter in argument.letters)
                    assert np.all(value >= 0)
