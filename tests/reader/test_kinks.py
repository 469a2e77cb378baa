"""What is said where a derivative is taken of what has a kink: a gradient is no subgradient."""

from __future__ import annotations

import pytest

from derivations.reader.derivation import derivation

GIVEN = """```given
size n >= 1
index i in 1..n
vector w in R^n
scalar a, b
define h(z) = \\max(0, 1 - z)
define g = |a - b|
define s(z) = z^2
```
"""
NOTE = "nothing is claimed where |.|, sign, max or min has no derivative"


def notes(line: str) -> list[str]:
    (found,) = derivation(f"{GIVEN}\n$${line}$$\n", "a file").lines
    return [*found.notes]


@pytest.mark.parametrize(
    "line",
    [
        r"\frac{d}{da} |a| = \operatorname{sign}(a)",
        r"\frac{\partial g}{\partial a} = \operatorname{sign}(a - b)",
        r"h'(a) = -\frac{1 + \operatorname{sign}(1 - a)}{2}",
        r"h'(a b) = -\frac{1 + \operatorname{sign}(1 - a b)}{2}",
        r"\nabla_w \|w\|_1 = \operatorname{sign}(w)",
    ],
)
def test_a_derivative_of_what_has_a_kink_says_where_nothing_is_claimed(line: str) -> None:
    assert any(NOTE in each for each in notes(line))


@pytest.mark.parametrize(
    "line", [r"|a| = \max(a, -a)", r"s'(a) = 2 a", r"\frac{d}{da} \sqrt{a} = 1"]
)
def test_other_lines_say_nothing_of_it(line: str) -> None:
    assert not any(NOTE in each for each in notes(line))
