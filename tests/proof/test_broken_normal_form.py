"""A normal form with a wrong step is found out.

The step shows as a Disagreement where it proves too much, and as a lost
proof where it proves too little; it never makes a false claim `proved`.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sympy import Integer, KroneckerDelta

from derivations.claim import Claim, Proof
from derivations.indices import total
from derivations.proof import contraction, judge, normal_form, reductions, sums
from derivations.proof.context import Context
from derivations.proof.judge import Disagreement
from derivations.proof.sums import Algebra
from derivations.proof.terms import (
    Term,
    Total,
)
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import U, V, b, c, draw, i, k
from tests.false_claims import SLIPS
from tests.planting import Mutant, instead
from tests.proof.by_hand import equality

CALLED = {claim.id: claim for claim in (*CLAIMS, *SLIPS)}
WELL_SHAPED = [slip for slip in SLIPS if slip.misfit is None]
TERM, IDLE = Algebra.term, "_summed_out"


def outcome(claim: Claim) -> str:
    """The verdict, or that there is none because the arguments disagree."""
    try:
        return judge.judge(claim).verdict.value
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
    with planted("every difference is zero", reductions, "difference", _zero).planted():
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
        ("nothing is positive", sums, "positive", lambda *_: False, "stable.softplus"),
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
    monkeypatch.setattr(judge, "by_size_bound", lambda *_: failed)
    with pytest.raises(Disagreement, match="fails at N = 3"):
        judge.judge(CALLED["b.entry"])
