"""Terms have one key where they are arranged in another way, and only where they are equal."""

from __future__ import annotations

import pytest

from derivations.language.arrangement import key, left_to_take
from derivations.language.tree import Term
from derivations.reader.declare.block import declared
from derivations.reader.elaborate.environment import Environment, resolve
from derivations.reader.parser import formula
from derivations.reader.scope import Scope
from derivations.reader.source import Source

GIVEN = r"""
size n, m >= 1
index i, j, k in 1..n
scalar a, b, c
vector x, y in R^n
matrix A in R^{m x n}
matrix B in R^{n x n}
define f(a) = a^2 + b
define g(a) = \frac{\partial}{\partial b} (a b)
define h = a + b
define r(a) = \frac{\partial}{\partial a} (a c)
define L = x^T x
"""
SCOPE = declared(Source(GIVEN).whole.lines(), Scope())


def term(latex: str) -> Term:
    return resolve(formula(Source(latex).whole), Environment(SCOPE))


SAME = [
    ("a + b + c", "c + (b + a)"),
    ("a - (b - c)", "c + a - b"),
    ("2 a b", "b (2 a)"),
    (r"\frac{a}{2} b", r"\frac{1}{2} a b"),
    (r"\frac{a b}{c}", r"a \frac{b}{c}"),
    ("a + b - b", "a"),
    ("a + 0 c", "1 a"),
    ("a + a", "2 a"),
    ("-(a b)", "a (-b)"),
    ("h c", "c (b + a)"),
    ("f(c)", "b + c^2"),
    ("f(b)", "b + b^2"),
    (r"\sum_i x_i y_i", r"\sum_j y_j x_j"),
    (r"\sum_i \sum_j x_i y_j", r"\sum_k \sum_i x_k y_i"),
    ("A (B x)", "(A B) x"),
    ("x^T y", "y^T x"),
    (r"\langle x, y \rangle", "y^T x"),
    (r"\lVert x \rVert^2", "x^T x"),
    ("x^T B y", "y^T B^T x"),
    ("(A B)^T", "B^T A^T"),
    ("(2 B^T)^T", "2 B"),
    (r"(2 x) \odot y", r"2 (y \odot x)"),
    (r"\frac{\partial L}{\partial x}", r"\nabla_x (x^T x)"),
]
DIFFERENT = [
    ("a - b", "b - a"),
    ("a b c", "a b"),
    (r"\frac{a}{b}", r"\frac{b}{a}"),
    ("a (b + c)", "a b + c"),
    ("A B x", "A x"),
    ("x^T B y", "x^T B^T y"),
    ("B^T", "B"),
    ("x y^T", "y x^T"),
    ("x_i", "x_j"),
    (r"\sum_i x_i y_j", r"\sum_i x_i y_i"),
    (r"\sum_i \sum_j x_i y_j", r"\sum_i \sum_j x_j y_j"),
    ("f(b)", "f(c)"),
    ("f(a) + a - a", "f(c)"),
    ("g(b)", r"\frac{\partial}{\partial b} (b b)"),
    ("r(2 a)", r"\frac{\partial}{\partial a} (2 a c)"),
    ("B x", "B y"),
    (r"\frac{\partial L}{\partial x}", r"\frac{\partial h}{\partial a} x"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_arranged_in_another_way_has_the_same_key(one: str, other: str) -> None:
    assert key(term(one)) == key(term(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_has_another_key(one: str, other: str) -> None:
    assert key(term(one)) != key(term(other))


def test_derivatives_that_stand_in_a_term_or_its_definitions_are_told() -> None:
    assert [each.by for each in left_to_take(term(r"a \frac{\partial h}{\partial b} + g(c)"))] == [
        "b",
        "b",
    ]
    assert left_to_take(term("h + f(a)")) == []


def test_a_derivative_may_be_told_by_what_it_is() -> None:
    (derivative,) = left_to_take(term(r"\nabla_x L"))
    known = {derivative.key: key(term("2 x"))}
    assert key(term(r"A \nabla_x L"), known) == key(term("2 A x"))
