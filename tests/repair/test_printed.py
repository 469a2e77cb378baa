"""An edited term prints as a line that is read back as what it was."""

from __future__ import annotations

import pytest

from derivations.language.traversal import parts, same
from derivations.language.tree import Misfit, Rows, Term
from derivations.language.unfit import is_fit, literal
from derivations.reader.elaborate.environment import Environment, resolve
from derivations.reader.parser import formula
from derivations.reader.source import Source
from derivations.reader.unparser import latex
from derivations.repair.candidates import variants
from derivations.repair.operator import Surroundings
from tests.mutation.true_lines import TrueLine, true_lines

EVERY = 7  # so many variants are passed over for one that is looked at


def holds_rows(term: Term) -> bool:
    """Whether a matrix is written cell by cell: its cells may all be one after an edit."""
    return isinstance(term, Rows) or any(map(holds_rows, parts(term)))


@pytest.mark.parametrize("line", true_lines(), ids=lambda line: line.id)
def test_an_edited_side_is_read_back_from_its_print(line: TrueLine) -> None:
    equality = line.equality
    assert not isinstance(equality.left, Misfit)
    assert not isinstance(equality.right, Misfit)
    around = Surroundings(equality.scope, (equality.left, equality.right))
    edits = list(variants(equality.right, around))
    assert edits
    for edit in edits[::EVERY]:
        if not is_fit(edit.term) or holds_rows(edit.term):
            continue
        text = latex(edit.term, equality.scope)
        assert same(
            resolve(formula(Source(text).whole), Environment(equality.scope)), literal(edit.term)
        )
