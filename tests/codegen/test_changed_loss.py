"""Change the loss, and the kernel changes: nothing of the old formula is left in the generator."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import Expr, KroneckerDelta, Symbol, exp, log

from codegen.grounds import equalities, require_fit, require_proved
from codegen.kernel import Argument, Gradient, Kernel, Module, Value, argmax
from codegen.subjects.word2vec.stable_steps import LAYOUT, PAIR
from derivations.claim import Claim
from derivations.indices import total
from derivations.language.index_nodes import define
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import D, U, V, a, c, i, naive_softmax, o, scalar, w, x, y, yhat
from derivations.word2vec.losses import score as plain_score
from tests.codegen.scene import emitted, slope


def softmax_loss(cold: Expr) -> tuple[Kernel, tuple[Claim, ...]]:
    """The naive softmax of scores divided by a temperature, with all the claims it needs."""
    score = define("score_t", "z[{w}]", (c, w), plain_score(c, w) / cold)
    P = define("P_t", "P({o}|{c})", (o, c), exp(score(c, o)) / total(exp(score(c, w)), w))
    loss = define("J_t", "J_t", (c, o), -log(P(o, c)))
    weight = define("weight_t", "e[{w}]", (c, a, w), exp(score(c, w) - score(c, a)))
    weights = define("weights_t", "Σe", (c, a), total(weight(c, a, w), w))
    is_o = KroneckerDelta(w, o)
    others = define("others_t", "Σe≠", (c, a, o), total((1 - is_o) * weight(c, a, w), w))
    share, rest = weight(c, a, w) / weights(c, a), others(c, a, o) / weights(c, a)
    error = define("error_t", "error[{w}]", (c, o, a, w), (1 - is_o) * share - is_o * rest)
    lag = score(c, a) - score(c, o) + log(1 + others(c, a, a))

    def claim(id: str, left: Expr, right: Expr) -> Claim:
        return Claim(id, "t", "a test", "a test", scalar(left), scalar(right))

    J, by_row = loss(c, o), (P(x, c) - y(o, x)) / cold
    claims = (
        claim("t.loss", J, lag),
        claim("t.error", P(w, c) - y(o, w), error(c, o, a, w)),
        claim("t.center", D(J, V[c, i]), total(U[x, i] * by_row, x)),
        claim("t.row", D(J, U[x, i]), by_row * V[c, i]),
    )
    kernel = Kernel(
        name="value_and_grad",
        title="The softmax loss at a temperature.",
        loss=J,
        arguments=(*PAIR, Argument("cold", cold, meaning="the temperature")),
        outputs=(
            Value("loss", J),
            Gradient("grad_v_c", "t.center", (i,)),
            Gradient("grad_U", "t.row", (x, i)),
        ),
        layout=LAYOUT,
        rewrites=("t.loss", "t.error"),
        choices={a: argmax("top", "top", (c,), w, score(c, w))(c)},
    )
    return kernel, claims


@pytest.fixture
def warm(tmp_path: Path) -> Any:
    kernel, claims = softmax_loss(Symbol("T", positive=True))
    require_fit(kernel, equalities(claims))
    return emitted([Module("warm.py", "A temperature.", (kernel,))], claims, tmp_path).warm


def loss_at(v: Any, word: int, rows: Any, cold: float) -> float:
    scores = rows @ v / cold
    return float(np.log(np.exp(scores).sum()) - scores[word])


@pytest.mark.parametrize("cold", [0.3, 1.0, 7.0])
def test_a_temperature_reaches_the_loss_and_both_gradients(warm: Any, cold: float) -> None:
    rng = np.random.default_rng(1)
    v, rows = rng.standard_normal(3), rng.standard_normal((5, 3))
    loss, grad_v, grad_U = warm.value_and_grad(v, 2, rows, cold)
    assert loss == pytest.approx(loss_at(v, 2, rows, cold), rel=1e-13)
    assert grad_v == pytest.approx(slope(lambda: loss_at(v, 2, rows, cold), v), abs=1e-7)
    assert grad_U == pytest.approx(slope(lambda: loss_at(v, 2, rows, cold), rows), abs=1e-7)


def test_the_changed_kernel_is_as_stable_as_the_first(warm: Any) -> None:
    loss, _, grad_U = warm.value_and_grad([1.0], 0, [[400.0], [0.0]], 10.0)
    assert loss == pytest.approx(np.exp(-40.0), rel=1e-14)
    assert grad_U[0, 0] == pytest.approx(-np.exp(-40.0) / 10, rel=1e-14)


def test_a_scaled_loss_scales_the_kernel(tmp_path: Path) -> None:
    """A number is multiplied into sums by SymPy: the rewrites must still find their terms."""
    tripled = define("J_3", "3 J", (c, o), 3 * naive_softmax(c, o))
    J, error = tripled(c, o), 3 * (yhat(c, x) - y(o, x))
    claims = (
        Claim("s.v", "s", "", "", scalar(D(J, V[c, i])), scalar(total(error * U[x, i], x))),
        Claim("s.U", "s", "", "", scalar(D(J, U[x, i])), scalar(error * V[c, i])),
        *CLAIMS,
    )
    top = argmax("top", "top", (c,), w, plain_score(c, w))
    kernel = Kernel(
        name="value_and_grad",
        title="Three times the loss.",
        loss=J,
        arguments=PAIR,
        outputs=(
            Value("loss", J),
            Gradient("grad_v_c", "s.v", (i,)),
            Gradient("grad_U", "s.U", (x, i)),
        ),
        layout=LAYOUT,
        rewrites=("stable.loss", "stable.error"),
        choices={a: top(c)},
    )
    require_proved([kernel], claims)
    scaled = emitted([Module("scaled.py", "Scaled.", (kernel,))], claims, tmp_path).scaled
    rng = np.random.default_rng(2)
    v, rows = rng.standard_normal(3), rng.standard_normal((5, 3))
    loss, grad_v, grad_U = scaled.value_and_grad(v, 1, rows)
    assert loss == pytest.approx(3 * loss_at(v, 1, rows, 1), rel=1e-13)
    assert grad_v == pytest.approx(3 * slope(lambda: loss_at(v, 1, rows, 1), v), abs=1e-7)
    assert grad_U == pytest.approx(3 * slope(lambda: loss_at(v, 1, rows, 1), rows), abs=1e-7)
