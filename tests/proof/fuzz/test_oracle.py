"""The oracle: lexical scoping, certified values, and steps that are what they say."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from flint import arb, ctx
from sympy import Expr, KroneckerDelta, Sum, exp

from derivations.claim import Distinct, NotAmong, Unequal
from derivations.word2vec.losses import DRAWS, WORDS, N, U
from tests.proof.fuzz.cases import REWRITTEN, case
from tests.proof.fuzz.expressions import DRAWN, POOL, put
from tests.proof.fuzz.oracle import BITS, Instance, Undefined, place, random_instance, value

o, c, x, w = POOL[WORDS]
k, l = POOL[DRAWS]  # noqa: E741  # the names of the draws
TWO = Instance({"N": 2, "d": 1, "K": 0, "m": 0}, {w: 2, x: 1}, {}, Random(0))
TWO.values.update({("U", (1, 1)): arb(3), ("U", (2, 1)): arb(5)})


@pytest.fixture(autouse=True)
def _precise() -> Iterator[None]:
    with ctx.workprec(BITS):
        yield


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Sum(U[w, 1], (w, 1, N)), 8),
        (U[w, 1] * Sum(U[w, 1], (w, 1, N)), 40),
        (Sum(U[w, 1] * Sum(U[w, 1], (w, 1, N)), (w, 1, N)), 64),
        (Sum(Sum(U[w, 1], (w, 1, N)), (w, 1, N)), 16),
        (Sum(KroneckerDelta(w, x) * U[w, 1], (w, 1, N)), 3),
        (Sum(w, (w, 1, N)), 3),
        (Sum(U[x, 1], (k, 1, DRAWS.upper)), 0),
    ],
)
def test_a_name_means_what_the_innermost_sum_of_that_name_binds(
    expression: Expr, expected: int
) -> None:
    assert value(expression, {}, TWO) == expected


def test_division_by_zero_and_missing_draws_have_no_value() -> None:
    with pytest.raises(Undefined):
        value(1 / (U[w, 1] - 5), {}, TWO)
    with pytest.raises(Undefined):
        place(DRAWN[1], {}, TWO)


def test_an_exponential_is_a_small_ball() -> None:
    ball = value(exp(U[x, 1]), {}, TWO)
    assert ball.overlaps(arb(3).exp())
    assert ball.rad() < 1e-40


def test_substitution_renames_what_would_capture_unless_it_is_careless() -> None:
    body = Sum(U[w, 1] * U[x, 1], (w, 1, N))
    assert value(put(body, x, w), {}, TWO) == 8 * 5
    assert value(put(body, x, w, careful=False), {}, TWO) == 9 + 25


def test_instances_meet_the_conditions() -> None:
    conditions = (Unequal(o, c), NotAmong(o, DRAWN), Distinct(DRAWN))
    found = [random_instance(Random(seed), conditions) for seed in range(40)]
    kept = [instance for instance in found if instance is not None]
    assert len(kept) > 10
    for instance in kept:
        drawn = [word for (name, _), word in instance.words.items() if name == "n"]
        assert instance.free[o] != instance.free[c]
        assert instance.free[o] not in drawn
        assert len(drawn) == len(set(drawn))


def test_rewritten_sides_are_equal_wherever_both_have_a_value() -> None:
    compared = 0
    for number in range(400):
        drawn = case(10_000, number)
        instance = random_instance(Random(number), drawn.conditions, drawn.difference)
        if drawn.kind != REWRITTEN or instance is None:
            continue
        try:
            difference = value(drawn.difference, {}, instance)
        except Undefined:
            continue
        compared += 1
        empty = 0 in (instance.sizes["K"], instance.sizes["N"] - 1)
        assert empty or difference.contains(0) or not difference.is_finite(), drawn
    assert compared > 100
