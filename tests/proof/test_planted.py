"""False claims fall, needed conditions are needed, and a wrong rule or step proves nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import e, isclose
from typing import Any

import mpmath
import pytest
from sympy import Integer, KroneckerDelta

from derivations import verify
from derivations.claim import Claim, Condition, Proof, Verdict, Witness
from derivations.indices import total
from derivations.language.functions import ARCCOS
from derivations.proof import contraction, functions_of_sums, normal_form, reductions, sums
from derivations.proof import judge as judge_module
from derivations.proof.context import Context
from derivations.proof.functions_of_sums import Algebra
from derivations.proof.judge import Disagreement, judge
from derivations.proof.terms import Table, Term, Total
from derivations.reader.derivation import reading
from derivations.report.stdio import FAILED
from derivations.report.subject import Subject
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import U, V, b, c, draw, i, k
from tests.false_claims import SLIPS
from tests.planting import Mutant, instead
from tests.proof.by_hand import ByHand, equality, judged
from tests.reader.test_forms import verdict

# A false claim among the true ones is not proved, and the command fails.


CALLED = {claim.id: claim for claim in (*CLAIMS, *SLIPS)}


@pytest.mark.parametrize("part", sorted({slip.part for slip in SLIPS}))
def test_a_slip_under_another_name_is_not_proved(part: str) -> None:
    slip = next(slip for slip in SLIPS if slip.part == part)
    planted = replace(slip, id="b.planted", title="the gradient by the center vector")
    assert judge(planted).verdict is not Verdict.PROVED


def test_the_command_fails_when_a_slip_is_among_the_claims(
    capsys: pytest.CaptureFixture[str],
) -> None:
    planted = replace(CALLED["slip.e.plus"], id="e.planted")
    assert verify.main([], load=lambda: Subject((CALLED["e.forms"], planted), ())) == FAILED
    assert "e.planted" in capsys.readouterr().out


def test_the_command_fails_when_a_true_claim_is_among_the_slips(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verify.main([], load=lambda: Subject((), (CALLED["e.forms"],))) == FAILED
    assert "e.forms" in capsys.readouterr().out


# A wrong rule for what is one of two, odd, or beside a column times a row is found out.


GIVEN = r"""```given
size n >= 1
scalar y in \{0, 1\}
scalar z
matrix A in R^{n x n}, invertible
vector u, v in R^n
```
"""


def _found_out(line: str) -> bool:
    """Whether a line that a wrong rule makes true is not proved."""
    (entry,) = reading(f"{GIVEN}$${line}$$\n", "line.md").entries
    try:
        return judge(entry.claim).verdict.value != "proved"  # type: ignore[union-attr]
    except Disagreement:
        return True


def _exchanged(terms: Total, context: Context, of: Any = contraction.in_sum) -> Any:
    found = of(terms, context)
    return found and replace(found, first=found.second, second=found.first)


def _doubled(of: Table, context: Context, found: Any = contraction.rank_one_update) -> Any:
    parted = found(of, context)
    return parted and (parted[0], (parted[1][0], 2 * parted[1][1]))


VALUES = r"e^{y z} = y + (1 - y) e^z"
DETERMINANT = r"\det(A + u v^\top) = \det(A) (1 + 2 v^\top A^{-1} u)"
ODD = r"\arccos(-\frac{y}{2}) = -\arccos(\frac{y}{2})"
RULES = (
    Mutant(
        "the values are exchanged", (instead(contraction, "in_sum", _exchanged),), seen_by=VALUES
    ),
    Mutant(
        "the product counts twice",
        (instead(contraction, "rank_one_update", _doubled),),
        DETERMINANT,
    ),
    Mutant("an even function is odd", (instead(ARCCOS.symbolic, "odd", True),), ODD),
)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_wrong_rule_proves_nothing(rule: Mutant) -> None:
    with rule.planted():
        assert _found_out(rule.seen_by)


def test_the_lines_of_wrong_rules_are_false() -> None:
    text = GIVEN + "\n".join(f"$${rule.seen_by}$$\n" for rule in RULES)
    assert [verdict(entry) for entry in reading(text, "lines.md").entries] == ["refuted"] * 3


# Every false claim falls, and its counterexample is one: the numbers are worked out again.


SLACK = mpmath.mpf(10) ** -20


def witness_of(slip: Claim) -> Witness:
    witness = judged(slip).witness
    assert witness is not None
    return witness


def sigma(z: float) -> float:
    return float(1 / (1 + e**-z))


def middles(witness: Witness) -> tuple[float, float]:
    left, right = ((float(low) + float(high)) / 2 for low, high in (witness.left, witness.right))
    return left, right


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.id)
def test_a_slip_falls_with_its_mistake_named_and_numbers_that_show_it(slip: Claim) -> None:
    """Both sides are worked out again, and the conditions are met by no accident."""
    assert len(slip.title.split()) >= 3
    assert slip.place == "not printed" or slip.place.startswith(f"({slip.part})")
    judgement = judged(slip)
    if slip.misfit is not None:
        assert judgement.verdict is Verdict.ILL_TYPED
        assert judgement.reason
        assert judgement.witness is None
        return
    assert judgement.verdict is Verdict.REFUTED
    assert not judgement.reason
    witness = witness_of(slip)
    with mpmath.workdps(50):
        left, right = (tuple(map(mpmath.mpf, ends)) for ends in (witness.left, witness.right))
        assert left[0] <= left[1]
        assert right[0] <= right[1]
        assert left[1] + SLACK < right[0] or right[1] + SLACK < left[0]
        by_hand = ByHand(witness)
        for entry, (low, high) in zip(
            (slip.sides.left, slip.sides.right), (left, right), strict=True
        ):
            assert low - SLACK <= by_hand.value(entry, {}) <= high + SLACK
    assert_meets_the_conditions(slip, witness.words)


def assert_meets_the_conditions(slip: Claim, words: Mapping[str, int]) -> None:
    """The words are compared by their names."""
    drawn = [word for name, word in words.items() if name.startswith("w[")]
    for text in map(str, slip.conditions):
        if text == "x ≠ o":
            assert words["x"] != words["o"]
        elif text == "w distinct":
            assert len(set(drawn)) == len(drawn)
        else:
            assert text == "o not among w"
            assert words["o"] not in drawn


def test_there_are_slips_for_every_part_and_three_where_there_is_a_gradient() -> None:
    counts = Counter(slip.part for slip in SLIPS)
    assert len(SLIPS) >= 45
    assert all(counts[part] >= 3 for part in (*"abcdefgh", "batch", "spans", "stable"))


# A few worked with pencil and paper, formulas and all


def slip_called(name: str) -> Claim:
    (slip,) = (slip for slip in SLIPS if slip.id == name)
    return slip


def test_the_dropped_exp_by_pencil_and_paper() -> None:
    """One word, u = v = 1: the gradient is −1 + 1, the line printed says −1 + e/1."""
    witness = witness_of(slip_called("slip.b.dropped-exp"))
    assert witness.values == {"U[1,1]": "1", "V[1,1]": "1"}
    left, right = middles(witness)
    assert isclose(left, 0, abs_tol=1e-9)
    assert isclose(right, e - 1, rel_tol=1e-9)


def test_the_extra_factor_by_pencil_and_paper() -> None:
    """One word, u = 1 and v = −1: nothing to learn, but v (1 v − 1) is 2."""
    witness = witness_of(slip_called("slip.c.extra-factor-entrywise"))
    assert witness.values == {"U[1,1]": "1", "V[1,1]": "-1"}
    left, right = middles(witness)
    assert isclose(left, 0, abs_tol=1e-9)
    assert isclose(right, 2, rel_tol=1e-9)


def test_the_overlapping_split_by_pencil_and_paper() -> None:
    """One draw, which is x itself: −log σ(−z) once, not twice."""
    witness = witness_of(slip_called("slip.g.split-printed"))
    assert (witness.sizes["K"], witness.words["l"]) == (1, 1)
    left, right = middles(witness)
    once = -mpmath.log(sigma(0))
    assert isclose(left, once, rel_tol=1e-9)
    assert isclose(right, 2 * once, rel_tol=1e-9)


def test_the_window_with_its_center_by_pencil_and_paper() -> None:
    """No word on either side: the loss is the empty sum, the line printed has one term."""
    witness = witness_of(slip_called("slip.h.center-in-window"))
    assert witness.sizes["m"] == 0
    assert middles(witness) == (0, 1)


def test_the_wrong_argument_of_the_sigmoid_by_pencil_and_paper() -> None:
    """A sample with score 1: its gradient is σ(1), not 1 − σ(1)."""
    witness = witness_of(slip_called("slip.f.sample-argument"))
    left, right = middles(witness)
    assert isclose(left, sigma(1), rel_tol=1e-9)
    assert isclose(right, 1 - sigma(1), rel_tol=1e-9)


def test_the_lost_multiplicity_by_pencil_and_paper() -> None:
    """A word drawn twice at score 0: its gradient is 2 · ½ v, not ½ v."""
    witness = witness_of(slip_called("slip.f.sample-repeated"))
    assert witness.words["w[1]"] == witness.words["w[2]"] != witness.words["o"]
    assert middles(witness) == (1, 0.5)


# No condition is there for show: without it the claim falls.


NEEDED = [(claim, condition) for claim in CLAIMS for condition in claim.conditions]


@pytest.mark.parametrize(
    ("claim", "condition"), NEEDED, ids=[f"{claim.id}: {c}" for claim, c in NEEDED]
)
def test_without_its_condition_a_claim_is_refuted(claim: Claim, condition: Condition) -> None:
    others = tuple(other for other in claim.conditions if other != condition)
    twin = judged(replace(claim, conditions=others))
    assert judged(claim).verdict is Verdict.PROVED
    assert twin.verdict is Verdict.REFUTED
    assert twin.witness is not None


def test_some_claims_have_conditions() -> None:
    assert len(NEEDED) >= 9


WELL_SHAPED = [slip for slip in SLIPS if slip.misfit is None]
TERM, IDLE = Algebra.term, "_summed_out"


def outcome(claim: Claim) -> str:
    """The verdict, or that there is none because the arguments disagree."""
    try:
        return judge_module.judge(claim).verdict.value
    except Disagreement:
        return "disagreement"


def _zero(*_: object) -> tuple[()]:
    return ()


def _one(algebra: Algebra, *_: object) -> Total:
    return algebra.constant(1)


def _unsigned(algebra: Algebra, binders: Any, factors: Any, q: Fraction) -> Total:
    return TERM(algebra, binders, factors, abs(q))


def _sum_of_one(_: Algebra, binders: Any, product: Any, q: Fraction) -> Total:
    used = {number for atom, _ in product for number in atom.bound}
    kept = tuple(binder for binder in binders if binder.index.number in used)
    return ((Term(kept, product), q),)


def planted(meant: str, owner: object, name: str, broken: object, seen_by: str = "") -> Mutant:
    return Mutant(meant, (instead(owner, name, broken),), seen_by)


def test_a_normal_form_that_is_always_zero_proves_no_slip() -> None:
    """Where a side has no value at some instance there is nothing to disagree with."""
    where = (instead(module, "difference", _zero) for module in (judge_module, reductions))
    with Mutant("every difference is zero", tuple(where)).planted():
        found = {slip.id: outcome(slip) for slip in WELL_SHAPED}
    assert found.pop("slip.batch.mean") == "undecided"
    assert set(found.values()) == {"disagreement"}
    assert len(found) > 90


TOO_MUCH = [
    planted(*each)
    for each in [
        ("any two words differ", Context, "differ", lambda *_: True, "slip.d.only-o"),
        ("every delta is one", Algebra, "delta", _one, "slip.c.captured"),
        ("every delta is zero", Algebra, "delta", _zero, "slip.c.normaliser-constant"),
        ("every exponential is one", Algebra, "exp", _one, "slip.e.even"),
        ("division by anything is by one", Algebra, "inverse", _one, "slip.e.square"),
        ("logarithms vanish", Algebra, "log", _zero, "slip.a.sign"),
        ("signs are lost", Algebra, "term", _unsigned, "slip.e.odd"),
        ("a sum of ones is one", Algebra, IDLE, _sum_of_one, "slip.f.center-inside-sum"),
    ]
]


@pytest.mark.parametrize("mutant", TOO_MUCH, ids=str)
def test_a_step_that_proves_too_much_is_found_out(mutant: Mutant) -> None:
    slip = CALLED[mutant.seen_by]
    assert outcome(slip) == "refuted"
    with mutant.planted():
        assert outcome(slip) == "disagreement"


def test_a_delta_solved_out_of_range_is_found_out() -> None:
    """The draw with the number of a pair, where there may be fewer draws than pairs."""
    claim = equality(total(KroneckerDelta(k, b) * V[c, i], k), V[c, i])
    first = equality(total(KroneckerDelta(k, 1) * U[draw[k], i], k), U[draw[Integer(1)], i])
    assert outcome(claim) == "refuted"
    assert outcome(first) == "undecided"  # where there is no draw, the right side has no value
    with planted("all is in range", Context, "within", lambda *_: True).planted():
        assert outcome(claim) == "disagreement"
        assert outcome(first) == "undecided"


TOO_LITTLE = [
    planted(*each)
    for each in [
        ("no two words differ", Context, "differ", lambda *_: False, "c.other"),
        ("nothing is in range", Context, "within", lambda *_: False, "a.cross-entropy"),
        ("no delta is solved", contraction, "solved", lambda *_: None, "a.cross-entropy"),
        ("nothing is divided out", sums, "cancelled", lambda *_: None, "a.softmax"),
        ("nothing is positive", functions_of_sums, "positive", lambda *_: False, "stable.softplus"),
        ("sums lose their binder", Algebra, "bind", lambda _, body, __: body, "a.softmax"),
        ("every exponential is one", Algebra, "exp", _one, "stable.max-shift"),
    ]
]
# it sees what division does, too
NEVER_ZERO = instead(normal_form, "vanishes", lambda _: False)


@pytest.mark.parametrize("mutant", TOO_LITTLE, ids=str)
def test_a_step_that_proves_too_little_loses_the_proof(mutant: Mutant) -> None:
    with replace(mutant, changes=(NEVER_ZERO, *mutant.changes)).planted():
        assert outcome(CALLED[mutant.seen_by]) == "undecided"


def test_a_size_bound_that_fails_on_a_proved_claim_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failed = Proof("size bound", False, "fails at N = 3", 1)
    monkeypatch.setattr(judge_module, "by_size_bound", lambda *_: failed)
    with pytest.raises(Disagreement, match="fails at N = 3"):
        judge_module.judge(CALLED["b.entry"])
