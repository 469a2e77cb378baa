"""Each rewriting of the normal form, beside what is false without its condition."""

from __future__ import annotations

import pytest
from sympy import (
    Abs,
    Expr,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Pow,
    Rational,
    Symbol,
    exp,
    log,
    sign,
    sqrt,
    symbols,
)

from derivations.claim import Verdict
from derivations.indices import Entries, Index, IndexSet, total
from derivations.language.index_nodes import applied, derivative
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference
from tests.proof.by_hand import equality, judged

# Each rewriting of the normal form as an identity, beside what is false without its condition.
#
# A twin is the same step where its condition does not hold: its normal form is not zero, or there
# is none. What is claimed here for all sizes is compared with values in `fuzz`.


ONE, HALF = Integer(1), Rational(1, 2)
n = Symbol("n", integer=True, positive=True)
K = Symbol("K", integer=True, nonnegative=True)
m = Symbol("m", integer=True, nonnegative=True)
PARTS = IndexSet("part", ONE, n)
DRAWS = IndexSet("draw", ONE, K, inhabited=False)
AROUND = IndexSet("offset", -m, m)
h, i = Index("h", PARTS), Index("i", PARTS)
k, j = Index("k", DRAWS), Index("j", AROUND)
x, y = IndexedBase("x"), IndexedBase("y")
a, b, t = symbols("a b t", real=True)
f, L = applied("f", 0, (0,)), applied("L", 0, (1,))
X, Y = Entries(x[h], h), Entries(y[h], h)


def same(left: Expr, right: Expr) -> Expr:
    return KroneckerDelta(left, right)


def others(index: Index, *left_out: Expr) -> Expr:
    """One for the members of a set that are not left out."""
    result = Integer(1)
    for member in left_out:
        result = result * (1 - same(index, member))
    return result


def half_log(node: Expr) -> Expr:
    return exp(HALF * log(node, evaluate=False), evaluate=False)


def is_zero(left: Expr, right: Expr) -> bool:
    """Whether the difference is proved to be zero; outside the fragment it is not."""
    try:
        return difference(left, right) == ()
    except OutsideFragment:
        return False


