"""Formulas in what is said of a line are found where they begin and end, and typeset."""

from __future__ import annotations

from time import process_time

import pytest

from derivations.report.web.notebook_table import notebook_table
from derivations.report.web.typeset import pieces, said


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (r"2 times \frac{1}{2} \log(\sigma), on the right", [r"\frac{1}{2} \log(\sigma)"]),
        (r"the term -\frac{1}{2} \log(2 \pi) dropped", [r"-\frac{1}{2} \log(2 \pi)"]),
        (r"y_1 \log z_1 + ... + y_n is a sum", [r"y_1 \log z_1 + ... + y_n"]),
        (r"\sum_{k \ne i} runs over k; i is fixed", [r"\sum_{k \ne i}"]),
        (r"ends with X^T X w - X^T y + \lambda w; a.1 fails", [r"X^T X w - X^T y + \lambda w"]),
        (r"is l_{\phi}(x) a product, or l_{\phi} at x?", [r"l_{\phi}(x)", r"l_{\phi}"]),
        (r"the term \lambda I dropped", [r"\lambda I"]),
        (r"given at e.md:9:1 as define J(w) = \lambda; leave it out", [r"J(w) = \lambda"]),
        (r"X^T Xw - y: (d, 1) does not fit (1, d)", ["X^T Xw - y"]),
        ("the sides differ by (λ − 1) w[i]", []),
        ("see line_1 of some_file.md, I am a line - no formula", []),
        ("braces that are never closed: x_{1", []),
        ("at w = [1]: left 0, right 1", []),
    ],
)
def test_the_formulas_of_a_sentence(text: str, formulas: list[str]) -> None:
    found = list(pieces(text))
    assert [each.text for each in found if each.is_formula] == formulas
    assert "".join(each.text for each in found) == text


@pytest.mark.parametrize("text", ["(x_1 ", "'a ", "{a", "{a} ", "{{x_{1}} ", "x_1 + "])
def test_long_texts_take_no_longer_than_others(text: str) -> None:
    start = process_time()
    for length in (1990, 100_000):
        list(pieces((text * length)[:length]))
    assert process_time() - start < 2


def test_what_is_quoted_from_the_file_stays_as_it_stands() -> None:
    made = said("p", r"3:1: at '\foo_1': nothing has this name; did you mean \phi?")
    assert [each.tag for each in made] == ["code", "math"]
    assert made[0].text == r"\foo_1"
    assert (made[1].get("title"), made[1].tail) == (r"\phi", "?")


def test_indices_stand_below() -> None:
    made = said("p", "the sides differ by Σ_s Σ_{i≠k} X[s,i] y[s] − [h = i] at w = [1]; X = [[0]]")
    assert [each.text for each in made] == ["s", "i≠k", "s,i", "s"]
    assert "".join(made.itertext()).endswith("Xs,i ys − [h = i] at w = [1]; X = [[0]]")


def test_a_notebook_shows_formulas_and_no_markup_of_a_stranger() -> None:
    rows = [("a.1", r"\frac{x}{y} = <b>", "refuted", r"it ends with \lambda w <i>")]
    table = notebook_table(rows)
    assert "<mfrac>" in table
    assert table.count("<math") == 2
    assert "<b>" not in table
    assert "<i>" not in table


def test_without_the_converter_formulas_stand_between_dollars(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "latex2mathml.converter", None)
    table = notebook_table([("a.1", r"x = \lambda", "refuted", r"it ends with \lambda w")])
    assert r"$x = \lambda$" in table
    assert r"it ends with $\lambda w$" in table
