"""Mistakes planted in the reader make random lines come out wrong."""

from __future__ import annotations

import pytest

from tests.lines.faults import FAULTS, seen
from tests.planting import Mutant

WORDS = [fault.meant for _, fault in FAULTS]


@pytest.mark.slow
@pytest.mark.parametrize(("family", "fault"), FAULTS, ids=WORDS)
def test_random_lines_see_a_planted_mistake(family: str, fault: Mutant) -> None:
    found = seen(family, fault)
    assert found is not None, f"no line of {family} shows that {fault.meant}"


def test_there_are_many_mistakes_and_no_two_are_planted_alike() -> None:
    assert len(FAULTS) >= 24
    assert len({*WORDS}) == len(FAULTS)
