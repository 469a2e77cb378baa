"""What may be done to blocks without changing what they cost."""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.spans.calls import value_and_grad
from tests.spans.case import Blocks
from tests.spans.oracle import Answer
from tests.spans.promise import assert_same, known


def order_of_samples_does_not_matter(kernels: Any, case: tuple[Blocks, list[int]]) -> None:
    given, order = case
    shuffled = replace(given, negatives=given.negatives[:, order])
    assert_same(kernels, shuffled, known(value_and_grad(kernels, given), given))


def samples_listed_twice_count_half(kernels: Any, case: Blocks) -> None:
    """The samples stand for K a pair, however many they are."""
    twice = replace(case, negatives=np.tile(case.negatives, 2))
    assert_same(kernels, twice, known(value_and_grad(kernels, case), case))


def relabelling_words_permutes_rows(kernels: Any, case: tuple[Blocks, list[int]]) -> None:
    given, order = case[0], np.array(case[1])
    label = np.argsort(order)
    renamed = replace(
        given,
        V=given.V[order],
        U=given.U[order],
        **{name: label[getattr(given, name)] for name in ("centers", "contexts", "negatives")},
    )
    found = known(value_and_grad(kernels, given), given)
    assert_same(kernels, renamed, Answer(found.loss, found.grad_V[order], found.grad_U[order]))


def a_text_read_backwards_costs_the_same(kernels: Any, case: Blocks) -> None:
    """What came before comes after."""
    backwards = replace(
        case,
        centers=case.centers[:, ::-1],
        contexts=case.contexts[:, ::-1],
        before=case.after[:, ::-1],
        after=case.before[:, ::-1],
    )
    assert_same(kernels, backwards, known(value_and_grad(kernels, case), case))


def wider_contexts_change_nothing(kernels: Any, case: Blocks) -> None:
    """One more place on either side, with any word: no window reaches there."""
    edge = np.zeros((len(case.contexts), 1), int)
    wider = replace(case, contexts=np.hstack([edge, case.contexts, edge + len(case.U) - 1]))
    assert_same(kernels, wider, known(value_and_grad(kernels, case), case))


def centers_without_a_window_add_nothing(kernels: Any, case: Blocks) -> None:
    """Padding: a block filled up on the right with centers of no window."""
    more = 2
    sizes = {"centers": more, "contexts": more, "before": more, "after": more}
    padded = replace(
        case,
        **{name: np.pad(getattr(case, name), ((0, 0), (0, n))) for name, n in sizes.items()},
    )
    assert_same(kernels, padded, known(value_and_grad(kernels, case), case))
    empty = replace(case, before=0 * case.before, after=0 * case.after)
    for what, got in zip(Answer.__annotations__, value_and_grad(kernels, empty), strict=True):
        assert not np.any(got), f"{what} is {got!r} though no center has a window: {empty}"
