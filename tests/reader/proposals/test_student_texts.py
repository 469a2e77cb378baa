"""Texts as students write them: what is proposed is enough for their lines to be judged rightly."""

import pytest

from tests.reader.proposals.propose import asked, read, said, verdicts


def text(*displays: str) -> str:
    return "\n\n".join(f"$${display}$$" for display in displays)


LOGISTIC = (
    r"h_\theta(x) = \frac{1}{1 + e^{-\theta^T x}}",
    r"J(\theta) = -\sum_{i=1}^m y^{(i)} \log h_\theta(x^{(i)})"
    r" - \sum_{i=1}^m (1 - y^{(i)}) \log(1 - h_\theta(x^{(i)}))",
)
RIDGE = (r"L(w) = \|X w - y\|^2 + \lambda \|w\|^2",)
SOFTMAX = (
    r"p_k = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}}, \qquad z_k = w_k^\top x",
    r"\ell = -\sum_{k=1}^K \log p_k",
)
NETWORK = (
    r"z^{[1]} = W^{[1]} x + b^{[1]}, \quad a^{[1]} = \sigma(z^{[1]})",
    r"s = v^T a^{[1]}",
)
FACTORS = (
    r"e_{ui} = r_{ui} - p_u^T q_i",
    r"L = \sum_{u=1}^U \sum_{i=1}^I e_{ui}^2",
    r"\|R - P Q^T\|^2 = L",
)
TRUE = {
    "logistic regression": (
        LOGISTIC,
        r"\frac{\partial J}{\partial \theta_j} ="
        r" \sum_{i=1}^m (h_\theta(x^{(i)}) - y^{(i)}) x_j^{(i)}",
    ),
    "its values as a vector": (LOGISTIC, r"\nabla_\theta J = X^T (h - y)"),
    "ridge regression": (RIDGE, r"\nabla_w L = 2 X^T (X w - y) + 2 \lambda w"),
    "softmax regression": (
        SOFTMAX,
        r"\frac{\partial p_k}{\partial z_j} = p_k (\delta_{kj} - p_j)",
    ),
    "a layer": (NETWORK, r"\frac{\partial s}{\partial v} = a^{[1]}"),
    "matrix factorisation": (
        FACTORS[:2],
        r"\frac{\partial L}{\partial p_u} = -2 \sum_{i=1}^I e_{ui} q_i",
    ),
    "the first coefficients by name": (
        (r"J(\theta_0, \theta_1) = \sum_{i=1}^m (\theta_0 + \theta_1 x_i - y_i)^2",),
        r"\frac{\partial J}{\partial \theta_0} = 2 \sum_{i=1}^m (\theta_0 + \theta_1 x_i - y_i)",
    ),
}
FALSE = {
    "logistic regression": (LOGISTIC, r"\nabla_\theta J = X^T (y - h)"),
    "ridge regression": (RIDGE, r"\nabla_w L = 2 X^T (X w - y) + \lambda w"),
    "softmax regression": (
        SOFTMAX,
        r"\frac{\partial p_k}{\partial z_j} = p_k (\delta_{kj} + p_j)",
    ),
    "matrix factorisation": (
        FACTORS[:2],
        r"\frac{\partial L}{\partial p_u} = 2 \sum_{i=1}^I e_{ui} q_i",
    ),
}


@pytest.mark.parametrize("kind", TRUE)
def test_a_true_line_is_proved(kind: str) -> None:
    before, line = TRUE[kind]
    assert verdicts(text(*before, line))[-1] == "proved"


@pytest.mark.parametrize("kind", FALSE)
def test_a_false_line_is_refuted(kind: str) -> None:
    before, line = FALSE[kind]
    assert verdicts(text(*before, line))[-1] == "refuted"


def test_what_stands_on_one_side_only_is_left_open_and_not_taken_for_a_variable() -> None:
    displays = (r"L(w) = w^T w", r"\nabla_w L = 2 g")
    assert verdicts(text(*displays))[-1] == "not read"
    assert any(
        line.startswith("# ? g at 3:16: nothing says what it is") for line in asked(*displays)
    )


def test_a_number_above_a_name_is_an_index_and_a_mark_is_part_of_it() -> None:
    found = said(r"\sum_{i=1}^m x^{(i)} = \sum_{i=1}^m x^{(i)}", r"w^* + a = a + w^*")
    assert "vector x in R^m" in found
    assert "scalar w^{*}" in found


def test_a_power_of_a_bound_letter_is_no_index_where_other_powers_stand() -> None:
    display = r"\sum_{k=1}^n x^k + x^{2} = x^{2} + \sum_{k=1}^n x^k"
    assert "scalar x" in said(display)


def test_the_matrix_of_numbers_is_declared_by_its_entries() -> None:
    found = said(*FACTORS)
    assert "define R_{ui} = r_{ui}" in found
    assert "vectors p_u in R^d, rows of P" in found


def test_a_derivative_that_is_said_to_be_zero_is_one_by_another_member() -> None:
    displays = (
        r"J(v_c) = v_c^T v_c + \sum_{w \in V} w_0 b_w",
        r"\frac{\partial}{\partial v_w} (v_c^T v_c) = 0",
    )
    assert r"if w \ne c" in said(*displays)


def test_a_line_that_a_definition_was_taken_from_is_marked() -> None:
    first, second = read(text(*RIDGE, r"L(w) = \|y - X w\|^2 + \lambda \|w\|^2")).entries
    assert any("nothing shows that it is right" in note for note in first.notes)
    assert not any("nothing shows that it is right" in note for note in second.notes)
