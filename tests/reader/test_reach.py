"""How far a sign reaches, and what binds what: read as meant, or noted, or refused."""

import pytest

from tests.reader.meaning import GIVEN, meaning, notes, refusal

# a formula, and the same with all its parentheses
PLAIN = {
    r"\sum_w y_w - b": r"(\sum_w y_w) - b",
    r"\sum_w y_w + \sum_x y_x": r"(\sum_w y_w) + (\sum_x y_x)",
    r"\sum_k a b / s": r"\sum_k ((a b) / s)",
    r"\sum_k a / b": r"\sum_k (a / b)",
    r"\exp(u_o^T v_c) / \sum_w \exp(u_w^T v_c)": r"\frac{\exp(u_o^T v_c)}{\sum_w \exp(u_w^T v_c)}",
    r"z / \log s": r"\frac{z}{\log(s)}",
    r"z / \sigma(s)": r"\frac{z}{\sigma(s)}",
    r"\sum_k a \cdot b": r"\sum_k (a b)",
    r"\sum_w y_w \sum_x \hat{y}_x": r"\sum_w (y_w (\sum_x \hat{y}_x))",
    r"2 \sum_w y_w \hat{y}_w": r"2 (\sum_w (y_w \hat{y}_w))",
    r"\sum_w (y_w - b)": r"\sum_x (y_x - b)",
    r"\sum_w u_w^T v_c u_w": r"\sum_w ((u_w^T v_c) u_w)",
    r"a / b / s": r"(a / b) / s",
    r"a / b \cdot s": r"(a / b) s",
    r"a b / s": r"(a b) / s",
    r"-z^2": r"-(z^2)",
    r"2 z^2 s": r"2 (z^2) s",
    r"z^{-1} s": r"(1 / z) s",
    r"e^z s": r"(e^z) s",
    r"e^{-z} s": r"\exp(-z) s",
    r"\log(z) s": r"(\log(z)) s",
    r"\log(z)(1 - z)": r"(\log(z)) (1 - z)",
    r"\log{z} s": r"(\log(z)) s",
    r"\exp{z} s": r"(\exp(z)) s",
    r"\log z + s": r"(\log(z)) + s",
    r"\log \sigma(z) - s": r"\log(\sigma(z)) - s",
    r"\log z \log s": r"(\log(z)) (\log(s))",
    r"\log z^2": r"\log(z^2)",
    r"\log \frac{z}{s}": r"\log(\frac{z}{s})",
    r"\log \sum_w \exp(u_w^T v_c) - z": r"(\log(\sum_w \exp(u_w^T v_c))) - z",
    r"\sum_w \log \hat{y}_w": r"\sum_w (\log(\hat{y}_w))",
    r"-\sum_w y_w \log \hat{y}_w": r"-(\sum_w (y_w \log(\hat{y}_w)))",
    r"\frac{\partial}{\partial z} z + s": r"(\frac{\partial}{\partial z} z) + s",
    r"s \frac{\partial}{\partial z} \sigma(z)": r"s (\frac{\partial \sigma(z)}{\partial z})",
    r"\frac{\partial \sigma(z)}{\partial z} s": r"s (\frac{\partial \sigma(z)}{\partial z})",
    r"\frac{\partial}{\partial v_c} \sum_w u_w^T v_c": (
        r"\frac{\partial}{\partial v_c} (\sum_w u_w^T v_c)"
    ),
    r"u_o^T v_c p": r"(u_o^T v_c) p",
    r"A p \cdot q": r"(A p) \cdot q",
    r"p \cdot A q": r"p \cdot (A q)",
    r"p^T q \cdot v_c": r"(p^T q) v_c",
    r"\sigma(z)(1 - \sigma(z))": r"(\sigma(z)) (1 - \sigma(z))",
    r"z(s + 1)": r"z \cdot (s + 1)",
    r"\sigma(z) (s)": r"(\sigma(z)) s",
}


@pytest.mark.parametrize("latex", PLAIN)
def test_a_formula_means_what_its_parentheses_would_say(latex: str) -> None:
    assert meaning(latex) == meaning(PLAIN[latex])
    assert not any("reach" in note for note in notes(latex))


NOTED = {
    r"\log z s": r"\log(z s)",
    r"\exp u_o^T v_c": r"\exp(u_o^T v_c)",
    r"\exp \frac{1}{2} z": r"\exp(\frac{1}{2} z)",
    r"\frac{\partial}{\partial z} z s": r"\frac{\partial}{\partial z} (z s)",
    r"\frac{\partial}{\partial z} z (s + 1)": r"\frac{\partial}{\partial z} (z (s + 1))",
    r"\nabla_{v_c} u_o^T v_c": r"\nabla_{v_c} (u_o^T v_c)",
    r"\delta_{wo}": r"\mathbb{1}_{w = o}",
    r"\sum_{w \ne o} y_w": r"\sum_{w : w \ne o} y_w",
}


@pytest.mark.parametrize("latex", NOTED)
def test_a_reading_that_could_have_been_meant_otherwise_is_noted(latex: str) -> None:
    assert meaning(latex) == meaning(NOTED[latex])
    assert notes(latex)


