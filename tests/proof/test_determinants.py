"""Traces and determinants: identities of them for all sizes, each with a false twin."""

from __future__ import annotations

import pytest

from derivations.claim import Judgement, Verdict
from derivations.proof.judge import judge
from derivations.proof.normal_form import normal_form
from derivations.proof.normal_form_text import spelled
from derivations.reader.derivation import derivation
from derivations.report.linear_notation import mathematics

PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
GIVEN = r"""
size n, d >= 1
matrix A, B in R^{n x n}
matrix M, N in R^{n x n}, invertible
matrix P, Q in R^{n x n}, positive definite
matrix S in R^{n x n}, symmetric
matrix X, Y in R^{d x n}
vector x, \mu in R^n
scalar c > 0
scalar b
index i, j in 1..n
define L = M^{-1}
define \ell = -\frac{1}{2} \log |P| - \frac{1}{2} (x - \mu)^\top P^{-1} (x - \mu)
"""
TRUE_AND_FALSE = {
    r"\operatorname{tr}(A B) = \operatorname{tr}(B A)": (
        r"\operatorname{tr}(A B) = \operatorname{tr}(A) \operatorname{tr}(B)"
    ),
    r"\operatorname{tr}(A B M) = \operatorname{tr}(M A B)": (
        r"\operatorname{tr}(A B M) = \operatorname{tr}(A M B)"
    ),
    r"\lVert X \rVert_F^2 = \operatorname{tr}(X^\top X)": (
        r"\lVert X \rVert_F = \operatorname{tr}(X^\top X)"
    ),
    r"\langle X, Y \rangle_F = \operatorname{tr}(X^\top Y)": (
        r"\langle X, Y \rangle_F = \operatorname{tr}(X^\top X)"
    ),
    r"\nabla_X \operatorname{tr}(X A X^\top) = X (A + A^\top)": (
        r"\nabla_X \operatorname{tr}(X A X^\top) = 2 X A"
    ),
    r"\nabla_M \operatorname{tr}(M^{-1} B) = -(M^{-1} B M^{-1})^\top": (
        r"\nabla_M \operatorname{tr}(M^{-1} B) = -M^{-1} B M^{-1}"
    ),
    r"\det(A B) = \det(A) \det(B)": r"\det(A + B) = \det(A) + \det(B)",
    r"\det(M^{-1}) = 1 / \det(M)": r"\det(M^{-1}) = \det(M)",
    r"\det(L) \det(M) = 1": r"\det(L) = \det(M)",
    r"\det(A^\top) = \det(A)": r"\det(A^\top) = -\det(A)",
    r"\det(c A) = c^n \det(A)": r"\det(c A) = c \det(A)",
    r"\det(\operatorname{diag}(x)) = \prod_i x_i": r"\det(\operatorname{diag}(x)) = \sum_i x_i",
    r"\nabla_M \log \det(M) = M^{-\top}": r"\nabla_M \log \det(M) = M^{-1}",
    r"\nabla_M \det(M) = \det(M) M^{-\top}": r"\nabla_M \det(M) = M^{-\top}",
    r"\log \det(P Q) = \log \det(P) + \log \det(Q)": r"\log \det(P Q) = \log \det(P) \log \det(Q)",
    r"\log |P^{-1}| = -\log |P|": r"\log |P^{-1}| = \log |P|",
    r"\nabla_P \log |P| = P^{-1}": r"\nabla_P \log |P| = 2 P^{-1}",
    r"\nabla_S (x^\top S x) = x x^\top": r"\nabla_S (x^\top S x) = 3 x x^\top",
    r"\frac{\partial \log |P|}{\partial P_{ij}} = (P^{-1})_{ij}": (
        r"\frac{\partial \log |P|}{\partial P_{ij}} = P_{ij}"
    ),
    r"\nabla_P \ell = \frac{1}{2} P^{-1} ((x - \mu) (x - \mu)^\top - P) P^{-1}": (
        r"\nabla_P \ell = P^{-1} ((x - \mu) (x - \mu)^\top - P) P^{-1}"
    ),
    r"|2\pi P|^{-1/2} = (2\pi)^{-n/2} |P|^{-1/2}": r"|2\pi P|^{-1/2} = (2\pi)^{-1/2} |P|^{-1/2}",
}


def judged(line: str, given: str = GIVEN) -> Judgement:
    text = f"```given\n{given}\n```\n\n$$ {line} $$\n"
    (found,) = derivation(text, "determinants").lines
    return judge(found.claim)


@pytest.mark.parametrize("line", TRUE_AND_FALSE)
def test_an_identity_of_determinants_and_traces_is_proved(line: str) -> None:
    assert judged(line).verdict is PROVED


@pytest.mark.parametrize("line", TRUE_AND_FALSE.values())
def test_its_false_twin_falls(line: str) -> None:
    assert judged(line).verdict is REFUTED


def test_a_logarithm_is_split_only_where_each_determinant_is_known_to_be_above_zero() -> None:
    line = r"\log \det(M N) = \log \det(M) + \log \det(N)"
    assert judged(line).verdict is UNDECIDED
    assert judged(line.replace("M", "P").replace("N", "Q")).verdict is PROVED


@pytest.mark.parametrize(
    "line",
    [
        r"\nabla_P \log |P| = 2 P^{-1} - \operatorname{diag}(\operatorname{diag}(P^{-1}))",
        r"\nabla_S \operatorname{tr}(S B) = \frac{1}{2} (B + B^\top)",
        r"\frac{\partial}{\partial S_{ij}} x^\top S x = (2 - \mathbb{1}_{i = j}) x_i x_j",
    ],
)
def test_what_is_true_under_another_convention_for_symmetric_matrices_is_not_refuted(
    line: str,
) -> None:
    judgement = judged(line)
    assert judgement.verdict is UNDECIDED
    assert "varied together" in judgement.reason
    assert (
        judged(
            line, GIVEN.replace("positive definite", "invertible").replace(", symmetric", "")
        ).verdict
        is REFUTED
    )


def test_a_determinant_is_shown_by_the_name_of_its_matrix() -> None:
    text = f"```given\n{GIVEN}\n```\n\n$$ \\det(A) = 1 $$\n"
    (line,) = derivation(text, "determinants").lines
    assert mathematics(line.claim.sides.left) == "det(A)"
    assert spelled(normal_form(line.claim.sides.left)) == ["det((A[i,w])_w,i)"]
