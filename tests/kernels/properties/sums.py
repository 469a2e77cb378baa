"""Windows and batches are sums of pairs, and touch the rows of their words only."""

import numpy as np

from tests.kernels.calls import Kernels, raw, value_and_grad
from tests.kernels.cases import Batch, Window
from tests.kernels.oracle import Answer
from tests.kernels.promise import allowed, blank
from tests.kernels.properties.symmetries import assert_same, known, plus


def the_sum_of_its_pairs(kernels: Kernels, case: Window | Batch) -> None:
    """Windows and batches against the same implementation's single pairs, added exactly."""
    total = blank(case)
    for i, pair in enumerate(case.pairs()):
        at = () if isinstance(case, Window) else (i,)
        word = case.c if isinstance(case, Window) else case.centers[i]
        one = known(value_and_grad(kernels, pair), pair)
        total.loss[at] += one.loss
        total.grad_v[word] += one.grad_v
        total.grad_U[...] += one.grad_U
    assert_same(kernels, case, total, plus(allowed(case), allowed(case)))


def windows_add(kernels: Kernels, case: tuple[Window, int]) -> None:
    """The window of A and B together is the window of A plus the window of B."""
    whole, cut = case
    first, second = whole.part(slice(None, cut)), whole.part(slice(cut, None))
    total = plus(*(known(value_and_grad(kernels, part), part) for part in (first, second)))
    assert_same(kernels, whole, total, plus(allowed(whole), allowed(whole)))


def rows_of_absent_words_are_exactly_zero(kernels: Kernels, case: Window) -> None:
    got = value_and_grad(kernels, case)
    touched = [w for pair in case.pairs() for w in pair.touched]
    others_U = np.delete(got.grad_U, touched, axis=0)
    others_V = np.delete(got.grad_v, [case.c], axis=0)
    assert not others_U.any(), f"grad_U is {got.grad_U!r} outside rows {touched}: {case}"
    assert not others_V.any(), f"grad_V is {got.grad_v!r} outside row {case.c}: {case}"


def row_gradients_list_each_word_once(kernels: Kernels, batch: Batch) -> None:
    """RowGrad: the words of the batch, sorted and distinct, one row of values for each."""
    _, grad_V, grad_U = raw(kernels, batch)
    assert_rows("grad_V", grad_V, np.unique(batch.centers), batch.V.shape, batch)
    if batch.negatives is not None:
        words = np.unique(np.append(batch.negatives, batch.outsides))
        assert_rows("grad_U", grad_U, words, batch.U.shape, batch)


def assert_rows(
    what: str, grad: object, words: np.ndarray, shape: tuple[int, ...], batch: Batch
) -> None:
    rows, values = grad.rows, grad.values  # type: ignore[attr-defined]
    assert np.array_equal(rows, words), f"{what}.rows is {rows!r}, not {words!r}: {batch}"
    assert np.issubdtype(rows.dtype, np.integer), f"{what}.rows has dtype {rows.dtype}: {batch}"
    expected = (len(words), shape[1])
    assert values.shape == expected, f"{what}.values: {values.shape}, not {expected}: {batch}"


def order_in_a_batch_does_not_matter(kernels: Kernels, case: tuple[Batch, list[int]]) -> None:
    batch, order = case
    negatives = None if batch.negatives is None else batch.negatives[order]
    shuffled = Batch(batch.V, batch.U, batch.centers[order], batch.outsides[order], negatives)
    want = known(value_and_grad(kernels, batch), batch)
    moved = Answer(want.loss[order], want.grad_v, want.grad_U)
    assert_same(kernels, shuffled, moved, plus(allowed(shuffled), allowed(shuffled)))
