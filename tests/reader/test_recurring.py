"""Recurrences that displays introduce are read as those that are declared."""

from __future__ import annotations

from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from derivations.reader.line import Line
from derivations.report.results import results_of
from derivations.report.subject import Subject

GIVEN = """```given
size T >= 1
index t in 1..T
vector x, y in R^T
scalar u, w, v
%s
```
"""
RNN = r"$$a_t = u x_t + w h_{t-1} \\ h_t = \tanh(a_t) \\ o_t = v h_t$$"


def verdicts(*displays: str, given: str = "scalar h_0") -> list[str]:
    """Their verdicts, without the three of the recurrence."""
    text = GIVEN % given + "\n".join((RNN, *(f"\n$${each}$$" for each in displays)))
    found = reading(text, "own.md")
    lines = results_of(
        Subject((), (), found.entries),
        [judge(each) for each in Subject((), (), found.entries).everything],
        0.0,
    ).lines
    for each in lines[:3]:
        assert not isinstance(each.line, Line) or each.line.defines
    return [each.verdict.value for each in lines[3:]]


def test_true_steps_are_proved_and_false_ones_fall() -> None:
    assert verdicts(
        r"\frac{\partial h_t}{\partial h_{t-1}} = w (1 - h_t^2)",
        r"\frac{\partial h_t}{\partial h_{t-1}} = w (1 + h_t^2)",
        r"\frac{\partial o_t}{\partial h_t} = v",
        r"\frac{\partial o_t}{\partial h_t} = 2 v",
        r"\frac{\partial h_t}{\partial u} = (1 - h_t^2) (x_t + w \frac{d h_{t-1}}{du})",
        r"h_1 = \tanh(u x_1 + w h_0)",
        r"h_1 = \tanh(u x_1 - w h_0)",
    ) == ["proved", "refuted", "proved", "refuted", "proved", "proved", "refuted"]


def test_where_it_does_not_start_nothing_is_taken() -> None:
    assert verdicts(r"\frac{\partial o_t}{\partial h_t} = v", given="") == ["not read"]


def test_a_loss_is_the_sum_of_those_of_its_steps() -> None:
    assert verdicts(
        r"L_t = \frac{1}{2} (o_t - y_t)^2",
        r"\frac{\partial L_t}{\partial o_t} = o_t - y_t",
        r"L = \sum_t L_t",
        r"L = \frac{1}{2} \sum_t (v h_t - y_t)^2",
        r"2 L = \sum_t (v h_t - y_t)",
        r"\frac{\partial L_t}{\partial o_t} = 2 (o_t - y_t)",
    ) == ["undecided", "proved", "undecided", "proved", "undecided", "refuted"]
