"""Exponentials of quotients and of exponentials, roots, and logarithms of all of these."""

from __future__ import annotations

import pytest
from sympy import Derivative, Expr, IndexedBase, Integer, Rational, Symbol, exp, log, sqrt

from derivations.claim import Condition, Verdict
from derivations.indices import Index, IndexSet, total
from derivations.language.data_conditions import Positive
from derivations.proof.judge import judge
from tests.proof.by_hand import equality

n = Symbol("n", integer=True, positive=True)
ROWS = IndexSet("row", Integer(1), n)
i, h, k = (Index(name, ROWS) for name in "ihk")
X = IndexedBase("x")
x, y, mu, sigma, tau = (Symbol(name, real=True) for name in ("x", "y", "mu", "sigma", "tau"))
ABOVE_ZERO: tuple[Condition, ...] = (Positive(sigma), Positive(tau))

density = exp(-((x - mu) ** 2) / (2 * sigma**2)) / (sigma * sqrt(2))
soft = exp(X[i] / tau) / total(exp(X[h] / tau), h)
hidden = 1 / (1 + exp(-x * y))
output = 1 / (1 + exp(-mu * hidden))
norm = sqrt(total(X[h] ** 2, h))

TRUE: dict[str, tuple[Expr, Expr]] = {
    "the slope of a density": (Derivative(density, x), -(x - mu) / sigma**2 * density),
    "its logarithm": (
        log(density),
        -log(sigma) - log(2) / 2 - (x - mu) ** 2 / (2 * sigma**2),
    ),
    "its slope by the scale": (
        Derivative(log(density), sigma),
        -1 / sigma + (x - mu) ** 2 / sigma**3,
    ),
    "a softmax with a temperature": (
        Derivative(log(soft), X[i]),
        (1 - soft) / tau,
    ),
    "the chain rule through two layers": (
        Derivative(output, y),
        output * (1 - output) * mu * hidden * (1 - hidden) * x,
    ),
    "a norm": (Derivative(norm, X[i]), X[i] / norm),
    "a normalised entry": (
        Derivative(X[i] / norm, X[i]),
        1 / norm - X[i] ** 2 / norm**3,
    ),
    "half-integer powers": (
        Derivative(tau ** Rational(-3, 2), tau),
        -Rational(3, 2) * tau ** Rational(-5, 2),
    ),
    "half an argument": (
        (exp(x / 2) - exp(-x / 2)) / (exp(x / 2) + exp(-x / 2)),
        (exp(x) - 1) / (exp(x) + 1),
    ),
    "a logarithm of what is given above zero": (
        log(sigma**2 * tau),
        2 * log(sigma) + log(tau),
    ),
    "a root of a square": (sqrt(sigma**2 * tau), sigma * sqrt(tau)),
}

FALSE: dict[str, tuple[Expr, Expr]] = {
    "a sign in the slope of a density": (Derivative(density, x), (x - mu) / sigma**2 * density),
    "half a logarithm forgotten": (
        log(density),
        -log(sigma) - log(2) - (x - mu) ** 2 / (2 * sigma**2),
    ),
    "a power of the scale": (
        Derivative(log(density), sigma),
        -1 / sigma + (x - mu) ** 2 / sigma**2,
    ),
    "the temperature forgotten": (Derivative(log(soft), X[i]), 1 - soft),
    "a factor of the chain rule forgotten": (
        Derivative(output, y),
        output * (1 - output) * hidden * (1 - hidden) * x,
    ),
    "a square of a norm": (Derivative(norm, X[i]), X[i] / norm**2),
    "a half-integer power one off": (
        Derivative(tau ** Rational(-3, 2), tau),
        -Rational(3, 2) * tau ** Rational(-3, 2),
    ),
    "half an argument forgotten": (
        (exp(x / 2) - exp(-x / 2)) / (exp(x / 2) + exp(-x / 2)),
        (exp(2 * x) - 1) / (exp(2 * x) + 1),
    ),
    "the root of a sum": (sqrt(sigma + tau), sqrt(sigma) + sqrt(tau)),
    "the logarithm of a sum": (log(sigma + tau), log(sigma) + log(tau)),
    "exponentials of quotients multiplied": (exp(x / tau) * exp(y / tau), exp(x * y / tau)),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_line_is_proved(name: str) -> None:
    judgement = judge(equality(*TRUE[name], *ABOVE_ZERO))
    assert judgement.verdict is Verdict.PROVED, judgement.reason


@pytest.mark.parametrize("name", FALSE)
def test_a_false_line_is_refuted_by_numbers(name: str) -> None:
    judgement = judge(equality(*FALSE[name], *ABOVE_ZERO))
    assert judgement.verdict is Verdict.REFUTED, judgement.reason
    assert judgement.witness is not None


def test_a_root_says_nothing_of_the_sign_of_what_it_is_of() -> None:
    assert judge(equality(sqrt(x**2), x)).verdict is Verdict.REFUTED
    assert judge(equality(sqrt(x) ** 2, x)).verdict is Verdict.PROVED
    assert judge(equality(log(x**2), 2 * log(x))).verdict is Verdict.UNDECIDED


def test_a_root_of_a_root_is_proved_or_left_open_and_never_refuted() -> None:
    nested = sqrt(2 + x**2 + 2 * sqrt(1 + x**2))
    assert judge(equality(nested, 1 + sqrt(1 + x**2))).verdict is Verdict.UNDECIDED
    assert judge(equality(nested**2, 2 + x**2 + 2 * sqrt(1 + x**2))).verdict is Verdict.PROVED
    assert judge(equality(nested, 2 + sqrt(1 + x**2))).verdict is Verdict.REFUTED
