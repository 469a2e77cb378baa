"""The oracle against the specified losses, and against numbers worked by hand."""

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given

from tests.kernels.cases import Pair
from tests.kernels.oracle import WORKING, oracle
from tests.kernels.specified import Derivative, central_difference, complex_step, differentiated
from tests.kernels.strategies.pairs import pairs


@pytest.mark.parametrize("derivative", [central_difference, complex_step])
def test_exact_gradients_are_the_derivatives_of_the_specified_loss(derivative: Derivative) -> None:
    @given(pairs(moderate=True))
    def every_pair(pair: Pair) -> None:
        exact, scale = oracle(pair)
        slopes = differentiated(pair, derivative)
        with ctx.workprec(WORKING):
            for what in ("loss", "grad_v", "grad_U"):
                error = np.ravel(abs(getattr(exact, what) - getattr(slopes, what)))
                allow = np.ravel(getattr(scale, what)) * arb(2) ** -100 + arb(2) ** -1300
                assert all(e <= a for e, a in zip(error, allow, strict=True)), (what, pair)

    every_pair()


def test_two_equal_words_have_the_scale_worked_by_hand() -> None:
    """U = (1, 1), v = 1: yhat = 1/2, t = 1, beta = 1/2 (1/2 + 1/2) = 1/2."""
    exact, scale = oracle(Pair(np.ones(1), 0, np.ones((2, 1))))
    assert float(exact.loss) == pytest.approx(np.log(2), rel=1e-15)
    assert float(scale.loss) == pytest.approx(np.log(2) + 1, rel=1e-15)
    assert [float(x) for x in exact.grad_U[:, 0]] == [-0.5, 0.5]
    assert [float(x) for x in scale.grad_U[:, 0]] == [1, 1]
    assert float(scale.grad_v[0]) == 2


def test_a_drawn_outside_word_has_the_scale_of_both_its_roles() -> None:
    """At z = 0 each draw has |delta| = 1/2 and beta = 1/4 t; the deltas cancel, B does not."""
    exact, scale = oracle(Pair(np.zeros(1), 0, np.ones((1, 1)), np.array([0])))
    assert float(exact.grad_v[0]) == 0
    assert float(scale.grad_v[0]) == 1


@pytest.mark.parametrize("gap", [20.0, 40.0, 600.0, 745.0, 1e300])
def test_balls_stay_narrow_for_a_confident_outside_word(gap: float) -> None:
    exact, _ = oracle(Pair(np.ones(1), 0, np.array([[gap], [0.0]])))
    assert exact.loss > 0 or gap == 1e300
    assert exact.loss.rad() <= abs(exact.loss.mid()) * arb(2) ** -200 or gap == 1e300
    assert exact.loss < arb(2) ** -28
