"""Lines written down as terms: their values worked out by hand, and the files they stand in."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import permutations
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.lines.cases import written
from tests.lines.evaluate import PRECISION, Evaluator, Truth, drawn, examine, size_choices
from tests.lines.latex import SPELLINGS, Style, Writer
from tests.lines.tree import (
    ZERO,
    Add,
    Apply,
    Arbitrary,
    Assume,
    Between,
    Block,
    Call,
    Cell,
    Closure,
    Comparison,
    Declaration,
    Define,
    Deriv,
    Distinct,
    Div,
    Dot,
    End,
    Entry,
    Family,
    Index,
    Indicator,
    Labels,
    Letter,
    Line,
    Listed,
    Matmul,
    Matrix,
    Moved,
    Mul,
    Name,
    Neg,
    NormSquared,
    NotAmong,
    Nth,
    Num,
    Odot,
    Parameter,
    Part,
    Picked,
    Pow,
    Prime,
    Scalar,
    Size,
    Sum,
    Term,
    Transpose,
    Vector,
    Whole,
    WholeOf,
    scoped_lines,
)
from tests.lines.values import (
    AnyFunction,
    Dual,
    NoMeaning,
    NoValue,
    Table,
    Value,
    determinant,
    divide,
    exp,
    log,
    tangent,
)

A, B, a, b, t, x, y = map(Name, ["A", "B", "a", "b", "t", "x", "y"])
i, j, k = map(Letter, "ijk")
SQUARE: tuple[Declaration, ...] = (
    Size("n"),
    *(Index(each, "n") for each in "ijk"),
    *(Vector(each, "n") for each in "xy"),
    *(Matrix(each, "n", "n") for each in "AB"),
    Scalar("a"),
    Scalar("b"),
)
NUMBERS: tuple[Declaration, ...] = tuple(Scalar(each) for each in "abxy")


def num(value: int | Fraction) -> Num:
    """A number."""
    return Num(Fraction(value))


def minus(left: Term, right: Term) -> Term:
    """A difference."""
    return Add((left, Neg(right)))


def chain(*factors: Term) -> Term:
    """A product of matrices from the left."""
    found = factors[0]
    for factor in factors[1:]:
        found = Matmul(found, factor)
    return found


def over(letter: str, body: Term, axis: str = "n") -> Sum:
    """A sum over all of 1..n."""
    return Sum(letter, Whole(axis), (), body)


def at(array: Name | Picked, *letters: Letter) -> Entry:
    """An entry."""
    return Entry(array, letters)


def function(name: str, parameter: str, body: Term) -> Define:
    """``define f(t) = body``."""
    return Define(name, (Parameter("number", parameter),), (), (), body)


def turned(term: Term) -> Term:
    """The transpose."""
    return Transpose(term)


def times(*factors: Term) -> Term:
    """A product of numbers."""
    return Mul(factors)


def squared(term: Term) -> Term:
    """A square."""
    return Pow(term, 2)


def slope(of: Term, by: Name | Entry | Picked) -> Term:
    """A derivative."""
    return Deriv(of, by)


def value(term: Term, given: tuple[Declaration, ...], values: dict[str, Any]) -> Any:
    """The value of a term: a number, or a list of rows. Lists of numbers are arrays."""
    scoped = scoped_lines((Block(given), Line(term, ZERO)))[-1]
    store: dict[Cell, Value] = {}
    for name, known in values.items():
        binding = scoped.env[name]
        cell = binding.cell if isinstance(binding, WholeOf) else binding
        assert isinstance(cell, Cell)
        assert not isinstance(binding, Closure)
        store[cell] = _array(known, cell) if isinstance(known, list) else known
    with localcontext(PRECISION):
        exact = not any(isinstance(each, float) for each in values.values())
        found = Evaluator(store, exact=exact).value(term, scoped.env)
    return found.entries.tolist() if isinstance(found, Table) else found


def _array(known: list[Any], cell: Cell) -> Value:
    if isinstance(cell.declaration, Labels):
        return known
    rows = [row if isinstance(row, list) else [row] for row in known]
    found = np.zeros((len(rows), len(rows[0]) if rows else 1), dtype=object)
    for n, row in enumerate(rows):
        for m, entry in enumerate(row):
            found[n, m] = entry
    return found


# The evaluator against values worked out by hand.


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


# Truth by evaluation, on lines whose truth is known: it accuses nobody falsely.


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


def test_a_file_is_written_as_its_format_says() -> None:
    drawn = Listed("w", Letter("k"))
    file = (
        Block(
            (
                Size("N"),
                Size("K", 0),
                Index("o", "N", "Vocab"),
                Index("k", "K"),
                Labels("w", "k", "N", "Vocab", "K"),
                Family("u", "o", "K", "N", "U", False),
                Assume(NotAmong(Letter("o"), "w")),
                Vector("y", "N"),
                Define("q", (), ("k",), ("K",), Entry(y, (drawn,))),
                Define("g", (Parameter("index", "o", "N"),), (), (), at(y, Letter("o"))),
            )
        ),
        Line(
            Call("g", (Letter("o"),)),
            Entry(Picked("u", drawn), (Letter("k"),)),
            (Comparison(drawn, "=", Letter("o")),),
        ),
    )
    assert written(file, Style(None)) == (
        "```given\n"
        "size N >= 1\n"
        "size K >= 0\n"
        "index o in Vocab = 1..N\n"
        "index k in 1..K\n"
        "list w_k in Vocab, k in 1..K\n"
        "vectors u_o in R^K, rows of U\n"
        r"if o \notin \{w_1, ..., w_K\}" + "\n"
        "vector y in R^N\n"
        "define q_k = y_{w_k}\n"
        "define g(o) = y_o\n"
        "```\n"
        "$$g(o) = (u_{w_k})_k$$\n"
        "- if $w_k = o$\n"
    )


def test_a_style_keeps_to_its_habits_and_to_one_markup() -> None:
    terms = [turned(x) for _ in range(60)]
    env = scoped_lines((Block(SQUARE), Line(ZERO, ZERO)))[-1].env
    writer = Writer(Style(Random(5)), env)
    texts = [writer.text(term) for term in terms]
    most = max(set(texts), key=texts.count)
    assert 0.7 < texts.count(most) / len(texts) < 1
    assert len({text.split("^")[0] for text in texts}) == 1


def test_sums_over_two_letters_name_both() -> None:
    term = over("j", over("k", times(at(x, j), at(y, Letter("k")))))
    env = scoped_lines((Block(SQUARE), Line(ZERO, ZERO)))[-1].env
    texts = {Writer(Style(Random(n)), env).text(term) for n in range(60)}
    merged = [text for text in texts if r"\sum_{j," in text]
    assert merged
    assert all(text.startswith((r"\sum_{j, k} ", r"\sum_{j,k} ")) for text in merged)


def test_a_condition_between_two_letters_binds_both() -> None:
    apart = (Comparison(j, "!=", i),)
    term = over("i", Sum("j", Whole("n"), apart, times(at(x, i), at(y, j))))
    env = scoped_lines((Block(SQUARE), Line(ZERO, ZERO)))[-1].env
    texts = {Writer(Style(Random(n)), env).text(term) for n in range(200)}
    assert any(r"\sum_{i, j : i \ne j}" in text for text in texts)
    assert any(r"\sum_{i, j \ne i}" in text for text in texts)


def test_every_first_spelling_is_the_plain_one() -> None:
    for kind in SPELLINGS:
        assert Style(None).pick(kind) == next(iter(SPELLINGS[kind]))


def test_factors_of_numbers_stay_numbers_in_front() -> None:
    for n in range(40):
        env = scoped_lines((Block(SQUARE), Line(ZERO, ZERO)))[-1].env
        text = Writer(Style(Random(n)), env).text(Mul((a, num(3), b)))
        assert text.lstrip("(").startswith("3")
