"""A network of two layers, differentiated as lecture notes do it: a slip is found at its line."""

from __future__ import annotations

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation

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
