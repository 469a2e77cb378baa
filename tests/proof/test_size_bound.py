"""How many sizes have to be decided, by degree and by count, and how long that may take."""

from dataclasses import replace

import pytest
from sympy import Expr, Integer, KroneckerDelta, Symbol, exp

from derivations.claim import Claim, Proof, Unequal, Verdict
from derivations.indices import total
from derivations.language.tree import Array
from derivations.proof import judge as judge_module
from derivations.proof import reductions
from derivations.proof.decide import question_of
from derivations.proof.judge import by_size_bound
from derivations.proof.reductions import cases_by_sign
from derivations.proof.size_signature import shape_of
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import N, U, draw, i, j, k, near, o, other_draw, w, x
from tests.proof.by_hand import equality, judged

# The second argument for all sizes: sizes are checked up to the bound.


def bound_of(claim: Claim) -> Proof | None:
    shape = shape_of(claim)
    return by_size_bound(shape, cases_by_sign(*shape.sides), question_of(claim))


def apart(*words: Expr) -> Expr:
    """One where no two of the words are equal, else zero."""
    pairs = [(a, b) for n, a in enumerate(words) for b in words[:n]]
    product = Integer(1)
    for a, b in pairs:
        product *= 1 - KroneckerDelta(a, b)
    return product


def over_all(summand: Expr, *indices: Expr) -> Expr:
    for index in indices:
        summand = total(summand, index)
    return summand


# Zero as long as no three words are different
THREE_WORDS = over_all(apart(w, x, o) * U[w, i] * U[x, i] * U[o, i], w, x, o)
# Zero as long as there are no two draws
TWO_DRAWS = over_all(apart(k, other_draw) * U[draw[k], i], k, other_draw)


# Which claims it covers


LOGARITHMS_OF_SUMS = {
    "a.cross-entropy",
    "a.naive-softmax",
    "a.scores",
    "stable.max-shift",
    "stable.loss",
}


def test_the_claims_it_does_not_cover_are_known() -> None:
    covered = {c.id for c in CLAIMS if "size bound" in {p.name for p in judged(c).proofs}}
    not_covered = {claim.id for claim in CLAIMS} - covered
    other_reasons = {"batch.naive.V", "batch.naive.U"}  # a sum below a bar for each pair
    not_bounded = {"spans.V", "spans.U", "spans.expected", "spans.lists"}  # divided by a size
    assert not_covered == LOGARITHMS_OF_SUMS | other_reasons | not_bounded


# False only from some size on


def test_a_claim_that_fails_from_three_words_on_is_refuted_at_three() -> None:
    judgement = judged(equality(THREE_WORDS, 0))
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.witness is not None
    assert judgement.witness.sizes["N"] == 3


def test_the_bound_alone_finds_a_failure_at_three_words() -> None:
    proof = bound_of(equality(THREE_WORDS, 0))
    assert proof is not None
    assert not proof.holds
    assert "'N': 3" in proof.detail or "N = 3" in proof.detail


def test_small_sizes_that_see_nothing_are_overruled_by_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A normal form that errs, sizes too small to notice: the third argument still does."""
    selection = judge_module.Selection({"d": 1}, 4, labels=2)
    monkeypatch.setitem(judge_module.SELECTIONS, "default", selection)
    monkeypatch.setattr(reductions, "difference", lambda *_: ())
    with pytest.raises(judge_module.Disagreement, match="normal form is zero"):
        judge_module.judge(equality(THREE_WORDS, 0))


@pytest.mark.parametrize("largest", [2, 3, 4, 5, 6])
def test_a_polynomial_in_the_size_is_never_proved_zero(largest: int) -> None:
    """(N − 1) (N − 2) … is zero at every size up to ``largest``."""
    product = Integer(1)
    for size in range(1, largest + 1):
        product *= N - size
    judgement = judged(equality(product, 0))
    assert judgement.verdict is (Verdict.REFUTED if largest < 4 else Verdict.UNDECIDED)


def test_a_claim_that_fails_from_two_draws_on_is_refuted_at_two() -> None:
    judgement = judged(equality(TWO_DRAWS, 0))
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.witness is not None
    assert judgement.witness.sizes["K"] == 2
    proof = bound_of(equality(TWO_DRAWS, 0))
    assert proof is not None
    assert not proof.holds


# Members given by their numbers are members no index names


@pytest.mark.parametrize(
    "expression",
    [
        total(U[w, i] - U[Integer(1), i], w),
        total(U[draw[k], i] - U[draw[Integer(1)], i], k),
        total(apart(j, Integer(1), Integer(0), Integer(-1)) * U[near[j], i], j),
    ],
    ids=["word 1", "draw 1", "places −1, 0 and 1"],
)
def test_a_member_given_by_its_number_is_not_covered(expression: Expr) -> None:
    assert bound_of(equality(expression, 0)) is None
    assert judged(equality(expression, 0)).verdict is Verdict.REFUTED


def test_a_condition_on_a_word_given_by_its_number_is_not_covered() -> None:
    claim = equality(total(U[w, i] - U[o, i], w), 0, Unequal(o, Integer(1)))
    assert bound_of(claim) is None
    assert judged(claim).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("power", "verdict"), [(1, Verdict.PROVED), (2, Verdict.REFUTED), (3, Verdict.PROVED)]
)
def test_places_of_a_window_that_count_as_numbers_are_not_any_members(
    power: int, verdict: Verdict
) -> None:
    claim = equality(total(j**power, j), 0)
    assert bound_of(claim) is None
    assert judged(claim).verdict is verdict


# A claim that would take for ever is given up, and never called proved.


def test_a_claim_is_given_up_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried = replace(judge_module.SELECTIONS["default"], most_seconds=-1)
    monkeypatch.setitem(judge_module.SELECTIONS, "default", hurried)
    judgement = judge_module.judge(CLAIMS[0])
    assert judgement.verdict is Verdict.UNDECIDED
    assert "not decided within" in judgement.reason


def test_a_counterexample_of_too_many_digits_is_passed_over() -> None:
    """exp(-z^51) is soon no number to write down; a small z tells the sides apart as well."""
    z = Symbol("z", real=True)
    sides = Array(exp(-(z**51))), Array(exp(-(z**51)) + z**51)
    judgement = judge_module.judge(Claim("large", "large", "", "", *sides))
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.seconds < 5
    assert judgement.witness is not None
    assert all(len(end) < 400 for end in (*judgement.witness.left, *judgement.witness.right))
