"""What is true of any intermediates is proved of those at hand, and nothing else is."""

from __future__ import annotations

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.proof.reductions import generalised
from derivations.reader.derivation import derivation

CELL = r"""```given
size d >= 1
vector h, c, x in R^d
matrix W_f, W_i, W_o, W_g in R^{d x d}
use sigmoid
define f = \sigma(W_f h + x)
define i = \sigma(W_i h + x)
define o = \sigma(W_o h + x)
define g = \tanh(W_g h + x)
define s = f \odot c + i \odot g
define r = o \odot \tanh(s)
arbitrary L(r)
define twice = 2 f + 0 o
define q = \log(-1 - x^T x - \tanh(x^T x)^2) \cdot \log(-2 - x^T x) \cdot \log(-3 - x^T x)
```
"""


@pytest.mark.parametrize(
    "line",
    [
        r"\frac{\partial L}{\partial f} = \frac{\partial L}{\partial s} \odot c",
        r"\frac{\partial L}{\partial c} = \frac{\partial L}{\partial s} \odot f",
    ],
)
def test_a_cell_of_gates_is_proved_with_its_gates_as_variables(line: str) -> None:
    (found,) = derivation(f"{CELL}\n$${line}$$\n", "cell.md").lines
    general = generalised(found.claim)
    assert general is not None
    assert judge(found.claim).verdict is Verdict.PROVED
    assert judge(found.claim).claim is found.claim


def test_a_slip_in_it_is_refuted() -> None:
    line = r"\frac{\partial L}{\partial f} = \frac{\partial L}{\partial s} \odot i"
    (found,) = derivation(f"{CELL}\n$${line}$$\n", "cell.md").lines
    assert judge(found.claim).verdict is Verdict.REFUTED


def test_what_holds_of_these_intermediates_alone_is_proved_as_it_stands() -> None:
    line = r"twice + o \odot g + i + s + r = 2 f + o \odot g + i + s + r"
    (found,) = derivation(f"{CELL}\n$${line}$$\n", "cell.md").lines
    general = generalised(found.claim)
    assert general is not None
    assert judge(general).verdict is Verdict.REFUTED
    assert judge(found.claim).verdict is Verdict.PROVED


def test_what_has_no_value_anywhere_is_not_proved() -> None:
    line = f"{' + '.join(['q'] * 12)} = 12 q"
    (found,) = derivation(f"{CELL}\n$${line}$$\n", "cell.md").lines
    general = generalised(found.claim)
    assert general is not None
    assert judge(general).verdict is Verdict.PROVED
    assert judge(found.claim).verdict is Verdict.UNDECIDED
