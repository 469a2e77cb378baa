"""Where there is no kernel to be had: said why, with what would help, and exit code 1."""

from dataclasses import replace
from pathlib import Path

import pytest

from codegen.command_line import main
from codegen.line.accuracy import proved_text, require_accurate
from codegen.line.sought import ROWS, Refusal, require_proved, require_row
from tests.line.texts import CLASSES, HIDDEN, LOGISTIC, SCALARS, made_of, written

OTHERS = r"""
```given
size n >= 1
index i in 1..n
vector x in R^n
scalar a
arbitrary g(x)
define J = \sum_i x_i^2
```
$$\frac{\partial J}{\partial x_i} = 2 x_1$$
- if $i = 1$
$$\frac{\partial}{\partial a} (a x_1) = x_1$$
$$\frac{\partial}{\partial x_i} (a g(x)) = a \frac{\partial g(x)}{\partial x_i}$$
$$\frac{\partial}{\partial x_i} \qq J = 2 x_i$$
"""
REFUSED = {
    "what is false": (LOGISTIC, "line.2", "line.2 is refuted, not proved"),
    "no derivative": (LOGISTIC, "line.3", "the left side is no derivative of a loss"),
    "no such line": (LOGISTIC, "e.9", "has no line e.9; it has line.1, line.2, line.3"),
    "what holds under a condition": (OTHERS, "line.1", "holds only where"),
    "an entry at a fixed place": (OTHERS, "line.2", "looked up at 1"),
    "a derivative on the right": (OTHERS, "line.3", "has a derivative in it"),
    "what is not read": (OTHERS, "line.4", "line.4 is not read"),
    "what is NaN at 800": (
        SCALARS,
        "line.2",
        "at z = 800.0, loss is nan, should be 1; prove 1 / (2 + exp(z)) = ",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_why(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, line, why = REFUSED[name]
    file, out = written(text, tmp_path), tmp_path / "gradient.py"
    assert main([str(file), line, "-o", str(out)]) == 1
    assert why in capsys.readouterr().err
    assert not out.exists()


PLANTED = {
    "a sign": (LOGISTIC, "sigmoid(product) - t", "sigmoid(product) + t"),
    "a factor": (LOGISTIC, "lambda_ * w", "2 * lambda_ * w"),
    "a term of the loss": (LOGISTIC, " / 2", " / 3"),
    "an axis": (CLASSES, "scores.argmax(axis=0)", "scores.argmax(axis=1)"),
    "a transpose": (HIDDEN, "V @ x", "V.T @ x"),
    "the first example alone": (LOGISTIC, "X.T @ (", "X.T[:, :2] @ (0 * t[:2] + "),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_caught(name: str, tmp_path: Path) -> None:
    text, old, new = PLANTED[name]
    module = made_of(text, "line.1", tmp_path)
    assert old in module.text
    with pytest.raises(Refusal, match=r"does not compute the line|depends on a size"):
        proved_text(replace(module, text=module.text.replace(old, new)))


INACCURATE = {
    "a complement": (HIDDEN, "sigmoid(-factor)", "(1 - sigmoid(factor))"),
    "a hyperbolic tangent": (SCALARS, "np.tanh(z)", "(np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)"),
    "a softmax by no leader": (CLASSES, "scores - picked_out", "scores - 0 * picked_out"),
}


@pytest.mark.parametrize("name", INACCURATE)
def test_a_form_that_loses_digits_is_caught(name: str, tmp_path: Path) -> None:
    text, old, new = INACCURATE[name]
    module = made_of(text, "line.1", tmp_path)
    assert old in module.text
    with pytest.raises(Refusal, match=r"is not accurate: at .*, should be"):
        require_accurate(replace(module, text=module.text.replace(old, new)), ())


@pytest.mark.parametrize("name", ROWS)
def test_every_row_of_the_table_is_proved(name: str) -> None:
    assert require_row(name) == f"function.{name}"


def test_a_row_that_is_false_is_refused() -> None:
    wrong = replace(ROWS["complement"], right=ROWS["sigmoid"].right)
    with pytest.raises(Refusal, match="no code may rest on it"):
        require_proved(wrong)
