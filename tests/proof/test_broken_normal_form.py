"""A normal form with a wrong step is found out.

The step shows as a Disagreement where it proves too much, and as a lost
proof where it proves too little; it never makes a false claim `proved`.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from sympy import Integer, KroneckerDelta

from derivations.claim import Claim, Proof
from derivations.indices import total
from derivations.proof import contraction, judge, normal_form, signs, sums
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
from tests.proof.judged import equality

CALLED = {claim.id: claim for claim in (*CLAIMS, *SLIPS)}
WELL_SHAPED = [slip for slip in SLIPS if slip.misfit is None]
TERM, IDLE = Algebra.term, "_summed_out"


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    """What a broken program worked out must not be found by the next test."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    normal_form._read.cache_clear()


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


@pytest.mark.parametrize("slip", WELL_SHAPED, ids=lambda slip: slip.id)
def test_a_normal_form_that_is_always_zero_proves_no_slip(
    monkeypatch: pytest.MonkeyPatch, slip: Claim
) -> None:
    """Where a side has no value at some instance there is nothing to disagree with."""
    monkeypatch.setattr(signs, "difference", _zero)
    assert outcome(slip) == ("undecided" if slip.id == "slip.batch.mean" else "disagreement")


@pytest.mark.parametrize(
    ("fault", "owner", "name", "broken", "slip"),
    [
        ("any two words differ", Context, "differ", lambda *_: True, "slip.d.only-o"),
        ("every delta is one", Algebra, "delta", _one, "slip.c.captured"),
        ("every delta is zero", Algebra, "delta", _zero, "slip.c.normaliser-constant"),
        ("every exponential is one", Algebra, "exp", _one, "slip.e.even"),
        ("division by anything is by one", Algebra, "inverse", _one, "slip.e.square"),
        ("logarithms vanish", Algebra, "log", _zero, "slip.a.sign"),
        ("signs are lost", Algebra, "term", _unsigned, "slip.e.odd"),
        ("a sum of ones is one", Algebra, IDLE, _sum_of_one, "slip.f.center-inside-sum"),
    ],
)
def test_a_step_that_proves_too_much_is_found_out(
    monkeypatch: pytest.MonkeyPatch, fault: str, owner: Any, name: str, broken: Any, slip: str
) -> None:
    assert outcome(CALLED[slip]) == "refuted"
    _forget()
    monkeypatch.setattr(owner, name, broken)
    assert outcome(CALLED[slip]) == "disagreement", fault


def test_a_delta_solved_out_of_range_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The draw with the number of a pair, where there may be fewer draws than pairs."""
    claim = equality(total(KroneckerDelta(k, b) * V[c, i], k), V[c, i])
    first = equality(total(KroneckerDelta(k, 1) * U[draw[k], i], k), U[draw[Integer(1)], i])
    assert outcome(claim) == "refuted"
    assert outcome(first) == "undecided"  # where there is no draw, the right side has no value
    _forget()
    monkeypatch.setattr(Context, "within", lambda *_: True)
    assert outcome(claim) == "disagreement"
    assert outcome(first) == "undecided"


@pytest.mark.parametrize(
    ("fault", "owner", "name", "broken", "claim"),
    [
        ("no two words differ", Context, "differ", lambda *_: False, "c.other"),
        ("nothing is in range", Context, "within", lambda *_: False, "a.cross-entropy"),
        ("no delta is solved", contraction, "solved", lambda *_: None, "a.cross-entropy"),
        ("nothing is divided out", sums, "cancelled", lambda *_: None, "a.softmax"),
        ("nothing is positive", sums, "positive", lambda *_: False, "stable.softplus"),
        ("sums lose their binder", Algebra, "bind", lambda _, body, __: body, "a.softmax"),
        ("every exponential is one", Algebra, "exp", _one, "stable.max-shift"),
    ],
)
def test_a_step_that_proves_too_little_loses_the_proof(
    monkeypatch: pytest.MonkeyPatch, fault: str, owner: Any, name: str, broken: Any, claim: str
) -> None:
    monkeypatch.setattr(normal_form, "vanishes", lambda _: False)  # it sees what division does, too
    monkeypatch.setattr(owner, name, broken)
    assert outcome(CALLED[claim]) == "undecided", fault


def test_a_size_bound_that_fails_on_a_proved_claim_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failed = Proof("size bound", False, "fails at N = 3", 1)
    monkeypatch.setattr(judge, "by_size_bound", lambda *_: failed)
    with pytest.raises(Disagreement, match="fails at N = 3"):
        judge.judge(CALLED["b.entry"])