IDENTITIES = {
    # an index as the number it is
    "numbers are summed alike": (total(i, i), total(h, h)),
    "1 + ... + n": (total(i, i), n * (n + 1) / 2),
    "squares, of a set that may be empty": (total(k**2, k), K * (K + 1) * (2 * K + 1) / 6),
    "numbers around zero": (total(j, j), Integer(0)),
    "a number where its delta holds": (total(same(i, h) * i * x[i], i), h * x[h]),
    "the root of a square of what is positive": (half_log(i**2), i),
    "under a sum as well": (total(half_log(i**2), i), total(i, i)),
    "log of a size": (log(n**2 * exp(a)), 2 * log(n) + a),
    # sizes as members, parts of ranges
    "all but the last, and the last": (total(others(i, n) * x[i], i) + x[n], total(x[i], i)),
    "all but the first, and the first": (total(others(i, ONE) * x[i], i) + x[1], total(x[i], i)),
    "none has the number after the last": (total(same(i, n + 1) * x[i], i), Integer(0)),
    "none has the number zero": (same(i, Integer(0)) * x[i], Integer(0)),
    "the center is there": (total(same(j, Integer(0)) * x[j], j), x[0]),
    "n is not n + 1": (same(n, n + 1) * a, Integer(0)),
    # offsets
    "moved by one": (total(others(i, n) * x[i + 1], i), total(others(i, ONE) * x[i], i)),
    "moved, of a set that may be empty": (total(x[k + 1], k), total(x[k], k) + x[K + 1] - x[1]),
    "moved down by two": (
        total(x[k - 2], k),
        total(x[k], k) + x[0] + x[-1] - x[K] - x[K - 1],
    ),
    "telescoping": (total(others(i, n) * (x[i + 1] - x[i]), i), x[n] - x[1]),
    "with the number": (total(others(i, n) * i * x[i + 1], i), total((i - 1) * x[i], i)),
    "inside a function": (total(f(x[i + 1]), i), total(f(x[i]), i) + f(x[n + 1]) - f(x[1])),
    "an equation moved": (same(i, h + 1) * x[i], same(i - 1, h) * x[h + 1]),
    # absolute values and roots
    "|a| squared": (Abs(a) ** 2, a**2),
    "|a| squared under a sum": (total(half_log(x[i] ** 2) ** 2, i), total(x[i] ** 2, i)),
    "a root squared": (sqrt(a) ** 2 * Pow(sqrt(b), 2), a * b),
    "|ab| apart": (Abs(a * b * exp(t)), Abs(a) * Abs(b) * exp(t)),
    "|a - b| turned": (total(total(Abs(x[i] - x[h]) * y[i], i), h),
                       total(total(Abs(x[h] - x[i]) * y[i], i), h)),
    "log of a square": (log(a**2 * exp(b)), 2 * log(Abs(a)) + b),
    "log of a cube, which is positive": (log(a**3), 3 * log(a)),
    "one over |a|": (a / Abs(a), Abs(a) / a),
    "sign": (sign(a) * Abs(a), a),
    "larger and smaller": (Max(a, b) + Min(a, b), a + b),
    "hinges under a sum": (total(Max(x[i], 0) - Max(-x[i], 0), i), total(x[i], i)),
    "a vector over its length": (
        total(x[i] ** 2, i) / sqrt(total(x[h] ** 2, h)),
        sqrt(total(x[i] ** 2, i)),
    ),
    # division
    "by n + 1": (total(1 / (n + 1), i), n / (n + 1)),
    "by a number from one on": (total(i / i, i), n),
    "by a difference of two letters": ((a**2 - b**2) / (a - b), a + b),
    "by exponentials that differ": (
        (exp(2 * a) - exp(2 * b)) / (exp(a) - exp(b)), exp(a) + exp(b),
    ),
    # arbitrary functions
    "of equal numbers": (f(a * b + a), f(a * (1 + b))),
    "of equal arrays": (L(Entries(x[i] + y[i], i)), L(Entries(y[h] + x[h], h))),
    "of an array that is put together": (
        L(Entries(total(same(i, h) * x[h], h), i)), L(X),
    ),
    "by cases of a delta": (
        f(a + same(i, h) * b), same(i, h) * f(a + b) + (1 - same(i, h)) * f(a),
    ),
    "derivatives commute": (derivative(L(X), x[i], x[n]), derivative(L(X), x[n], x[i])),
    "the chain rule of a number": (derivative(f(a * t), t), a * f(a * t).partial(0, ())),
    "the chain rule of a vector": (
        derivative(L(Entries(x[h] + t * y[h], h)), t),
        total(y[i] * L(Entries(x[h] + t * y[h], h)).partial(0, (i,)), i),
    ),
    "the chain rule twice": (
        derivative(L(Entries(t * y[h], h)), t, t),
        total(total(y[h] * y[i] * L(Entries(t * y[h], h)).partial(0, (i,)).partial(0, (h,)), h), i),
    ),
}  # fmt: skip

