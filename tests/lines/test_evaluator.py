"""The evaluator against values worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

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
    k,
    minus,
    num,
    over,
    slope,
    squared,
    t,
    times,
    turned,
    value,
    x,
    y,
)
from tests.lines.jets import Dual, NoValue, divide, exp, log, tangent
from tests.lines.tables import AnyFunction, NoMeaning
from tests.lines.tree import (
    Add,
    Apply,
    Arbitrary,
    Between,
    Call,
    Comparison,
    Declaration,
    Define,
    Div,
    Dot,
    End,
    Entry,
    Family,
    Index,
    Indicator,
    Labels,
    Letter,
    Listed,
    Matrix,
    Moved,
    Name,
    NormSquared,
    Nth,
    Odot,
    Parameter,
    Picked,
    Prime,
    Size,
    Sum,
    Term,
    Vector,
    Whole,
)

TWO = {"n": 2, "x": [1, 2], "y": [3, -1], "A": [[1, 2], [3, 4]], "a": 5, "i": 1, "j": 2, "k": 1}
ONE = {"n": 1, "x": [7], "y": [2], "A": [[3]], "a": 5, "i": 1, "j": 1, "k": 1}
NONE: dict[str, Any] = {"n": 0, "x": [], "y": [], "a": 5}
AX = chain(A, x)  # (5, 11)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (AX, [[5], [11]]),
        (chain(turned(x), turned(A)), [[5, 11]]),
        (chain(turned(x), turned(A), A, x), 146),
        (chain(turned(x), turned(A), y), 4),
        (chain(A, chain(A, A), x), [[145], [317]]),
        (chain(x, turned(y)), [[3, -1], [6, -2]]),
        (NormSquared(AX), 146),
        (Dot(AX, y), 4),
        (Odot(AX, y), [[15], [-11]]),
        (Entry(chain(A, A), (i, j)), 10),
        (turned(turned(A)), [[1, 2], [3, 4]]),
        (minus(turned(A), A), [[0, 1], [-1, 0]]),
        (times(a, x), [[5], [10]]),
        (Div(x, num(2)), [[Fraction(1, 2)], [1]]),
        (Name("n"), 2),
        (Name("j"), 2),
    ],
)
def test_arrays_have_the_values_worked_out_by_hand(term: Term, expected: object) -> None:
    assert value(term, SQUARE, TWO) == expected


@pytest.mark.parametrize(
    ("term", "two", "one", "none"),
    [
        (over("i", at(x, i)), 3, 7, 0),
        (over("i", num(1)), 2, 1, 0),
        (over("i", over("j", times(at(x, i), at(y, j)))), 6, 14, 0),
        (over("i", over("i", at(x, i))), 6, 7, 0),  # the inner letter hides the outer one
        (over("i", times(at(x, i), over("i", at(x, i)))), 9, 49, 0),
        (over("i", times(Name("i"), at(x, i))), 5, 7, 0),
        (Sum("i", Between("n", Nth(2), End("n")), (), at(x, i)), 2, 0, 0),
        (Sum("i", Between("n", Nth(1), End("n", -1)), (), Entry(x, (Moved(i, 1),))), 2, 0, 0),
        (Sum("i", Between("n", Nth(2), End("n", -1)), (), at(x, i)), 0, 0, 0),
        (over("x", times(x, x)), 5, 1, 0),  # the letter hides the vector
    ],
)
def test_sums_run_over_their_range(term: Term, two: int, one: int, none: int) -> None:
    assert [value(term, SQUARE, known) for known in (TWO, ONE, NONE)] == [two, one, none]


def test_conditions_leave_summands_out() -> None:
    signs = {"=": 2, "!=": 1, "<": 1, "<=": 3}
    for sign, expected in signs.items():
        term = Sum("i", Whole("n"), (Comparison(i, sign, j),), at(x, i))
        assert value(term, SQUARE, TWO) == expected, sign
        factor = over("i", times(Indicator(Comparison(i, sign, j)), at(x, i)))
        assert value(factor, SQUARE, TWO) == expected, sign


def test_a_list_repeats_labels() -> None:
    given: tuple[Declaration, ...] = (
        Size("N"),
        Size("K"),
        Index("o", "N", "Vocab"),
        Index("k", "K"),
        Labels("w", "k", "N", "Vocab", "K"),
        Vector("y", "N"),
    )
    known = {"N": 3, "K": 4, "o": 2, "w": [2, 3, 2, 1], "y": [10, 20, 30], "k": 1}
    o, drawn = Letter("o"), Listed("w", k)
    assert value(over("k", at(y, drawn), "K"), given, known) == 80  # type: ignore[arg-type]
    count = over("k", Indicator(Comparison(drawn, "=", o)), "K")
    assert value(count, given, known) == 2
    assert value(slope(over("k", at(y, drawn), "K"), at(y, o)), given, known) == 2  # type: ignore[arg-type]


def test_a_family_is_the_columns_or_rows_of_its_matrix() -> None:
    for columns in (True, False):
        given = (
            Size("N"),
            Size("d"),
            Index("w", "N", "Vocab"),
            Index("h", "d"),
            Family("u", "w", "d", "N", "U", columns),
            Vector("v", "d"),
        )
        known = {"N": 2, "d": 3, "w": 2, "h": 1, "v": [1, 1, 2], "U": [[1, 2, 3], [4, 5, 6]]}
        one = Picked("u", Letter("w"))
        assert value(one, given, known) == [[4], [5], [6]]
        assert value(Entry(one, (Letter("h"),)), given, known) == 4
        product = chain(turned(Name("U")) if columns else Name("U"), Name("v"))
        assert value(product, given, known) == [[9], [21]]
        squares = slope(NormSquared(one), Name("U"))
        rows = [[0, 0, 0], [8, 10, 12]]
        expected = [list(column) for column in zip(*rows, strict=True)] if columns else rows
        assert value(squares, given, known) == expected


# Derivatives --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (slope(chain(turned(x), A, x), x), [[12], [21]]),  # (A + A^T) x
        (slope(NormSquared(AX), x), [[76], [108]]),  # 2 A^T A x
        (slope(chain(turned(x), A, y), A), [[3, -1], [6, -2]]),  # x y^T
        (slope(chain(turned(x), A, y), at(A, j, i)), 6),
        (slope(over("i", squared(at(x, i))), at(x, j)), 4),
        (slope(times(a, a, a), a), 75),
        (slope(over("i", times(at(x, i), at(y, i))), at(x, i)), 3),  # the outer i is 1
        (over("i", slope(squared(at(x, i)), at(x, i))), 6),
        (slope(slope(times(a, a, a), a), a), 30),
        (slope(slope(times(at(x, i), at(x, j)), at(x, i)), at(x, j)), 1),
        (slope(at(x, i), at(y, i)), 0),
    ],
)
def test_derivatives_have_the_values_worked_out_by_hand(term: Term, expected: object) -> None:
    assert value(term, SQUARE, TWO) == expected


def test_derivatives_within_derivatives_do_not_mix() -> None:
    inner = slope(Add((x, y)), y)
    assert value(slope(times(x, inner), x), NUMBERS, {"x": 3, "y": 4}) == 1
    outer = slope(times(x, slope(times(x, y), y)), x)  # d/dx x^2
    assert value(outer, NUMBERS, {"x": 3, "y": 4}) == 6


CUBE = function("F", "t", times(t, t, t))
KNOWN = {"a": 5, "b": 2, "x": 3, "y": 4}


@pytest.mark.parametrize(
    ("definitions", "term", "expected"),
    [
        ((CUBE,), Prime("F", b), 12),
        ((CUBE, function("r", "t", Prime("F", t))), Call("r", (times(num(2), b),)), 48),  # 12 b^2
        ((CUBE, function("G", "a", slope(Call("F", (a,)), a))), Call("G", (b,)), 12),
        # the argument is held while the derivative inside is taken
        ((function("h", "t", slope(times(t, x), x)),), Call("h", (x,)), 3),
        ((function("h", "t", slope(times(t, x), x)),), slope(times(y, Call("h", (x,))), y), 3),
        ((function("h", "t", slope(times(t, x), x)),), slope(times(y, Call("h", (y,))), y), 8),
        ((function("q", "t", slope(squared(t), t)),), slope(times(y, Call("q", (a,))), y), 10),
        # a name without arguments varies with what is in it
        ((Define("J", (), (), (), squared(x)),), slope(Name("J"), x), 6),
        ((function("f", "t", times(t, x)),), slope(Call("f", (x,)), x), 6),
        ((function("f", "t", times(t, x)),), Prime("f", x), 3),
        # a parameter hides the variable of its name
        ((function("f", "x", squared(x)),), Call("f", (y,)), 16),
        (
            (function("f", "x", times(x, y)), Define("L", (), (), (), Call("f", (y,)))),
            Name("L"),
            16,
        ),
    ],
)
def test_definitions_keep_the_meaning_of_where_they_stand(
    definitions: tuple[Define, ...], term: Term, expected: int
) -> None:
    assert value(term, (*NUMBERS, *definitions), KNOWN) == expected


def test_a_definition_given_entry_by_entry_is_an_array() -> None:
    q = Define("q", (), ("i",), ("n",), over("j", times(at(A, i, j), at(x, j))))
    given = (*SQUARE, q)
    assert value(Name("q"), given, TWO) == [[5], [11]]
    assert value(over("j", Entry(Name("q"), (j,))), given, TWO) == 16  # j is bound inside as well
    assert value(slope(Entry(Name("q"), (i,)), at(x, j)), given, TWO) == 2


def test_an_index_is_passed_where_a_sum_inside_has_its_letter() -> None:
    f = Define("f", (Parameter("index", "i", "n"),), (), (), over("j", times(at(x, i), at(y, j))))
    assert value(Call("f", (j,)), (*SQUARE, f), TWO) == 4  # x_2 (y_1 + y_2)


def test_an_arbitrary_function_has_symmetric_second_derivatives_and_a_chain_rule() -> None:
    fixed = tuple(Parameter("fixed", each, "n") for each in "xy")
    given = (*SQUARE, Arbitrary("f", fixed), Arbitrary("g", (Parameter("number", "z"),)))
    known = {**TWO, "f": AnyFunction(1), "g": AnyFunction(2)}
    call = Call("f", (x, y))
    first = slope(slope(call, at(x, i)), at(y, j))
    other = slope(slope(call, at(y, j)), at(x, i))
    assert value(first, given, known) == value(other, given, known) != 0
    inner = times(a, at(x, j))
    left = slope(Call("g", (inner,)), a)
    assert value(left, given, known) == value(times(Prime("g", inner), at(x, j)), given, known)
    assert value(slope(call, a), given, known) == 0


# Numbers ------------------------------------------------------------------------------------


def test_exponentials_and_logarithms_have_sixty_digits() -> None:
    given, known = NUMBERS, {"a": Decimal(1), "b": 0.0}
    found = value(Apply("exp", a), given, known)
    assert str(found).startswith("2.718281828459045235360287471352662497757247093699959")
    assert abs(value(Apply("log", Apply("exp", a)), given, known) - 1) < Decimal("1e-55")


def test_quotients_are_exact() -> None:
    assert value(Div(a, Add((b, num(1)))), NUMBERS, KNOWN) == Fraction(5, 3)
    assert divide(6, 3) == 2
    assert isinstance(divide(6, 3), int)


def test_tangents_follow_the_rules_of_exp_log_and_quotient() -> None:
    at_two = Dual(1, Decimal(2), 1)
    assert tangent(exp(at_two), 1) == Decimal(2).exp()
    assert tangent(log(at_two), 1) == Decimal("0.5")
    assert tangent(divide(1, Dual(1, 2, 1)), 1) == Fraction(-1, 4)


@pytest.mark.parametrize("term", [Div(a, minus(b, b)), Apply("log", minus(b, num(2)))])
def test_what_has_no_value_raises(term: Term) -> None:
    with pytest.raises(NoValue):
        value(term, NUMBERS, KNOWN)


@pytest.mark.parametrize(
    "term",
    [
        Entry(x, (Moved(j, 1),)),
        Entry(x, (Moved(i, -1),)),
        Add((x, a)),
        chain(x, y),
        chain(A, turned(x)),
        Dot(x, turned(y)),
        times(x, y),
        Call("a", (x,)),
        slope(x, a),
        slope(a, Name("n")),
        Name("z"),
    ],
)
def test_what_has_no_meaning_raises(term: Term) -> None:
    with pytest.raises(NoMeaning):
        value(term, SQUARE, TWO)


def test_two_sizes_that_happen_to_be_equal_do_not_fit() -> None:
    given = (Size("n"), Size("m"), Matrix("A", "n", "m"), Vector("x", "n"))
    with pytest.raises(NoMeaning):
        value(chain(A, x), given, {"n": 2, "m": 2, "A": [[1, 2], [3, 4]], "x": [1, 2]})
    one = {"n": 1, "m": 1, "A": [[1]], "x": [1]}
    with pytest.raises(NoMeaning):
        value(Dot(chain(turned(A), x), x), given, one)
