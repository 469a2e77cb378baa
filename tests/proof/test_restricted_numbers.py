"""Numbers between two others, and numbers that are one of two: taken as that where declared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sympy import Abs, Expr, IndexedBase, Integer, Rational, Symbol, exp, log, sqrt

from derivations.claim import Claim, Condition, Verdict
from derivations.indices import Index, IndexSet, total
from derivations.language.data_conditions import Assumed, Between, OneOfTwo, Positive, SumsTo
from derivations.language.tree import Derivative, Entry, IndexVariable, Number, Reference, Variable
from derivations.proof import normal_form, sums
from derivations.proof.field import Field
from derivations.proof.judge import Disagreement, judge
from tests.proof.by_hand import equality

PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
n = Symbol("n", integer=True, positive=True)
ROWS = IndexSet("row", Integer(1), n)
i, j, h = Index("i", ROWS), Index("j", ROWS), Index("h", ROWS)
a, b, r, t, x = (Symbol(name, real=True) for name in "abrtx")
q, y, z = IndexedBase("q"), IndexedBase("y"), IndexedBase("z")


def between(of: Symbol | IndexedBase, lower: int = 0) -> tuple[Condition, ...]:
    above = () if lower else (Positive(of),)
    return (*above, Between(of, Rational(lower), Rational(1)))


UNIT = (*between(a), *between(b), *between(q), *between(r, -1))
BITS = (OneOfTwo(y, Integer(0)), OneOfTwo(t, Integer(1)))
ONE_HOT = (OneOfTwo(y, Integer(0)), SumsTo(total(y[h], h), Integer(1)))

NEEDED: dict[str, tuple[Expr, Expr, tuple[Condition, ...]]] = {
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
FALSE: dict[str, tuple[Expr, Expr, tuple[Condition, ...]]] = {
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


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_said_of_numbers_is_used(name: str) -> None:
    left, right, said = NEEDED[name]
    assert judge(equality(left, right, *said)).verdict is PROVED


@pytest.mark.parametrize("name", NEEDED)
def test_without_it_the_same_is_not_proved(name: str) -> None:
    left, right, _ = NEEDED[name]
    assert judge(equality(left, right)).verdict in (REFUTED, UNDECIDED)


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_falls_at_numbers_that_are_as_declared(name: str) -> None:
    left, right, said = FALSE[name]
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
    claim = Claim("made.up", "", "", "", Derivative(entry, entry), Number(1), BITS)
    judgement = judge(claim)
    assert judgement.verdict is UNDECIDED
    assert "do not vary" in judgement.reason


def test_fractions_of_numbers_between_two_are_put_together() -> None:
    assert judge(equality(*FRACTIONS[:2], *UNIT)).verdict is PROVED


FAULTS: list[tuple[str, Any, str, Callable[..., Any], str]] = [
    ("y^2 is not y", sums.Algebra, "_of_two", lambda self, atom, power: power, "the square of a"),
    ("1/t is not t", Field, "_is_sign", lambda self, number: False, "one over a sign"),
    ("numerators are not looked at", normal_form, "vanishes", lambda terms: False, "fractions"),
    ("nothing is factored", sums, "factors", lambda terms: None, "a product of"),
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
    lines = {**NEEDED, "fractions": FRACTIONS}
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
