"""Particular formulas as they are printed, and the letters they are printed with."""

from __future__ import annotations

import pytest
from derivations.reader.meaning import Scope
from sympy import Integer, Rational, sqrt

from derivations.claim import Claim, Unequal
from derivations.indices import Index, IndexSum, total
from derivations.language.tree import Array
from derivations.reader.declare import declared
from derivations.reader.elaborate import Here, number
from derivations.reader.formula import formula
from derivations.reader.latex import Unprintable, equation, latex, side
from derivations.reader.source import Source
from tests.reader.declared_names import AXES, PART, SCOPE, TIMES, WORDS, entry
from tests.reader.round_trip import lost

ODD = r"""size n, e, T, m >= 1
index \alpha, b in 1..n
index g in Kind = 1..m
scalar \mathrm{loss}, \theta_0, \bar{x}, x
vector q, \mathrm{bias}, h_0 in R^n
vectors \mathrm{row}_g in R^n
define \lambda_{\mathrm{all}} = \sum_{a=1}^{n} q_a
define F(\mathrm{row}_g, x) = x \lambda_{\mathrm{all}}
"""
ODD_SCOPE = declared([Source(line).whole for line in ODD.splitlines()], Scope())


def read(text: str, scope: Scope) -> Array:
    return number(formula(Source(text).whole), Here(scope))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (r"\sum_w u_w^T v_o", r"\sum_{w=1}^{N} \sum_{b=1}^{d} u_{w,b} v_{o,b}"),
        (r"u_{w_t}^T v_{w_{t+j}}", r"\sum_{b=1}^{d} u_{w_{t},b} v_{w_{t + j},b}"),
        (r"\frac{1 - \hat{y}_w}{2}", r"\frac{1}{2} - \frac{1}{2} \hat{y}_{w}"),
        (r"-\frac{3}{2} \cdot (z + 1)(a + 1)", r"-\frac{3}{2} \cdot (1 + a) (1 + z)"),
        (r"\nabla_z z^2", r"\frac{\partial}{\partial z} [z^{2}]"),
        (
            r"\sum_{w \ne o} \hat{y}_w",
            r"\sum_{\substack{1 \le w \le N \\ w \ne o}} \hat{y}_{w}",
        ),
        (r"\sigma'(z)", r"\frac{\partial}{\partial z} [\sigma(z)]"),
        (r"P(O = w_k | C = w_t)", r"P(O = w_{k} \mid C = w_{t})"),
        (r"e^{-z} z", r"z \exp(-z)"),
    ],
)
def test_a_formula_is_printed_plainly(text: str, printed: str) -> None:
    value = read(text, SCOPE)
    assert not lost(value, SCOPE)
    assert latex(value.entry, SCOPE) == printed


@pytest.mark.parametrize(
    "text",
    [
        r"\mathrm{loss} \theta_0 \bar{x}",
        r"\sum_\alpha q_\alpha \mathrm{bias}_b",
        r"\alpha + e T^2",
        r"(h_0)_b + q_\alpha",
        r"\lambda_{\mathrm{all}} x",
        r"\sum_{k=1}^{n} q_k",
        r"\mathrm{row}_g",
        r"q q^\top",
        r"\sum_g x",
    ],
)
def test_odd_names_come_back(text: str) -> None:
    assert not lost(read(text, ODD_SCOPE), ODD_SCOPE)


def test_a_bound_letter_is_none_that_is_free_outside() -> None:
    k, i = SCOPE.letters["k"], SCOPE.letters["i"]
    inner = total(entry("z") * k, k)
    assert latex(inner, SCOPE) == r"\sum_{k=1}^{K} k z"
    assert latex(inner + k, SCOPE) == r"k + \sum_{i=1}^{K} i z"
    assert latex(total(inner * k, k), SCOPE) == r"\sum_{k=1}^{K} k \sum_{i=1}^{K} i z"
    assert i not in inner.free_symbols


def test_an_axis_gets_a_letter_that_is_declared_for_it() -> None:
    printed = side(Array(entry("u", Integer(1), AXES[0]), (AXES[0], None)), SCOPE)
    assert printed.text == "u_{1,b}"
    assert printed.declarations == ("index b in 1..d",)
    assert printed.axes == (Index("b", PART), None)
    with pytest.raises(Unprintable, match="no declared letter"):
        latex(entry("u", Integer(1), AXES[0]), SCOPE)


def test_a_letter_of_a_condition_is_not_used_for_an_axis() -> None:
    words = Index("w'", WORDS)
    array = Array(entry(r"\hat{y}", words), (words, None))
    o, w, x = (SCOPE.letters[letter] for letter in "owx")
    conditions = (Unequal(w, x), Unequal(o, x))
    claim = Claim("a", "a", "", "", array, array, conditions)
    assert equation(claim, SCOPE).declarations == ("index b in Vocab",)
    assert side(array, SCOPE).text == r"\hat{y}_{w}"


def test_a_part_of_a_range_gets_a_letter_of_the_right_set() -> None:
    # every declared letter for these is in use
    k, i, n = SCOPE.letters["k"], SCOPE.letters["i"], Index("n", TIMES)
    partial = k + i + IndexSum(n, (n, Integer(1), entry("K") - 1))
    printed = side(Array(partial), SCOPE)
    assert printed.text == r"i + k + \sum_{n=1}^{K - 1} n"
    assert printed.declarations == ("index n in 1..K",)
    with pytest.raises(Unprintable, match=r"a letter is missing: index n in 1\.\.K"):
        latex(partial, SCOPE)


def test_a_root_comes_back_as_an_exponential_of_a_logarithm() -> None:
    assert latex(sqrt(entry("z")), SCOPE) == r"\exp(\frac{1}{2} \log(z))"
    assert not lost(Array(entry("z") ** Rational(-2, 3) / 5), SCOPE)
