"""Recurrences, and networks written layer by layer."""

from __future__ import annotations

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation, reading
from derivations.reader.line import Line
from derivations.report.results import results_of
from derivations.report.subject import Subject

# Recurrences: what is true of all members is proved, what is not falls at the first ones.


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


# Recurrences that displays introduce are read as those that are declared.


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


def test_states_may_have_the_letter_of_a_size() -> None:
    size = "size h >= 1\nscalar h_0"
    assert verdicts(
        r"\frac{\partial h_t}{\partial h_{t-1}} = w (1 - h_t^2)",
        r"\frac{\partial h_t}{\partial h_{t-1}} = w (1 + h_t^2)",
        r"h h_1 = h \tanh(u x_1 + w h_0)",
        r"h h_1 = \tanh(u x_1 + w h_0)",
        given=size,
    ) == ["proved", "refuted", "proved", "refuted"]


# A network of two layers, differentiated as lecture notes do it: a slip is found at its line.


ONE_EXAMPLE = r"""
```given
size n, m, K >= 1
vector x in R^n
vector y in R^K
matrix W^{[1]} in R^{m x n}
matrix W^{[2]} in R^{K x m}
vector b^{[1]} in R^m
vector b^{[2]} in R^K
arbitrary g(u)
define z^{[1]} = W^{[1]} x + b^{[1]}
define a^{[1]} = g(z^{[1]})
define z^{[2]} = W^{[2]} a^{[1]} + b^{[2]}
define a^{[2]} = g(z^{[2]})
define L = \frac{1}{2} \lVert a^{[2]} - y \rVert^2
define \delta^{[2]} = \frac{\partial L}{\partial z^{[2]}}
define \delta^{[1]} = \frac{\partial L}{\partial z^{[1]}}
```
$$\frac{\partial L}{\partial a^{[2]}} = a^{[2]} - y$$
$$\delta^{[2]} = (a^{[2]} - y) \odot g'(z^{[2]})$$
$$\frac{\partial L}{\partial W^{[2]}} = \delta^{[2]} (a^{[1]})^\top$$
$$\frac{\partial L}{\partial b^{[2]}} = \delta^{[2]}$$
$$\frac{\partial L}{\partial a^{[1]}} = (W^{[2]})^\top \delta^{[2]}$$
$$\delta^{[1]} = (W^{[2]})^\top \delta^{[2]} \odot g'(z^{[1]})$$
$$\frac{\partial L}{\partial W^{[1]}} = \delta^{[1]} x^\top$$
$$\frac{\partial L}{\partial b^{[1]}} = \delta^{[1]}$$
"""

BY_ENTRY = r"""
```given
size n, m, K >= 1
index i in 1..n
index j in 1..m
index k in 1..K
vector x in R^n
matrix W in R^{m x n}, entries w_{ji}
matrix V in R^{K x m}, entries v_{kj}
arbitrary f(u)
define z_j = \sum_i w_{ji} x_i
define h_j = f(z_j)
define s_k = \sum_j v_{kj} h_j
arbitrary E(s)
define \delta_k = \frac{\partial E}{\partial s_k}
```
$$\frac{\partial E}{\partial v_{kj}}
  = \frac{\partial E}{\partial s_k} \frac{\partial s_k}{\partial v_{kj}}$$
$$\frac{\partial E}{\partial h_j}
  = \sum_k \frac{\partial E}{\partial s_k} \frac{\partial s_k}{\partial h_j}$$
$$\frac{\partial E}{\partial z_j} = \sum_k \delta_k v_{kj} f'(z_j)$$
$$\frac{\partial E}{\partial w_{ji}}
  = \frac{\partial E}{\partial h_j} \frac{\partial h_j}{\partial z_j} x_i$$
"""

