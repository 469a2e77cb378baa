"""An edited tree prints as a line that is read back as what it was."""

from __future__ import annotations

import pytest

from derivations.edits import variants
from derivations.edits.variants import setting_of
from derivations.reader.equality import Equality, claimed
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Node
from derivations.reader.written import written
from tests.edits.reading import tree
from tests.mutation.true_lines import TrueLine, true_lines

EVERY = 7  # so many variants are passed over for one that is looked at


def said(node: Node, equality: Equality) -> object:
    """What a side says in the place of the right one, or that it cannot be read."""
    try:
        claim = claimed(Equality(node, node, equality.scope), "", "", "")
    except Unreadable:
        return None
    return claim.right, claim.conditions


@pytest.mark.parametrize("line", true_lines(), ids=lambda line: line.id)
def test_an_edited_side_is_read_back_from_its_print(line: TrueLine) -> None:
    equality = line.equality
    edits = list(variants(equality.right, setting_of(equality)))
    assert edits
    for edit in edits[::EVERY]:
        expected = said(edit.tree, equality)
        if expected is None:
            continue
        assert said(tree(written(edit.tree)), equality) == expected, written(edit.tree)
