"""What is refuted says by how much its sides differ, simplified, where that is short."""

from __future__ import annotations

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation

GIVEN = """\
```given
size n >= 1
index i, j in 1..n
vector w, x in R^n
matrix A in R^{n x n}
scalar \\lambda, a, b
```
"""


def difference(line: str) -> str:
    (entry,) = derivation(f"{GIVEN}$${line}$$", "own").lines
    judgement = judge(entry.claim)
    assert judgement.verdict is Verdict.REFUTED
    return judgement.difference


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (r"\lambda a = a", "(λ − 1) a"),
        (r"a - b = b - a", "2 (a − b)"),
        (r"-a = b", "−(a + b)"),
        (r"\lambda w = w", "(λ − 1) w[i]"),
        (r"\lambda w^T x = w^T x", "(λ − 1) Σ_i w[i] x[i]"),
        (r"\frac{a}{\lambda} = \frac{b}{\lambda}", "(a − b) / λ"),
        (r"\frac{a}{2} = \frac{b}{2}", "(a − b) / 2"),
        (r"\frac{1}{a} = 0", "1 / a"),
        (r"a + 1 = a", "1"),
        (r"\frac{1}{3} a = 0", "a / 3"),
        (r"A x = A^T x", "Σ_j A[i,j] x[j] − Σ_j A[j,i] x[j]"),
    ],
)
def test_the_difference_is_told(line: str, told: str) -> None:
    assert difference(line) == told


def test_a_derivative_of_an_unknown_function_in_numbers_to_try_reads_as_one() -> None:
    given = "```given\nscalar t, s\narbitrary L(t)\narbitrary G(t, s)\n```\n"
    derivative = r"\frac{\partial}{\partial t}"
    for line, name in (
        (f"{derivative} L(t^2) = L(t)", "L′(0)"),
        (f"{derivative} G = 1", "∂₁G(0, 0)"),
    ):
        (entry,) = derivation(f"{given}$${line}$$", "own").lines
        witness = judge(entry.claim).witness
        assert witness is not None
        assert name in witness.values


def test_a_long_difference_is_not_told() -> None:
    assert difference(r"(a + b)^9 = 0") == ""


def test_where_the_sides_are_equal_there_is_none() -> None:
    (entry,) = derivation(f"{GIVEN}$$a + b = b + a$$", "own").lines
    assert judge(entry.claim).difference == ""
