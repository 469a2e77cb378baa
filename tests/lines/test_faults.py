"""Mistakes planted in the reader make random lines come out wrong."""

from __future__ import annotations

import pytest

from tests.lines.faults import FAULTS, Fault, seen


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.words)
def test_random_lines_see_a_planted_mistake(fault: Fault) -> None:
    found = seen(fault)
    assert found is not None, f"no line shows that {fault.words}"


def test_there_are_many_mistakes_and_no_two_are_planted_alike() -> None:
    assert len(FAULTS) >= 24
    assert len({fault.words for fault in FAULTS}) == len(FAULTS)
