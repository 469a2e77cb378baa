"""Equalities multiplied by what is inverted in them, each with a false twin."""

from __future__ import annotations

import pytest

from derivations.claim import Claim, Judgement, Verdict
from derivations.proof import clear_inverses
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation

GIVEN = r"""
size n, k >= 1
matrix A, B in R^{n x n}, invertible
matrix S, T in R^{n x n}, positive definite
matrix H in R^{k x n}
matrix U in R^{n x k}
matrix V in R^{k x n}
matrix R in R^{k x k}, positive definite
vector x, y, m in R^n
vector z in R^k
scalar \lambda > 0
"""
TRUE_AND_FALSE = {
    r"(H^T H + \lambda I)^{-1} H^T = H^T (H H^T + \lambda I)^{-1}": (
        r"(H^T H + \lambda I)^{-1} H^T = H^T (H H^T + I)^{-1}"
    ),
    r"(H^T H + \lambda I)^{-1} H^T z = H^T (H H^T + \lambda I)^{-1} z": (
        r"(H^T H + \lambda I)^{-1} H^T z = H^T (H H^T + 2 \lambda I)^{-1} z"
    ),
    r"(I + A B)^{-1} A = A (I + B A)^{-1}": r"(I + A B)^{-1} A = A (I + A B)^{-1}",
    r"(A^{-1} + B^{-1})^{-1} = A (A + B)^{-1} B": r"(A^{-1} + B^{-1})^{-1} = A (A + B)^{-1} A",
    r"B^{-1} (A^{-1} + B^{-1})^{-1} A^{-1} = (A + B)^{-1}": (
        r"B^{-1} (A^{-1} + B^{-1})^{-1} B^{-1} = (A + B)^{-1}"
    ),
    r"A (I + A)^{-1} = (I + A)^{-1} A": r"A (I + B)^{-1} = (I + B)^{-1} A",
    r"(I + A)^{-1} + (I + A^{-1})^{-1} = I": r"(I + A)^{-1} + (I - A^{-1})^{-1} = I",
    r"(A + x y^T)^{-1} = A^{-1} - \frac{A^{-1} x y^T A^{-1}}{1 + y^T A^{-1} x}": (
        r"(A + x y^T)^{-1} = A^{-1} - \frac{A^{-1} x y^T A^{-1}}{1 - y^T A^{-1} x}"
    ),
    r"(A + x y^T)^{-1} x = \frac{A^{-1} x}{1 + y^T A^{-1} x}": (
        r"(A + x y^T)^{-1} x = \frac{A^{-1} x}{1 + x^T A^{-1} y}"
    ),
    r"(A + U V)^{-1} U = A^{-1} U (I + V A^{-1} U)^{-1}": (
        r"(A + U V)^{-1} U = A^{-1} U (I + V U)^{-1}"
    ),
    r"S H^T (H S H^T + R)^{-1} = (S^{-1} + H^T R^{-1} H)^{-1} H^T R^{-1}": (
        r"S H^T (H S H^T + R)^{-1} = (S^{-1} + H^T R H)^{-1} H^T R^{-1}"
    ),
    r"(S^{-1} + T^{-1})^{-1} (S^{-1} x + T^{-1} m) = T (S + T)^{-1} x + S (S + T)^{-1} m": (
        r"(S^{-1} + T^{-1})^{-1} (S^{-1} x + T^{-1} m) = S (S + T)^{-1} x + T (S + T)^{-1} m"
    ),
    r"\lambda z^T (\lambda I + H H^T)^{-1} z = z^T z - z^T H (\lambda I + H^T H)^{-1} H^T z": (
        r"\lambda z^T (\lambda I + H H^T)^{-1} z = z^T z + z^T H (\lambda I + H^T H)^{-1} H^T z"
    ),
}


def claim(line: str) -> Claim:
    text = f"```given\n{GIVEN}\n```\n\n$$ {line} $$\n"
    (read,) = derivation(text, "cleared").lines
    return read.claim


def verdict(line: str) -> Judgement:
    return judge(claim(line))


@pytest.mark.parametrize("line", TRUE_AND_FALSE)
def test_what_is_true_times_what_is_inverted_is_proved(line: str) -> None:
    found = verdict(line)
    assert found.verdict is Verdict.PROVED, found.reason


@pytest.mark.parametrize("line", TRUE_AND_FALSE.values())
def test_its_false_twin_falls(line: str) -> None:
    assert verdict(line).verdict is Verdict.REFUTED


@pytest.mark.parametrize("line", TRUE_AND_FALSE.values())
def test_its_false_twin_is_never_cleared_to_zero(line: str) -> None:
    sides = claim(line).sides
    assert not clear_inverses.equal_when_cleared(sides.left, sides.right, sides.axes, ())


def test_without_clearing_most_of_them_are_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = list(TRUE_AND_FALSE)[:3]
    monkeypatch.setattr(clear_inverses, "MOST_TRIED", -1)
    assert {verdict(line).verdict for line in lines} == {Verdict.UNDECIDED}


def test_an_array_that_stands_in_an_inverse_is_not_left_out() -> None:
    line = r"\operatorname{diag}(x)^{-1} x = \operatorname{diag}(y)^{-1} x"
    sides = claim(line).sides
    assert not clear_inverses.equal_when_cleared(sides.left, sides.right, sides.axes, ())


def test_sides_of_different_degrees_are_not_compared_by_their_derivatives() -> None:
    sides = claim(r"x^T A^{-1} y = 2 x^T A^{-1} y + \lambda").sides
    assert not clear_inverses.equal_when_cleared(sides.left, sides.right, sides.axes, ())