TWINS = {
    "numbers of another set": (total(i, i), total(k, k)),
    "1 + ... + n counted from zero": (total(i, i), n * (n - 1) / 2),
    "the number stays where the entry changes": (total(same(i, h) * i * x[i], i), i * x[h]),
    "the root of a square of any sign": (half_log(j**2), j),
    "the root of a square of data": (half_log(a**2), a),
    "and under a sum": (total(half_log(x[i] ** 2), i) ** 2, total(x[i], i) ** 2),
    "log of a size that may be zero": (log(a * exp(b)), 2 * log(a) + b),
    "the last of a set that may be empty": (total(same(k, K) * x[k], k), x[K]),
    "the first of it": (total(same(k, ONE) * x[k], k), x[1]),
    "the second, which may not be there": (total(same(i, Integer(2)) * x[i], i), x[2]),
    "the last but one": (total(others(i, n, n - 1) * x[i], i) + x[n] + x[n - 1], total(x[i], i)),
    "the number after the first": (total(same(i, h + 1) * x[i], i), x[h + 1]),
    "n may be one": (same(n, ONE) * a, Integer(0)),
    "moved without its ends": (total(x[i + 1], i), total(x[i], i)),
    "moved with one end": (total(others(i, n) * x[i + 1], i), total(x[i], i)),
    "an entry moved, its number not": (total(others(i, n) * i * x[i + 1], i), total(i * x[i], i)),
    "moved where it may have no value": (total(x[i + 1] / i, i), total(x[i] / (i - 1), i)),
    "|a| is not a": (Abs(a), a),
    "|a + b| term by term": (Abs(a + b), Abs(a) + Abs(b)),
    "|sum| under the sum": (Abs(total(x[i], i)), total(Abs(x[i]), i)),
    "log apart without a sign": (log(a * b), log(a) + log(b)),
    "log of a square without |.|": (log(a**2), 2 * log(a)),
    "the root of a product": (sqrt(a * b), sqrt(a) * sqrt(b)),
    "sign squared times": (sign(a) * a, a),
    "by n - 1, which may be zero": (total(others(i, n) / (n - 1), i), ONE),
    "by all but the last, where there may be one": (
        total(others(i, n) * x[i] / total(others(h, n) * x[h], h), i), ONE,
    ),
    "by a number around zero": (total(x[j] / j, j), total(x[j] / j, j)),
    "by a size that may be zero": (total(1 / K, k), ONE),
    "by a difference of entries that may be one": (
        (x[i] ** 2 - x[h] ** 2) / (x[i] - x[h]), x[i] + x[h],
    ),
    "by what words make zero": (
        total((same(i, h) - same(i, n)) * x[i] / (x[h] - x[n]), i), ONE,
    ),
    "by exponentials that may be equal": (
        (exp(2 * x[i]) - exp(2 * x[h])) / (exp(x[i]) - exp(x[h])), exp(x[i]) + exp(x[h]),
    ),
    "of other numbers": (f(a * b), f(a)),
    "of the same numbers, another function": (f(a), applied("g", 0, (0,))(a)),
    "of other arrays": (L(X), L(Y)),
    "of one entry everywhere": (L(X), L(Entries(x[1], h))),
    "by the case that holds": (f(a + same(i, h) * b), f(a + b)),
    "a second derivative is not zero": (derivative(L(X), x[i], x[h]), Integer(0)),
    "nor of a number": (derivative(f(t), t, t), Integer(0)),
    "derivatives by other entries": (derivative(L(X), x[i]), derivative(L(X), x[n])),
    "a derivative without the inner one": (derivative(f(a * t), t), f(a * t).partial(0, ())),
    "the first slope is not the second": (f(t).partial(0, ()), f(t)),
    "a slope at another point": (f(a * t).partial(0, ()), f(t).partial(0, ())),
}  # fmt: skip


@pytest.mark.parametrize("name", IDENTITIES)
def test_an_identity_has_the_normal_form_zero(name: str) -> None:
    assert difference(*IDENTITIES[name]) == ()


@pytest.mark.parametrize("name", TWINS)
def test_its_twin_without_the_condition_has_not(name: str) -> None:
    assert not is_zero(*TWINS[name])


def test_an_identity_with_a_slip_is_seen() -> None:
    """Each identity with something added: nothing here is zero because nothing is read."""
    for left, right in IDENTITIES.values():
        assert difference(left + a, right) != ()


def test_an_unknown_node_leaves_the_fragment() -> None:
    for node in (Symbol("g", integer=True) ** a, x[a], KroneckerDelta(a, b), x[2 * i], x[i + h]):
        with pytest.raises(OutsideFragment):
            difference(node, Integer(0))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        TWINS["by n - 1, which may be zero"],
        TWINS["by all but the last, where there may be one"],
        TWINS["by what words make zero"],
    ],
    ids=["sizes", "part of a range", "words"],
)
def test_what_is_divided_by_where_nothing_is_summed_is_no_disagreement(
    left: Expr, right: Expr
) -> None:
    """Where the sum is empty it is zero, whatever is divided by: the line is false there."""
    assert judged(equality(left, right)).verdict is Verdict.REFUTED
