"""The sample inputs of matrixcalculus.org: their derivatives, written out, are proved.

Each has a false twin beside it. The operators are those of the documentation page there.
"""

from __future__ import annotations

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation

GIVEN = r"""
size m, n, p >= 1
index i in 1..m
matrix A, X in R^{m x n}
matrix S in R^{n x n}
matrix Z in R^{n x n}, invertible
matrix B in R^{m x m}
matrix C in R^{n x p}
matrix D in R^{p x n}
vector x, w, u, v in R^n
vector y in R^m
scalar a > 0
scalar b
"""
LOSS = r"\nabla_w \sum_i \log(e^{-y \odot (X w)} + \mathbf{1})_i"
INSIDE = r"\frac{e^{-y \odot (X w)}}{e^{-y \odot (X w)} + \mathbf{1}}"
TRUE_AND_FALSE = {
    r"\nabla_x \left( \frac{1}{2} x^\top S x \right) = \frac{1}{2} (S + S^\top) x": (
        r"\nabla_x \left( \frac{1}{2} x^\top S x \right) = S x"
    ),
    r"\frac{\partial A e^x}{\partial x} = A \operatorname{diag}(e^x)": (
        r"\frac{\partial A e^x}{\partial x} = A \operatorname{diag}(x)"
    ),
    r"\nabla_x [(u \odot v)^\top x] = u \odot v": r"\nabla_x [(u \odot v)^\top x] = u \odot x",
    r"\frac{d}{da} a^b = b a^{b-1}": r"\frac{d}{da} a^b = a^{b-1}",
    r"\frac{d}{db} a^b = a^b \log a": r"\frac{d}{db} a^b = a^b",
    r"\nabla_x \lVert A x - y \rVert_1 = A^\top \operatorname{sign}(A x - y)": (
        r"\nabla_x \lVert A x - y \rVert_1 = A^\top (A x - y)"
    ),
    r"\nabla_x \lVert A x - y \rVert_2^2 = 2 A^\top (A x - y)": (
        r"\nabla_x \lVert A x - y \rVert_2^2 = A^\top (A x - y)"
    ),
    rf"{LOSS} = -X^\top \left( y \odot {INSIDE} \right)": (
        rf"{LOSS} = X^\top \left( y \odot {INSIDE} \right)"
    ),
    r"\nabla_X \operatorname{tr}(D X^\top B X C) = B^\top X D^\top C^\top + B X C D": (
        r"\nabla_X \operatorname{tr}(D X^\top B X C) = 2 B X C D"
    ),
    r"\nabla_Z \log(\det(\operatorname{inv}(Z))) = -Z^{-\top}": (
        r"\nabla_Z \log(\det(\operatorname{inv}(Z))) = Z^{-\top}"
    ),
    r"\frac{d}{db} \tan(b) = 1 + (\tan(b))^2": r"\frac{d}{db} \tan(b) = 1 - (\tan(b))^2",
    r"\frac{d}{db} \arcsin(b) = \frac{1}{\sqrt{1 - b^2}}": (
        r"\frac{d}{db} \arcsin(b) = \frac{1}{\sqrt{1 + b^2}}"
    ),
    r"\frac{d}{db} \arccos(b) = -\frac{1}{\sqrt{1 - b^2}}": (
        r"\frac{d}{db} \arccos(b) = \frac{1}{\sqrt{1 - b^2}}"
    ),
    r"\nabla_Z \operatorname{tr}(\operatorname{adj}(Z)) = "
    r"\det(Z) (\operatorname{tr}(Z^{-1}) I - Z^{-\top}) Z^{-\top}": (
        r"\nabla_Z \operatorname{tr}(\operatorname{adj}(Z)) = \det(Z) Z^{-\top}"
    ),
}


def verdict(line: str) -> Verdict:
    text = f"```given\n{GIVEN}\n```\n\n$$ {line} $$\n"
    (found,) = derivation(text, "matrix calculus").lines
    return judge(found.claim).verdict


@pytest.mark.parametrize("line", TRUE_AND_FALSE)
def test_a_derivative_is_proved(line: str) -> None:
    assert verdict(line) is Verdict.PROVED


@pytest.mark.parametrize("line", TRUE_AND_FALSE.values())
def test_its_false_twin_is_refuted(line: str) -> None:
    assert verdict(line) is Verdict.REFUTED
