"""What is declared of data: above zero, symmetric, between two numbers; only where declared."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from sympy import Abs, Expr, IndexedBase, Integer, Max, Rational, Symbol, exp, log, sqrt

from derivations.claim import (
    Assumed,
    Between,
    Claim,
    Condition,
    OneOfTwo,
    Positive,
    SumsTo,
    Symmetric,
)
from derivations.indices import Index, IndexSet, total
from derivations.language.tree import Derivative, Entry, IndexVariable, Number, Reference, Variable
from derivations.proof import functions_of_sums, normal_form
from derivations.proof.field import Field
from derivations.proof.judge import Disagreement, judge
from derivations.reader.derivation import UnreadableFile, derivation
from tests.proof.by_hand import PROVED, REFUTED, UNDECIDED, equality, h, i, j, n

P = IndexedBase("p")
s = Symbol("s", real=True)
t = Symbol("t", real=True)
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
def test_what_needs_positive_data_is_not_proved_where_none_are_declared(name: str) -> None:
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


SYMMETRIC = r"""
size n >= 1
matrix A in R^{n x n}, symmetric
matrix B in R^{n x n}
vector x, y in R^n
index i, j, k in 1..n
define q(x) = x^\top A x
"""
OF_SYMMETRIC = (
    r"A^\top = A",
    r"x^\top A y = y^\top A x",
    r"\nabla_x (x^\top A x) = 2 A x",
    r"\nabla_x q = 2 A x",
    r"\sum_i \sum_j \sum_k A_{ij} A_{jk} x_i y_k = \sum_i \sum_j \sum_k A_{kj} A_{ji} x_i y_k",
    r"(A B)^\top = B^\top A",
)


@pytest.mark.parametrize("line", OF_SYMMETRIC)
def test_a_symmetric_matrix_is_its_transpose(line: str) -> None:
    (claim,) = claims_of(SYMMETRIC, line)
    assert claim.conditions == (Symmetric(IndexedBase("A")),)
    assert judge(claim).verdict is PROVED


@pytest.mark.parametrize("line", OF_SYMMETRIC)
def test_a_matrix_that_is_not_declared_symmetric_is_not_its_transpose(line: str) -> None:
    (claim,) = claims_of(SYMMETRIC.replace(", symmetric", ""), line)
    assert judge(claim).verdict is REFUTED


@pytest.mark.parametrize("line", ["A B = B A", "A_{ij} x_j = A_{ji} x_i", r"A x = A^\top y"])
def test_what_is_false_of_a_symmetric_matrix_is_refuted_by_one(line: str) -> None:
    (claim,) = claims_of(SYMMETRIC, line)
    judgement = judge(claim)
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    given = judgement.witness.values
    off = {key for key in given if key in ("A[1,2]", "A[2,1]")}
    assert len(off) in (0, 2)
    assert given.get("A[1,2]") == given.get("A[2,1]")


def test_entries_of_a_symmetric_matrix_vary_as_if_independent_and_the_line_says_so() -> None:
    for line in (r"\nabla_A (x^\top A x) = x x^\top", r"\nabla_A q = x x^\top"):
        text = f"```given\n{SYMMETRIC}\n```\n\n$$ {line} $$\n"
        (found,) = derivation(text, "declared").lines
        assert judge(found.claim).verdict is PROVED
        assert "the entries of A, which is symmetric, vary as if independent" in found.notes


PROBABILITIES = r"""
size K >= 1
vector y, \theta in R^K
vector p in R^K, p_k > 0
index i, j, k in 1..K
define s_k = \frac{\exp(\theta_k)}{\sum_j \exp(\theta_j)}
define J = -\sum_k y_k \log s_k
if \sum_k y_k = 1
if \sum_k p_k = 1
"""
OF_PROBABILITIES = (
    r"\frac{\partial J}{\partial \theta_i} = s_i - y_i",
    r"J = \log \sum_j \exp(\theta_j) - \sum_k y_k \theta_k",
    r"\sum_{k \ne i} y_k = 1 - y_i",
    r"\sum_{k=1}^{K-1} y_k = 1 - y_K",
    r"\sum_i \sum_k y_i y_k \theta_i = \sum_i y_i \theta_i",
    r"\exp(\sum_k p_k) = \exp(1)",
)


@pytest.mark.parametrize("line", OF_PROBABILITIES)
def test_entries_add_up_to_what_is_given(line: str) -> None:
    (claim,) = claims_of(PROBABILITIES, line)
    assert judge(claim).verdict is PROVED


@pytest.mark.parametrize("line", OF_PROBABILITIES)
def test_without_the_condition_entries_do_not_add_up(line: str) -> None:
    lines = PROBABILITIES.splitlines()
    (claim,) = claims_of("\n".join(each for each in lines if not each.startswith("if")), line)
    assert judge(claim).verdict is REFUTED


@pytest.mark.parametrize(
    "line",
    [
        r"\sum_k y_k^2 = 1",
        r"\sum_k \theta_k = 1",
        r"\sum_{k \ne i} y_k = 1",
        r"\frac{\partial J}{\partial \theta_i} = s_i - 2 y_i",
        r"p_i = 1",
        r"\sum_k p_k^2 = \sum_k p_k",
    ],
)
def test_what_is_false_of_such_entries_is_refuted_by_such_entries(line: str) -> None:
    (claim,) = claims_of(PROBABILITIES, line)
    judgement = judge(claim)
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    given = {key: Fraction(value) for key, value in judgement.witness.values.items()}
    for name in "yp":
        entries = [value for key, value in given.items() if key.startswith(f"{name}[")]
        assert len(entries) < judgement.witness.sizes["K"] or sum(entries) == 1
    assert all(value > 0 for key, value in given.items() if key.startswith("p["))


def test_entries_that_add_up_do_not_vary_alone() -> None:
    (claim,) = claims_of(PROBABILITIES, r"\frac{\partial J}{\partial y_i} = -\log s_i")
    judgement = judge(claim)
    assert judgement.verdict is UNDECIDED
    assert "sum of y = 1" in judgement.reason


def test_the_condition_may_stand_under_a_display() -> None:
    lines = [each for each in PROBABILITIES.splitlines() if not each.startswith("if")]
    text = "\n".join(["```given", *lines, "```", "", r"$$\sum_{k \ne i} y_k = 1 - y_i$$"])
    (line,) = derivation(text + "\n- if $\\sum_k y_k = 1$\n", "declared").lines
    assert judge(line.claim).verdict is PROVED


def test_a_sum_of_something_else_is_refused_as_a_condition() -> None:
    for wrong in (r"\sum_k y_k \theta_k = 1", r"\sum_{k=2}^K y_k = 1", r"\sum_k y_k = \theta_1"):
        with pytest.raises(UnreadableFile):
            claims_of(f"{PROBABILITIES}\nif {wrong}", "y_1 = y_1")


BLOCK = "size n >= 1\nindex i, k in 1..n\nscalar s > 0\nscalar t\nvector p in R^n, p_k > 0"


def test_a_declaration_says_of_a_number_and_of_all_entries_that_they_are_positive() -> None:
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
        "size m >= 1\nmatrix A in R^{n x m}, symmetric",
        "scalar u > 1",
        "vector q in R^n, p_k > 0",
        "vector q in R^n, > 0",
        "vector q in R^n, q_k < 0",
    ],
)
def test_what_is_no_such_declaration_is_refused(wrong: str) -> None:
    with pytest.raises(UnreadableFile):
        claims_of(f"{BLOCK}\n{wrong}", "s = s")


SAMPLES = "size n >= 2\nindex i, j in 1..n\nvector x in R^n\ndefine m = \\frac{1}{n} \\sum_i x_i"
VARIANCE = (
    r"\frac{1}{n-1} \sum_i (x_i - m)^2 = \frac{\sum_i x_i^2 - n m^2}{n-1}",
    r"\frac{\sum_{i \ne j} x_i}{n-1} = \frac{n m - x_j}{n-1}",
)


@pytest.mark.parametrize("line", VARIANCE)
def test_a_size_that_is_not_small_may_be_divided_by_one_less(line: str) -> None:
    (claim,) = claims_of(SAMPLES, line)
    judgement = judge(claim)
    assert judgement.verdict is PROVED
    (claim,) = claims_of(SAMPLES.replace(">= 2", ">= 1"), line)
    assert judge(claim).verdict is UNDECIDED


def test_what_is_false_only_at_larger_sizes_is_refuted_there() -> None:
    (claim,) = claims_of(SAMPLES, r"\frac{1}{n-1} \sum_i (x_i - m)^2 = \sum_i x_i^2 - n m^2")
    judgement = judge(claim)
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    assert judgement.witness.sizes["n"] >= 3


m = Symbol("m", integer=True, nonnegative=True)


@pytest.mark.parametrize(
    "space",
    [
        IndexSet("window", -m, m),
        IndexSet("from 0", Integer(0), m),
        IndexSet("2 n", Integer(1), 2 * n),
    ],
    ids=lambda space: space.name,
)
def test_entries_over_any_range_may_add_up(space: IndexSet) -> None:
    one, other = Index("a", space), Index("b", space)
    given = SumsTo(total(P[one], one), Integer(1))
    assert judge(equality(total(P[other], other), 1, given)).verdict is PROVED
    assert judge(equality(total(P[other] ** 2, other), 1, given)).verdict is REFUTED


def test_a_size_that_cancels_may_be_declared_not_to_be_small() -> None:
    for line, verdict in (("n - n = 0", PROVED), ("n = n + 1", REFUTED)):
        (claim,) = claims_of(SAMPLES, line)
        assert judge(claim).verdict is verdict


def test_nothing_is_refuted_by_data_that_cannot_be() -> None:
    given = (SumsTo(total(P[h], h), Integer(0)), Positive(P))
    assert judge(equality(P[i], 7, *given)).verdict is UNDECIDED


a, b, r, x = (Symbol(name, real=True) for name in "abrx")
q, y, z = IndexedBase("q"), IndexedBase("y"), IndexedBase("z")


def between(of: Symbol | IndexedBase, lower: int = 0) -> tuple[Condition, ...]:
    above = () if lower else (Positive(of),)
    return (*above, Between(of, Rational(lower), Rational(1)))


UNIT = (*between(a), *between(b), *between(q), *between(r, -1))
BITS = (OneOfTwo(y, Integer(0)), OneOfTwo(t, Integer(1)))
ONE_HOT = (OneOfTwo(y, Integer(0)), SumsTo(total(y[h], h), Integer(1)))

RESTRICTED_NEEDED: dict[str, tuple[Expr, Expr, tuple[Condition, ...]]] = {
    "the root of a product": (sqrt(1 - a) * sqrt(1 - b), sqrt((1 - a) * (1 - b)), UNIT),
    "the root of a quotient": (sqrt((1 - b) / (1 - a * b)), sqrt(1 - b) / sqrt(1 - a * b), UNIT),
    "the logarithm of a product": (log((1 - a) * (1 - b)), log(1 - a) + log(1 - b), UNIT),
    "a product of sums": (log((a + b) * (1 + a)), log(a + b) + log(1 + a), UNIT),
    "under a sum": (
        total(log(q[h] * (1 - q[h])), h),
        total(log(q[h]) + log(1 - q[h]), h),
        UNIT,
    ),
    "the absolute value of a difference": (Abs(a - 1), 1 - a, UNIT),
    "between minus one and one": (sqrt(1 - r**2), sqrt(1 - r) * sqrt(1 + r), UNIT),
    "the square of a zero or one": (y[i] ** 2, y[i], BITS),
    "a product that is zero": (y[i] * (1 - y[i]) * z[i], Integer(0), BITS),
    "the square of a sign": (t**2 * x, x, BITS),
    "one over a sign": (x / t, x * t, BITS),
    "products of entries of which one is 1": (y[i] * y[j] * (y[i] - y[j]), Integer(0), ONE_HOT),
    "the square of a sum with one entry": (
        total(y[h] * z[h], h) ** 2,
        total(y[h] * z[h] ** 2, h),
        ONE_HOT,
    ),
}
FRACTIONS = (
    sqrt(a) * (1 - b) / (1 - a * b) + (1 - a) / ((1 - a * b) * sqrt(a)),
    1 / sqrt(a),
    UNIT,
)
RESTRICTED_FALSE: dict[str, tuple[Expr, Expr, tuple[Condition, ...]]] = {
    "the square of a number between 0 and 1": (a**2, a, UNIT),
    "the root of the square of one that has no sign": (sqrt(r**2), r, UNIT),
    "two probabilities": (a * b, a + b - a * b, UNIT),
    "the sum of many": (total(q[h], h), total(q[h] ** 2, h), UNIT),
    "a zero or one as a one": (y[i], Integer(1), BITS),
    "a sign as a one": (t, Integer(1), BITS),
    "the cube of a sign": (t**3, t**2, BITS),
    "a bit in an exponential": (exp(y[i] * x), 1 + y[i] * x, BITS),
    "two entries of which one is 1": (y[i] * y[j], y[i], ONE_HOT),
}


@pytest.mark.parametrize("name", RESTRICTED_NEEDED)
def test_what_is_said_of_numbers_is_used(name: str) -> None:
    left, right, said = RESTRICTED_NEEDED[name]
    assert judge(equality(left, right, *said)).verdict is PROVED


@pytest.mark.parametrize("name", RESTRICTED_NEEDED)
def test_what_needs_restricted_numbers_is_not_proved_of_all_numbers(name: str) -> None:
    left, right, _ = RESTRICTED_NEEDED[name]
    assert judge(equality(left, right)).verdict in (REFUTED, UNDECIDED)


@pytest.mark.parametrize("name", RESTRICTED_FALSE)
def test_what_is_false_falls_at_numbers_that_are_as_declared(name: str) -> None:
    left, right, said = RESTRICTED_FALSE[name]
    judgement = judge(equality(left, right, *said))
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    for key, written in judgement.witness.values.items():
        value = Rational(written)
        match key[0]:
            case "a" | "b" | "q":
                assert 0 < value < 1
            case "r":
                assert -1 < value < 1
            case "y":
                assert value in (0, 1)
            case "t":
                assert value in (-1, 1)


def test_five_probabilities_are_told_apart() -> None:
    five = [Symbol(f"p{number}", real=True) for number in range(5)]
    said = tuple(each for p in five for each in between(p))
    together, rest = Integer(1), Integer(1)
    for p in five:
        together, rest = together * p, rest * (1 - p)
    assert judge(equality(together + rest, 1, *said)).verdict is REFUTED
    assert judge(equality(log(rest), sum(log(1 - p) for p in five), *said)).verdict is PROVED


def test_what_is_one_of_two_does_not_vary() -> None:
    space = IndexSet("row", Integer(1), n)
    labels, at = Variable((space, None), "y"), IndexVariable(space, "i")
    entry = Entry(Reference(labels), (at,))
    claim = Claim("made.up", "", "", "", Derivative(entry, entry), Number(Fraction(1)), BITS)
    judgement = judge(claim)
    assert judgement.verdict is UNDECIDED
    assert "do not vary" in judgement.reason


def test_fractions_of_numbers_between_two_are_put_together() -> None:
    assert judge(equality(*FRACTIONS[:2], *UNIT)).verdict is PROVED


FAULTS: list[tuple[str, Any, str, Callable[..., Any], str]] = [
    (
        "y^2 is not y",
        functions_of_sums.Algebra,
        "_of_two",
        lambda self, atom, power: power,
        "the square of a",
    ),
    ("1/t is not t", Field, "_is_sign", lambda self, number: False, "one over a sign"),
    ("numerators are not looked at", normal_form, "vanishes", lambda terms: False, "fractions"),
    ("nothing is factored", functions_of_sums, "factors", lambda terms: None, "a product of"),
]


@pytest.mark.parametrize(("words", "owner", "name", "broken", "line"), FAULTS)
def test_a_step_that_is_missing_loses_a_proof(
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    owner: Any,
    name: str,
    broken: Callable[..., Any],
    line: str,
) -> None:
    normal_form._read.cache_clear()
    monkeypatch.setattr(owner, name, broken)
    lines = {**RESTRICTED_NEEDED, "fractions": FRACTIONS}
    left, right, said = next(lines[each] for each in lines if each.startswith(line))
    assert judge(equality(left, right, *said)).verdict is UNDECIDED, words
    normal_form._read.cache_clear()


@pytest.mark.parametrize("wrong", ["every number is a bit", "ends are forgotten"])
def test_a_condition_that_is_read_wrongly_is_found_out(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    """The exact field takes what is declared otherwise than the normal form does."""
    if wrong == "every number is a bit":
        monkeypatch.setattr(Assumed, "values_of", lambda self, key: (0, 1))
        claim = equality(t**2 * x, x, *BITS)
    else:
        monkeypatch.setattr(Assumed, "values_of", lambda self, key: None)
        claim = equality(y[i] ** 2, y[i], *BITS)
    with pytest.raises(Disagreement):
        judge(claim)
