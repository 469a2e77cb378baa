"""Size bound: how many sizes and patterns of equal words are decided, by degree and by count."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from sympy import Derivative, Expr, Integer, KroneckerDelta, Symbol, exp, log

from derivations.claim import Claim, Distinct, Equal, NotAmong, Proof, Unequal, Verdict
from derivations.indices import Index, IndexSum, total
from derivations.language.index_nodes import define
from derivations.language.tree import Array
from derivations.proof import judge as judge_module
from derivations.proof import reductions
from derivations.proof.decide import question_of
from derivations.proof.instances import signature_of
from derivations.proof.judge import by_size_bound, judge
from derivations.proof.reductions import cases_by_sign, generalised, merged
from derivations.reader.derivation import derivation
from derivations.report.statement import statement
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import (
    DRAWS,
    K,
    N,
    P,
    U,
    V,
    c,
    draw,
    i,
    j,
    k,
    naive_softmax,
    near,
    negative_sampling,
    o,
    other_draw,
    pair_loss,
    score,
    sigma,
    times_drawn,
    w,
    window,
    x,
)
from tests.proof.by_hand import PROVED, REFUTED, UNDECIDED, equality, judged

# The second argument for all sizes: sizes are checked up to the bound.


def bound_of(claim: Claim) -> Proof | None:
    shape = signature_of(claim)
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


def test_the_claims_that_the_size_bound_does_not_cover_are_known() -> None:
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
    for module in (judge_module, reductions):
        monkeypatch.setattr(module, "difference", lambda *_: ())
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


# Sums that run to a count of equal words, and lists read where they have no entry.


r, s = Index("r", DRAWS), Index("s", DRAWS)
times = define("times", "l[{x}]", (x,), times_drawn(x))
DRAWN = draw[k]
COUNTS = [times_drawn(DRAWN), times(DRAWN)]


def pushed(word: Expr) -> Expr:
    return log(sigma(-score(c, word)))


def split(count: Expr) -> Expr:
    """The loss of the draws, those of the word n[k] counted apart: the line as it is printed."""
    others = IndexSum(pushed(draw[r]), (r, count, K))
    return -others - IndexSum(pushed(DRAWN), (s, Integer(1), count))


def by_row(loss: Expr) -> Expr:
    return Derivative(loss, U[DRAWN, i], evaluate=False)


@pytest.mark.parametrize("count", COUNTS, ids=["written out", "by its name"])
def test_a_sum_from_a_count_that_includes_the_word_itself_is_refuted(count: Expr) -> None:
    claim = equality(by_row(split(count)), count * (1 - sigma(-score(c, DRAWN))) * V[c, i])
    judgement = judged(claim)
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    assert judgement.witness.sizes["K"] >= 1
    assert any(name.startswith("n[") for name in judgement.witness.words)


@pytest.mark.parametrize("count", COUNTS, ids=["written out", "by its name"])
def test_the_true_row_of_a_repeated_draw_is_never_refuted(count: Expr) -> None:
    """As many equal terms as the word was drawn."""
    repeated = IndexSum(pushed(DRAWN), (s, Integer(1), count))
    right = count * pushed(DRAWN)
    assert judged(equality(repeated, right)).verdict is UNDECIDED
    gradient = equality(by_row(-repeated), count * (1 - sigma(-score(c, DRAWN))) * V[c, i])
    assert judged(gradient).verdict is UNDECIDED
    assert judged(equality(repeated, right + V[c, i])).verdict is REFUTED


def test_a_count_of_all_draws_of_all_draws_bounds_a_sum() -> None:
    """Σ_{r,s} [n[r] = n[s]] is between K and K²: the entries past K have no value."""
    pairs = total(total(KroneckerDelta(draw[r], draw[s]), r), s)
    over = IndexSum(V[c, i], (k, Integer(1), pairs))
    assert judged(equality(over, pairs * V[c, i])).verdict is UNDECIDED
    assert judged(equality(over, K * V[c, i])).verdict is REFUTED
    assert judged(equality(over, K * V[c, i], Distinct(draw))).verdict is UNDECIDED


FROM_TWO = IndexSum(U[draw[k], i], (k, Integer(2), K))
TO_LAST_BUT_ONE = IndexSum(U[draw[k], i], (k, Integer(1), K - 1))
TOO_FAR = IndexSum(U[draw[k], i], (k, Integer(1), K + 1))
SHIFTED = IndexSum(U[draw[k + 1], i], (k, Integer(1), K - 1))
ALL = total(U[draw[k], i], k)


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (FROM_TWO, FROM_TWO, PROVED),
        (FROM_TWO, ALL, REFUTED),
        (FROM_TWO, TO_LAST_BUT_ONE, REFUTED),
        (FROM_TWO, SHIFTED, UNDECIDED),
        (TO_LAST_BUT_ONE, SHIFTED, REFUTED),
        (TO_LAST_BUT_ONE, ALL, REFUTED),
        (total(KroneckerDelta(k, 1) * U[draw[k], i], k) + FROM_TWO, ALL, UNDECIDED),
        (IndexSum(Integer(1), (k, Integer(2), K)), K - 1, REFUTED),
        (IndexSum(V[c, i], (k, Integer(1), K**2)), K**2 * V[c, i], PROVED),
        (IndexSum(V[c, i], (k, Integer(1), r)), r * V[c, i], PROVED),
        (IndexSum(V[c, i], (k, Integer(1), r - 1)), r * V[c, i], REFUTED),
        (IndexSum(V[c, i], (k, Integer(1), r)), K * V[c, i], REFUTED),
    ],
)
def test_sums_over_a_part_of_a_set(left: Expr, right: Expr, verdict: Verdict) -> None:
    assert judged(equality(left, right)).verdict is verdict


# A list has no entry where no index set has a member


@pytest.mark.parametrize(
    "expression",
    [TOO_FAR, ALL + U[draw[K + 1], i], ALL + U[draw[Integer(1)], i], ALL + U[draw[k + 1], i]],
    ids=["a sum one too far", "the entry after the last", "a first draw", "the next draw"],
)
def test_what_reads_a_list_outside_its_places_is_not_proved(expression: Expr) -> None:
    judgement = judged(equality(expression, expression))
    assert judgement.verdict is UNDECIDED
    assert "no value" in judgement.reason or "outside the fragment" in judgement.reason


def test_a_sum_one_too_far_is_not_proved_by_a_normal_form_that_errs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (judge_module, reductions):
        monkeypatch.setattr(module, "difference", lambda *_: ())
    judgement = judge(equality(TOO_FAR, TOO_FAR))
    assert judgement.verdict is UNDECIDED
    assert "no value" in judgement.reason


def test_where_both_sides_have_a_value_a_false_claim_still_falls() -> None:
    """A first draw, and the last one: the same where there is one draw, different at two."""
    judgement = judged(equality(ALL, ALL - U[draw[Integer(1)], i]))
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    assert judgement.witness.sizes["K"] == 1


def test_a_condition_on_an_entry_that_a_list_does_not_have_is_not_met() -> None:
    third = draw[Integer(3)]
    claim = equality(ALL + U[o, i], ALL + U[third, i], Equal(o, third))
    judgement = judged(claim)
    assert judgement.verdict is not REFUTED
    assert judged(equality(ALL, 0, Unequal(o, third))).verdict is REFUTED


# What counts of words do to the other arguments


def counted_bound_of(claim: Claim) -> object:
    shape = signature_of(claim)
    return by_size_bound(shape, cases_by_sign(*shape.sides), question_of(claim))


@pytest.mark.parametrize("expression", [split(COUNTS[0]), FROM_TWO, exp(FROM_TWO)])
def test_the_bound_on_sizes_does_not_cover_a_part_of_a_set(expression: Expr) -> None:
    assert counted_bound_of(equality(expression, expression)) is None


def test_a_word_is_no_number() -> None:
    to_word = IndexSum(V[c, i], (k, Integer(1), draw[r]))
    assert judged(equality(to_word, to_word)).verdict is UNDECIDED
    assert judged(equality(draw[r] * V[c, i], draw[r] * V[c, i])).verdict is UNDECIDED
    assert judged(equality(near[draw[r]], near[draw[r]])).verdict is UNDECIDED


ENDS = [Integer(0), Integer(1), K - 1, K, K + 1, *COUNTS, KroneckerDelta(draw[1], draw[2])]


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        pytest.param(*ends, marks=[pytest.mark.slow] if n % 3 else [])
        for n, ends in enumerate(product(ENDS, repeat=2))
    ],
)
def test_any_bounds_get_a_verdict_and_a_false_claim_no_proof(lower: Expr, upper: Expr) -> None:
    over = IndexSum(pushed(draw[r]), (r, lower, upper))
    gradient = equality(Derivative(over, U[x, i], evaluate=False), V[c, i])
    for claim in (gradient, equality(over, over + V[c, i])):
        assert judged(claim).verdict in (REFUTED, UNDECIDED)
    assert judged(equality(over, over)).verdict in (PROVED, UNDECIDED)


def test_the_loss_itself_is_not_the_split_one() -> None:
    plain = negative_sampling(c, o) + log(sigma(score(c, o)))
    assert judged(equality(plain, split(COUNTS[1]))).verdict is REFUTED


# What is true of any intermediates is proved of those at hand, and nothing else is.


CELL = r"""```given
size d >= 1
vector h, c, x in R^d
matrix W_f, W_i, W_o, W_g in R^{d x d}
use sigmoid
define f = \sigma(W_f h + x)
define i = \sigma(W_i h + x)
define o = \sigma(W_o h + x)
define g = \tanh(W_g h + x)
define s = f \odot c + i \odot g
define r = o \odot \tanh(s)
arbitrary L(r)
define twice = 2 f + 0 o
define q = \log(-1 - x^T x - \tanh(x^T x)^2) \cdot \log(-2 - x^T x) \cdot \log(-3 - x^T x)
```
"""


@pytest.mark.parametrize(
    "line",
    [
        r"\frac{\partial L}{\partial f} = \frac{\partial L}{\partial s} \odot c",
        r"\frac{\partial L}{\partial c} = \frac{\partial L}{\partial s} \odot f",
    ],
)
def test_a_cell_of_gates_is_proved_with_its_gates_as_variables(line: str) -> None:
    (found,) = derivation(f"{CELL}\n$${line}$$\n", "cell.md").lines
    general = generalised(found.claim)
    assert general is not None
    assert judge(found.claim).verdict is Verdict.PROVED
    assert judge(found.claim).claim is found.claim


def test_a_slip_in_a_cell_of_gates_is_refuted() -> None:
    line = r"\frac{\partial L}{\partial f} = \frac{\partial L}{\partial s} \odot i"
    (found,) = derivation(f"{CELL}\n$${line}$$\n", "cell.md").lines
    assert judge(found.claim).verdict is Verdict.REFUTED


def test_what_holds_of_these_intermediates_alone_is_proved_as_it_stands() -> None:
    line = r"twice + o \odot g + i + s + r = 2 f + o \odot g + i + s + r"
    (found,) = derivation(f"{CELL}\n$${line}$$\n", "cell.md").lines
    general = generalised(found.claim)
    assert general is not None
    assert judge(general).verdict is Verdict.REFUTED
    assert judge(found.claim).verdict is Verdict.PROVED


def test_what_has_no_value_anywhere_is_not_proved() -> None:
    line = f"{' + '.join(['q'] * 12)} = 12 q"
    (found,) = derivation(f"{CELL}\n$${line}$$\n", "cell.md").lines
    general = generalised(found.claim)
    assert general is not None
    assert judge(general).verdict is Verdict.PROVED
    assert judge(found.claim).verdict is Verdict.UNDECIDED


CENTER = Integer(0)
ROW = Derivative(naive_softmax(c, o), U[w, i], evaluate=False)
AS_OUTSIDE = (P(o, c) - 1) * V[c, i]


def test_the_row_of_the_outside_word_is_proved_where_the_words_are_equal() -> None:
    judgement = judged(equality(ROW, AS_OUTSIDE, Equal(w, o)))
    assert judgement.verdict is PROVED
    assert {proof.name for proof in judgement.proofs} >= {"normal form", "size bound"}


def test_without_the_condition_the_row_is_refuted() -> None:
    assert judged(equality(ROW, AS_OUTSIDE)).verdict is REFUTED


def test_with_the_condition_the_row_of_another_word_is_refuted() -> None:
    judgement = judged(equality(ROW, P(o, c) * V[c, i], Equal(o, w)))
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    assert judgement.witness.words["w"] == judgement.witness.words["o"]


def test_a_judgement_belongs_to_the_claim_as_it_was_stated() -> None:
    claim = equality(ROW, AS_OUTSIDE, Equal(w, o))
    assert judged(claim).claim == claim != merged(claim)[0]
    assert statement(claim).endswith("(w = o)")


def test_equal_words_are_equal_in_the_other_conditions_too() -> None:
    """x is not drawn and o is x: then no draw adds to the row of o."""
    drawn = total(KroneckerDelta(draw[k], o) * U[draw[k], i], k)
    absent = NotAmong(x, draw)
    assert judged(equality(drawn, 0, absent, Equal(x, o))).verdict is PROVED
    assert judged(equality(drawn, 0, absent)).verdict is REFUTED


def test_equalities_chain() -> None:
    claim = equality(U[w, i] + U[x, i], 2 * U[o, i], Equal(w, x), Equal(x, o))
    assert judged(claim).verdict is PROVED
    unchained = equality(U[w, i] + U[x, i], 2 * U[o, i], Equal(w, x))
    assert judged(unchained).verdict is REFUTED


@pytest.mark.parametrize(
    ("left", "right", "condition", "twin"),
    [
        (U[w, i], U[draw[k], i], Equal(w, draw[k]), Equal(x, draw[k])),
        (U[draw[k], i], U[draw[other_draw], i], Equal(k, other_draw), Unequal(k, other_draw)),
        (KroneckerDelta(j, 0) * V[c, i], V[c, i], Equal(j, CENTER), Unequal(j, CENTER)),
    ],
    ids=["an entry of a list", "places of a list", "the center of a window"],
)
def test_what_an_index_can_be_made_equal_to(
    left: Expr, right: Expr, condition: Equal, twin: Equal | Unequal
) -> None:
    assert judged(equality(left, right, condition)).verdict is PROVED
    assert judged(equality(left, right, twin)).verdict is REFUTED


# What is not written as one word stays a condition


def test_a_window_that_counts_its_center_is_refuted_where_the_center_is_the_word() -> None:
    whole = total(Derivative(pair_loss(c, near[j]), V[c, i], evaluate=False), j)
    gradient = Derivative(window(c), V[c, i], evaluate=False)
    judgement = judged(equality(gradient, whole, Equal(near[0], c)))
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    assert judgement.witness.words["near[0]"] == judgement.witness.words["c"]


def test_an_equality_of_list_entries_is_met_by_every_instance() -> None:
    """True of all words that meet it, but only the small sizes see that: not proved."""
    claim = equality(U[draw[k], i], U[near[j], i], Equal(draw[k], near[j]))
    assert judged(claim).verdict is UNDECIDED
    assert judged(equality(U[draw[k], i], U[o, i], Equal(draw[k], near[j]))).verdict is REFUTED


def test_an_index_inside_a_definition_stays() -> None:
    row = define("row", "row({i})", (i,), U[w, i])
    claim, put = merged(equality(row(i), U[o, i], Equal(w, o)))
    assert put == ((o, w),)
    assert judged(claim).verdict is PROVED
    assert judged(equality(row(i), U[o, i])).verdict is REFUTED


def test_an_axis_is_another_letter_than_one_of_a_condition() -> None:
    """A vector is equal entry by entry, at whatever word a condition calls by the axis' letter."""
    rows = Array(U[w, i], (w, None))
    for condition in (Equal(w, o), Equal(o, w)):
        same = Claim("a", "", "", "", rows, Array(U[x, i], (x, None)), (condition,))
        assert judged(same).verdict is PROVED
        one = Claim("a", "", "", "", rows, Array(U[o, i], (x, None)), (condition,))
        assert judged(one).verdict is REFUTED


