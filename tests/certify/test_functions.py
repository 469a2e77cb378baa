"""What each elementary function is called in Coq, and that those without a name are not stated."""

import pytest
from sympy import Symbol

from derivations.certify.declarations import RESERVED, Letters
from derivations.certify.writer import NotCovered, Writer
from derivations.language.functions import EVERY, Elementary

Z = Symbol("z", real=True)
NOT_STATED = {"sign", "above", "not below", "tan", "arcsin", "arccos", "arcsinh", "erf"}


def written(row: Elementary) -> str:
    letters = Letters()
    letters.declare(Z)
    return Writer(letters).real(row.symbolic(Z)).text


@pytest.mark.parametrize("row", [row for row in EVERY if row.coq], ids=lambda row: row.name)
def test_a_function_with_a_name_in_coq_is_written_by_it(row: Elementary) -> None:
    assert written(row) == f"{row.coq} z"
    assert row.coq in RESERVED


@pytest.mark.parametrize("row", [row for row in EVERY if not row.coq], ids=lambda row: row.name)
def test_a_function_without_one_is_written_by_others_or_not_at_all(row: Elementary) -> None:
    if row.name in NOT_STATED:
        with pytest.raises(NotCovered, match="no counterpart in the library"):
            written(row)
    else:
        assert any(f"{name} " in written(row) for name in ("exp", "ln", "Rabs"))
