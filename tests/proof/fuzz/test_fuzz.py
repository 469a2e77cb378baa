"""The fuzzing finds what is wrong, found faults stay mended, and its oracle is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from random import Random

import pytest
from flint import arb, ctx
from sympy import Expr, Integer, KroneckerDelta, Mul, Sum, Symbol, exp, log

from derivations.claim import Distinct, NotAmong, Unequal
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference, normal_form
from derivations.proof.terms import DividedSum, Exponential
from derivations.word2vec.losses import DRAWS, OFFSETS, WORDS, K, N, U, m
from tests.planting import Mutant
from tests.proof.fuzz.campaign import (
    BLIND,
    BLOCK,
    KINDS,
    MUTANTS,
    REWRITTEN,
    Tally,
    block,
    case,
    first_kill,
    jobs,
    main,
)
from tests.proof.fuzz.expressions import DRAWN, POOL, put
from tests.proof.fuzz.oracle import BITS, Instance, Undefined, place, random_instance, value

# What random expressions have found wrong with the normal form, each in its smallest form.


o, c, x, w = POOL[WORDS]
k, l = POOL[DRAWS]  # noqa: E741  # the names of the draws
j, _ = POOL[OFFSETS]
z, M = Symbol("z", real=True), Symbol("M", real=True)
E, F = exp(z), exp(M)


@pytest.mark.parametrize(
    "false_identity",
    [
        Sum(DRAWN[k], (k, 1, K)) - K * DRAWN[k],
        Sum(z, (Symbol("t"), 1, N)) - N * z,
    ],
    ids=["a word is no number", "a sum needs an index set"],
)
def test_what_cannot_be_read_soundly_leaves_the_fragment(false_identity: Expr) -> None:
    with pytest.raises(OutsideFragment):
        normal_form(false_identity)


def test_a_bound_that_moves_is_not_taken_out_of_the_sum_it_moves_with() -> None:
    inner = Sum(z, (k, 1, j))
    assert difference(Sum(inner, (j, -m, m)), (2 * m + 1) * inner) != ()


def test_an_index_is_the_number_it_is_and_no_parameter() -> None:
    assert difference(Sum(w, (w, 1, N)), N * w) != ()
    assert difference(Sum(w, (w, 1, N)), N * (N + 1) / 2) == ()


@pytest.mark.parametrize(
    "expression",
    [
        Sum(1 / K, (k, 1, K)) - 1,
        Sum(exp(U[DRAWN[l], 1]) / Sum(exp(U[DRAWN[k], 1]), (k, 1, K)), (l, 1, K)) - 1,
        1 / Sum(exp(U[w, 1]), (w, 2, N)),
        1 / KroneckerDelta(o, c),
    ],
)
def test_division_by_what_is_zero_at_some_sizes_or_words_leaves_the_fragment(
    expression: Expr,
) -> None:
    with pytest.raises(OutsideFragment, match="zero at some sizes"):
        normal_form(expression)


def test_a_delta_never_gets_below_the_bar_by_itself() -> None:
    form = normal_form(1 / (E * (KroneckerDelta(o, c) + E)))
    ((term, _), *others) = form
    assert not others
    assert {type(atom) for atom, _ in term.factors} == {Exponential, DividedSum}


@pytest.mark.parametrize("function", [exp, log, lambda inside: 1 / inside])
def test_a_function_of_a_delta_is_one_of_two_values(function: Callable[[Expr], Expr]) -> None:
    same = KroneckerDelta(DRAWN[k], o)
    left = function(E + same * exp(U[DRAWN[k], 1]))
    right = same * function(E + exp(U[o, 1])) + (1 - same) * function(E)
    assert difference(left, right) == ()
    assert difference(left, right - same) != ()
    assert difference(left, same * function(E + exp(U[o, 1]))) != ()


def test_a_case_is_taken_only_where_the_other_one_cannot_vanish() -> None:
    """Or what is divided by where o is not c would be zero where it is."""
    same, gap = KroneckerDelta(o, c), U[o, 1] - U[c, 1]
    assert difference(gap / (same + gap), Integer(1)) != ()
    assert difference(gap / (same + gap), 1 - same) == ()


def test_too_many_cases_are_no_loss_where_none_is_needed() -> None:
    same = [KroneckerDelta(*pair) for pair in combinations((o, c, x, w), 2)]
    inside = E + sum(s * exp(U[o, n]) for n, s in enumerate(same, start=1))
    assert difference(1 / inside + z, z + 1 / inside) == ()
    assert difference(1 / inside + z, 1 / inside) != ()


@pytest.mark.parametrize(
    "expression",
    [
        1 / (E * (E + F)) - 1 / (F * (E + F)),
        (E / (1 / (F + 3) + 2)) / (E + 1 / (F + 3)),
    ],
    ids=["two exponentials below the bar", "one denominator inside another"],
)
def test_division_comes_to_an_end(expression: Expr) -> None:
    assert normal_form(expression)


def test_a_product_of_many_sums_is_given_up_at_once() -> None:
    sums = [Sum(exp(U[w, 1] * U[x, n]), (w, 1, N)) for n in range(1, 9)]
    with pytest.raises(OutsideFragment, match="too many orders"):
        normal_form(Mul(*sums, Integer(1)))


def test_deep_nesting_is_given_up_without_a_crash() -> None:
    deep = z
    for _ in range(1500):
        deep = exp(deep, evaluate=False)
    with pytest.raises(OutsideFragment, match="too deeply"):
        normal_form(deep)


# The fuzzing finds planted faults; those that take it longer are in the table by command.


SOON = 100
QUICK = [mutant for mutant in MUTANTS if mutant.within <= SOON]


@pytest.mark.parametrize("mutant", QUICK, ids=lambda mutant: mutant.meant)
def test_a_planted_fault_is_found_within_its_number_of_expressions(mutant: Mutant) -> None:
    killed = first_kill(mutant, mutant.within, seed=0)
    assert killed is not None, f"{mutant.meant} survives {mutant.within} expressions"
    assert killed[1] != BLIND


@pytest.mark.slow
def test_conditions_that_are_ignored_show_in_the_figures() -> None:
    (blind,) = [mutant for mutant in MUTANTS if mutant.meant == "conditions ignored"]
    assert first_kill(blind, blind.within, seed=0) == (blind.within, BLIND)


@pytest.mark.parametrize("count", [60, pytest.param(300, marks=pytest.mark.slow)])
def test_nothing_is_found_where_nothing_is_planted(count: int) -> None:
    assert first_kill(Mutant("none", ()), count, seed=0) is None


def test_there_are_enough_faults_each_with_a_name_of_its_own() -> None:
    assert len({mutant.meant for mutant in MUTANTS}) == len(MUTANTS) >= 30
    assert len(QUICK) >= 20


def test_a_fault_is_gone_after_its_block() -> None:
    (lost,) = [mutant for mutant in MUTANTS if mutant.meant == "like terms replace each other"]
    entry = U[1, 1]
    with lost.planted():
        assert len(normal_form(entry - 2 * entry)) == 1
    assert normal_form(entry - entry) == ()


@pytest.mark.slow
def test_a_survivor_fails_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--mutants", "--count", "1", "--seed", "3"]) == 1
    assert "SURVIVES" in capsys.readouterr().out


# The seeded share of the random expressions, and what makes a run worth something.


SEED = 1_000_000


@pytest.mark.parametrize("share", [200, pytest.param(1200, marks=pytest.mark.slow)])
def test_no_random_expression_has_a_wrong_normal_form(share: int) -> None:
    tally = Tally()
    for job in jobs(share, SEED):
        tally.merge(block(job))
    assert not tally.reports, "\n".join(tally.reports)
    assert not tally.vacuous()
    assert tally.counts["zeros with other sides"] > share // 4
    assert tally.counts["zeros that need conditions"] > share // 100
    assert all(tally.counts[kind] for kind in KINDS)
    assert tally.counts["zeros, rewritten"] > 0.75 * tally.counts["rewritten"]
    assert tally.counts["given up"] < share // 100


def test_a_case_is_the_same_every_time_and_seeds_differ() -> None:
    assert case(3, 14) == case(3, 14)
    assert case(3, 14) != case(4, 14)


def test_blocks_cover_the_count_with_a_seed_each() -> None:
    assert list(jobs(2 * BLOCK + 5, 7)) == [(7, 0, BLOCK), (8, 0, BLOCK), (9, 0, 5)]


def test_a_run_without_zeros_or_conditions_is_an_error() -> None:
    assert len(Tally().vacuous()) == 5


@pytest.mark.slow
def test_the_command_ends_with_a_summary_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "120", "--seed", "5"]) == 0
    out = capsys.readouterr().out
    assert "0 wrong zeros, 0 wrong values, 0 crashes" in out
    assert "seeds 5 to 5" in out


def test_the_command_shows_a_single_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "5:3"]) == 0
    assert "1 expressions" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [["--count", "0"], ["--jobs", "x"], ["--only", "5"], ["more"]])
def test_wrong_usage_is_status_2(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(wrong)
    assert ended.value.code == 2


TWO = Instance({"N": 2, "d": 1, "K": 0, "m": 0}, {w: 2, x: 1}, {}, Random(0))
TWO.values.update({("U", (1, 1)): arb(3), ("U", (2, 1)): arb(5)})


@pytest.fixture
def precise() -> Iterator[None]:
    with ctx.workprec(BITS):
        yield


@pytest.mark.usefixtures("precise")
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


@pytest.mark.usefixtures("precise")
def test_division_by_zero_and_missing_draws_have_no_value() -> None:
    with pytest.raises(Undefined):
        value(1 / (U[w, 1] - 5), {}, TWO)
    with pytest.raises(Undefined):
        place(DRAWN[1], {}, TWO)


@pytest.mark.usefixtures("precise")
def test_an_exponential_is_a_small_ball() -> None:
    ball = value(exp(U[x, 1]), {}, TWO)
    assert ball.overlaps(arb(3).exp())
    assert ball.rad() < 1e-40


@pytest.mark.usefixtures("precise")
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


@pytest.mark.usefixtures("precise")
def test_rewritten_sides_are_equal_wherever_both_have_a_value() -> None:
    compared = 0
    for number in range(150):
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
    assert compared > 35
