"""A wrong rule for what is one of two, odd, or beside a column times a row is found out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from derivations.language.functions import ARCCOS
from derivations.proof import contraction, matrix_identities, normal_form
from derivations.proof.context import Context
from derivations.proof.judge import Disagreement, judge
from derivations.proof.terms import Table, Total
from derivations.reader.derivation import reading
from tests.reader.test_forms import verdict

GIVEN = r"""```given
size n >= 1
scalar y in \{0, 1\}
scalar z
matrix A in R^{n x n}, invertible
vector u, v in R^n
```
"""


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    normal_form._read.cache_clear()
    yield
    normal_form._read.cache_clear()


def _found_out(line: str) -> bool:
    """Whether a line that a wrong rule makes true is not proved."""
    (entry,) = reading(f"{GIVEN}$${line}$$\n", "line.md").entries
    try:
        return judge(entry.claim).verdict.value != "proved"  # type: ignore[union-attr]
    except Disagreement:
        return True


def _exchanged(terms: Total, context: Context, of: Any = contraction.in_sum) -> Any:
    found = of(terms, context)
    return found and replace(found, first=found.second, second=found.first)


def _doubled(of: Table, context: Context, found: Any = matrix_identities.taken_apart) -> Any:
    parted = found(of, context)
    return parted and (parted[0], (parted[1][0], 2 * parted[1][1]))


@pytest.mark.parametrize(
    ("fault", "owner", "name", "broken", "line"),
    [
        (
            "the values are exchanged",
            contraction,
            "in_sum",
            _exchanged,
            r"e^{y z} = y + (1 - y) e^z",
        ),
        (
            "the product counts twice",
            matrix_identities,
            "taken_apart",
            _doubled,
            r"\det(A + u v^\top) = \det(A) (1 + 2 v^\top A^{-1} u)",
        ),
    ],
)
def test_a_wrong_rule_proves_nothing(
    monkeypatch: pytest.MonkeyPatch, fault: str, owner: Any, name: str, broken: Any, line: str
) -> None:
    monkeypatch.setattr(owner, name, broken)
    assert _found_out(line), fault


def test_a_function_that_is_not_odd_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ARCCOS.symbolic, "odd", True)
    assert _found_out(r"\arccos(-\frac{y}{2}) = -\arccos(\frac{y}{2})")


def test_the_lines_of_wrong_rules_are_false() -> None:
    lines = (r"e^{y z} = y + (1 - y) e^z", r"\det(A + u v^\top) = \det(A) (1 + 2 v^\top A^{-1} u)")
    text = GIVEN + "\n".join(f"$${line}$$\n" for line in lines)
    assert [verdict(entry) for entry in reading(text, "lines.md").entries] == ["refuted"] * 2
