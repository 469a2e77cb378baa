"""What is written, in plain spelling, and brackets wherever the text could be read otherwise."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from tests.lines.by_hand import (
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
from tests.lines.latex import Writer
from tests.lines.markdown import written
from tests.lines.spellings import SPELLINGS, Style
from tests.lines.tree import (
    ZERO,
    Add,
    Apply,
    Assume,
    Between,
    Block,
    Call,
    Comparison,
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
    Line,
    Listed,
    Moved,
    Mul,
    Name,
    Neg,
    NotAmong,
    Nth,
    Num,
    Parameter,
    Picked,
    Prime,
    Size,
    Sum,
    Term,
    Vector,
    Whole,
    scoped_lines,
)

F = function("f", "t", squared(t))
J = Define("J", (), (), (), squared(a))
HALF = Num(Fraction(1, 2))


def plain(term: Term) -> str:
    env = scoped_lines((Block((*SQUARE, F, J)), Line(ZERO, ZERO)))[-1].env
    return Writer(Style(None), env).text(term)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        # products and sums
        (times(a, Add((a, b))), "a (a + b)"),
        (Add((a, times(a, b))), "a + a b"),
        (minus(a, Add((a, b))), "a - (a + b)"),
        (minus(a, minus(a, b)), "a - (a - b)"),
        (Neg(Add((a, b))), "-(a + b)"),
        (times(a, Neg(b)), "a (-b)"),
        (squared(Neg(a)), "(-a)^2"),
        (times(a, num(2), b), "2 a b"),
        (times(num(2), num(3)), r"2 \cdot 3"),
        (times(a, times(num(2), b)), r"a \cdot 2 b"),
        (times(num(2), HALF), r"2 \cdot \frac{1}{2}"),
        (Div(Add((a, b)), times(a, b)), r"\frac{a + b}{a b}"),
        (squared(Div(a, b)), r"(\frac{a}{b})^2"),
        # a name of a definition is not applied by accident
        (times(Name("J"), Add((a, b))), r"J \cdot (a + b)"),
        (times(a, Add((a, b)), Name("J")), "a (a + b) J"),
        # sums reach to the end of their term
        (over("i", at(x, i)), r"\sum_{i} x_i"),
        (over("i", Add((at(x, i), a))), r"\sum_{i} (x_i + a)"),
        (Add((over("i", at(x, i)), a)), r"\sum_{i} x_i + a"),
        (times(over("i", at(x, i)), a), r"(\sum_{i} x_i) a"),
        (times(a, over("i", at(x, i))), r"a \sum_{i} x_i"),
        (over("i", over("j", at(A, i, j))), r"\sum_{i} \sum_{j} A_{ij}"),
        (squared(over("i", at(x, i))), r"(\sum_{i} x_i)^2"),
        (
            Sum("i", Whole("n"), (Comparison(i, "!=", j),), at(x, i)),
            r"\sum_{i \ne j} x_i",
        ),
        (
            Sum("i", Whole("n"), (Comparison(j, "<", i),), at(x, i)),
            r"\sum_{i : i > j} x_i",
        ),
        (Sum("i", Between("n", Nth(2), End("n")), (), at(x, i)), r"\sum_{i=2}^{n} x_i"),
        (
            Sum("i", Between("n", Nth(1), End("n", -1)), (), Entry(x, (Moved(i, 1),))),
            r"\sum_{i=1}^{n-1} x_{i+1}",
        ),
        (over("l", at(x, Letter("l"))), r"\sum_{l=1}^n x_l"),  # nobody declared l
        (Indicator(Comparison(i, "=", j)), r"\delta_{i j}"),
        (Indicator(Comparison(i, "!=", j)), r"\mathbb{1}_{i \ne j}"),
        # matrices
        (chain(turned(x), turned(A), A, x), "x^T A^T A x"),
        (chain(A, chain(A, x)), "A (A x)"),
        (turned(chain(A, x)), "(A x)^T"),
        (turned(turned(x)), "(x^T)^T"),
        (chain(Add((A, turned(A))), x), "(A + A^T) x"),
        (Entry(chain(A, x), (i,)), "(A x)_i"),
        (times(a, chain(turned(x), y)), "a (x^T y)"),
        (times(Dot(x, y), a), r"(x \cdot y) a"),
        # functions and derivatives
        (Apply("exp", Neg(a)), r"\exp(-a)"),
        (Call("f", (Add((a, b)),)), "f(a + b)"),
        (Prime("f", times(a, b)), "f'(a b)"),
        (slope(Call("f", (a,)), a), r"\frac{\partial}{\partial a} f(a)"),
        (slope(times(a, b), a), r"\frac{\partial}{\partial a} (a b)"),
        (times(slope(times(a, b), a), b), r"(\frac{\partial}{\partial a} (a b)) b"),
        (slope(chain(turned(x), y), x), r"\nabla_x (x^T y)"),
        (slope(Name("J"), at(x, i)), r"\frac{\partial}{\partial x_i} J"),
    ],
)
def test_terms_are_written_with_the_brackets_they_need(term: Term, expected: str) -> None:
    assert plain(term) == expected


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