BATCH = r"""
```given
size N, n, m, K >= 1
matrix X in R^{N x n}
matrix Y in R^{N x K}
matrix W_1 in R^{n x m}
matrix W_2 in R^{m x K}
define Z_1 = X W_1
define A_1 = \tanh(Z_1)
define Z_2 = A_1 W_2
define J = \frac{1}{2N} \lVert Z_2 - Y \rVert_F^2
define D_2 = \frac{1}{N} (Z_2 - Y)
define D_1 = \frac{\partial J}{\partial Z_1}
```
$$\frac{\partial J}{\partial Z_2} = D_2$$
$$\frac{\partial J}{\partial W_2} = A_1^\top D_2$$
$$D_1 = D_2 W_2^\top \odot (1 - A_1 \odot A_1)$$
$$\frac{\partial J}{\partial W_1} = X^\top D_1$$
"""

# what is written in the place of what, and whether that has a meaning at all
SLIPS = {
    "a transpose is missing": (
        ONE_EXAMPLE,
        r"\frac{\partial L}{\partial a^{[1]}} = (W^{[2]})^\top \delta^{[2]}",
        r"\frac{\partial L}{\partial a^{[1]}} = W^{[2]} \delta^{[2]}",
    ),
    "the input stands where the activation belongs": (
        ONE_EXAMPLE,
        r"\delta^{[2]} (a^{[1]})^\top",
        r"\delta^{[2]} (z^{[1]})^\top",
    ),
    "the derivative of the activation is missing": (
        ONE_EXAMPLE,
        r"(W^{[2]})^\top \delta^{[2]} \odot g'(z^{[1]})",
        r"(W^{[2]})^\top \delta^{[2]}",
    ),
    "it is taken at the activation": (
        ONE_EXAMPLE,
        r"\delta^{[2]} \odot g'(z^{[1]})",
        r"\delta^{[2]} \odot g'(a^{[1]})",
    ),
    "the delta is that of the other layer": (
        ONE_EXAMPLE,
        r"\frac{\partial L}{\partial b^{[1]}} = \delta^{[1]}",
        r"\frac{\partial L}{\partial b^{[1]}} = (W^{[2]})^\top \delta^{[2]}",
    ),
    "the factors are in the wrong order": (
        ONE_EXAMPLE,
        r"\delta^{[1]} x^\top",
        r"x^\top \delta^{[1]}",
    ),
    "the sum over the paths is missing": (
        BY_ENTRY,
        r"\sum_k \frac{\partial E}{\partial s_k} \frac{\partial s_k}{\partial h_j}",
        r"\frac{\partial E}{\partial s_k} \frac{\partial s_k}{\partial h_j}",
    ),
    "the sum runs over the other index": (
        BY_ENTRY,
        r"\sum_k \delta_k v_{kj} f'(z_j)",
        r"\sum_j \delta_k v_{kj} f'(z_j)",
    ),
    "a link of the chain is missing": (
        BY_ENTRY,
        r"\frac{\partial E}{\partial h_j} \frac{\partial h_j}{\partial z_j} x_i",
        r"\frac{\partial E}{\partial h_j} x_i",
    ),
    "the mean over the batch is missing": (
        BATCH,
        r"\frac{\partial J}{\partial Z_2} = D_2",
        r"\frac{\partial J}{\partial Z_2} = Z_2 - Y",
    ),
    "the mean over the batch is taken twice": (BATCH, r"X^\top D_1", r"\frac{1}{N} X^\top D_1"),
    "the square is missing": (BATCH, r"(1 - A_1 \odot A_1)", r"(1 - A_1)"),
}


@pytest.mark.parametrize("text", [ONE_EXAMPLE, BY_ENTRY, BATCH])
def test_every_line_is_proved_as_lecture_notes_write_it(text: str) -> None:
    lines = derivation(text, "network.md").lines
    assert len(lines) >= 4
    assert {line.id: judge(line.claim).verdict for line in lines} == dict.fromkeys(
        (line.id for line in lines), Verdict.PROVED
    )


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_found_at_its_line_with_numbers_to_try(slip: str) -> None:
    text, right, wrong = SLIPS[slip]
    assert text.count(right) == 1
    place = text[: text.index(right)].count("\n") + 1
    lines = derivation(text.replace(right, wrong), "network.md").lines
    (line,) = (each for each in lines if each.place.line == place)
    assert line.doubt is None
    judgement = judge(line.claim)
    if judgement.verdict is not Verdict.ILL_TYPED:
        assert judgement.verdict is Verdict.REFUTED
        assert judgement.witness is not None
