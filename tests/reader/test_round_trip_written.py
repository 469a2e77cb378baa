"""Every line of the first derivation file comes back from its printed form."""

from __future__ import annotations

import pytest
from derivations.reader.array import Array
from derivations.reader.meaning import Scope

from derivations.claim import Claim
from derivations.reader.chains import split
from derivations.reader.elaborate import Here, number
from derivations.reader.latex import equation
from derivations.reader.parse import parsed
from derivations.reader.source import Source
from tests.reader.levels import levelled
from tests.reader.round_trip import lost
from tests.reader.written import lines

CLAIMS = {
    f"{name} {kind}": (claim, line.equality.scope)
    for name, line in lines().items()
    for kind, claim in (
        ("as printed", line.claim),
        ("from the start", line.from_start),
        ("corrected", line.correction),
    )
    if claim is not None
}
WHOLE = {name: found for name, found in CLAIMS.items() if found[0].misfit is None}


def test_corrections_and_nearly_all_lines_have_both_sides() -> None:
    assert len(CLAIMS) >= 90
    assert len(CLAIMS) - len(WHOLE) == 10
    assert all(name in WHOLE for name in CLAIMS if name.endswith("corrected"))


@pytest.mark.parametrize(("claim", "scope"), CLAIMS.values(), ids=CLAIMS)
def test_a_side_comes_back(claim: Claim, scope: Scope) -> None:
    for value in (claim.left, claim.right):
        assert not isinstance(value, Array) or not lost(value, scope)


@pytest.mark.parametrize(("claim", "scope"), WHOLE.values(), ids=WHOLE)
def test_an_equality_comes_back_with_one_letter_for_an_axis(claim: Claim, scope: Scope) -> None:
    printed = equation(claim, scope)
    axes = [axis for axis in printed.axes if axis is not None]
    named = dict(zip(claim.sides.axes, axes, strict=True))
    read = [
        number(parsed(each.tokens, each.place), Here(printed.scope)).entry
        for each in split(Source(printed.text).whole)
    ]
    before = [claim.sides.left, claim.sides.right]
    assert [levelled(entry, named) for entry in before] == list(map(levelled, read))
