"""A wrong rule for what is one of two, odd, or beside a column times a row is found out."""

from dataclasses import replace
from typing import Any

import pytest

from derivations.language.functions import ARCCOS
from derivations.proof import contraction, matrix_identities
from derivations.proof.context import Context
from derivations.proof.judge import Disagreement, judge
from derivations.proof.terms import Table, Total
from derivations.reader.derivation import reading
from tests.planting import Mutant, instead
from tests.reader.test_forms import verdict

GIVEN = r"""```given
size n >= 1
scalar y in \{0, 1\}
scalar z
matrix A in R^{n x n}, invertible
vector u, v in R^n
```
"""


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


VALUES = r"e^{y z} = y + (1 - y) e^z"
DETERMINANT = r"\det(A + u v^\top) = \det(A) (1 + 2 v^\top A^{-1} u)"
ODD = r"\arccos(-\frac{y}{2}) = -\arccos(\frac{y}{2})"
RULES = (
    Mutant(
        "the values are exchanged", (instead(contraction, "in_sum", _exchanged),), seen_by=VALUES
    ),
    Mutant(
        "the product counts twice",
        (instead(matrix_identities, "taken_apart", _doubled),),
        DETERMINANT,
    ),
    Mutant("an even function is odd", (instead(ARCCOS.symbolic, "odd", True),), ODD),
)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_wrong_rule_proves_nothing(rule: Mutant) -> None:
    with rule.planted():
        assert _found_out(rule.seen_by)


def test_the_lines_of_wrong_rules_are_false() -> None:
    text = GIVEN + "\n".join(f"$${rule.seen_by}$$\n" for rule in RULES)
    assert [verdict(entry) for entry in reading(text, "lines.md").entries] == ["refuted"] * 3
