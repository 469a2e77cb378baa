"""Two claims have one key exactly where they say the same: names, shapes, conditions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derivations.reader.derivation import derivation
from derivations.report.watching import Keys, Unkeyed, key_of

DECLARED = """\
```given
size n >= 1
index i in 1..n
vector x, y in R^n
scalar a, b
define J(a) = a^2 x^T y
```
"""


def key(line: str, declared: str = DECLARED) -> str:
    (found,) = derivation(f"{declared}\n$$\n{line}\n$$\n", "f.md").lines
    return key_of(found.claim)


FORMULA = r"\frac{\partial}{\partial a} J(a) = 2 a \sum_i x_i y_i"


def test_what_is_read_a_second_time_has_the_same_key() -> None:
    assert key(FORMULA) == key(FORMULA)


def test_where_it_stands_and_how_it_is_spelled_do_not_matter() -> None:
    assert key(FORMULA) == key(
        "\n" + FORMULA.replace(r"\frac{\partial}{\partial a}", "   \\partial_a")
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a + b = b", "b + a = b"),
        ("a = b", "b = a"),
        ("2 a = b", "3 a = b"),
        ("x^T x = y^T y", "x^T x = x^T y"),
        (r"\sum_i x_i = a", r"\sum_i y_i = a"),
        (r"\exp a = b", r"\log a = b"),
    ],
)
def test_another_claim_has_another_key(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("scalar a, b", "scalar a, b > 0"),
        ("size n >= 1", "size n >= 2"),
        ("a^2 x^T y", "a^3 x^T y"),
        ("vector x, y in R^n", "vector x in R^n\nvector y in {0, 1}^n"),
    ],
)
def test_a_declaration_that_it_depends_on_belongs_to_the_key(before: str, after: str) -> None:
    assert before in DECLARED
    assert key(FORMULA, DECLARED.replace(before, after)) != key(FORMULA)


def test_a_key_is_kept_with_its_claim_until_it_is_forgotten() -> None:
    lines = derivation(f"{DECLARED}\n$$ a = b = a $$\n", "f.md").lines
    keys = Keys()
    assert [keys(line.claim) for line in lines] == [key_of(line.claim) for line in lines]
    keys.keep((lines[0].claim,))
    assert len(keys.known) == 1


def test_what_nobody_knows_is_an_error() -> None:
    (line,) = derivation(f"{DECLARED}\n$$ a = b $$\n", "f.md").lines
    with pytest.raises(Unkeyed):
        key_of(replace(line.claim, conditions=(object(),)))
