"""What is declared to be above zero: an assumption of the proof, and only where it is declared."""

from __future__ import annotations

import pytest
from sympy import Abs, Expr, IndexedBase, Integer, Max, Symbol, log, sqrt

from derivations.claim import Claim, Positive, Verdict
from derivations.indices import Index, IndexSet, total
from derivations.proof.judge import judge
from derivations.reader.derivation import UnreadableFile, derivation
from tests.proof.judged import equality

PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
n = Symbol("n", integer=True, positive=True)
ROWS = IndexSet("row", Integer(1), n)
i, h = Index("i", ROWS), Index("h", ROWS)
P = IndexedBase("p")
s, t = Symbol("s", real=True), Symbol("t", real=True)
DATA = (Positive(s), Positive(P))

NEEDED: dict[str, tuple[Expr, Expr]] = {
    "its absolute value": (Abs(s), s),
    "the absolute value of a product": (Abs(s * P[i]), s * P[i]),
    "of a sum": (Abs(s + P[i]), s + P[i]),
    "under a sum": (total(Abs(P[h]), h), total(P[h], h)),
    "the larger of it and zero": (Max(s, 0), s),
    "the root of its square": (sqrt(s**2), s),
    "the logarithm of its square": (log(s**2), 2 * log(s)),
}

FALSE: dict[str, tuple[Expr, Expr]] = {
    "the absolute value of another number": (Abs(t), t),
    "of a difference": (Abs(s - P[i]), s - P[i]),
    "a product with another number": (Abs(s * t), s * t),
    "two that are above zero": (s * P[i], s + P[i]),
    "minus its absolute value": (Abs(s), -s),
}


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_above_zero_is_taken_as_that_where_it_is_declared(name: str) -> None:
    assert judge(equality(*NEEDED[name], *DATA)).verdict is PROVED


@pytest.mark.parametrize("name", NEEDED)
def test_without_the_declaration_it_is_not_proved(name: str) -> None:
    assert judge(equality(*NEEDED[name])).verdict in (REFUTED, UNDECIDED)


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_for_positive_data_is_refuted_at_positive_data(name: str) -> None:
    judgement = judge(equality(*FALSE[name], *DATA))
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    given = {key: value for key, value in judgement.witness.values.items() if key[0] in "sp"}
    assert all(not value.startswith(("-", "0")) for value in given.values())


def claims_of(declared: str, line: str) -> list[Claim]:
    text = f"```given\n{declared}\n```\n\n$$ {line} $$\n"
    return [each.claim for each in derivation(text, "declared").lines]


BLOCK = "size n >= 1\nindex i, k in 1..n\nscalar s > 0\nscalar t\nvector p in R^n, p_k > 0"


def test_a_declaration_says_it_of_a_number_and_of_all_entries() -> None:
    (claim,) = claims_of(BLOCK, r"\log(s^2 p_i) = 2 \log s + \log p_i")
    assert claim.conditions == DATA
    assert judge(claim).verdict is PROVED


def test_a_line_is_claimed_under_what_concerns_it_only() -> None:
    (claim,) = claims_of(BLOCK, r"\log(t^2) = 2 \log t")
    assert claim.conditions == ()
    assert judge(claim).verdict is UNDECIDED
    (claim,) = claims_of(BLOCK, r"t \log(s^2) = 2 t \log s")
    assert claim.conditions == (Positive(s),)


def test_a_name_declared_anew_is_no_longer_above_zero() -> None:
    anew = f"{BLOCK}\n```\n\n## (b)\n\n```given\nscalar s"
    (claim,) = claims_of(anew, r"\log(s^2) = 2 \log s")
    assert claim.conditions == ()
    assert judge(claim).verdict is UNDECIDED


@pytest.mark.parametrize(
    "wrong",
    [
        "scalar u > 1",
        "vector q in R^n, p_k > 0",
        "vector q in R^n, > 0",
        "vector q in R^n, q_k < 0",
    ],
)
def test_what_is_no_such_declaration_is_refused(wrong: str) -> None:
    with pytest.raises(UnreadableFile):
        claims_of(f"{BLOCK}\n{wrong}", "s = s")
