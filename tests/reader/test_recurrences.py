"""Recurrences: what is true of all members is proved, what is not falls at the first ones."""

from __future__ import annotations

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from derivations.report.results import results_of
from derivations.report.subject import Subject

NETWORK = r"""
size T >= 2
index t, s in 1..T
scalar w, u, h_0
vector x, y in R^T
define a_t = w h_{t-1} + u x_t
define h_t = \tanh(a_t)
define \ell_t = (h_t - y_t)^2
define L = \sum_s (h_s - y_s)^2
"""
MOMENTUM = r"""
size T >= 1
index t, s in 1..T
scalar v_0, b > 0
vector g in R^T
define v_t = b v_{t-1} + (1 - b) g_t
"""
RETURNS = r"""
size T >= 1
index t in 1..T
scalar \gamma, G_{T+1}
vector r in R^T
define G_t = r_t + \gamma G_{t+1}
"""
GATES = r"""
size T, d >= 1
index t in 1..T
vector a, h_0, c_0 in R^d
layout numerator
use sigmoid
define f_t = \sigma(a \odot h_{t-1})
define c_t = f_t \odot c_{t-1}
define h_t = f_t \odot \tanh(c_t)
"""
RAISED = r"""
size T >= 1
index t in 1..T
scalar w, h^{(0)}
vector x in R^T
define h^{(t)} = w h^{(t-1)} + x^{(t)}
"""


def verdict(given: str, line: str) -> str:
    """What is said of one line."""
    read = reading(f"```given{given}```\n$${line}$$\n", "recurrence.md")
    assert not read.problems, read.problems
    subject = Subject((), (), read.entries)
    (judged,) = results_of(subject, [judge(each) for each in subject.everything], 0.0).lines
    return judged.verdict.value


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (NETWORK, r"h_t = \tanh(w h_{t-1} + u x_t)"),
        (NETWORK, r"h_1 = \tanh(w h_0 + u x_1)"),
        (NETWORK, r"h_2 = \tanh(w \tanh(w h_0 + u x_1) + u x_2)"),
        (NETWORK, r"\frac{\partial h_t}{\partial h_{t-1}} = (1 - h_t^2) w"),
        (NETWORK, r"\frac{\partial h_{t+1}}{\partial h_t} = (1 - h_{t+1}^2) w"),
        (
            NETWORK,
            r"\frac{\partial h_t}{\partial h_{t-2}} = (1 - h_t^2) (1 - h_{t-1}^2) w^2",
        ),
        (NETWORK, r"\frac{\partial h_t}{\partial a_t} = 1 - h_t^2"),
        (
            NETWORK,
            r"\frac{\partial h_t}{\partial w}"
            r" = (1 - h_t^2) (h_{t-1} + w \frac{\partial h_{t-1}}{\partial w})",
        ),
        (NETWORK, r"\frac{\partial \ell_t}{\partial h_{t-1}} = 2 (h_t - y_t) (1 - h_t^2) w"),
        (
            NETWORK,
            r"\frac{\partial L}{\partial w} = \sum_s 2 (h_s - y_s) \frac{\partial h_s}{\partial w}",
        ),
        (MOMENTUM, r"v_t - v_{t-1} = (1 - b) (g_t - v_{t-1})"),
        (MOMENTUM, r"v_t = b^t v_0 + (1 - b) \sum_{s=1}^{t} b^{t-s} g_s"),
        (RETURNS, r"G_t - r_t = \gamma G_{t+1}"),
        (RETURNS, r"\frac{\partial G_t}{\partial G_{t+1}} = \gamma"),
        (GATES, r"\frac{\partial c_t}{\partial c_{t-1}} = \operatorname{diag}(f_t)"),
        (RAISED, r"h^{(t)} - x^{(t)} = w h^{(t-1)}"),
    ],
)
def test_what_holds_at_every_member_is_proved(given: str, line: str) -> None:
    assert verdict(given, line) == "proved"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (NETWORK, r"h_t = \tanh(w h_{t-1} - u x_t)"),
        (NETWORK, r"h_2 = \tanh(w \tanh(w h_0 + u x_2) + u x_2)"),
        (NETWORK, r"\frac{\partial h_t}{\partial h_{t-1}} = (1 - h_t) w"),
        (NETWORK, r"\frac{\partial h_t}{\partial a_t} = 1 + h_t^2"),
        (NETWORK, r"\frac{\partial h_t}{\partial w} = 0"),
        (
            NETWORK,
            r"\frac{\partial h_t}{\partial w}"
            r" = (1 - h_t^2) (1 + w \frac{\partial h_{t-1}}{\partial w})",
        ),
        (NETWORK, r"\frac{\partial \ell_t}{\partial h_{t-1}} = 2 (h_t - y_t) (1 - h_t^2)"),
        (MOMENTUM, r"v_t - v_{t-1} = (1 - b) g_t"),
        (MOMENTUM, r"v_t = b^{t-1} v_0 + (1 - b) \sum_{s=1}^{t} b^{t-s} g_s"),
        (MOMENTUM, r"v_t = b^t v_0 + (1 - b) \sum_{s=1}^{t-1} b^{t-s} g_s"),
        (RETURNS, r"G_t = r_t + G_{t+1}"),
        (RAISED, r"h^{(t)} = h^{(t-1)} + x^{(t)}"),
    ],
)
def test_what_does_not_hold_falls_where_all_is_written_out(given: str, line: str) -> None:
    assert verdict(given, line) == "refuted"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        # the whole derivative, or with what was before held fixed?
        (NETWORK, r"\frac{\partial h_t}{\partial w} = (1 - h_t^2) h_{t-1}"),
        # true, as what was before does not depend on it: more than is known of any values
        (MOMENTUM, r"\frac{\partial v_t}{\partial g_t} = 1 - b"),
        (GATES, r"\frac{\partial c_t}{\partial c_{t-1}} = \operatorname{diag}(c_t)"),
    ],
)
def test_what_may_be_meant_otherwise_is_neither(given: str, line: str) -> None:
    assert verdict(given, line) == "undecided"