def test_a_word_put_under_an_axis_of_its_letter_is_not_captured() -> None:
    products = Array(U[w, i] * U[o, i], (w, None))
    claim = Claim("a", "", "", "", products, Array(U[x, i] ** 2, (x, None)), (Equal(o, w),))
    assert merged(claim)[1] == ((o, w),)
    assert judged(claim).verdict is REFUTED
    right = Array(U[w, i] * U[x, i], (x, None))
    assert judged(replace(claim, right=right)).verdict is PROVED


def test_a_draw_that_need_not_exist_is_put_for_no_index() -> None:
    """With k = 1 there is a first draw; 1 put for k would be read where there is none."""
    claim = equality(U[draw[k], i], U[draw[Integer(1)], i], Equal(k, Integer(1)))
    assert merged(claim)[1] == ()
    assert judged(claim).verdict is UNDECIDED


def test_a_word_equal_to_itself_is_no_condition() -> None:
    assert judged(equality(U[o, i], U[o, i], Equal(o, o))).verdict is PROVED
    assert judged(equality(U[o, i], U[x, i], Equal(o, o))).verdict is REFUTED


def test_equal_and_unequal_words_prove_nothing() -> None:
    claim = equality(U[x, i], U[o, i], Equal(x, o), Unequal(x, o))
    judgement = judged(claim)
    assert judgement.verdict is UNDECIDED
    assert judgement.reason == "no small instance meets the conditions"
