"""The oracle against differences of the loss as it is defined, and against numbers by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given

from tests.kernels.oracle import balls
from tests.kernels.specified import BITS, STEP, log_sigmoid
from tests.spans.case import Blocks
from tests.spans.examples import EXAMPLES
from tests.spans.faults import GOOD
from tests.spans.oracle import oracle
from tests.spans.strategies import blocks


def specified(case: Blocks, V: Any, U: Any) -> Any:
    """The loss, pair by pair: each brings K / R of every sample of its block."""
    S, places = case.centers.shape[1], case.contexts.shape[1]
    reach, draws = (places - S) // 2, arb(float(case.V.dtype.type(case.draws)))
    loss = arb(0)
    for (g, p), c in np.ndenumerate(case.centers):
        for j in range(-int(case.before[g, p]), int(case.after[g, p]) + 1):
            if j != 0:
                loss -= log_sigmoid(U[case.contexts[g, p + reach + j]] @ V[c])
                pushes = [log_sigmoid(-(U[k] @ V[c])) for k in case.negatives[g]]
                loss -= draws * sum(pushes) / len(pushes)
    return loss


def slopes(case: Blocks, matrix: str) -> Any:
    """Central differences by every entry: no formula of a gradient is used."""
    given = {"V": balls(case.V), "U": balls(case.U)}
    array = given[matrix]
    out = np.empty(array.shape, dtype=object)
    for at in np.ndindex(array.shape):
        here, both = array[at], []
        for moved in (here + STEP, here - STEP):
            array[at] = moved
            both.append(specified(case, **given))
        array[at] = here
        out[at] = (both[0] - both[1]) / (2 * STEP)
    return out


def test_exact_gradients_are_the_slopes_of_the_loss() -> None:
    @EXAMPLES
    @given(blocks(moderate=True).filter(lambda case: case.V.size < 9))
    def every_case(case: Blocks) -> None:
        exact, scale = oracle(case)
        with ctx.workprec(BITS):
            found = (
                specified(case, balls(case.V), balls(case.U)),
                slopes(case, "V"),
                slopes(case, "U"),
            )
            for (what, want), (_, size), got in zip(
                exact.parts(), scale.parts(), found, strict=True
            ):
                allow = np.ravel(size) * arb(2) ** -100 + arb(2) ** -1300
                assert all(abs(np.ravel(want - got)) <= allow), (what, case)

    every_case()


def test_undecided_vectors_have_the_scale_worked_by_hand() -> None:
    """Scores of 0 with t = 1: five pairs, each log 2 and 1/2, and five times that for samples."""
    case = replace(GOOD, V=np.array([[1.0, 1.0]] * 4), U=np.array([[0.5, -0.5]] * 4))
    exact, scale = oracle(case)
    pairs = int(case.before.sum() + case.after.sum())
    assert pairs == 9
    assert float(exact.loss) == pytest.approx(pairs * 6 * np.log(2), rel=1e-15)
    assert float(scale.loss) == pytest.approx(pairs * 6 * (np.log(2) + 0.5), rel=1e-15)
    sizes = [float(x) for x in scale.grad_V.sum(axis=0)]
    assert sizes == pytest.approx([pairs * 6 * (0.5 + 0.25) * 0.5] * 2, rel=1e-15)
