"""Bounds by counting roaming indices, and claims with many sizes."""

from __future__ import annotations

from itertools import product

import pytest
from sympy import Derivative, Expr, Integer, KroneckerDelta, exp, log

from derivations.claim import Claim, Distinct, Equal, Unequal, Verdict
from derivations.indices import Index, IndexSum, total
from derivations.language.index_nodes import define
from derivations.proof.decide import question_of
from derivations.proof.judge import by_size_bound, judge
from derivations.proof.reductions import cases_by_sign, generalised
from derivations.proof.size_signature import shape_of
from derivations.reader.derivation import derivation
from derivations.word2vec.losses import (
    DRAWS,
    K,
    U,
    V,
    c,
    draw,
    i,
    k,
    near,
    negative_sampling,
    o,
    score,
    sigma,
    times_drawn,
    x,
)
from tests.proof.by_hand import equality, judged

# Sums that run to a count of equal words, and lists read where they have no entry.


PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
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
    monkeypatch.setattr("derivations.proof.reductions.difference", lambda *_: ())
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


def bound_of(claim: Claim) -> object:
    shape = shape_of(claim)
    return by_size_bound(shape, cases_by_sign(*shape.sides), question_of(claim))


@pytest.mark.parametrize("expression", [split(COUNTS[0]), FROM_TWO, exp(FROM_TWO)])
def test_the_bound_on_sizes_does_not_cover_a_part_of_a_set(expression: Expr) -> None:
    assert bound_of(equality(expression, expression)) is None


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


def test_a_slip_in_it_is_refuted() -> None:
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
