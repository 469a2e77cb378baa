"""Truth by evaluation, on lines whose truth is known: it accuses nobody falsely."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import permutations
from random import Random

import numpy as np
import pytest

from tests.lines.by_hand import (
    NUMBERS,
    SQUARE,
    A,
    a,
    at,
    b,
    chain,
    function,
    i,
    j,
    minus,
    num,
    over,
    slope,
    squared,
    t,
    times,
    turned,
    x,
    y,
)
from tests.lines.elimination import determinant
from tests.lines.jets import NoValue
from tests.lines.scopes import Cell, scoped_lines
from tests.lines.tree import (
    ZERO,
    Add,
    Apply,
    Arbitrary,
    Assume,
    Between,
    Block,
    Call,
    Comparison,
    Declaration,
    Define,
    Distinct,
    Div,
    End,
    Entry,
    Index,
    Indicator,
    Labels,
    Letter,
    Line,
    Listed,
    Matrix,
    Name,
    NormSquared,
    NotAmong,
    Nth,
    Num,
    Parameter,
    Part,
    Prime,
    Scalar,
    Size,
    Sum,
    Term,
    Vector,
    Whole,
)
from tests.lines.truth import PRECISION, Truth, drawn, examine, size_choices

X = Entry(x, (i,))
HALF = Num(Fraction(1, 2))
HELD = function("h", "t", slope(times(t, x), x))
ROOT = function("f", "z", Apply("exp", times(HALF, Apply("log", squared(Name("z"))))))
SHIFTED = Sum("i", Between("n", Nth(1), End("n", -1)), (), X)


def truth(
    given: tuple[Declaration, ...], left: Term, right: Term, *conditions: Comparison
) -> Truth:
    line = Line(left, right, conditions)
    return examine(scoped_lines((Block(given), line))[-1], "seed").truth


TRUE = {
    "x^T A^T = (A x)^T": (SQUARE, chain(turned(x), turned(A)), turned(chain(A, x))),
    "A (A A x) = A A A x": (SQUARE, chain(A, chain(A, A, x)), chain(A, A, A, x)),
    "y^T A^T A x = (A y)^T (A x)": (
        SQUARE,
        chain(turned(y), turned(A), A, x),
        chain(turned(chain(A, y)), chain(A, x)),
    ),
    "the gradient of |A x|^2": (
        SQUARE,
        slope(NormSquared(chain(A, x)), x),
        times(num(2), chain(turned(A), A, x)),
    ),
    "all but one": (
        SQUARE,
        Sum("i", Whole("n"), (Comparison(i, "!=", j),), X),
        minus(over("i", X), at(x, j)),
    ),
    "the last apart": (SQUARE, over("i", X), Add((SHIFTED, Entry(x, (End("n"),))))),
    "h(t) = d/dx (t x); d/dy (y h(x)) = x": (
        (*NUMBERS, HELD),
        slope(times(y, Call("h", (x,))), y),
        x,
    ),
    "d/dy (y h(y)) = 2 y": (
        (*NUMBERS, HELD),
        slope(times(y, Call("h", (y,))), y),
        times(num(2), y),
    ),
    "exp(1/2 log k^2) = k": (
        SQUARE,
        Apply("exp", times(HALF, Apply("log", squared(Name("i"))))),
        Name("i"),
    ),
    "f'(w x) = f'(x w)": (
        (*NUMBERS, Arbitrary("g", (Parameter("number", "z"),))),
        Prime("g", times(a, b)),
        Prime("g", times(b, a)),
    ),
    "a delta under i = j": (SQUARE, times(a, Indicator(Comparison(i, "=", j))), a),
}
FALSE = {
    "x^T A^T y = (sum A_ii x_i) sum y_j": (
        SQUARE,
        chain(turned(x), turned(A), y),
        times(over("i", times(at(A, i, i), X)), over("j", at(y, j))),
    ),
    "(sum f(x_i))^2 = (sum x_i)^2, f = |.|": (
        (*SQUARE, ROOT),
        squared(over("i", Call("f", (X,)))),
        squared(over("i", X)),
    ),
    "exp(1/2 log a^2) = a": (
        NUMBERS,
        Apply("exp", times(HALF, Apply("log", squared(a)))),
        a,
    ),
    "h(t) = d/dx (t x); d/dy (y h(x)) = 2 x": (
        (*NUMBERS, HELD),
        slope(times(y, Call("h", (x,))), y),
        times(num(2), x),
    ),
    "a mixed second derivative is 0": (
        (*SQUARE, Arbitrary("g", tuple(Parameter("fixed", each, "n") for each in "xy"))),
        slope(slope(Call("g", (x, y)), at(x, i)), at(y, j)),
        ZERO,
    ),
    "A x = A^T x": (SQUARE, chain(A, x), chain(turned(A), x)),
    "A B x = B A x": (SQUARE, chain(A, Name("B"), x), chain(Name("B"), A, x)),
    "first and last apart, at n = 1": (
        SQUARE,
        over("i", X),
        Add((Entry(x, (Nth(1),)), Entry(x, (End("n"),)), _middle := Sum(
            "i", Between("n", Nth(2), End("n", -1)), (), X))),
    ),
    "a delta": (SQUARE, times(a, Indicator(Comparison(i, "=", j))), a),
    "1/(1 + e^a) to ten digits": (
        NUMBERS,
        Div(num(1), Add((num(1), Apply("exp", a)))),
        Div(num(1), Add((Num(1 + Fraction(1, 10**10)), Apply("exp", a)))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_a_true_line_is_found_true(name: str) -> None:
    given, left, right = TRUE[name]
    conditions = (Comparison(i, "=", j),) if "under" in name else ()
    assert truth(given, left, right, *conditions) is Truth.TRUE


@pytest.mark.parametrize("name", FALSE)
def test_a_false_line_is_found_false(name: str) -> None:
    given, left, right = FALSE[name]
    assert truth(given, left, right) is Truth.FALSE


LISTS: tuple[Declaration, ...] = (
    Size("N"),
    Size("K"),
    Index("o", "N", "Vocab"),
    Index("k", "K"),
    Index("l", "K"),
    Labels("w", "k", "N", "Vocab", "K"),
)


def test_what_is_assumed_of_a_list_is_needed_and_used() -> None:
    same = Indicator(Comparison(Listed("w", Letter("k")), "=", Listed("w", Letter("l"))))
    total = Sum("k", Whole("K"), (), same)
    assert truth(LISTS, total, num(1)) is Truth.FALSE
    assert truth((*LISTS, Assume(Distinct("w"))), total, num(1)) is Truth.TRUE
    drawn = Indicator(Comparison(Listed("w", Letter("k")), "=", Letter("o")))
    count = Sum("k", Whole("K"), (), drawn)
    assert truth(LISTS, count, ZERO) is Truth.FALSE
    assert truth((*LISTS, Assume(NotAmong(Letter("o"), "w"))), count, ZERO) is Truth.TRUE


def test_a_line_that_means_nothing_or_has_no_value_has_no_truth() -> None:
    assert truth(SQUARE, x, a) is Truth.MEANINGLESS
    second = Entry(x, (Nth(2),))  # not there at n = 1
    assert truth(SQUARE, second, second) is Truth.MEANINGLESS
    none = Apply("log", minus(ZERO, Add((num(1), squared(a)))))
    assert truth(NUMBERS, none, none) is Truth.VACUOUS


def test_a_difference_in_the_thirtieth_digit_is_neither_true_nor_false() -> None:
    tiny = Num(Fraction(1, 10**30))
    assert truth(NUMBERS, Apply("exp", a), Add((Apply("exp", a), tiny))) is Truth.UNCLEAR
    assert truth(NUMBERS, a, Add((a, tiny))) is Truth.FALSE  # in exact arithmetic it is


def test_a_name_declared_anew_leaves_definitions_as_they_were() -> None:
    first = Block((Size("n"), Scalar("a"), Define("f", (), (), (), squared(a))))
    again = Block((Vector("a", "n"), Index("i", "n")))
    here, there = Line(Name("f"), squared(a)), Line(Name("f"), squared(Entry(a, (i,))))
    lines = scoped_lines((first, here, again, there))
    assert [examine(each, "seed").truth for each in lines] == [Truth.TRUE, Truth.FALSE]


def test_a_part_begins_with_what_was_declared_before_all_parts() -> None:
    file = (
        Block((Size("n"), Scalar("a"))),
        Part("a"),
        Block((Matrix("a", "n", "n"),)),
        Line(a, turned(a)),
        Part("b"),
        Line(a, turned(a)),
    )
    assert [examine(each, "seed").truth for each in scoped_lines(file)] == [Truth.FALSE, Truth.TRUE]


def test_a_matrix_said_to_be_invertible_is_drawn_so() -> None:
    def singular(said: str) -> int:
        matrix = Matrix("A", "n", "n", said=said)
        scoped = scoped_lines((Block((Size("n"), matrix)), Line(A, A)))[-1]
        size, cell = sorted(scoped.cells, key=lambda each: len(each.axes))
        stores = [drawn(scoped, {size: 2}, Random(n), exact=True) for n in range(400)]
        found = [store[cell] for store in stores if store is not None]
        assert len(found) > 300
        return sum(a[0, 0] * a[1, 1] == a[0, 1] * a[1, 0] for a in found)

    assert singular("") > 0
    assert singular("invertible") == 0


def test_what_rounding_leaves_of_zero_is_no_pivot() -> None:
    rows = [[Decimal("1e-58"), Decimal(2)], [Decimal(3), Decimal(4)]]
    with localcontext(PRECISION):
        assert abs(determinant(np.array(rows, dtype=object)) + 6) < Decimal("1e-50")
        with pytest.raises(NoValue):
            determinant(np.array([[Decimal("1e-58")]], dtype=object))


def test_of_two_sizes_each_is_once_the_larger_one() -> None:
    cells = [Cell(Size(name, 1)) for name in "nmK"]
    for seed in range(20):
        tried = [tuple(sizes[c] for c in cells) for sizes in size_choices(cells, Random(seed))]
        for one, other in permutations(range(3), 2):
            assert any(sizes[one] < sizes[other] for sizes in tried[:2])
