"""Signs of terms, linear conditions, half angles, towers of exponentials, roots and logarithms."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from sympy import (
    Abs,
    Derivative,
    Expr,
    IndexedBase,
    Integer,
    Max,
    Min,
    Piecewise,
    Rational,
    Symbol,
    exp,
    log,
    sqrt,
)

from derivations.claim import (
    AtLeast,
    Claim,
    Condition,
    Judgement,
    Positive,
    Signed,
    Unequal,
    Verdict,
    possible,
)
from derivations.indices import total
from derivations.language import tree
from derivations.language.functions import EXP, LOG, Above, AbsoluteValue, SignOf
from derivations.language.tree import IndexVariable, Term, Variable
from derivations.proof import decide
from derivations.proof import judge as judging
from derivations.proof.decide import Balls, Disagreement
from derivations.proof.domain import angle_sum, multiple_angle, of_turn, quarter_turn
from derivations.proof.evaluate import Instance
from derivations.proof.fragment import OutsideFragment
from derivations.proof.judge import judge
from derivations.proof.normal_form import difference, normal_form
from derivations.proof.reductions import by_signs, cases_by_sign
from derivations.reader.derivation import reading
from tests.language.terms import whole
from tests.planting import forget
from tests.proof.by_hand import PROVED, REFUTED, ROWS, UNDECIDED, equality, h, i, k, n

# Cases by sign: for each branching term at each index, asked for where a sign is needed.


X, Y = IndexedBase("x"), IndexedBase("y")
x, y, z = (Symbol(name, real=True) for name in "xyz")


def verdict(left: Expr, right: Expr | int) -> Verdict:
    return judge(equality(left, right)).verdict


# Claims typed in Python: |z|, min, max and cases


TRUE: dict[str, tuple[Expr, Expr]] = {
    "the absolute value of a product": (Abs(x * y), Abs(x) * Abs(y)),
    "of a quotient": (Abs(x / y) * Abs(y), Abs(x)),
    "of a difference": (Abs(x - y), Abs(y - x)),
    "its square": (Abs(x - y) ** 2, (x - y) ** 2),
    "the larger of two": (Max(x, y), (x + y + Abs(x - y)) / 2),
    "the larger and the smaller": (Max(x, y) + Min(x, y), x + y),
    "the positive part": (Max(x, 0) - Max(-x, 0), x),
    "cases of zero and above": (Piecewise((x, x >= 0), (-x, True)), Abs(x)),
    "cases of two": (Piecewise((x, x < y), (y, True)), Min(x, y)),
    "at an index": (Abs(X[i]) ** 2, X[i] ** 2),
    "under a sum": (total(Abs(X[h]) ** 2, h), total(X[h] ** 2, h)),
    "of what is positive": (Abs(1 + x**2 + exp(y)), 1 + x**2 + exp(y)),
}

FALSE: dict[str, tuple[Expr, Expr]] = {
    "a number for its absolute value": (Abs(x), x),
    "of a sum": (Abs(x + y), Abs(x) + Abs(y)),
    "one sign for all entries": (total(Abs(X[h]), h), Abs(total(X[h], h))),
    "signs of two entries exchanged": (Abs(X[i]) * Y[i], X[i] * Abs(Y[i])),
    "min for max": (Max(x, y), Min(x, y)),
    "cases exchanged": (Piecewise((-x, x >= 0), (x, True)), Abs(x)),
    "under a sum": (total(Abs(X[h]), h), total(X[h], h)),
}


def test_cases_are_split_only_where_a_sign_decides_something(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs = [*TRUE.values(), *FALSE.values(), (X[i] + X[i], 2 * X[i])]
    found = [cases_by_sign(left, right) for left, right in pairs]
    assert [judging._cases(left, right, ()) for left, right in pairs] == found
    monkeypatch.setattr(judging, "_compares", lambda term: False)
    assert (
        sum(
            judging._cases(left, right, ()) != cases
            for (left, right), cases in zip(pairs, found, strict=True)
        )
        > 10
    )


@pytest.mark.parametrize("name", TRUE)
def test_what_holds_whatever_the_signs_is_proved(name: str) -> None:
    assert verdict(*TRUE[name]) is PROVED


@pytest.mark.parametrize("name", FALSE)
def test_what_fails_for_some_signs_is_refuted_by_numbers(name: str) -> None:
    judgement = judge(equality(*FALSE[name]))
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None


def test_a_true_line_that_fails_for_signs_that_no_numbers_have_is_not_refuted() -> None:
    """x above zero and x + 1 below it: a case that holds nowhere."""
    left = Abs(x) + Abs(x + 1) + Abs(Abs(x) + x + 1)
    assert verdict(Max(x, x + 1), x + 1) is PROVED
    assert verdict(left - Abs(x) - Abs(x + 1), Abs(x) + x + 1) is not REFUTED


def test_zero_on_the_other_side_is_undecided() -> None:
    step = Piecewise((Integer(1), x > 0), (Integer(0), True))
    closed = Piecewise((Integer(1), x >= 0), (Integer(0), True))
    assert verdict(step, closed) is UNDECIDED


def test_the_split_for_all_sizes_is_on_terms_and_not_on_letters() -> None:
    (one, other) = cases_by_sign(Abs(2 * x - 2 * y) + Abs(y - x), Integer(0))
    assert {term for case in (one, other) for term in case.signs} in ({x - y}, {y - x})
    assert len(cases_by_sign(Abs(x * y) + Abs(x) * exp(Abs(y)), Integer(0))) == 4
    assert len(cases_by_sign(total(Abs(X[h]), h), Integer(0))) == 1
    with pytest.raises(OutsideFragment, match="unknown sign"):
        cases_by_sign(sum(Abs(Symbol(f"x{k}", real=True) - 1) for k in range(7)), Integer(0))


# Terms: exp(1/2 log z^2) is |z|


a, b = Variable((), "a"), Variable((), "b")
v = Variable((ROWS, None), "v")
p = Variable((), "p")
j = IndexVariable(ROWS, "j")
A, B, V = (tree.Reference(each) for each in (a, b, v))


def root_of_square(of: Term) -> Term:
    half = tree.Number(Fraction(1, 2))
    return tree.Apply(EXP, tree.Times(half, tree.Apply(LOG, tree.Power(of, 2))))


def at(letter: IndexVariable) -> Term:
    return tree.Entry(V, (letter,))


def minus(left: Term, right: Term) -> Term:
    return tree.Plus((left, tree.Negative(right)))


def judged(left: Term, right: Term) -> Judgement:
    return judge(Claim("made.up", "", "", "", left, right))


LINES: dict[str, tuple[Term, Term, Verdict]] = {
    "a number": (root_of_square(A), A, REFUTED),
    "its square": (tree.Power(root_of_square(A), 2), tree.Power(A, 2), PROVED),
    "of a product": (
        root_of_square(tree.Times(A, B)),
        tree.Times(root_of_square(A), root_of_square(B)),
        PROVED,
    ),
    "each entry by itself": (
        tree.Power(tree.Sum(j, root_of_square(at(j))), 2),
        tree.Power(tree.Sum(j, at(j)), 2),
        REFUTED,
    ),
    "squares of entries": (
        tree.Sum(j, tree.Power(root_of_square(at(j)), 2)),
        tree.Sum(j, tree.Power(at(j), 2)),
        PROVED,
    ),
    "an index that counts": (
        tree.Sum(j, tree.Times(root_of_square(tree.IndexNumber(j)), at(j))),
        tree.Sum(j, tree.Times(tree.IndexNumber(j), at(j))),
        PROVED,
    ),
    "what is never real": (
        tree.Apply(EXP, tree.Apply(LOG, minus(tree.Negative(tree.Power(A, 2)), whole(1)))),
        minus(tree.Negative(tree.Power(A, 2)), whole(1)),
        UNDECIDED,
    ),
    "the logarithm undone where it is real": (tree.Apply(EXP, tree.Apply(LOG, A)), A, PROVED),
    "the derivative of an absolute value": (
        tree.Derivative(root_of_square(A), A),
        tree.Quotient(A, root_of_square(A)),
        PROVED,
    ),
    "which is not one": (tree.Derivative(root_of_square(A), A), whole(1), REFUTED),
}


@pytest.mark.parametrize("name", LINES)
def test_a_line_with_branches_gets_its_verdict(name: str) -> None:
    left, right, expected = LINES[name]
    judgement = judged(left, right)
    assert judgement.verdict is expected
    assert (judgement.witness is not None) == (expected is REFUTED)


# The exact decision by itself


def question(left: Term, right: Term) -> decide.Question:
    return decide.question_of(Claim("made.up", "", "", "", left, right))


def test_a_case_that_fails_says_which_signs_it_assumed() -> None:
    nowhere = Instance({"n": 1}, {}, {})
    failure = decide.failing(question(root_of_square(A), A), nowhere)
    assert failure is not None
    assert (failure.signs, failure.certain) == ({"t0": -1}, False)
    positive = tree.Plus((whole(1), tree.Power(A, 2)))
    assert decide.failing(question(root_of_square(positive), positive), nowhere) is None
    certain = decide.failing(question(A, B), nowhere)
    assert certain is not None
    assert certain.certain


def test_a_case_without_a_value_says_nothing_unless_all_are() -> None:
    nowhere = Instance({"n": 1}, {}, {})
    undone = tree.Apply(EXP, tree.Apply(LOG, A))
    assert decide.failing(question(undone, A), nowhere) is None  # log a, where a is below zero


def test_signs_of_entries_are_split_one_by_one() -> None:
    both = Instance({"n": 2}, {}, {})
    sides = question(tree.Sum(j, root_of_square(at(j))), root_of_square(tree.Sum(j, at(j))))
    failure = decide.failing(sides, both)
    assert failure is not None
    assert len(failure.signs) >= 2


def test_there_are_no_more_cases_than_are_decided_in_a_while() -> None:
    many = Instance({"n": 9}, {}, {})
    left = tree.Sum(j, root_of_square(at(j)))
    with pytest.raises(OutsideFragment, match="cases by sign"):
        decide.holds(question(left, left), many)


# Sines and cosines by half of their angles: right in numbers, and a mistake in one is seen.


BALLS = Balls({})
GIVEN = "```given\nscalar a, b\n```\n"
SUM = r"\cos(a + b) = \cos a \cos b - \sin a \sin b"


def claim(line: str) -> Claim:
    forget()
    (entry,) = reading(f"{GIVEN}$${line}$$\n", "angles.md").lines
    return entry.claim


def verdict_of_half_angles(line: str) -> Verdict:
    return judge(claim(line)).verdict


@pytest.mark.parametrize("times", range(-4, 5))
@pytest.mark.parametrize("tangent", [Fraction(-3, 2), Fraction(1, 3)])
def test_multiples_of_an_angle_have_the_values_of_a_library(times: int, tangent: Fraction) -> None:
    turn = multiple_angle(BALLS, BALLS.constant(tangent), times)
    angle = 2 * times * math.atan(float(tangent))
    for name, wanted in (("cos", math.cos), ("sin", math.sin), ("tan", math.tan)):
        assert float(of_turn(BALLS, name, turn)) == pytest.approx(wanted(angle))


def test_sums_of_angles_and_right_angles_have_the_values_of_a_library() -> None:
    one, other = (multiple_angle(BALLS, BALLS.constant(Fraction(1, n)), 1) for n in (2, 3))
    angle = 2 * math.atan(1 / 2) + 2 * math.atan(1 / 3)
    assert float(angle_sum(BALLS, one, other)[1]) == pytest.approx(math.sin(angle))
    for number in range(-2, 7):
        cosine, sine = quarter_turn(BALLS, number)
        assert float(cosine) == pytest.approx(math.cos(number * math.pi / 2), abs=1e-12)
        assert float(sine) == pytest.approx(math.sin(number * math.pi / 2), abs=1e-12)


def test_a_mistake_in_either_argument_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = r"\cos(a + b) = \cos a \cos b + \sin a \sin b"
    assert verdict_of_half_angles(SUM) is Verdict.PROVED
    assert verdict_of_half_angles(wrong) is Verdict.REFUTED
    with monkeypatch.context() as patched:
        patched.setattr("derivations.proof.normal_form._added", _mistaken)
        with pytest.raises(Disagreement):
            verdict_of_half_angles(wrong)
    with monkeypatch.context() as patched:
        patched.setattr("derivations.proof.field.added", _mistaken_turn)
        assert verdict_of_half_angles(SUM) is not Verdict.PROVED
        assert verdict_of_half_angles(wrong) is not Verdict.PROVED


def _mistaken(one, other, algebra):  # type: ignore[no-untyped-def]
    """The cosine of a difference for that of a sum."""
    (c, s), (d, t) = one, other
    product = algebra.multiply
    return (
        algebra.add((product(c, d), product(s, t))),
        algebra.add((product(s, d), product(c, t))),
    )


def _mistaken_turn(domain, one, other):  # type: ignore[no-untyped-def]
    (c, s), (d, t) = one, other
    cosine = domain.add(domain.multiply(c, d), domain.multiply(s, t))
    return cosine, angle_sum(domain, one, other)[1]


mu, sigma, tau = (Symbol(name, real=True) for name in ("mu", "sigma", "tau"))
ABOVE_ZERO: tuple[Condition, ...] = (Positive(sigma), Positive(tau))

density = exp(-((x - mu) ** 2) / (2 * sigma**2)) / (sigma * sqrt(2))
soft = exp(X[i] / tau) / total(exp(X[h] / tau), h)
hidden = 1 / (1 + exp(-x * y))
output = 1 / (1 + exp(-mu * hidden))
norm = sqrt(total(X[h] ** 2, h))

TOWER_TRUE: dict[str, tuple[Expr, Expr]] = {
    "the slope of a density": (Derivative(density, x), -(x - mu) / sigma**2 * density),
    "its logarithm": (
        log(density),
        -log(sigma) - log(2) / 2 - (x - mu) ** 2 / (2 * sigma**2),
    ),
    "its slope by the scale": (
        Derivative(log(density), sigma),
        -1 / sigma + (x - mu) ** 2 / sigma**3,
    ),
    "a softmax with a temperature": (
        Derivative(log(soft), X[i]),
        (1 - soft) / tau,
    ),
    "the chain rule through two layers": (
        Derivative(output, y),
        output * (1 - output) * mu * hidden * (1 - hidden) * x,
    ),
    "a norm": (Derivative(norm, X[i]), X[i] / norm),
    "a normalised entry": (
        Derivative(X[i] / norm, X[i]),
        1 / norm - X[i] ** 2 / norm**3,
    ),
    "half-integer powers": (
        Derivative(tau ** Rational(-3, 2), tau),
        -Rational(3, 2) * tau ** Rational(-5, 2),
    ),
    "half an argument": (
        (exp(x / 2) - exp(-x / 2)) / (exp(x / 2) + exp(-x / 2)),
        (exp(x) - 1) / (exp(x) + 1),
    ),
    "a logarithm of what is given above zero": (
        log(sigma**2 * tau),
        2 * log(sigma) + log(tau),
    ),
    "a root of a square": (sqrt(sigma**2 * tau), sigma * sqrt(tau)),
}

TOWER_FALSE: dict[str, tuple[Expr, Expr]] = {
    "a sign in the slope of a density": (Derivative(density, x), (x - mu) / sigma**2 * density),
    "half a logarithm forgotten": (
        log(density),
        -log(sigma) - log(2) - (x - mu) ** 2 / (2 * sigma**2),
    ),
    "a power of the scale": (
        Derivative(log(density), sigma),
        -1 / sigma + (x - mu) ** 2 / sigma**2,
    ),
    "the temperature forgotten": (Derivative(log(soft), X[i]), 1 - soft),
    "a factor of the chain rule forgotten": (
        Derivative(output, y),
        output * (1 - output) * hidden * (1 - hidden) * x,
    ),
    "a square of a norm": (Derivative(norm, X[i]), X[i] / norm**2),
    "a half-integer power one off": (
        Derivative(tau ** Rational(-3, 2), tau),
        -Rational(3, 2) * tau ** Rational(-3, 2),
    ),
    "half an argument forgotten": (
        (exp(x / 2) - exp(-x / 2)) / (exp(x / 2) + exp(-x / 2)),
        (exp(2 * x) - 1) / (exp(2 * x) + 1),
    ),
    "the root of a sum": (sqrt(sigma + tau), sqrt(sigma) + sqrt(tau)),
    "the logarithm of a sum": (log(sigma + tau), log(sigma) + log(tau)),
    "exponentials of quotients multiplied": (exp(x / tau) * exp(y / tau), exp(x * y / tau)),
}


@pytest.mark.parametrize("name", TOWER_TRUE)
def test_a_true_line_is_proved(name: str) -> None:
    judgement = judge(equality(*TOWER_TRUE[name], *ABOVE_ZERO))
    assert judgement.verdict is Verdict.PROVED, judgement.reason


@pytest.mark.parametrize("name", TOWER_FALSE)
def test_a_false_line_is_refuted_by_numbers(name: str) -> None:
    judgement = judge(equality(*TOWER_FALSE[name], *ABOVE_ZERO))
    assert judgement.verdict is Verdict.REFUTED, judgement.reason
    assert judgement.witness is not None


def test_a_root_says_nothing_of_the_sign_of_what_it_is_of() -> None:
    assert judge(equality(sqrt(x**2), x)).verdict is Verdict.REFUTED
    assert judge(equality(sqrt(x) ** 2, x)).verdict is Verdict.PROVED
    assert judge(equality(log(x**2), 2 * log(x))).verdict is Verdict.UNDECIDED


def test_a_root_of_a_root_is_proved_or_left_open_and_never_refuted() -> None:
    nested = sqrt(2 + x**2 + 2 * sqrt(1 + x**2))
    assert judge(equality(nested, 1 + sqrt(1 + x**2))).verdict is Verdict.UNDECIDED
    assert judge(equality(nested**2, 2 + x**2 + 2 * sqrt(1 + x**2))).verdict is Verdict.PROVED
    assert judge(equality(nested, 2 + sqrt(1 + x**2))).verdict is Verdict.REFUTED


GRID = [Fraction(n, 2) for n in range(-8, 9)]


def form(a: int, b: int, c: int, sign: int) -> Signed:
    return Signed({"x": Fraction(a), "y": Fraction(b)}, Fraction(c), sign)


def test_one_of_two_thresholds_decides_the_other() -> None:
    assert possible([form(1, 0, 0, 1), form(1, 0, -1, -1)])
    assert not possible([form(1, 0, 0, -1), form(1, 0, -1, 1)])
    assert not possible([form(1, 0, 0, 0), form(1, 0, -1, 0)])
    assert possible([Signed({"x": Fraction(1)}, Fraction(0), 1, or_zero=True), form(1, 0, 0, 0)])
    assert not possible([form(1, 0, 0, 1), form(1, 0, 0, 0)])


def test_what_holds_at_some_numbers_is_never_called_impossible() -> None:
    rng = Random(7)
    impossible = 0
    for _ in range(200):
        forms = [[rng.randint(-2, 2) for _ in range(3)] for _ in range(4)]
        signs = [rng.choice((-1, 0, 1)) for _ in forms]
        if possible(form(a, b, c, sign) for (a, b, c), sign in zip(forms, signs, strict=True)):
            continue
        impossible += 1
        for u, v in product(GRID, repeat=2):
            values = [a * u + b * v + c for a, b, c in forms]
            assert [(value > 0) - (value < 0) for value in values] != signs
    assert impossible > 20


def test_a_split_leaves_out_what_cannot_be() -> None:
    found = cases_by_sign(AbsoluteValue(x) + AbsoluteValue(x + 1), Integer(0))
    assert len(found) == 3
    assert len(cases_by_sign(AbsoluteValue(x) + AbsoluteValue(x + y), Integer(0))) == 4


def test_a_branch_within_a_branch_is_taken_after_it() -> None:
    found = cases_by_sign(Above(AbsoluteValue(x) - 1), Integer(0))
    assert sorted(case.left for case in found) == [0, 0, 1, 1]


def test_products_of_thresholds_under_a_sum_are_one_threshold() -> None:
    entry = X[h]
    twice = total(Above(entry) * Above(entry - 1), h)
    once = total(Above(entry - 1), h)
    assert not normal_form(by_signs(twice) - by_signs(once))
    assert normal_form(by_signs(twice) - by_signs(total(Above(entry), h)))
    assert normal_form(by_signs(total(Above(entry) * Above(-entry - 1), h))) == ()


def test_a_sign_that_is_zero_at_some_members_is_refused() -> None:
    with pytest.raises(OutsideFragment, match="zero at some"):
        normal_form(total(SignOf(X[h] - X[i]), h))
    with pytest.raises(OutsideFragment, match="sign of zero"):
        normal_form(SignOf(Integer(0)))


OTHERS = total(exp(X[h]), h) - exp(X[i])
BUT_TWO = OTHERS - exp(X[k])


def at_least(value: int) -> Condition:
    return AtLeast(n, Integer(value))


def test_the_logarithm_of_a_quotient_by_the_others_is_split() -> None:
    left, right = log(exp(X[i]) / OTHERS), X[i] - log(OTHERS)
    assert not difference(left, right, (at_least(2),))
    assert difference(left, right + 1, (at_least(2),))


@pytest.mark.parametrize(
    ("divisor", "conditions"),
    [
        (OTHERS, ()),
        (BUT_TWO, (at_least(3),)),
        (BUT_TWO, (at_least(2), Unequal(i, k))),
        (total(X[h], h) - X[i], (at_least(1),)),
        (total(exp(X[h]), h) - 2 * exp(X[i]), (at_least(1),)),
    ],
)
def test_a_sum_over_what_may_be_no_member_is_no_divisor(
    divisor: Expr, conditions: tuple[Condition, ...]
) -> None:
    with pytest.raises(OutsideFragment, match="zero at some sizes"):
        normal_form(1 / divisor, conditions)


def test_two_members_are_left_out_where_they_differ() -> None:
    assert normal_form(1 / BUT_TWO, (at_least(3), Unequal(i, k)))
