"""An equality whose sides have no real value is not called proved."""

import pytest
from sympy import Expr, Integer, Symbol, exp, log

from derivations.claim import Claim, Verdict
from derivations.indices import total
from derivations.language.tree import Array
from derivations.proof.judge import judge
from derivations.word2vec.losses import D, c, draw, k, score, sigma

x = Symbol("x", real=True)


def _verdict(left: Expr, right: Expr) -> Verdict:
    return judge(Claim("real", "real", "", "", Array(left), Array(right))).verdict


@pytest.mark.parametrize("loss", [log(-sigma(x)), log(-exp(x)), log(log(1 / (1 + exp(x))))])
def test_a_logarithm_that_is_never_real_is_undecided(loss: Expr) -> None:
    assert _verdict(loss, loss + 0 * x) is Verdict.UNDECIDED


def test_so_it_is_under_a_derivative_that_does_not_reach_it() -> None:
    never = total(log(-sigma(score(c, draw[k]))), k)
    always = total(log(sigma(score(c, draw[k]))), k)
    assert _verdict(D(never, x), Integer(0)) is Verdict.UNDECIDED
    assert _verdict(D(always, x), Integer(0)) is Verdict.PROVED


@pytest.mark.parametrize(
    ("left", "right"),
    [(log(x) + log(x), 2 * log(x)), (1 / x + 1 / x, 2 / x), (log(1 - x), log(1 - x) + 0 * x)],
)
def test_a_side_that_is_real_for_some_numbers_is_proved(left: Expr, right: Expr) -> None:
    assert _verdict(left, right) is Verdict.PROVED
