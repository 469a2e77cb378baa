"""Losses that the generator has never seen go through the same rules."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import IndexedBase, KroneckerDelta, Rational, Symbol, log

from codegen.grounds import equalities, require_fit
from codegen.kernel import Argument, Gradient, Kernel, Module, Value
from codegen.subjects.word2vec.sigmoid import SIGMOID, SIGMOIDS
from codegen.subjects.word2vec.stable_steps import BATCH, LAYOUT, NEGATIVES, PAIR
from derivations.claim import Claim
from derivations.indices import total
from derivations.language.index_nodes import define
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import (
    D,
    U,
    V,
    b,
    c,
    centers,
    draw,
    i,
    k,
    o,
    outsides,
    scalar,
    score,
    sigma,
    x,
)
from tests.codegen.scene import emitted, slope

target = IndexedBase("target", real=True)  # what the score of a pair should be
trust = IndexedBase("trust", real=True)  # how much a pair counts
margin = Symbol("margin", real=True)


def claim(id: str, left: Any, right: Any) -> Claim:
    return Claim(id, "new", "a test", "a test", scalar(left), scalar(right))


def squared_error() -> tuple[Kernel, tuple[Claim, ...]]:
    """Weighted least squares of the scores of a batch: a pair loss as in GloVe."""
    pair = score(centers[b], outsides[b]) - target[b]
    fit = define("fit", "fit", (), total(Rational(1, 2) * trust[b] * pair**2, b))
    claims = (
        claim(
            "fit.V",
            D(fit(), V[x, i]),
            total(KroneckerDelta(centers[b], x) * trust[b] * pair * U[outsides[b], i], b),
        ),
        claim(
            "fit.U",
            D(fit(), U[x, i]),
            total(KroneckerDelta(outsides[b], x) * trust[b] * pair * V[centers[b], i], b),
        ),
    )
    numbers = (
        Argument("target", target[b], (b,), ("B",)),
        Argument("trust", trust[b], (b,), ("B",)),
    )
    kernel = Kernel(
        name="value_and_grad",
        title="Weighted least squares.",
        loss=fit(),
        arguments=(*BATCH, *numbers),
        outputs=(
            Value("loss", fit()),
            Gradient("grad_V", "fit.V", (x, i)),
            Gradient("grad_U", "fit.U", (x, i), dense="U"),
        ),
        layout=LAYOUT,
        names={score(centers[b], outsides[b]): "scores"},
    )
    return kernel, claims


def margin_loss() -> tuple[Kernel, tuple[Claim, ...]]:
    """Negative sampling that asks for a margin on the outside word."""
    short = score(c, o) - margin
    negatives = total(log(sigma(-score(c, draw[k]))), k)
    loss = define("J_margin", "J_margin", (c, o), -log(sigma(short)) - negatives)(c, o)
    pull, push = 1 - sigma(short), 1 - sigma(-score(c, draw[k]))
    claims = (
        claim(
            "margin.v",
            D(loss, V[c, i]),
            total(push * U[draw[k], i], k) - pull * U[o, i],
        ),
        claim(
            "margin.U",
            D(loss, U[x, i]),
            (total(KroneckerDelta(draw[k], x) * push, k) - KroneckerDelta(x, o) * pull) * V[c, i],
        ),
    )
    kernel = Kernel(
        name="value_and_grad",
        title="Negative sampling with a margin.",
        loss=loss,
        arguments=(*PAIR, NEGATIVES, Argument("margin", margin, meaning="the margin")),
        outputs=(
            Value("loss", loss),
            Gradient("grad_v_c", "margin.v", (i,)),
            Gradient("grad_U", "margin.U", (x, i), dense="U"),
        ),
        layout=LAYOUT,
        rewrites=("e.complement",),
        calls=SIGMOIDS,
    )
    return kernel, claims


def built(kernel: Kernel, claims: tuple[Claim, ...], folder: Path) -> Any:
    claims = (*claims, *CLAIMS)
    require_fit(kernel, equalities(claims))
    return emitted([SIGMOID, Module("new.py", "New.", (kernel,))], claims, folder).new


def test_a_squared_error_is_lowered_from_its_claims(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    rows_V, rows_U = rng.standard_normal((4, 3)), rng.standard_normal((4, 3))
    center, outside = np.array([0, 2, 0, 3, 0]), np.array([1, 1, 1, 2, 3])
    wanted, counts = rng.standard_normal(5), rng.random(5)

    def expected() -> float:
        scores = (rows_V[center] * rows_U[outside]).sum(axis=1)
        return float((counts * (scores - wanted) ** 2).sum() / 2)

    value_and_grad = built(*squared_error(), tmp_path).value_and_grad
    loss, grad_V, grad_U = value_and_grad(rows_V, rows_U, center, outside, wanted, counts)
    assert loss == pytest.approx(expected(), rel=1e-13)
    assert list(grad_V.rows) == [0, 2, 3]
    assert grad_V.dense(4) == pytest.approx(slope(expected, rows_V), abs=1e-7)
    assert grad_U == pytest.approx(slope(expected, rows_U), abs=1e-7)


def test_a_margin_is_lowered_from_its_claims(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    v, rows, drawn = rng.standard_normal(3), rng.standard_normal((5, 3)), [1, 1, 2, 4]

    def expected() -> float:
        scores = rows @ v
        return float(np.log1p(np.exp(0.5 - scores[2])) + np.log1p(np.exp(scores[drawn])).sum())

    new = built(*margin_loss(), tmp_path)
    loss, grad_v, grad_U = new.value_and_grad(v, 2, rows, drawn, 0.5)
    assert loss == pytest.approx(expected(), rel=1e-13)
    assert grad_v == pytest.approx(slope(expected, v), abs=1e-7)
    assert grad_U == pytest.approx(slope(expected, rows), abs=1e-7)
    far = new.value_and_grad([1.0], 0, [[800.0]], [], 100.0)[0]
    assert far == pytest.approx(np.exp(-700.0), rel=1e-14)
    assert new.value_and_grad([1.0], 0, [[50.0]], [], 100.0)[0] == 50


def test_new_arguments_are_checked_like_the_others(tmp_path: Path) -> None:
    value_and_grad = built(*squared_error(), tmp_path).value_and_grad
    rows = np.ones((2, 1))
    with pytest.raises(ValueError, match=r"centers has shape \(2,\), should be \(1,\)"):
        value_and_grad(rows, rows, [0, 1], [1, 1], [1.0], [1.0])
    with pytest.raises(TypeError, match="trust is of dtype bool"):
        value_and_grad(rows, rows, [0], [1], [1.0], [True])
