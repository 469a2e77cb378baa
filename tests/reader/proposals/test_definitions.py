"""Definitions that the text gives, and common ones."""

import pytest

from tests.reader.proposals.propose import asked, said, verdicts

DEFINED = {
    "introduced by its first equality": (
        [r"J(x) = x^T x", r"\nabla_x J(x) = 2 x"],
        r"define J(x) = x^T x",
    ),
    "a family of numbers": (
        [r"a_j = \frac{e^{z_j}}{\sum_{k=1}^K e^{z_k}}", r"\sum_{j=1}^K a_j = 1"],
        r"define a_j = \frac{e^{z_j}}{\sum_{k = 1}^K e^{z_k}}",
    ),
    "a hat in the place of a fraction": (
        [
            r"\sum_{w \in V} \frac{e^{z_w}}{\sum_{x \in V} e^{z_x}} b_w"
            r" = \sum_{w \in V} \hat{y}_w b_w"
        ],
        r"define \hat{y}_w = \frac{e^{z_w}}{\sum_{x \in V} e^{z_x}}",
    ),
    "a derivative of a function that is spelt out": (
        [r"\frac{\partial L}{\partial x} = \frac{\partial}{\partial x} (x^T x) = 2 x"],
        r"define L = x^T x",
    ),
    "one-hot, as its sum leaves one term": (
        [r"-\sum_{w \in V} y_w \log(p_w) = -\log(p_o)"],
        r"define y_w = \mathbb{1}_{w = o}",
    ),
    "the sigmoid": ([r"1 - \sigma(x) = \sigma(-x)"], r"define \sigma(z) = \frac{1}{1 + e^{-z}}"),
    "the cross-entropy": (
        [
            r"\sum_{k=1}^K (y_k + p_k) = \sum_{k=1}^K (p_k + y_k)",
            r"\mathrm{CE}(y, p) = -\sum_{k=1}^K y_k \log(p_k)",
        ],
        r"define \mathrm{CE}(y, p) = -\sum_{k = 1}^K y_k \log(p_k)",
    ),
}


@pytest.mark.parametrize("kind", DEFINED)
def test_a_definition_is_found(kind: str) -> None:
    displays, wanted = DEFINED[kind]
    assert wanted in said(*displays)
    text = "\n\n".join(f"$${display}$$" for display in displays)
    assert set(verdicts(text)) == {"proved"}


def test_what_a_definition_is_taken_from_is_said() -> None:
    questions = asked("J(x) = x^T x", r"\nabla_x J(x) = 2 x")
    assert "# ? J: introduced at 1:3" in questions


def test_a_false_line_after_a_definition_is_refuted() -> None:
    assert verdicts("$$J(x) = x^T x$$\n\n$$\\nabla_x J(x) = x$$") == ["proved", "refuted"]


def test_a_later_equality_of_a_defined_name_is_judged() -> None:
    assert verdicts("$$J = a^2 + a$$\n\n$$J = a (a + 2)$$") == ["proved", "refuted"]


def test_a_short_name_is_taken_for_the_long_one() -> None:
    displays = [r"J_{reg}(x) = x^T x", r"\frac{\partial J}{\partial x} = 2 x"]
    assert "define J = J_{reg}(x)" in said(*displays)


def test_what_depends_on_more_than_the_text_says_is_not_declared() -> None:
    text = r"$$\frac{\partial L}{\partial x} = 2 x^T x$$"
    assert verdicts(text) == ["not read"]
    assert any(
        line.startswith("# ? L at 1:3: nothing says what it is")
        for line in asked(r"\frac{\partial L}{\partial x} = 2 x^T x")
    )


def test_a_function_on_both_sides_may_be_any() -> None:
    display = r"\frac{\partial}{\partial x} (x f(x)) = f(x) + x \frac{\partial}{\partial x} f(x)"
    assert "arbitrary f(x)" in said(display)
    assert verdicts(f"$${display}$$") == ["proved"]


def test_a_probability_that_is_not_said_is_any_function_with_its_bar() -> None:
    displays = [r"\sum_{w \in V} y_w \log P(O = w | C = c) = \log P(O = o | C = c)"]
    assert "arbitrary P(O = w | C = c)" in said(*displays)
    assert verdicts(f"$${displays[0]}$$") == ["proved"]
    wrong = displays[0].replace("= \\log P(O = o", "= 2 \\log P(O = o")
    assert verdicts(f"$${wrong}$$") == ["not read"]  # what y is does not follow from this one


def test_the_pi_behind_a_number_is_declared_by_nobody() -> None:
    assert r"scalar \pi" not in said(r"\log(2\pi s) = \log(2\pi) + \log s")
    assert r"scalar \pi" in said(r"s \pi + \pi = \pi (s + 1)")