@pytest.mark.parametrize(
    "line",
    [
        r"\frac{\partial L}{\partial h_t} = 2 (h_t - y_t)",
        r"\frac{\partial L}{\partial h_t} = 0",
        r"\frac{\partial}{\partial h_t} \sum_s a_s = 0",
        r"\frac{\partial h_T}{\partial h_t} = 0",
        r"\frac{\partial}{\partial h_t} (h_t + \sum_s h_s) = 1",
        r"\frac{\partial}{\partial h_t} (h_t + \sum_s a_s) = 1",
    ],
)
def test_a_derivative_of_what_comes_later_in_ways_not_written_out_is_not_read(line: str) -> None:
    assert verdict(NETWORK, line) == "not read"


def test_a_display_that_makes_an_array_of_itself_asks_to_be_declared() -> None:
    text = r"""```given
size T >= 2
index t in 1..T
vector h, x in R^T
scalar w
```
$$h_t = w h_{t-1} + x_t$$
$$\frac{\partial h_t}{\partial h_{t-1}} = w$$
"""
    read = reading(text, "recurrence.md")
    subject = Subject((), (), read.entries)
    lines = results_of(subject, [judge(each) for each in subject.everything], 0.0).lines
    assert [each.verdict.value for each in lines] == ["undecided", "undecided"]
    assert all("define h_t" in each.judgement.reason for each in lines if each.judgement)


def test_a_letter_runs_over_the_members_at_which_all_is_there() -> None:
    given = "\nsize n >= 1\nindex i in 1..n\nvector x in R^n\nscalar a\n"
    assert verdict(given, "x_{i+1} - x_i = -(x_i - x_{i+1})") == "proved"
    assert verdict(given, "x_{i+1} - x_i = a") == "refuted"
    assert verdict(given, "x_{i-1} x_i = x_i x_{i-1}") == "proved"
    assert verdict(given, "x_{i-1} x_i = x_{i-1}") == "refuted"