@pytest.mark.parametrize(
    ("latex", "what"),
    [
        (r"1/2 z", "below the slash"),
        (r"a/b s", "below the slash"),
        (r"a b / s z", "below the slash"),
        (r"a / \sigma(z) s", "below the slash"),
        (r"1 / \sum_w y_w z", "below the slash"),
        (r"1 / \log z s", "below the slash"),
        (r"1 / \sum_w \sum_x y_x z", "below the slash"),
        (r"1 / \log \sum_w y_w z", "below the slash"),
        (r"\sum_w y_w / \sum_x y_x z", "below the slash"),
        (r"\log z (1 - z)", "reach this far"),
        (r"\log \sigma(z) s", "reach this far"),
        (r"\log \sigma(z) \sigma(s)", "reach this far"),
        (r"\log z \sigma(s)", "reach this far"),
        (r"\log z / s", "how far does"),
        (r"\log z \cdot s", "how far does"),
        (r"\log z \times s", "how far does"),
        (r"\log \sum_w y_w / s", "how far does"),
        (r"\exp -z", "of what?"),
        (r"\log^2 z", "a script on a function"),
        (r"\log_s(z)", "natural"),
        (r"\log(z)^2", "the logarithm of a power?"),
        (r"\exp_2(z)", "natural"),
        (r"\sigma^2(z)", "write ("),
        (r"\sigma z", "argument in parentheses"),
        (r"\frac{\partial}{\partial z} (z) s", "how far does the derivative"),
        (r"\frac{\partial}{\partial z} [z + s] a", "how far does the derivative"),
        (r"\frac{\partial}{\partial z} \sigma(z) z", "how far does the derivative"),
        (r"\frac{\partial}{\partial z} z \cdot s", "how far does the derivative"),
        (r"\frac{\partial}{\partial z} z / s", "how far does the derivative"),
        (r"p \cdot q \cdot p", "in which order"),
        (r"p \cdot q q", "in which order"),
        (r"p \times q", "which product"),
        (r"p * q", "which product"),
        (r"A \times A", "which product"),
        (r"z 2", "number behind a factor"),
        (r"1 000 z", "number behind a factor"),
        (r"1\frac{1}{2}", "mixed number"),
        (r"\frac{1}23", "only the first digit"),
        (r"z^12", "only the first digit"),
        (r"z^{(1)}", "number of something"),
        (r"u_w[1]", "an entry or a product"),
        (r"A^9", "a power of a matrix"),
        (r"I^{-1} A", "a power of what has no size yet"),
        (r"-logP(O = o | C = c)", r"write \log P"),
        (r"expz", r"write \exp z"),
        (r"P(o, c)", "declared with a bar"),
        (r"P(O = o, C = c)", "declared with a bar"),
        (r"J(v_c | o, U)", "declared with commas"),
        (r"P(C = c | O = o)", "takes O = ..."),
        (r"\sum_{k \in \{1, K\}} z", "no index set"),
        (r"\sum_{k \in \{1, 3, \dots, K\}} z", "no index set"),
        (r"\sum_k^K z", "upper limit without"),
        (r"u_2", "need not have this member"),
    ],
)
def test_what_is_ambiguous_is_refused(latex: str, what: str) -> None:
    problem = refusal(latex)
    assert what in f"{problem.what} {problem.advice}"
    assert problem.token


# names that depend on letters which are not written
MORE = (
    GIVEN
    + r"""define f(t) = t z
define S = \sum_w \exp(u_w^T v_c)
define g(x) = \sum_w u_w^T v_x
define r_w = S \hat{y}_w
define C_{wx} = y_w \hat{y}_x
"""
)


@pytest.mark.parametrize(
    ("latex", "letter"),
    [
        (r"\sum_c \hat{y}_w", "c"),
        (r"\sum_c \hat{y}^T y", "c"),
        (r"\sum_o y_w", "o"),
        (r"\sum_{c=1}^N S", "c"),
        (r"\sum_c J", "c"),
        (r"\sum_o \sum_w C_{wx}", "o"),
        (r"\sum_c r_w", "c"),
    ],
)
def test_a_letter_that_a_name_depends_on_cannot_be_bound_around_it(latex: str, letter: str) -> None:
    assert f"depends on {letter}, which is bound here" in refusal(latex, MORE).what


@pytest.mark.parametrize(
    ("latex", "same"),
    [
        (r"\sum_w g(w)", r"\sum_x \sum_w u_w^T v_x"),  # the w bound in g is another one
        (r"\sum_x g(x)", r"\sum_w \sum_x u_x^T v_w"),
        (r"\sum_w S", r"\sum_x \sum_w \exp(u_w^T v_c)"),
        (r"\sum_w r_w", r"\sum_x r_x"),
        (r"\sum_w C_{wx}", r"\sum_w y_w \hat{y}_x"),
        (r"\sum_x C_{wx}", r"\sum_x y_w \hat{y}_x"),
        (r"\sum_w C_{xw}", r"\sum_w y_x \hat{y}_w"),
        (r"C_{xw}", r"y_x \hat{y}_w"),
        (r"f(z)", r"z^2"),
        (r"f'(z)", r"z"),  # the z in f is not what f is differentiated by
        (r"f'(2 z)", r"z"),
        (r"\sum_w \sum_w y_w", r"\sum_x \sum_w y_w"),
        (r"y_w \sum_w y_w", r"y_w \sum_x y_x"),
        (r"\sum_{c'} u_{c'}", r"\sum_w u_w"),
        (r"\sum_{c'} (U^T v_{c'})_o", r"\sum_w u_o^T v_w"),
        (r"\sum_{w' \ne w} y_{w'}", r"\sum_{x : x \ne w} y_x"),
    ],
)
def test_nothing_is_captured(latex: str, same: str) -> None:
    assert meaning(latex, MORE) == meaning(same, MORE)


def test_a_planted_capture_would_be_seen() -> None:
    assert meaning(r"\sum_w g(w)", MORE) != meaning(r"\sum_w u_w^T v_w", MORE)
    assert meaning(r"f'(z)", MORE) != meaning(r"2 z", MORE)
    assert meaning(r"\sum_w y_w - b") != meaning(r"\sum_w (y_w - b)")
    assert meaning(r"-z^2") != meaning(r"(-z)^2")
