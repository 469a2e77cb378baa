"""How many bound indices a term holds: what the bound on sizes rests on."""

from collections import Counter

import pytest
from sympy import Expr, exp, log, pi, sqrt

from derivations.indices import total
from derivations.language.functions import ARCTAN, AbsoluteValue
from derivations.language.index_nodes import unfold
from derivations.proof.bound import NotCovered, degree
from derivations.word2vec.losses import (
    N,
    P,
    U,
    V,
    c,
    draw,
    h,
    i,
    j,
    k,
    naive_softmax,
    near,
    o,
    score,
    sigma,
    w,
    x,
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (U[o, i], {}),
        (total(U[w, i], w), {"word": 1}),
        (total(U[w, i], w) * total(V[w, i], w), {"word": 2}),
        (total(U[w, i], w) ** 3, {"word": 3}),
        (total(U[w, i], w) + total(V[w, i], w), {"word": 1}),
        (total(total(U[w, i] * V[x, i], w), x), {"word": 2}),
        (total(U[w, h] * V[w, h], h) * total(U[w, i], w), {"word": 1, "coordinate": 1}),
        (exp(score(c, o)), {}),
        (total(exp(score(c, w)), w), {"word": 1}),
        (sigma(score(c, o)), {}),
        (total(U[draw[k], i], k), {"draw": 1}),
        (total(U[near[j], i], j) ** 2, {"offset": 2}),
        (P(o, c), {}),
        (P(o, c) - U[o, i], {"word": 1}),
        (P(o, c) ** 2 - U[o, i], {"word": 2}),
        (total(P(w, c), w) - 1, {"word": 1}),
        (total(sqrt(1 + U[w, i] ** 2), w), {"word": 1}),
        (total(AbsoluteValue(U[w, i]), w) ** 2, {"word": 2}),
        (sqrt(pi) * ARCTAN.symbolic(U[o, i]), {}),
    ],
    ids=str,
)
def test_bound_indices_are_counted_once_denominators_are_cleared(
    expression: Expr, expected: dict[str, int]
) -> None:
    assert +degree(unfold(expression)) == Counter(expected)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (N * U[o, i], "the size N as a number"),
        (naive_softmax(c, o), "a sum inside a logarithm"),
        (log(total(U[w, i], w)), "a sum inside a logarithm"),
        (exp(total(U[w, i], w)), "a sum over words inside an exponential"),
        (exp(score(c, o)) + exp(total(U[o, h], h)), "exponentials of different sums"),
        (total(U[w, i] / total(U[x, i] * V[w, i], x), w), "depends on a bound index"),
        (sqrt(total(U[w, i] ** 2, w)), "Pow"),
        (sqrt(N) * U[o, i], "Pow"),
        (AbsoluteValue(total(U[w, i], w)), "AbsoluteValue"),
    ],
    ids=str,
)
def test_what_the_argument_does_not_cover_is_refused(expression: Expr, reason: str) -> None:
    with pytest.raises(NotCovered, match=reason):
        degree(unfold(expression))
